/** Decoders of the five route kinds. */

import type {
  GrpcMethodMatch,
  HTTPBackendRef,
  HTTPRouteFilter,
  ParentReference,
  PathMatch,
  Retry,
  RouteMatch,
  RouteRule,
  RouteSpec,
  SessionPersistence,
  Timeouts,
  ValueMatch,
} from "../objects.js";
import { gatewayGroup } from "../objects.js";
import {
  defaulted,
  integer,
  listOf,
  object,
  oneOf,
  optional,
  report,
  required,
  text,
} from "./decode.js";
import type { At, Decoder } from "./decode.js";
import { grpcRouteFilter, httpRouteFilter } from "./filter.js";
import {
  backendReferenceFields,
  groupName,
  hostname,
  kindName,
  namespaceName,
  objectName,
  orEmpty,
  portNumber,
} from "./values.js";

const parentReference = object<ParentReference>({
  group: defaulted(groupName, gatewayGroup),
  kind: defaulted(kindName, "Gateway"),
  namespace: optional(orEmpty(namespaceName)),
  name: required(objectName),
  sectionName: optional(orEmpty(objectName)),
  port: optional(portNumber),
});

/** `parentRefs` alone: a route that is malformed elsewhere still tells its parents so. */
export const parentReferences: Decoder<readonly ParentReference[]> = listOf(parentReference, 32);

const everyPath: PathMatch = { type: "PathPrefix", value: "/" };

const pathMatch = object<PathMatch>({
  type: defaulted(oneOf("Exact", "PathPrefix", "RegularExpression"), "PathPrefix"),
  value: defaulted(text, "/"),
});

const valueMatch = object<ValueMatch>({
  type: defaulted(oneOf("Exact", "RegularExpression"), "Exact"),
  name: required(text),
  value: required(text),
});

type Matches = Pick<RouteMatch, "headers" | "queryParams"> & {
  readonly path: PathMatch;
  readonly method?: string;
};

const httpRouteMatch = object<Matches>({
  path: defaulted(pathMatch, everyPath),
  method: optional(
    oneOf("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"),
  ),
  headers: defaulted(listOf(valueMatch, 16), []),
  queryParams: defaulted(listOf(valueMatch, 16), []),
});

const grpcMethod = object<GrpcMethodMatch>({
  type: defaulted(oneOf("Exact", "RegularExpression"), "Exact"),
  service: optional(text),
  method: optional(text),
});

const grpcRouteMatch: Decoder<RouteMatch> = (value, at) => {
  const match = grpcMatchFields(value, at);
  return match === undefined ? undefined : { ...match, queryParams: [] };
};

const grpcMatchFields = object<{ method?: GrpcMethodMatch; headers: RouteMatch["headers"] }>({
  method: optional(grpcMethod),
  headers: defaulted(listOf(valueMatch, 16), []),
});

const everyRequest: RouteMatch = { path: everyPath, headers: [], queryParams: [] };
const everyCall: RouteMatch = { headers: [], queryParams: [] };

// HTTPRouteRule.matches: none written is one PathPrefix `/`, and so is an empty list. In a
// GRPCRoute it is one match without conditions.
function matchesOf(match: Decoder<RouteMatch>, every: RouteMatch): Decoder<readonly RouteMatch[]> {
  return (value, at) => {
    const matches = listOf(match, 64)(value, at);
    return matches?.length === 0 ? [every] : matches;
  };
}

function backendRefs(filter: Decoder<HTTPRouteFilter>): Decoder<readonly HTTPBackendRef[]> {
  return listOf(
    object<HTTPBackendRef>({
      ...backendReferenceFields,
      weight: defaulted(integer(0, 1_000_000), 1),
      filters: defaulted(listOf(filter, 16), []),
    }),
    16,
  );
}

// Durations, retry codes and session names are judged by the core, like every value that only it
// gives a meaning.
const timeouts = object<Timeouts>({ request: optional(text), backendRequest: optional(text) });

