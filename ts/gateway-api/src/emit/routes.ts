/**
 * Routes as the data plane has them: those that a serving listener takes. Plain, deterministic.
 */

import type { RoutingBackend, RoutingMatch, RoutingRoute, RoutingRule } from "../document.js";
import type { ListenerIr, StreamRouteIr } from "../ir.js";
import type { RouteMatch } from "../objects.js";
import { hostnamesWithin } from "../model/hostname.js";
import type { ListenerModel } from "../model/listener.js";
import type { RouteModel } from "../model/route.js";
import type { BackendModel, RuleModel } from "../model/rule.js";
import { keyOf } from "../model/store.js";
import { renderSource } from "../source.js";
import { emitFilters } from "./filters.js";

/** Serving listeners with their names in the IR. */
export type NamedListeners = ReadonlyMap<ListenerModel, ListenerIr>;

/**
 * An HTTPRoute or GRPCRoute goes out when a listener takes it. That all its rules are refused does
 * not keep it back: its requests are owed a 500, and must not fall to some other route.
 */
export function emitRoute(route: RouteModel, named: NamedListeners): RoutingRoute | undefined {
  const { kind, entry, rules } = route;
  const listeners = listenersOf(route, named);
  if (entry.spec === undefined || listeners.length === 0) return undefined;
  if (kind !== "HTTPRoute" && kind !== "GRPCRoute") return undefined;
  return {
    ...emitHead(route, kind),
    listeners: listeners.map(({ name }) => name).toSorted(),
    hostnames: hostnamesWithin(listeners, entry.spec.hostnames),
    rules: rules.map((rule) => emitRule(rule, renderSource(entry.source, rule.path))),
  };
}

/** A TLSRoute, TCPRoute or UDPRoute. `has` tells whether it gets the traffic of a listener. */
export function emitStream(
  route: RouteModel,
  named: NamedListeners,
  has: (listener: ListenerModel) => boolean,
): StreamRouteIr | undefined {
  const { kind, entry, rules } = route;
  const own = new Map([...named].filter(([listener]) => has(listener)));
  const listeners = listenersOf(route, own);
  if (entry.spec === undefined || listeners.length === 0) return undefined;
  if (kind === "HTTPRoute" || kind === "GRPCRoute") return undefined;
  return {
    ...emitHead(route, kind),
    listeners: listeners.map(({ name }) => name).toSorted(),
    hostnames: hostnamesWithin(listeners, entry.spec.hostnames),
    rules: rules.map((model) => {
      const source = renderSource(entry.source, model.path);
      const { name } = model.rule;
      return {
        ...(name === undefined ? {} : { name }),
        ...(source === undefined ? {} : { source }),
        backends: model.backends.map(emitBackend),
      };
    }),
  };
}

function listenersOf({ attachments }: RouteModel, named: NamedListeners): ListenerIr[] {
  const found = attachments.flatMap((attachment) =>
    attachment.listeners.flatMap((model) => named.get(model) ?? []),
  );
  return [...new Set(found)];
}

function emitHead<Kind extends string>(
  { entry }: RouteModel,
  kind: Kind,
): { name: string; kind: Kind; createdAt?: string; source?: string } {
  const { creationTimestamp } = entry.metadata;
  const source = renderSource(entry.source, []);
  return {
    name: keyOf(entry),
    kind,
    ...(creationTimestamp === undefined ? {} : { createdAt: creationTimestamp }),
    ...(source === undefined ? {} : { source }),
  };
}

function emitRule({ rule, filters, backends }: RuleModel, source: string | undefined): RoutingRule {
  const { name, timeouts, retry, sessionPersistence } = rule;
  return {
    ...(name === undefined ? {} : { name }),
    ...(source === undefined ? {} : { source }),
    matches: rule.matches.map(emitMatch),
    ...emitFilters(filters),
    backends: backends.map(emitBackend),
    ...(timeouts === undefined ? {} : { timeouts }),
    ...(retry === undefined ? {} : { retry }),
    ...(sessionPersistence === undefined ? {} : { sessionPersistence }),
  };
}

function emitMatch({ path, method, headers, queryParams }: RouteMatch): RoutingMatch {
  return {
    ...(path === undefined ? {} : { path }),
    ...(method === undefined ? {} : { method }),
    ...(headers.length === 0 ? {} : { headers }),
    ...(queryParams.length === 0 ? {} : { queryParams }),
  };
}

/**
 * A reference that leads nowhere keeps its weight: its share of requests is answered 500. So is the
 * share of a Service whose TLS policy cannot be obeyed.
 */
function emitBackend({
  service,
  problem,
  reference,
  filters,
  target,
}: BackendModel): RoutingBackend {
  const invalid =
    problem?.reason ?? (target?.tls === "refused" ? "UnsupportedProtocol" : undefined);
  return {
    service,
    weight: reference.weight,
    ...emitFilters(filters),
    ...(invalid === undefined ? {} : { invalid }),
  };
}
