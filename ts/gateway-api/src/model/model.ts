/** Everything judged, once: documents, statuses and diagnostics are only read off from this. */

import { diagnose } from "../diagnostics.js";
import type { Diagnostic, Finding } from "../diagnostics.js";
import { readSlices } from "./endpoints.js";
import type { Slices } from "./endpoints.js";
import { foreignness, judgeGateway } from "./gateway.js";
import type { GatewayModel } from "./gateway.js";
import { readGrants } from "./grant.js";
import type { ListenerModel } from "./listener.js";
import { countingListeners, judgeRoute, unresolvedOf } from "./route.js";
import type { RouteModel } from "./route.js";
import type { Entry, Store } from "./store.js";

export interface Model {
  /** Gateways of ours, by `namespace/name`, sorted. */
  readonly gateways: ReadonlyMap<string, GatewayModel>;
  /** Sorted by `namespace/name`. */
  readonly routes: readonly RouteModel[];
  readonly slices: Slices;
  /** Number of routes attached to each listener. */
  readonly attachedRoutes: ReadonlyMap<ListenerModel, number>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Judges all objects. `controllerName` undefined: every Gateway counts as ours. */
export function buildModel(store: Store, controllerName: string | undefined): Model {
  const grants = readGrants(store);
  const foreign = new Map(
    [...store.Gateway].flatMap(([key, entry]) =>
      entryNote(key, foreignness(entry, store, controllerName)),
    ),
  );
  const ours = [...store.Gateway].filter(([key]) => !foreign.has(key));
  const gateways = new Map(ours.map(([key, entry]) => [key, judgeGateway(entry, grants)]));
  const routes = [...store.HTTPRoute.values()].map((entry) =>
    judgeRoute(entry, { store, gateways }, { store, grants }),
  );
  const slices = readSlices(store);
  const foreignNotes = [...foreign].flatMap(([key, finding]) =>
    about(store.Gateway.get(key), [finding]),
  );
  const diagnostics = [...foreignNotes, ...diagnoseModel([...gateways.values()], routes, slices)];
  return { gateways, routes, slices, attachedRoutes: countRoutes(routes), diagnostics };
}

function entryNote(key: string, finding: Finding | undefined): [string, Finding][] {
  return finding === undefined ? [] : [[key, finding]];
}

function countRoutes(routes: readonly RouteModel[]): Map<ListenerModel, number> {
  const counts = new Map<ListenerModel, number>();
  for (const route of routes) {
    for (const listener of countingListeners(route))
      counts.set(listener, (counts.get(listener) ?? 0) + 1);
  }
  return counts;
}

function diagnoseModel(
  gateways: readonly GatewayModel[],
  routes: readonly RouteModel[],
  slices: Slices,
): Diagnostic[] {
  return [
    ...gateways.flatMap(({ entry, listeners }) =>
      about(
        entry,
        listeners.flatMap(({ refusals, unresolved }) => [...refusals, ...unresolved]),
      ),
    ),
    ...routes.flatMap((route) => about(route.entry, routeFindings(route))),
    ...[...slices.values()].flat().flatMap(({ entry, findings }) => about(entry, findings)),
  ];
}

function routeFindings(route: RouteModel): Finding[] {
  // A malformed route was already told so; that it is attached or not is then beside the point.
  if (route.entry.spec === undefined || route.isForeign) return [...route.notes];
  return [
    ...route.notes,
    ...route.attachments.flatMap(({ refusal, notes }) =>
      refusal === undefined ? notes : [refusal, ...notes],
    ),
    ...route.rules.flatMap(({ refusals, notes }) => [...refusals, ...notes]),
    ...unresolvedOf(route),
  ];
}

function about(entry: Entry<unknown> | undefined, findings: readonly Finding[]): Diagnostic[] {
  return entry === undefined
    ? []
    : findings.map((finding) => diagnose(entry.source, entry.identity, finding));
}
