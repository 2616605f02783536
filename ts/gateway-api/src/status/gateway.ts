/**
 * Status of a Gateway, as far as its spec decides it. `Programmed` is only told where it can never
 * become true; otherwise it is the data plane's to acknowledge. Addresses and attachedListenerSets
 * are not known here.
 */

import type { RouteGroupKind } from "../objects.js";
import { gatewayGroup } from "../objects.js";
import type { GatewayModel } from "../model/gateway.js";
import { serves } from "../model/listener.js";
import type { ListenerModel } from "../model/listener.js";
import type { Model } from "../model/model.js";
import type { ListenerRefusal, Problem } from "../model/problem.js";
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
  };
}

export interface ListenerStatus {
  readonly name: string;
  readonly supportedKinds: readonly RouteGroupKind[];
  /** Counted even when the listener is refused or its references are bad. */
  readonly attachedRoutes: number;
  readonly conditions: readonly Condition[];
}

/** One status per listener of the spec, in its order. */
export function gatewayStatus(gateway: GatewayModel, model: Model): GatewayStatus {
  const { metadata } = gateway.entry;
  const unique = new Map(gateway.listeners.map((listener) => [listener.name, listener]));
  return {
    apiVersion: `${gatewayGroup}/v1`,
    kind: "Gateway",
    namespace: metadata.namespace,
    name: metadata.name,
    status: {
      conditions: conditions(metadata, ...gatewayVerdicts(gateway)),
      listeners: [...unique].flatMap(([name, listener]) =>
        name === undefined ? [] : [listenerStatus(name, listener, gateway, model)],
      ),
    },
  };
}

function listenerStatus(
  name: string,
  listener: ListenerModel,
  gateway: GatewayModel,
  model: Model,
): ListenerStatus {
  return {
    name,
    supportedKinds: listener.supportedKinds,
    attachedRoutes: model.attachedRoutes.get(listener) ?? 0,
    conditions: conditions(gateway.entry.metadata, ...listenerVerdicts(listener)),
  };
}

function gatewayVerdicts({ entry, isRefused, listeners }: GatewayModel): Verdict[] {
  const malformed = entry.findings.map((finding) => ({
    reason: "Invalid",
    message: told(finding),
  }));
  const accepted = negative("Accepted", malformed) ?? acceptedVerdict(listeners);
  const verdicts =
    accepted.status === "False"
      ? [accepted, neverProgrammed("The Gateway is not accepted.")]
      : [accepted];
  return isRefused ? verdicts : [...verdicts, resolvedVerdict(listeners)];
}

function neverProgrammed(message: string): Verdict {
  return { type: "Programmed", status: "False", reason: "Invalid", message };
}

function acceptedVerdict(listeners: readonly ListenerModel[]): Verdict {
  const refused = listeners.filter(({ refusals }) => refusals.length > 0);
  if (refused.length === 0 && listeners.length > 0)
    return positive("Accepted", "Accepted", "The Gateway is accepted.");
  const status = refused.length < listeners.length ? "True" : "False";
  const message =
    listeners.length === 0
      ? "The Gateway has no listeners."
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
  return referencesVerdict(listeners.some(({ hasCertificates }) => hasCertificates));
}

function referencesVerdict(hasCertificates: boolean): Verdict {
  return hasCertificates
    ? certificatesPending
    : positive("ResolvedRefs", "ResolvedRefs", "All references hold.");
}

const certificatesPending: Verdict = {
  type: "ResolvedRefs",
  status: "Unknown",
  reason: "Pending",
  message: "The references are permitted; the certificates themselves have not been looked at.",
};

function listenerVerdicts(model: ListenerModel): Verdict[] {
  const { listener, refusals, unresolved, hasCertificates } = model;
  const conflicts = refusals.filter(
    ({ reason }) => reason === "HostnameConflict" || reason === "ProtocolConflict",
  );
  const programmed = serves(model) ? [] : [neverProgrammed("The listener cannot serve.")];
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
    negative("ResolvedRefs", unresolved) ?? referencesVerdict(hasCertificates),
  ];
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
