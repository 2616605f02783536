/** HTTPRoutes, attached and judged. */

import type { Finding } from "../diagnostics.js";
import { gatewayGroup } from "../objects.js";
import type { HTTPRouteSpec, ParentReference } from "../objects.js";
import { decode } from "../shape/decode.js";
import { parentReferences } from "../shape/route.js";
import { quote } from "../source.js";
import { attach, gatewayKey } from "./attach.js";
import type { Attachment, Parents } from "./attach.js";
import type { Backends } from "./backend.js";
import { hostnamesWithin } from "./hostname.js";
import type { ListenerModel } from "./listener.js";
import type { AttachmentRefusal, Problem, RouteUnresolved, RuleRefusal } from "./problem.js";
import { judgeRule } from "./rule.js";
import type { RuleModel } from "./rule.js";
import type { Entry } from "./store.js";

/** A route with its verdicts. */
export interface RouteModel {
  readonly entry: Entry<HTTPRouteSpec>;
  /** One per parentRef that leads to a Gateway of ours, in order of writing. */
  readonly attachments: readonly Attachment[];
  /** Empty when the route is malformed. */
  readonly rules: readonly RuleModel[];
  readonly notes: readonly Finding[];
  /**
   * Its parents are another controller's, or no Gateways: what is wrong with its rules is not ours
   * to tell.
   */
  readonly isForeign: boolean;
}

/**
 * Judges a route. A malformed one is attached nowhere, but its parents are found, so that they can
 * be told.
 */
export function judgeRoute(
  entry: Entry<HTTPRouteSpec>,
  parents: Parents,
  backends: Backends,
): RouteModel {
  const { namespace } = entry.metadata;
  const references = entry.spec?.parentRefs ?? readableParents(entry);
  const route = {
    kind: { group: gatewayGroup, kind: "HTTPRoute" },
    namespace,
    hostnames: entry.spec?.hostnames ?? [],
  };
  const attachments = references.flatMap(
    (reference, index) => attach(route, reference, ["spec", "parentRefs", index], parents) ?? [],
  );
  return {
    entry,
    attachments,
    rules: (entry.spec?.rules ?? []).map((rule, index) =>
      judgeRule(rule, ["spec", "rules", index], namespace, backends),
    ),
    notes:
      entry.spec === undefined
        ? []
        : [
            ...parentNotes(references, namespace, parents),
            ...hostnameNotes(entry.spec, attachments),
          ],
    isForeign:
      attachments.length === 0 &&
      references.some((reference) => !isMissing(reference, namespace, parents)),
  };
}

function readableParents({ source }: Entry<HTTPRouteSpec>): readonly ParentReference[] {
  const spec = source.object["spec"];
  if (typeof spec !== "object" || spec === null || !("parentRefs" in spec)) return [];
  return decode(parentReferences, spec.parentRefs).value ?? [];
}

function isMissing(reference: ParentReference, namespace: string, { store }: Parents): boolean {
  const key = gatewayKey(reference, namespace);
  return key !== undefined && !store.Gateway.has(key);
}

function parentNotes(
  references: readonly ParentReference[],
  namespace: string,
  parents: Parents,
): Finding[] {
  if (references.length === 0)
    return [
      {
        code: "noParents",
        path: ["spec"],
        message: "The route has no parentRefs; nothing leads to it.",
      },
    ];
  return references.flatMap((reference, index): Finding[] => {
    const path = ["spec", "parentRefs", index];
    const { group, kind, name } = reference;
    if (isMissing(reference, namespace, parents)) {
      const message = `Gateway ${reference.namespace || namespace}/${name} is not among the objects.`;
      return [{ code: "unknownParent", path, message }];
    }
    if (group !== gatewayGroup || kind === "Gateway") return [];
    return [
      {
        code: "unsupportedKind",
        path,
        message: `${quote(kind)} as a parent is not supported yet.`,
      },
    ];
  });
}

function hostnameNotes(
  { hostnames }: HTTPRouteSpec,
  attachments: readonly Attachment[],
): Finding[] {
  const listeners = attachments.flatMap((attachment) =>
    attachment.listeners.flatMap(({ listener }) => listener ?? []),
  );
  if (listeners.length === 0) return [];
  const used = new Set(hostnamesWithin(listeners, hostnames));
  return hostnames.flatMap((hostname, index): Finding[] =>
    used.has(hostname)
      ? []
      : [
          {
            code: "unusedHostname",
            path: ["spec", "hostnames", index],
            message: `No listener of the route answers for ${quote(hostname)}.`,
          },
        ],
  );
}

/**
 * Why a parent does not accept the route; empty: it does. A route whose rules all are refused is
 * refused itself.
 */
export function refusalsOf(
  route: RouteModel,
  attachment: Attachment,
): Problem<AttachmentRefusal | RuleRefusal>[] {
  const { spec, findings } = route.entry;
  if (spec === undefined)
    return findings.map((finding) => ({ ...finding, reason: "UnsupportedValue" }));
  if (attachment.refusal !== undefined) return [attachment.refusal];
  const isLost = route.rules.every(({ refusals }) => refusals.length > 0);
  return isLost ? route.rules.flatMap(({ refusals }) => refusals) : [];
}

/** References of all rules that lead nowhere, in order of writing. */
export function unresolvedOf(route: RouteModel): Problem<RouteUnresolved>[] {
  return route.rules.flatMap(({ unresolved }) => unresolved);
}

/** Listeners that count the route: those of parents that accept it, each once. */
export function countingListeners(route: RouteModel): Set<ListenerModel> {
  const accepted = route.attachments.filter(
    (attachment) => refusalsOf(route, attachment).length === 0,
  );
  return new Set(accepted.flatMap(({ listeners }) => listeners));
}
