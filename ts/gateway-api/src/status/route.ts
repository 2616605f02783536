/**
 * Status of a route: one entry per parentRef that leads to a parent of ours (Gateway API
 * `RouteParentStatus`).
 */

import { gatewayGroup } from "../objects.js";
import type { ParentReference } from "../objects.js";
import type { Attachment } from "../model/attach.js";
import type { RouteKind } from "../model/kinds.js";
import { refusalsOf, unresolvedOf } from "../model/route.js";
import type { RouteModel } from "../model/route.js";
import { conditions, negative, positive, told } from "./condition.js";
import type { Condition, Verdict } from "./condition.js";

export interface RouteStatus {
  readonly apiVersion: "gateway.networking.k8s.io/v1";
  readonly kind: RouteKind;
  readonly namespace: string;
  readonly name: string;
  readonly status: { readonly parents: readonly RouteParentStatus[] };
}

export interface RouteParentStatus {
  /** As in the spec, group and kind filled in. */
  readonly parentRef: ParentReference;
  readonly controllerName: string;
  readonly conditions: readonly Condition[];
}

/** Statuses of a route; none when no parentRef leads to us. */
export function routeStatus(route: RouteModel, controllerName: string): RouteStatus[] {
  const { namespace, name } = route.entry.metadata;
  if (route.attachments.length === 0) return [];
  const parents = route.attachments.map((attachment) =>
    parentStatus(route, attachment, controllerName),
  );
  return [
    { apiVersion: `${gatewayGroup}/v1`, kind: route.kind, namespace, name, status: { parents } },
  ];
}

function parentStatus(
  route: RouteModel,
  attachment: Attachment,
  controllerName: string,
): RouteParentStatus {
  const isMalformed = route.entry.spec === undefined;
  const refusals = refusalsOf(route, attachment).map((problem) =>
    isMalformed ? { ...problem, message: told(problem) } : problem,
  );
  const verdicts = [
    negative("Accepted", refusals) ?? acceptedVerdict(attachment),
    // References are judged even for a route that is not accepted, but a malformed one has none
    // that could be.
    isMalformed ? undefined : resolvedVerdict(route),
    refusals.length === 0 ? partiallyInvalid(route) : undefined,
  ];
  return {
    parentRef: attachment.reference,
    controllerName,
    conditions: conditions(route.entry.metadata, ...verdicts),
  };
}

function acceptedVerdict({ listeners }: Attachment): Verdict {
  const names = listeners.map(({ name }) => name ?? "").join(", ");
  return positive("Accepted", "Accepted", `The route is attached to listener ${names}.`);
}

function resolvedVerdict(route: RouteModel): Verdict {
  return (
    negative("ResolvedRefs", unresolvedOf(route)) ??
    positive("ResolvedRefs", "ResolvedRefs", "All references hold.")
  );
}

/**
 * Rules that cannot be obeyed answer 500; the others of the route go on. The prefix of the message
 * is the API's.
 */
function partiallyInvalid(route: RouteModel): Verdict | undefined {
  const dropped = route.rules.flatMap(({ refusals }, index) =>
    refusals[0] === undefined ? [] : [{ index, problem: refusals[0] }],
  );
  const [first] = dropped;
  if (first === undefined) return undefined;
  const told = dropped.map(({ index, problem }) => `rule ${index}: ${problem.message}`).join(" ");
  const message = `Dropped Rule: requests are answered 500 by ${told}`;
  return { type: "PartiallyInvalid", status: "True", reason: first.problem.reason, message };
}
