/** Random rules: matches, filters, backends. */

import type {
  Backend,
  Cors,
  Filter,
  GrpcMethodMatch,
  HeaderModifier,
  HeaderValue,
  Match,
  NamedMatch,
  PathMatch,
  PathModifier,
  RouteKind,
  Rule,
} from "../document.ts";
import * as alphabet from "./alphabet.ts";
import type { Random } from "./random.ts";
import { randomPath, type Words } from "./words.ts";

/** Services a table has; the last name is one it has not. */
export const SERVICES: readonly string[] = ["s/a:80", "s/b:80", "s/c:80", "s/d:80", "s/absent:80"];

const REWRITTEN_HOSTS = ["new.example", "a.example"];

/** What cannot be used: each is to hurt its own match or rule alone. */
const BROKEN_MATCHES: readonly Match[] = [
  { path: { type: "RegularExpression", value: "(" } },
  { path: { value: "a" } },
  { method: "G ET" },
  { headers: [{ type: "RegularExpression", name: "x-a", value: "[" }] },
  { headers: [{ name: "x a", value: "1" }] },
  { queryParams: [{ type: "RegularExpression", name: "q", value: "*" }] },
];
const BROKEN_FILTERS: readonly Filter[] = [
  { type: "Unknown" },
  { type: "ExtensionRef", extensionRef: { group: "example.com", kind: "Limit", name: "a" } },
  { type: "RequestRedirect", requestRedirect: { statusCode: 200 } },
  { type: "URLRewrite", urlRewrite: { path: { type: "ReplaceFullPath", replaceFullPath: "//a" } } },
  { type: "URLRewrite", urlRewrite: { path: { type: "ReplaceFullPath", replaceFullPath: "a" } } },
];

export function randomRule(random: Random, words: Words, kind: RouteKind): Rule {
  const count = random.pick([0, 1, 1, 1, 2, 2, 3, words.matches]);
  const matches = random.list(count, () => randomMatch(random, words, kind));
  const filters = randomFilters(random, kind, prefixesOnly(matches));
  const redirects = filters.some((one) => one.type === "RequestRedirect") && random.chance(98);
  return {
    ...random.maybe(25, "name", () => random.pick(["first", "second", "main"])),
    ...(matches.length > 0 || random.chance(50) ? { matches } : {}),
    ...(filters.length > 0 || random.chance(10) ? { filters } : {}),
    ...(redirects ? {} : { backends: randomBackends(random, kind, prefixesOnly(matches)) }),
  };
}

function prefixesOnly(matches: readonly Match[]): boolean {
  return matches.every((one) => (one.path?.type ?? "PathPrefix") === "PathPrefix");
}

function randomMatch(random: Random, words: Words, kind: RouteKind): Match {
  if (kind === "HTTPRoute" && random.chance(1)) return random.pick(BROKEN_MATCHES);
  const headers = random.maybe(30, "headers", () =>
    repeated(
      random,
      random.list(random.between(1, 3), () =>
        namedMatch(random, words.headerNames, alphabet.HEADER_VALUES, alphabet.HEADER_PATTERNS),
      ),
    ),
  );
  if (kind === "GRPCRoute") return { ...random.maybe(85, "method", () => grpcMethod(random)), ...headers };
  return {
    ...random.maybe(90, "path", () => pathMatch(random, words)),
    ...random.maybe(25, "method", () => random.pick(alphabet.METHODS)),
    ...headers,
    ...random.maybe(25, "queryParams", () =>
      random.list(random.between(1, 3), () =>
        namedMatch(random, alphabet.QUERY_NAMES, alphabet.QUERY_VALUES, alphabet.QUERY_PATTERNS),
      ),
    ),
  };
}

/** Now and then one of the names a second time, in another case: that entry is to be ignored. */
function repeated(random: Random, matches: NamedMatch[]): NamedMatch[] {
  const one = random.pick(matches);
  return random.chance(25) ? [...matches, { name: one.name.toUpperCase(), value: "1" }] : matches;
}

function pathMatch(random: Random, words: Words): PathMatch {
  const type = random.pick(["Exact", "PathPrefix", "PathPrefix", "RegularExpression"] as const);
  if (type === "RegularExpression") return { type, value: random.pick(alphabet.PATH_PATTERNS) };
  const value = random.chance(3) ? {} : { value: random.chance(60) ? random.pick(words.paths) : randomPath(random, words) };
  return type === "PathPrefix" && random.chance(10) ? value : { type, ...value };
}

