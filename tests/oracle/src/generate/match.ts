/** Random matches, and matches that differ little from others. */

import type { GrpcMethodMatch, Match, NamedMatch, PathMatch, RouteKind } from "../document.ts";
import * as alphabet from "./alphabet.ts";
import type { Random } from "./random.ts";
import { randomPath, type Words } from "./words.ts";

/** What cannot be used: each is to be left out alone. */
const BROKEN_MATCHES: readonly Match[] = [
  { path: { type: "RegularExpression", value: "(" } },
  { path: { value: "a" } },
  { method: "G ET" },
  { headers: [{ type: "RegularExpression", name: "x-a", value: "[" }] },
  { headers: [{ name: "x a", value: "1" }] },
  { queryParams: [{ type: "RegularExpression", name: "q", value: "*" }] },
];
/** A match that others will be variants of, mostly with a header condition that they share. */
export function randomTheme(random: Random, words: Words): Match {
  const match = randomMatch(random, words, "HTTPRoute");
  const header = { name: random.pick(words.headerNames), value: "1" };
  return random.chance(60) ? { ...match, headers: [header] } : match;
}

/** A match with a condition more or less than another: what takes both is decided by the later criteria. */
export function variantOf(random: Random, words: Words, match: Match): Match {
  const { headers = [], queryParams = [], method, ...others } = match;
  const header = namedMatch(
    random,
    words.headerNames,
    alphabet.HEADER_VALUES,
    alphabet.HEADER_PATTERNS,
  );
  const parameter = namedMatch(
    random,
    alphabet.QUERY_NAMES,
    alphabet.QUERY_VALUES,
    alphabet.QUERY_PATTERNS,
  );
  const ignored = headers.map(({ name }) => ({ name: name.toUpperCase(), value: "never" }));
  return random.pick<Match>([
    match,
    { ...match, headers: [...headers, header] },
    { ...match, headers: [...headers, header, { ...header, name: header.name.toUpperCase() }] },
    { ...match, headers: [...headers, ...ignored] },
    { ...match, headers: headers.slice(1) },
    { ...match, queryParams: [...queryParams, parameter] },
    { ...match, queryParams: queryParams.slice(1) },
    { ...others, headers, queryParams, ...(method === undefined ? { method: "GET" } : {}) },
  ]);
}

/** Any match. */
export function randomMatch(random: Random, words: Words, kind: RouteKind): Match {
  if (kind === "HTTPRoute" && random.chance(1)) return random.pick(BROKEN_MATCHES);
  const headers = random.maybe(30, "headers", () =>
    repeated(
      random,
      random.list(random.between(1, 3), () =>
        namedMatch(random, words.headerNames, alphabet.HEADER_VALUES, alphabet.HEADER_PATTERNS),
      ),
    ),
  );
  if (kind === "GRPCRoute")
    return { ...random.maybe(85, "method", () => grpcMethod(random)), ...headers };
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
  return random.chance(20) ? [...matches, { name: one.name.toUpperCase(), value: "1" }] : matches;
}

function pathMatch(random: Random, words: Words): PathMatch {
  const type = random.pick(["Exact", "PathPrefix", "PathPrefix", "RegularExpression"] as const);
  if (type === "RegularExpression") return { type, value: random.pick(alphabet.PATH_PATTERNS) };
  const value = random.chance(3)
    ? {}
    : { value: random.chance(60) ? random.pick(words.paths) : randomPath(random, words) };
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
