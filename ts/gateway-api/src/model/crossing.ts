/**
 * HTTPRoutes and GRPCRoutes that want the same hosts of a listener: only the older one is accepted
 * there (Gateway API `GRPCRouteSpec.hostnames`).
 */

import type { Attachment } from "./attach.js";
import type { ListenerModel } from "./listener.js";
import type { AttachmentRefusal, Problem } from "./problem.js";
import type { RouteModel } from "./route.js";
import { compareAge } from "./store.js";

/** Hosts taken at a listener by the routes of one kind, asked for what they have in common with others. */
class TakenHosts {
  readonly #exact = new Set<string>();
  /** Suffixes of wildcards, with the dot; the empty one is every host. */
  readonly #wide = new Set<string>();
  /** Suffixes of everything that was added, so that a wildcard finds what lies below it. */
  readonly #below = new Set<string>();

  add(host: string): void {
    if (host === "" || host.startsWith("*.")) this.#wide.add(host.slice(1));
    else this.#exact.add(host);
    for (const suffix of suffixesOf(host)) this.#below.add(suffix);
  }

  intersects(host: string): boolean {
    if (host === "") return this.#exact.size + this.#wide.size > 0;
    const own = suffixesOf(host);
    if (this.#wide.has("") || own.some((suffix) => this.#wide.has(suffix))) return true;
    return host.startsWith("*.") ? this.#below.has(host.slice(1)) : this.#exact.has(host);
  }
}

/** `a.b.c` -> `.b.c`, `.c`; `*.b.c` -> `.b.c`, `.c`. */
function suffixesOf(host: string): string[] {
  const suffixes: string[] = [];
  for (let dot = host.indexOf("."); dot !== -1; dot = host.indexOf(".", dot + 1))
    suffixes.push(host.slice(dot));
  return suffixes;
}

type Taken = Map<ListenerModel, { readonly HTTPRoute: TakenHosts; readonly GRPCRoute: TakenHosts }>;

/** The same routes, those that lose listeners without them. Without GRPCRoutes nothing is done. */
export function* settleCrossings(
  routes: readonly RouteModel[],
  settled: Settled,
): Generator<void, readonly RouteModel[]> {
  const contested = contestedListeners(routes);
  if (contested.size === 0) return routes;
  const taken: Taken = new Map(
    [...contested].map((listener) => [
      listener,
      { HTTPRoute: new TakenHosts(), GRPCRoute: new TakenHosts() },
    ]),
  );
  const results = new Map<RouteModel, RouteModel>();
  let steps = 0;
  for (const route of [...routes].toSorted((left, right) => compareAge(left.entry, right.entry))) {
    if (route.kind !== "HTTPRoute" && route.kind !== "GRPCRoute") continue;
    const lost = claim(route, route.kind, taken);
    if (lost.size > 0) results.set(route, settled.without(route, lost));
    if ((steps += 1) % 64 === 0) yield;
  }
  return routes.map((route) => results.get(route) ?? route);
}

/** Listeners that take routes of both kinds. */
function contestedListeners(routes: readonly RouteModel[]): Set<ListenerModel> {
  const calls = routes.filter(isCall).flatMap(listenersOf);
  if (calls.length === 0) return new Set();
  const wanted = new Set(calls);
  return new Set(
    routes
      .filter(({ kind }) => kind === "HTTPRoute")
      .flatMap(listenersOf)
      .filter((listener) => wanted.has(listener)),
  );
}

function isCall({ kind }: RouteModel): boolean {
  return kind === "GRPCRoute";
}

function listenersOf({ attachments }: RouteModel): ListenerModel[] {
  return attachments.flatMap(({ listeners }) => listeners);
}

/** Takes what is free; tells which listeners are lost. */
function claim(
  route: RouteModel,
  kind: "HTTPRoute" | "GRPCRoute",
  taken: Taken,
): Set<ListenerModel> {
  const lost = new Set<ListenerModel>();
  const other = kind === "HTTPRoute" ? "GRPCRoute" : "HTTPRoute";
  for (const listener of new Set(listenersOf(route))) {
    const hosts = taken.get(listener);
    if (hosts === undefined) continue;
    const wanted = hostsAt(route, listener);
    if (wanted.some((host) => hosts[other].intersects(host))) lost.add(listener);
    else for (const host of wanted) hosts[kind].add(host);
  }
  return lost;
}

// Hosts beyond the listener's cannot be reached, but taking them in full loses nothing: routes of
// the other kind are held against the same listener.
function hostsAt({ entry }: RouteModel, { listener }: ListenerModel): readonly string[] {
  const hostnames = entry.spec?.hostnames ?? [];
  return hostnames.length > 0 ? hostnames : [listener?.hostname ?? ""];
}

/** Routes as they are without listeners they lost, kept, so that equal input gives the same objects. */
export class Settled {
  readonly #kept = new WeakMap<
    RouteModel,
    { readonly lost: ReadonlySet<ListenerModel>; readonly model: RouteModel }
  >();

  without(route: RouteModel, lost: ReadonlySet<ListenerModel>): RouteModel {
    const known = this.#kept.get(route);
    if (known !== undefined && isSameSet(known.lost, lost)) return known.model;
    const attachments = route.attachments.map((attachment) => withoutListeners(attachment, lost));
    const model = { ...route, attachments };
    this.#kept.set(route, { lost, model });
    return model;
  }
}

function isSameSet<T>(left: ReadonlySet<T>, right: ReadonlySet<T>): boolean {
  return left.size === right.size && [...left].every((item) => right.has(item));
}

function withoutListeners(attachment: Attachment, lost: ReadonlySet<ListenerModel>): Attachment {
  const listeners = attachment.listeners.filter((listener) => !lost.has(listener));
  if (attachment.listeners.length === 0 || listeners.length === attachment.listeners.length)
    return attachment;
  if (listeners.length > 0) return { ...attachment, listeners };
  const message = "An older route of the other kind (HTTPRoute, GRPCRoute) has hosts in common.";
  const refusal: Problem<AttachmentRefusal> = {
    reason: "HostnameConflict",
    code: "routeConflict",
    path: attachment.path,
    message,
  };
  return { ...attachment, listeners, refusal };
}
