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

/** Reasons of a listener's `Accepted: False`; the two conflicts are those of `Conflicted: True` as well. */
export type ListenerRefusal = "UnsupportedProtocol" | "UnsupportedValue" | ListenerConflict;
export type ListenerConflict = "HostnameConflict" | "ProtocolConflict";
/** Reasons of a listener's `ResolvedRefs: False`. */
export type ListenerUnresolved = "InvalidRouteKinds" | "InvalidCertificateRef" | "RefNotPermitted";
/** Reasons of a route's `Accepted: False` that lie in how it is attached. */
export type AttachmentRefusal =
  | "NoMatchingParent"
  | "NotAllowedByListeners"
  | "NoMatchingListenerHostname";
/** Reasons that lie in the route itself, or in one of its rules. */
export type RuleRefusal = "UnsupportedValue" | "IncompatibleFilters";
/** Reasons of a route's `ResolvedRefs: False`. */
export type RouteUnresolved = InvalidReference;
