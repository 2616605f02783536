/**
 * Status of a Gateway and of its ListenerSets, as far as the objects decide it. `Programmed` is
 * only told where it can never become true; otherwise it is the data plane's to acknowledge.
 * Addresses are not known here.
 */

import type { RouteGroupKind } from "../objects.js";
import { gatewayGroup } from "../objects.js";
import type { GatewayModel, ListenerSetModel, Parent } from "../model/gateway.js";
import { serves } from "../model/listener.js";
import type { ListenerModel } from "../model/listener.js";
import type { ListenerRefusal, Problem } from "../model/problem.js";
import type { Entry } from "../model/store.js";
import { conditions, negative, positive, told } from "./condition.js";
import type { Condition, Verdict } from "./condition.js";

export interface GatewayStatus {
  readonly apiVersion: "gateway.networking.k8s.io/v1";
  readonly kind: "Gateway";
  readonly namespace: string;
  readonly name: string;
  readonly status: {
    readonly conditions: readonly Condition[];
    readonly listeners: readonly ListenerStatus[];
    /** ListenerSets of it that are accepted. */
    readonly attachedListenerSets: number;
  };
}

export interface ListenerSetStatus {
  readonly apiVersion: "gateway.networking.k8s.io/v1";
  readonly kind: "ListenerSet";
  readonly namespace: string;
  readonly name: string;
  readonly status: {
    readonly conditions: readonly Condition[];
    readonly listeners: readonly ListenerStatus[];
  };
}

/** Number of routes attached to each listener. */
export type AttachedRoutes = ReadonlyMap<ListenerModel, number>;

export interface ListenerStatus {
  readonly name: string;
  readonly supportedKinds: readonly RouteGroupKind[];
  /** Counted even when the listener is refused or its references are bad. */
  readonly attachedRoutes: number;
  readonly conditions: readonly Condition[];
}

/** One status per listener of the spec, in its order. */
export function gatewayStatus(gateway: GatewayModel, attached: AttachedRoutes): GatewayStatus {
  const { metadata } = gateway.entry;
  return {
    apiVersion: `${gatewayGroup}/v1`,
    kind: "Gateway",
    namespace: metadata.namespace,
    name: metadata.name,
    status: {
      conditions: conditions(metadata, ...gatewayVerdicts(gateway)),
      listeners: listenerStatuses(gateway, attached),
      attachedListenerSets: gateway.sets.filter(({ refusal }) => refusal === undefined).length,
    },
  };
}

export function listenerSetStatus(
  set: ListenerSetModel,
  attached: AttachedRoutes,
): ListenerSetStatus {
  const { metadata } = set.entry;
  return {
    apiVersion: `${gatewayGroup}/v1`,
    kind: "ListenerSet",
    namespace: metadata.namespace,
    name: metadata.name,
    status: {
      conditions: conditions(metadata, ...listenerSetVerdicts(set)),
      listeners: listenerStatuses(set, attached),
    },
  };
}

function listenerSetVerdicts({ entry, refusal, listeners }: ListenerSetModel): Verdict[] {
  if (refusal === undefined) return [acceptedVerdict(listeners, "ListenerSet")];
  const message = entry.spec === undefined ? told(refusal) : refusal.message;
  const verdict = { status: "False", reason: refusal.reason, message } as const;
  return [
    { type: "Accepted", ...verdict },
    { type: "Programmed", ...verdict },
  ];
}

function listenerStatuses(parent: Parent, attached: AttachedRoutes): ListenerStatus[] {
  const unique = new Map(parent.listeners.map((listener) => [listener.name, listener]));
  return [...unique].flatMap(([name, listener]) =>
    name === undefined
      ? []
      : [
          {
            name,
            supportedKinds: listener.supportedKinds,
            attachedRoutes: attached.get(listener) ?? 0,
            conditions: conditions(metadataOf(parent), ...listenerVerdicts(listener)),
          },
        ],
  );
}

function metadataOf({ entry }: { readonly entry: Entry<unknown> }): Entry<unknown>["metadata"] {
  return entry.metadata;
}

function gatewayVerdicts(gateway: GatewayModel): Verdict[] {
  const { entry, refusals, listeners, unresolved, isFallbackAllowed } = gateway;
  const isMalformed = entry.spec === undefined;
  const said = refusals.map((problem) =>
    isMalformed ? { ...problem, message: told(problem) } : problem,
  );
  const accepted = negative("Accepted", said) ?? acceptedVerdict(listeners, "Gateway");
  const verdicts =
    accepted.status === "False"
      ? [accepted, neverProgrammed("The Gateway is not accepted.")]
      : [accepted];
  if (isMalformed) return verdicts;
  const resolved = negative("ResolvedRefs", unresolved) ?? resolvedVerdict(listeners);
  return [...verdicts, resolved, ...(isFallbackAllowed ? [fallbackVerdict] : [])];
}

