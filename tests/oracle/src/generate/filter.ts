/** Random filters. */

import type {
  Cors,
  Filter,
  HeaderModifier,
  HeaderValue,
  PathModifier,
  RouteKind,
} from "../document.ts";
import * as alphabet from "./alphabet.ts";
import type { Random } from "./random.ts";

/** What cannot be used: each makes its own rule answer 500. */
const BROKEN_FILTERS: readonly Filter[] = [
  { type: "Unknown" },
  { type: "ExtensionRef", extensionRef: { group: "example.com", kind: "Limit", name: "a" } },
  { type: "RequestRedirect", requestRedirect: { statusCode: 200 } },
  { type: "URLRewrite", urlRewrite: { path: { type: "ReplaceFullPath", replaceFullPath: "//a" } } },
  { type: "URLRewrite", urlRewrite: { path: { type: "ReplaceFullPath", replaceFullPath: "a" } } },
];

const REWRITTEN_HOSTS = ["new.example", "a.example"];

/** Each kind at most once, as the specification asks; a redirect without a rewrite. */
export function randomFilters(random: Random, kind: RouteKind, prefixes: boolean): Filter[] {
  const filters: Filter[] = [];
  if (random.chance(20)) {
    filters.push({ type: "RequestHeaderModifier", requestHeaderModifier: headerModifier(random) });
  }
  if (random.chance(15)) {
    filters.push({
      type: "ResponseHeaderModifier",
      responseHeaderModifier: headerModifier(random),
    });
  }
  if (random.chance(5)) {
    filters.push({
      type: "RequestMirror",
      requestMirror: { service: random.pick(alphabet.SERVICES) },
    });
  }
  if (kind === "HTTPRoute") filters.push(...httpFilters(random, prefixes));
  return random.chance(2) ? [random.pick(BROKEN_FILTERS)] : random.shuffled(filters);
}

function httpFilters(random: Random, prefixes: boolean): Filter[] {
  const filters: Filter[] = [];
  if (random.chance(18)) filters.push({ type: "CORS", cors: randomCors(random) });
  if (random.chance(12)) {
    const path = random.maybe(60, "path", () => pathModifier(random, prefixes));
    const port = random.maybe(30, "port", () => random.pick([80, 443, 8080]));
    const scheme = random.maybe(40, "scheme", () => random.pick(["http", "https"]));
    const hostname = random.maybe(40, "hostname", () => random.pick(REWRITTEN_HOSTS));
    const statusCode = random.maybe(40, "statusCode", () => random.pick([301, 302, 303, 307, 308]));
    const requestRedirect = { ...scheme, ...hostname, ...path, ...port, ...statusCode };
    filters.push({ type: "RequestRedirect", requestRedirect });
  } else if (random.chance(20)) {
    const path = random.maybe(80, "path", () => pathModifier(random, prefixes));
    const hostname = random.maybe(40, "hostname", () => random.pick(REWRITTEN_HOSTS));
    filters.push({ type: "URLRewrite", urlRewrite: { ...path, ...hostname } });
  }
  return filters;
}

function pathModifier(random: Random, prefixes: boolean): PathModifier {
  if ((!prefixes && random.chance(98)) || random.chance(30)) {
    return {
      type: "ReplaceFullPath",
      replaceFullPath: random.pick(["/", "/new", "/new/", "/a/b"]),
    };
  }
  const replacePrefixMatch = random.pick(["", "/", "/new", "/new/", "/a/b"]);
  return { type: "ReplacePrefixMatch", replacePrefixMatch };
}

/** One action for each header name, as HTTPHeaderFilter asks; now and then more, done in the documented order. */
function headerModifier(random: Random): HeaderModifier {
  const names = random.shuffled(["x-a", "X-B", "x-c", "X-New", "cache-control"]);
  const value = (name: string): HeaderValue => ({
    name,
    value: random.pick(["1", "new", "a, b", "ü"]),
  });
  const several = random.chance(10);
  const twice = several ? [...names, "X-A", "x-b"] : names;
  const [set, add, remove] = several
    ? [twice, twice, names.slice(3)]
    : [names.slice(0, 2), names.slice(2, 4), names.slice(4)];
  return {
    ...random.maybe(60, "set", () => random.some(set, 70).map(value)),
    ...random.maybe(60, "add", () => random.some(add, 70).map(value)),
    ...random.maybe(60, "remove", () => remove),
  };
}

function randomCors(random: Random): Cors {
  const origins = random.some(alphabet.ORIGIN_PATTERNS.slice(0, -1), 40);
  const any = random.chance(40);
  const credentials = random.chance(50);
  const methods = random.pick([[], ["GET"], ["GET", "PUT"], ["*"]]);
  const headers = random.pick([[], ["x-a"], ["x-a", "X-B"], ["*"]]);
  const expose = random.pick([[], ["x-a"], ["x-a", "x-c"], ["*"]]);
  return {
    allowOrigins: any ? ["*"] : origins,
    ...(credentials || random.chance(20) ? { allowCredentials: credentials } : {}),
    ...(methods.length > 0 ? { allowMethods: methods } : {}),
    ...(headers.length > 0 ? { allowHeaders: headers } : {}),
    ...(expose.length > 0 ? { exposeHeaders: expose } : {}),
    ...random.maybe(30, "maxAge", () => random.pick([1, 600])),
  };
}
