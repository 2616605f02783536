/** Decoder of HTTPRoute filters: `type` names the one field that must be there beside it. */

import type {
  BackendReference,
  CorsFilter,
  ExtensionRefFilter,
  Fraction,
  HTTPRouteFilter,
  HeaderModifier,
  HeaderValue,
  MirrorFilter,
  PathModifier,
  RedirectFilter,
  RewriteFilter,
} from "../objects.js";
import { boolean, integer, listOf, object, oneOf, optional, required, text } from "./decode.js";
import type { At, Decoder } from "./decode.js";
import {
  backendReferenceFields,
  groupName,
  kindName,
  objectName,
  portNumber,
  preciseHostname,
} from "./values.js";

const headerValues = listOf(
  object<HeaderValue>({ name: required(text), value: required(text) }),
  16,
);

const headerModifier = object<HeaderModifier>({
  set: optional(headerValues),
  add: optional(headerValues),
  remove: optional(listOf(text, 16)),
});

const replaceFullPath = object<Extract<PathModifier, { type: "ReplaceFullPath" }>>({
  type: required(oneOf("ReplaceFullPath")),
  replaceFullPath: required(text),
});

const replacePrefixMatch = object<Extract<PathModifier, { type: "ReplacePrefixMatch" }>>({
  type: required(oneOf("ReplacePrefixMatch")),
  replacePrefixMatch: required(text),
});

const pathModifierType = object<{ type: PathModifier["type"] }>(
  { type: required(oneOf("ReplaceFullPath", "ReplacePrefixMatch")) },
  { others: "ignored" },
);

const pathModifier: Decoder<PathModifier> = (value, at) => {
  const type = pathModifierType(value, at)?.type;
  if (type === undefined) return undefined;
  return type === "ReplaceFullPath" ? replaceFullPath(value, at) : replacePrefixMatch(value, at);
};

const requestRedirect = object<RedirectFilter["requestRedirect"]>({
  scheme: optional(oneOf("http", "https")),
  hostname: optional(preciseHostname),
  path: optional(pathModifier),
  port: optional(portNumber),
  statusCode: optional(oneOf(301, 302, 303, 307, 308)),
});

const urlRewrite = object<RewriteFilter["urlRewrite"]>({
  hostname: optional(preciseHostname),
  path: optional(pathModifier),
});

const fraction = object<Fraction>({
  numerator: required(integer(0, 2_147_483_647)),
  denominator: optional(integer(1, 2_147_483_647)),
});

const requestMirror = object<MirrorFilter["requestMirror"]>({
  backendRef: required(object<BackendReference>(backendReferenceFields)),
  percent: optional(integer(0, 100)),
  fraction: optional(fraction),
});

const cors = object<CorsFilter["cors"]>({
  allowOrigins: optional(listOf(text, 64)),
  allowCredentials: optional(boolean),
  allowMethods: optional(listOf(text, 9)),
  allowHeaders: optional(listOf(text, 64)),
  exposeHeaders: optional(listOf(text, 64)),
  maxAge: optional(integer(1, 2_147_483_647)),
});

const extensionRef = object<ExtensionRefFilter["extensionRef"]>({
  group: required(groupName),
  kind: required(kindName),
  name: required(objectName),
});

/**
 * Known types, each with its own field. ExternalAuth is of the API too; until Ghost has it, it is
 * an unknown type.
 */
const filtersByType: ReadonlyMap<string, Decoder<HTTPRouteFilter>> = new Map<
  string,
  Decoder<HTTPRouteFilter>
>([
  [
    "RequestHeaderModifier",
    object({
      type: required(oneOf("RequestHeaderModifier")),
      requestHeaderModifier: required(headerModifier),
    }),
  ],
  [
    "ResponseHeaderModifier",
    object({
      type: required(oneOf("ResponseHeaderModifier")),
      responseHeaderModifier: required(headerModifier),
    }),
  ],
  [
    "RequestRedirect",
    object<RedirectFilter>({
      type: required(oneOf("RequestRedirect")),
      requestRedirect: required(requestRedirect),
    }),
  ],
  [
    "URLRewrite",
    object<RewriteFilter>({
      type: required(oneOf("URLRewrite")),
      urlRewrite: required(urlRewrite),
    }),
  ],
  [
    "RequestMirror",
    object<MirrorFilter>({
      type: required(oneOf("RequestMirror")),
      requestMirror: required(requestMirror),
    }),
  ],
  ["CORS", object<CorsFilter>({ type: required(oneOf("CORS")), cors: required(cors) })],
  [
    "ExtensionRef",
    object<ExtensionRefFilter>({
      type: required(oneOf("ExtensionRef")),
      extensionRef: required(extensionRef),
    }),
  ],
]);

const filterType = object<{ type: string }>({ type: required(text) }, { others: "ignored" });

const grpcFilters: ReadonlySet<string> = new Set([
  "RequestHeaderModifier",
  "ResponseHeaderModifier",
  "RequestMirror",
  "ExtensionRef",
]);

export const httpRouteFilter: Decoder<HTTPRouteFilter> = (value: unknown, at: At) => {
  const type = filterType(value, at)?.type;
  if (type === undefined) return undefined;
  const known = filtersByType.get(type);
  return known === undefined ? { type: "unknown", written: type } : known(value, at);
};

/** A GRPCRoute has fewer types; the others of HTTPRoute are unknown to it. */
export const grpcRouteFilter: Decoder<HTTPRouteFilter> = (value: unknown, at: At) => {
  const type = filterType(value, at)?.type;
  if (type === undefined) return undefined;
  return grpcFilters.has(type) ? httpRouteFilter(value, at) : { type: "unknown", written: type };
};
