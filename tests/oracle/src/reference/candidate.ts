/** Every match of every route that takes a request, one by one. The order is precedence.ts's. */

import type { Document, GrpcMethodMatch, Listener, Match, Route, Rule } from "../document.ts";
import { grpcMethodTakes } from "./grpc.ts";
import { headersTake } from "./header.ts";
import { hostnameTakes } from "./hostname.ts";
import { pathTakes } from "./path.ts";
import { queryTakes } from "./query.ts";
import type { Received } from "./receive.ts";
import { isUsableMatch } from "./usable.ts";

/** A match that takes the request, under one of its route's host names. */
export interface Candidate {
  readonly route: Route;
  readonly rule: Rule;
  readonly match: Match;
  /** Absent: the route has no host names, it is there for any. */
  readonly hostname: string | undefined;
  readonly ruleIndex: number;
  readonly matchIndex: number;
}

/**
 * Routes in force: of two with one kind and name only the first serves. A route none of whose listeners is there cannot
 * be used, and what cannot be used stands in nobody's way.
 */
export function routesInForce(
  document: Document,
  listeners: readonly Listener[],
): readonly Route[] {
  const seen = new Set<string>();
  const names = listeners.map((one) => one.name);
  return document.routes.filter((route) => {
    const attached = route.listeners ?? [];
    if (attached.length > 0 && !attached.some((name) => names.includes(name))) return false;
    const known = seen.has(routeIdentity(route));
    seen.add(routeIdentity(route));
    return !known;
  });
}

export function routeIdentity(route: Route): string {
  return `${route.kind ?? "HTTPRoute"}/${route.name}`;
}

/** All candidates of a request that came in by a listener, in no order. */
export function candidates(
  routes: readonly Route[],
  listener: string | null,
  received: Received,
): Candidate[] {
  const found: Candidate[] = [];
  for (const route of routes) {
    if (!isAttached(route, listener)) continue;
    for (const hostname of matchingHostnames(route, received.host)) {
      for (const [ruleIndex, rule] of (route.rules ?? []).entries()) {
        for (const [matchIndex, match] of matchesOf(rule).entries()) {
          if (!matchTakes(route, match, received)) continue;
          found.push({ route, rule, match, hostname, ruleIndex, matchIndex });
        }
      }
    }
  }
  return found;
}

/** A route without listeners is attached to all. */
function isAttached(route: Route, listener: string | null): boolean {
  return route.listeners === undefined || route.listeners.some((name) => name === listener);
}

/**
 * The route's host names that take the host. A host name outside the listener's takes no host the listener takes, so
 * the intersection the specification speaks of needs no step of its own.
 */
function matchingHostnames(route: Route, host: string): readonly (string | undefined)[] {
  if (route.hostnames === undefined || route.hostnames.length === 0) return [undefined];
  return route.hostnames.filter((hostname) => hostnameTakes(hostname, host));
}

/** Matches are ORed; a rule without any has the one that takes every request. */
export function matchesOf(rule: Rule): readonly Match[] {
  return rule.matches === undefined || rule.matches.length === 0 ? [{}] : rule.matches;
}

/** HTTPRouteMatch: all its conditions are ANDed. */
function matchTakes(route: Route, match: Match, received: Received): boolean {
  return (
    isUsableMatch(match) &&
    targetTakes(route, match, received) &&
    headersTake(match, received.headers) &&
    queryTakes(match, received.query ?? "")
  );
}

function targetTakes(route: Route, match: Match, received: Received): boolean {
  if (route.kind === "GRPCRoute") return grpcMethodTakes(grpcMethod(match), received.path);
  return pathTakes(match.path, received.path) && methodTakes(match, received.method);
}

/** RFC 9110 section 9.1: methods are case-sensitive. */
function methodTakes(match: Match, method: string): boolean {
  return match.method === undefined || match.method === method;
}

export function grpcMethod(match: Match): GrpcMethodMatch | undefined {
  return typeof match.method === "object" ? match.method : undefined;
}
