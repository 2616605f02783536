/** Decoders of HTTPRoute and of what all route kinds share. */

import type {
  HTTPBackendRef,
  HTTPRouteMatch,
  HTTPRouteRule,
  HTTPRouteSpec,
  ParentReference,
  PathMatch,
  Retry,
  SessionPersistence,
  Timeouts,
  ValueMatch,
} from "../objects.js";
import { gatewayGroup } from "../objects.js";
import { defaulted, integer, listOf, object, oneOf, optional, required, text } from "./decode.js";
import type { Decoder } from "./decode.js";
import { backendReferenceFields, httpRouteFilter } from "./filter.js";
import {
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

const httpRouteMatch = object<HTTPRouteMatch>({
  path: defaulted(pathMatch, everyPath),
  method: optional(
    oneOf("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"),
  ),
  headers: defaulted(listOf(valueMatch, 16), []),
  queryParams: defaulted(listOf(valueMatch, 16), []),
});

const everyRequest: HTTPRouteMatch = { path: everyPath, headers: [], queryParams: [] };

// HTTPRouteRule.matches: none written is one PathPrefix `/`, and so is an empty list.
const httpRouteMatches: Decoder<readonly HTTPRouteMatch[]> = (value, at) => {
  const matches = listOf(httpRouteMatch, 64)(value, at);
  return matches?.length === 0 ? [everyRequest] : matches;
};

const httpBackendRef = object<HTTPBackendRef>({
  ...backendReferenceFields,
  weight: defaulted(integer(0, 1_000_000), 1),
  filters: defaulted(listOf(httpRouteFilter, 16), []),
});

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

const httpRouteRule = object<HTTPRouteRule>({
  name: optional(objectName),
  matches: defaulted(httpRouteMatches, [everyRequest]),
  filters: defaulted(listOf(httpRouteFilter, 16), []),
  backendRefs: defaulted(listOf(httpBackendRef, 16), []),
  timeouts: optional(timeouts),
  retry: optional(retry),
  sessionPersistence: optional(sessionPersistence),
});

export const httpRouteSpec: Decoder<HTTPRouteSpec> = object<HTTPRouteSpec>(
  {
    parentRefs: defaulted(parentReferences, []),
    hostnames: defaulted(listOf(hostname, 16), []),
    // HTTPRouteSpec.rules defaults to one rule that takes everything.
    rules: defaulted(listOf(httpRouteRule, 16), [
      { matches: [everyRequest], filters: [], backendRefs: [] },
    ]),
  },
  { unsupported: ["useDefaultGateways"] },
);