const fallbackVerdict: Verdict = {
  type: "InsecureFrontendValidationMode",
  status: "True",
  reason: "ConfigurationChanged",
  message: "Clients without a valid certificate are let in (AllowInsecureFallback).",
};

function neverProgrammed(message: string, reason = "Invalid"): Verdict {
  return { type: "Programmed", status: "False", reason, message };
}

function acceptedVerdict(listeners: readonly ListenerModel[], kind: Parent["kind"]): Verdict {
  const refused = listeners.filter(({ refusals }) => refusals.length > 0);
  if (refused.length === 0 && listeners.length > 0)
    return positive("Accepted", "Accepted", `The ${kind} is accepted.`);
  const status = refused.length < listeners.length ? "True" : "False";
  const message =
    listeners.length === 0
      ? `The ${kind} has no listeners.`
      : `Listeners that are not accepted: ${namesOf(refused)}.`;
  return { type: "Accepted", status, reason: "ListenersNotValid", message };
}

function namesOf(listeners: readonly ListenerModel[]): string {
  return [...new Set(listeners.map(({ name }) => name ?? "one without a name"))].join(", ");
}

function resolvedVerdict(listeners: readonly ListenerModel[]): Verdict {
  const broken = listeners.filter(({ unresolved }) => unresolved.length > 0);
  if (broken.length > 0) {
    const message = `Listeners with references that do not hold: ${namesOf(broken)}.`;
    return { type: "ResolvedRefs", status: "False", reason: "ListenersNotResolved", message };
  }
  return referencesVerdict(listeners);
}

function referencesVerdict(listeners: readonly ListenerModel[]): Verdict {
  return listeners.some(hasUnseen)
    ? certificatesPending
    : positive("ResolvedRefs", "ResolvedRefs", "All references hold.");
}

// With partial input a Secret or ConfigMap may exist that is not among the objects.
function hasUnseen({ tls }: ListenerModel): boolean {
  return (
    tls !== undefined &&
    (tls.certificates.some(({ fingerprint }) => fingerprint === undefined) ||
      (tls.clientValidation?.authorities ?? []).some(
        ({ fingerprints }) => fingerprints === undefined,
      ))
  );
}

const certificatesPending: Verdict = {
  type: "ResolvedRefs",
  status: "Unknown",
  reason: "Pending",
  message: "The references are permitted; the certificates themselves have not been looked at.",
};

function listenerVerdicts(model: ListenerModel): Verdict[] {
  const { listener, refusals, unresolved, owner } = model;
  const conflicts = refusals.filter(
    ({ reason }) => reason === "HostnameConflict" || reason === "ProtocolConflict",
  );
  // In a ListenerSet the conflict is the reason here as well (ListenerEntryReasonHostnameConflict).
  const reason = owner.kind === "ListenerSet" ? conflicts[0]?.reason : undefined;
  const programmed = serves(model) ? [] : [neverProgrammed("The listener cannot serve.", reason)];
  // What a malformed listener is in the way of, or refers to, is not known.
  if (listener === undefined) {
    const accepted = negative(
      "Accepted",
      refusals.map((problem) => ({ ...problem, message: told(problem) })),
    );
    return accepted === undefined ? programmed : [accepted, ...programmed];
  }
  return [
    negative("Accepted", conflicts.length > 0 ? conflicts : refusals) ??
      positive("Accepted", "Accepted", "The listener is accepted."),
    ...programmed,
    conflictedVerdict(conflicts),
    negative("ResolvedRefs", unresolved) ?? referencesVerdict([model]),
    ...overlapVerdicts(model),
  ];
}

// A negative condition: it is not there when it does not hold.
function overlapVerdicts({ overlaps }: ListenerModel): Verdict[] {
  if (overlaps.length === 0) return [];
  const message = `Hosts overlap those of listener ${overlaps.join(", ")} on the same port; over one connection a client may send requests meant for the other.`;
  return [positive("OverlappingTLSConfig", "OverlappingHostnames", message)];
}

function conflictedVerdict(conflicts: readonly Problem<ListenerRefusal>[]): Verdict {
  const verdict = negative("Conflicted", conflicts);
  if (verdict !== undefined) return { ...verdict, status: "True" };
  return {
    type: "Conflicted",
    status: "False",
    reason: "NoConflicts",
    message: "No other listener is in its way.",
  };
}