const retry = object<Retry>({
  codes: optional(listOf(integer(400, 599))),
  attempts: optional(integer(0, 2_147_483_647)),
  backoff: optional(text),
});

const sessionPersistence = object<SessionPersistence>({
  sessionName: optional(text),
  absoluteTimeout: optional(text),
  idleTimeout: optional(text),
  type: optional(oneOf("Cookie", "Header")),
  cookieConfig: optional(
    object<NonNullable<SessionPersistence["cookieConfig"]>>({
      lifetimeType: optional(oneOf("Session", "Permanent")),
    }),
  ),
});

const httpRouteRule = object<RouteRule>({
  name: optional(objectName),
  matches: defaulted(matchesOf(httpRouteMatch, everyRequest), [everyRequest]),
  filters: defaulted(listOf(httpRouteFilter, 16), []),
  backendRefs: defaulted(backendRefs(httpRouteFilter), []),
  timeouts: optional(timeouts),
  retry: optional(retry),
  sessionPersistence: optional(sessionPersistence),
});

type GrpcRule = Pick<
  RouteRule,
  "name" | "matches" | "filters" | "backendRefs" | "sessionPersistence"
>;

const grpcRouteRule: Decoder<RouteRule> = object<GrpcRule>({
  name: optional(objectName),
  matches: defaulted(matchesOf(grpcRouteMatch, everyCall), [everyCall]),
  filters: defaulted(listOf(grpcRouteFilter, 16), []),
  backendRefs: defaulted(backendRefs(grpcRouteFilter), []),
  sessionPersistence: optional(sessionPersistence),
});

// Gateways that take routes without being named (GEP-3793) are not there: a route that asks for
// them is told so, one that does not loses nothing.
const noDefaultGateways: Decoder<"None"> = (value, at) =>
  value === "None" ? value : reportDefaults(at);

function reportDefaults(at: At): undefined {
  return report(
    at,
    "unsupportedField",
    "Default Gateways are not supported; name them in parentRefs.",
  );
}

interface WrittenRoute extends RouteSpec {
  readonly useDefaultGateways?: "None";
}

function routeSpec(rule: Decoder<RouteRule>, every: RouteMatch): Decoder<RouteSpec> {
  return object<WrittenRoute>({
    parentRefs: defaulted(parentReferences, []),
    hostnames: defaulted(listOf(hostname, 16), []),
    // HTTPRouteSpec.rules defaults to one rule that takes everything.
    rules: defaulted(listOf(rule, 16), [{ matches: [every], filters: [], backendRefs: [] }]),
    useDefaultGateways: optional(noDefaultGateways),
  });
}

export const httpRouteSpec: Decoder<RouteSpec> = routeSpec(httpRouteRule, everyRequest);
export const grpcRouteSpec: Decoder<RouteSpec> = routeSpec(grpcRouteRule, everyCall);

const noFilters = { decoder: () => [], absent: "defaulted", fallback: [] } as const;

const streamRule = object<Pick<RouteRule, "name" | "matches" | "filters" | "backendRefs">>({
  name: optional(objectName),
  backendRefs: required(
    listOf(
      object<HTTPBackendRef>({
        ...backendReferenceFields,
        weight: defaulted(integer(0, 1_000_000), 1),
        filters: noFilters,
      }),
      16,
    ),
  ),
  matches: noFilters,
  filters: noFilters,
});

function streamSpec(hostnames: "required" | "none"): Decoder<RouteSpec> {
  return object<WrittenRoute>({
    parentRefs: defaulted(parentReferences, []),
    hostnames: hostnames === "required" ? required(listOf(hostname, 1024)) : noFilters,
    rules: required(listOf(streamRule, 1)),
    useDefaultGateways: optional(noDefaultGateways),
  });
}

export const tlsRouteSpec: Decoder<RouteSpec> = streamSpec("required");
/** TCPRoute and UDPRoute. */
export const transportRouteSpec: Decoder<RouteSpec> = streamSpec("none");
