/**
 * The routing document: listeners that serve, routes attached to them, services they name. Plain,
 * sorted, deterministic.
 */

import type {
  RoutingBackend,
  RoutingDocument,
  RoutingListener,
  RoutingMatch,
  RoutingRoute,
  RoutingRule,
} from "../document.js";
import type { HTTPRouteMatch, Listener } from "../objects.js";
import type { GatewayModel } from "../model/gateway.js";
import { hostnamesWithin } from "../model/hostname.js";
import { serves } from "../model/listener.js";
import type { ListenerModel } from "../model/listener.js";
import type { Model } from "../model/model.js";
import type { RouteModel } from "../model/route.js";
import type { BackendModel, RuleModel } from "../model/rule.js";
import { keyOf } from "../model/store.js";
import { renderSource } from "../source.js";
import { emitFilters } from "./filters.js";
import { emitServices } from "./services.js";

/** Writes the document of the given Gateways. */
export function emitDocument(model: Model, gateways: readonly GatewayModel[]): RoutingDocument {
  const listeners = nameListeners(gateways);
  const routes = model.routes.flatMap((route) => emitRoute(route, listeners));
  return {
    version: 1,
    listeners: [...listeners.values()],
    routes: routes.map(({ emitted }) => emitted),
    services: emitServices(
      routes.map(({ route }) => route),
      model.slices,
    ),
  };
}

type NamedListeners = ReadonlyMap<ListenerModel, RoutingListener>;

/**
 * Listeners by their own names, or, when several Gateways share a document, as
 * `namespace/gateway/listener`.
 */
function nameListeners(gateways: readonly GatewayModel[]): NamedListeners {
  const named = new Map<ListenerModel, RoutingListener>();
  for (const { key, isRefused, listeners } of gateways) {
    if (isRefused) continue;
    for (const model of listeners.filter(serves)) {
      const { name } = model.listener;
      named.set(
        model,
        emitListener(model.listener, gateways.length === 1 ? name : `${key}/${name}`),
      );
    }
  }
  return named;
}

function emitListener({ port, protocol, hostname }: Listener, name: string): RoutingListener {
  return {
    name,
    port,
    protocol: protocol === "HTTPS" ? "HTTPS" : "HTTP",
    ...(hostname ? { hostname } : {}),
  };
}

/**
 * A route goes out when a listener takes it. That all its rules are refused does not keep it back:
 * its requests are owed a 500, and must not fall to some other route.
 */
function emitRoute(
  route: RouteModel,
  named: NamedListeners,
): { readonly route: RouteModel; readonly emitted: RoutingRoute }[] {
  const { entry, attachments, rules } = route;
  const listeners = new Set(
    attachments.flatMap((attachment) =>
      attachment.listeners.flatMap((model) => named.get(model) ?? []),
    ),
  );
  if (entry.spec === undefined || listeners.size === 0) return [];
  const { creationTimestamp } = entry.metadata;
  const source = renderSource(entry.source, []);
  const emitted: RoutingRoute = {
    name: keyOf(entry),
    kind: "HTTPRoute",
    ...(creationTimestamp === undefined ? {} : { createdAt: creationTimestamp }),
    ...(source === undefined ? {} : { source }),
    listeners: [...listeners].map(({ name }) => name).toSorted(),
    hostnames: hostnamesWithin([...listeners], entry.spec.hostnames),
    rules: rules.map((rule) => emitRule(rule, renderSource(entry.source, rule.path))),
  };
  return [{ route, emitted }];
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

function emitMatch({ path, method, headers, queryParams }: HTTPRouteMatch): RoutingMatch {
  return {
    path,
    ...(method === undefined ? {} : { method }),
    ...(headers.length === 0 ? {} : { headers }),
    ...(queryParams.length === 0 ? {} : { queryParams }),
  };
}

/** A reference that leads nowhere keeps its weight: its share of requests is answered 500. */
function emitBackend({ service, problem, reference, filters }: BackendModel): RoutingBackend {
  return {
    service,
    weight: reference.weight,
    ...emitFilters(filters),
    ...(problem === undefined ? {} : { invalid: problem.reason }),
  };
}
