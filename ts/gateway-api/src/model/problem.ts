/**
 * Typed reasons: a problem is recorded once, and both the condition in status and the diagnostic
 * are made of it.
 */

import type { Finding } from "../diagnostics.js";
import type { InvalidReference } from "../document.js";

/** A finding that also is the reason of a condition. */
export interface Problem<Reason extends string> extends Finding {
  readonly reason: Reason;
}

/** Reasons of a GatewayClass's `Accepted: False`. */
export type ClassRefusal = "InvalidParameters" | "Invalid";
/** Reasons of a Gateway's `Accepted: False` that do not lie in its listeners. */
export type GatewayRefusal = "Invalid" | "InvalidParameters" | "UnsupportedAddress";
/** Reasons of a Gateway's `ResolvedRefs: False` that do not lie in its listeners. */
export type GatewayUnresolved = "InvalidClientCertificateRef" | "RefNotPermitted";
/** Reasons of a ListenerSet's `Accepted: False`. */
export type ListenerSetRefusal =
  | "NotAllowed"
  | "ParentNotAccepted"
  | "ListenersNotValid"
  | "Invalid";
/** Reasons of a listener's `Accepted: False`; the two conflicts are those of `Conflicted: True` as well. */
export type ListenerRefusal =
  | "UnsupportedProtocol"
  | "UnsupportedValue"
  | "NoValidCACertificate"
  | ListenerConflict;
export type ListenerConflict = "HostnameConflict" | "ProtocolConflict";
/** Reasons of a listener's `ResolvedRefs: False`. */
export type ListenerUnresolved =
  | "InvalidRouteKinds"
  | "InvalidCertificateRef"
  | "RefNotPermitted"
  | "InvalidCACertificateRef"
  | "InvalidCACertificateKind";
/** Reasons of a route's `Accepted: False` that lie in how it is attached. */
export type AttachmentRefusal =
  | "NoMatchingParent"
  | "NotAllowedByListeners"
  | "NoMatchingListenerHostname"
  | "HostnameConflict";
/** Reasons that lie in the route itself, or in one of its rules. */
export type RuleRefusal = "UnsupportedValue" | "IncompatibleFilters";
/** Reasons of a route's `ResolvedRefs: False`. */
export type RouteUnresolved = InvalidReference;
/** Reasons of a BackendTLSPolicy's `Accepted: False`. */
export type PolicyRefusal = "Conflicted" | "NoValidCACertificate" | "Invalid" | "TargetNotFound";
/** Reasons of a BackendTLSPolicy's `ResolvedRefs: False`. */
export type PolicyUnresolved = "InvalidCACertificateRef" | "InvalidKind";