function grpcMethod(random: Random): GrpcMethodMatch {
  const pattern = random.chance(25);
  const service = random.pick(pattern ? alphabet.GRPC_SERVICE_PATTERNS : alphabet.GRPC_SERVICES);
  const method = random.pick(pattern ? alphabet.GRPC_METHOD_PATTERNS : alphabet.GRPC_METHODS);
  const given = random.pick([{ service, method }, { service, method }, { service }, { method }]);
  return pattern ? { type: "RegularExpression", ...given } : given;
}

function namedMatch(
  random: Random,
  names: readonly string[],
  values: readonly string[],
  patterns: readonly string[],
): NamedMatch {
  const name = random.pick(names);
  if (random.chance(30)) return { type: "RegularExpression", name, value: random.pick(patterns) };
  return random.chance(20)
    ? { type: "Exact", name, value: random.pick(values) }
    : { name, value: random.pick(values) };
}

function randomBackends(random: Random, kind: RouteKind, prefixes: boolean): Backend[] {
  const count = random.pick([0, 1, 1, 1, 1, 1, 2, 2, 2, 3, 3, 16]);
  return random.list(count, () => {
    const filters = random.chance(15) ? randomFilters(random, kind, prefixes) : [];
    const own = filters.filter((one) => !["RequestRedirect", "CORS"].includes(one.type));
    return {
      service: random.pick(random.chance(97) ? SERVICES.slice(0, -1) : SERVICES),
      ...random.maybe(50, "weight", () => random.pick([0, 1, 1, 2, 3, 9, 100, 333_333, 1_000_000, random.chance(2) ? 1_000_001 : 1])),
      ...(own.length > 0 ? { filters: own } : {}),
      ...random.maybe(3, "invalid", () => random.pick(["BackendNotFound", "RefNotPermitted"])),
    };
  });
}

/** Each kind at most once, as the specification asks; a redirect without a rewrite. */
function randomFilters(random: Random, kind: RouteKind, prefixes: boolean): Filter[] {
  const filters: Filter[] = [];
  if (random.chance(20)) {
    filters.push({ type: "RequestHeaderModifier", requestHeaderModifier: headerModifier(random) });
  }
  if (random.chance(15)) {
    filters.push({ type: "ResponseHeaderModifier", responseHeaderModifier: headerModifier(random) });
  }
  if (random.chance(5)) {
    filters.push({ type: "RequestMirror", requestMirror: { service: random.pick(SERVICES.slice(0, 2)) } });
  }
  if (kind === "HTTPRoute") filters.push(...httpFilters(random, prefixes));
  return random.chance(2) ? [random.pick(BROKEN_FILTERS)] : random.shuffled(filters);
}

function httpFilters(random: Random, prefixes: boolean): Filter[] {
  const filters: Filter[] = [];
  if (random.chance(12)) filters.push({ type: "CORS", cors: randomCors(random) });
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
    return { type: "ReplaceFullPath", replaceFullPath: random.pick(["/", "/new", "/new/", "/a/b"]) };
  }
  const replacePrefixMatch = random.pick(["", "/", "/new", "/new/", "/a/b"]);
  return { type: "ReplacePrefixMatch", replacePrefixMatch };
}

/** One action for each header name, as HTTPHeaderFilter asks; now and then more, done in the documented order. */
function headerModifier(random: Random): HeaderModifier {
  const names = random.shuffled(["x-a", "X-B", "x-c", "X-New", "cache-control"]);
  const value = (name: string): HeaderValue => ({ name, value: random.pick(["1", "new", "a, b", "ü"]) });
  const several = random.chance(10);
  const twice = several ? [...names, "X-A", "x-b"] : names;
  const [set, add, remove] = several ? [twice, twice, names.slice(3)] : [names.slice(0, 2), names.slice(2, 4), names.slice(4)];
  return {
    ...random.maybe(60, "set", () => random.some(set, 70).map(value)),
    ...random.maybe(60, "add", () => random.some(add, 70).map(value)),
    ...random.maybe(60, "remove", () => remove),
  };
}

function randomCors(random: Random): Cors {
  const origins = random.some(alphabet.ORIGIN_PATTERNS.slice(0, -1), 40);
  const any = random.chance(25);
  const credentials = random.chance(40);
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
