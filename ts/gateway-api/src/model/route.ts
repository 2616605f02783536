/** Routes of all five kinds, attached and judged. */

import type { Finding } from "../diagnostics.js";
import { gatewayGroup } from "../objects.js";
import type { ParentReference, RouteSpec } from "../objects.js";
import { decode } from "../shape/decode.js";
import { parentReferences } from "../shape/route.js";
import { quote } from "../source.js";
import { attach, parentKey } from "./attach.js";
import type { Attachment } from "./attach.js";
import { hostnamesWithin } from "./hostname.js";
import type { RouteKind } from "./kinds.js";
import type { ListenerModel } from "./listener.js";
import type { Lookup } from "./lookup.js";
import type { AttachmentRefusal, Problem, RouteUnresolved, RuleRefusal } from "./problem.js";
import { judgeRule } from "./rule.js";
import type { RuleModel } from "./rule.js";
import type { Entry } from "./store.js";

/** A route with its verdicts. */
export interface RouteModel {
  readonly kind: RouteKind;
  readonly entry: Entry<RouteSpec>;
  /** One per parentRef that leads to a parent of ours, in order of writing. */
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
export function judgeRoute(kind: RouteKind, entry: Entry<RouteSpec>, lookup: Lookup): RouteModel {
  const { namespace } = entry.metadata;
  const references = entry.spec?.parentRefs ?? readableParents(entry);
  const route = {
    kind: { group: gatewayGroup, kind },
    namespace,
    hostnames: entry.spec?.hostnames ?? [],
  };
  const attachments = references.flatMap(
    (reference, index) => attach(route, reference, ["spec", "parentRefs", index], lookup) ?? [],
  );
  const referrer = { group: gatewayGroup, kind, namespace };
  return {
    kind,
    entry,
    attachments,
    rules: (entry.spec?.rules ?? []).map((rule, index) =>
      judgeRule(rule, ["spec", "rules", index], referrer, lookup),
    ),
    notes:
      entry.spec === undefined
        ? []
        : [
            ...parentNotes(references, namespace, lookup),
            ...hostnameNotes(entry.spec, attachments),
          ],
    isForeign:
      attachments.length === 0 &&
      references.some((reference) => !isMissing(reference, namespace, lookup)),
  };
}

function readableParents({ source }: Entry<RouteSpec>): readonly ParentReference[] {
  const spec = source.object["spec"];
  if (typeof spec !== "object" || spec === null || !("parentRefs" in spec)) return [];
  return decode(parentReferences, spec.parentRefs).value ?? [];
}

function isMissing(reference: ParentReference, namespace: string, { store }: Lookup): boolean {
  const key = parentKey(reference, namespace);
  if (key === undefined) return false;
  const table = reference.kind === "Gateway" ? store.Gateway : store.ListenerSet;
  return table.get(key.slice(reference.kind.length + 1)) === undefined;
}

function parentNotes(
  references: readonly ParentReference[],
  namespace: string,
  lookup: Lookup,
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
    if (isMissing(reference, namespace, lookup)) {
      const message = `${kind} ${reference.namespace || namespace}/${name} is not among the objects.`;
      return [{ code: "unknownParent", path, message }];
    }
    if (group !== gatewayGroup || parentKey(reference, namespace) !== undefined) return [];
    return [
      {
        code: "unsupportedKind",
        path,
        message: `${quote(kind)} as a parent is not supported yet.`,
      },
    ];
  });
}

function hostnameNotes({ hostnames }: RouteSpec, attachments: readonly Attachment[]): Finding[] {
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
