/** Status of a BackendTLSPolicy: one entry per Gateway that reaches its Services (Gateway API `PolicyStatus`). */

import { gatewayGroup } from "../objects.js";
import type { Model } from "../model/model.js";
import { targetsOf } from "../model/policy.js";
import type { PolicyModel } from "../model/policy.js";
import type { PolicyRefusal, Problem } from "../model/problem.js";
import type { RouteModel } from "../model/route.js";
import { compareText } from "../source.js";
import { conditions, negative, positive, told } from "./condition.js";
import type { Condition, Verdict } from "./condition.js";

export interface PolicyStatus {
  readonly apiVersion: "gateway.networking.k8s.io/v1";
  readonly kind: "BackendTLSPolicy";
  readonly namespace: string;
  readonly name: string;
  readonly status: { readonly ancestors: readonly PolicyAncestorStatus[] };
}

export interface PolicyAncestorStatus {
  readonly ancestorRef: {
    readonly group: string;
    readonly kind: "Gateway";
    readonly namespace: string;
    readonly name: string;
  };
  readonly controllerName: string;
  readonly conditions: readonly Condition[];
}

/** As many ancestors as the API's status holds. */
const mostAncestors = 16;

/** Gateways, by `namespace/name`, whose routes lead to a Service. */
export type Reaching = ReadonlyMap<string, ReadonlySet<string>>;

export function gatewaysByService(routes: readonly RouteModel[]): Reaching {
  const reaching = new Map<string, Set<string>>();
  for (const { attachments, rules } of routes) {
    const gateways = attachments.flatMap(({ parent, listeners }) =>
      listeners.length === 0 ? [] : [parent.gateway],
    );
    if (gateways.length === 0) continue;
    for (const { backends, filters } of rules) {
      const mirrors = [...filters, ...backends.flatMap((backend) => backend.filters)];
      const targets = [...backends, ...mirrors.flatMap(({ mirror }) => mirror ?? [])];
      for (const { target } of targets) {
        if (target === undefined) continue;
        const known = reaching.get(target.key) ?? new Set();
        for (const gateway of gateways) known.add(gateway);
        reaching.set(target.key, known);
      }
    }
  }
  return reaching;
}

/** None for a policy whose Services no Gateway of ours reaches. */
export function policyStatus(
  policy: PolicyModel,
  model: Model,
  reaching: Reaching,
  controllerName: string,
): PolicyStatus[] {
  const { metadata } = policy.entry;
  const { namespace, name } = metadata;
  const services = targetsOf(policy).map((target) => `${namespace}/${target.name}`);
  const gateways = new Set(services.flatMap((service) => [...(reaching.get(service) ?? [])]));
  if (gateways.size === 0) return [];
  const made = conditions(metadata, ...policyVerdicts(policy, conflictOf(policy, services, model)));
  const ancestors = [...gateways]
    .toSorted(compareText)
    .slice(0, mostAncestors)
    .map((gateway) => {
      const [place = "", own = ""] = gateway.split("/");
      return {
        ancestorRef: {
          group: gatewayGroup,
          kind: "Gateway" as const,
          namespace: place,
          name: own,
        },
        controllerName,
        conditions: made,
      };
    });
  return [
    {
      apiVersion: `${gatewayGroup}/v1`,
      kind: "BackendTLSPolicy",
      namespace,
      name,
      status: { ancestors },
    },
  ];
}

/** The older policy that has a target of this one. */
export function conflictOf(
  policy: PolicyModel,
  services: readonly string[],
  { claims }: Pick<Model, "claims">,
): Problem<PolicyRefusal> | undefined {
  for (const service of services) {
    const lost = claims
      .get(service)
      ?.find((claim) => claim.policy === policy && claim.loserTo !== undefined);
    if (lost?.loserTo === undefined) continue;
    const message = `${lost.loserTo} has the same target and takes precedence.`;
    return { reason: "Conflicted", code: "policyConflict", path: ["spec", "targetRefs"], message };
  }
  return undefined;
}

function policyVerdicts(
  { entry, refusals, unresolved }: PolicyModel,
  conflict: Problem<PolicyRefusal> | undefined,
): Verdict[] {
  const isMalformed = entry.spec === undefined;
  const said = refusals.map((problem) =>
    isMalformed ? { ...problem, message: told(problem) } : problem,
  );
  const accepted =
    negative("Accepted", conflict === undefined ? said : [conflict]) ??
    positive("Accepted", "Accepted", "The policy is obeyed.");
  if (isMalformed) return [accepted];
  return [
    accepted,
    negative("ResolvedRefs", unresolved) ??
      positive("ResolvedRefs", "ResolvedRefs", "All references hold."),
  ];
}
