/**
 * Which of several candidates wins: the specification's criteria one after the other, "continuing on ties"
 * (HTTPRouteRule.matches, GRPCRouteRule.matches, HTTPRouteSpec.hostnames).
 *
 * That a request falls through from a more specific host to a less specific one needs no word here: only matches that
 * take the request are compared at all.
 */

import type { Match, ValueMatchType } from "../document.ts";
import { consideredHeaders } from "./header.ts";
import { hostnameSpecificity } from "./hostname.ts";
import { literalPath, withoutTrailingSlash } from "./path.ts";
import { consideredParameters } from "./query.ts";
import { type Candidate, grpcMethod } from "./candidate.ts";

type Criterion = (one: Candidate) => number;

/** The larger number wins. */
const CRITERIA: readonly Criterion[] = [
  // Characters in a matching host name without wildcard, then in a matching host name.
  (one) => hostnameSpecificity(one.hostname)[0],
  (one) => hostnameSpecificity(one.hostname)[1],
  // The path, or service and method of a gRPC request, as told below.
  (one) => pathRank(one)[0],
  (one) => pathRank(one)[1],
  (one) => pathRank(one)[2],
  (one) => pathRank(one)[3],
  // A method match.
  (one) => (typeof one.match.method === "string" ? 1 : 0),
  // The number of header matches, then of query parameter matches.
  (one) => consideredHeaders(one.match).length,
  (one) => consideredParameters(one.match).length,
  // The oldest route; one without a time comes last.
  (one) => -createdAt(one),
];

/** Below zero where the left candidate comes first. */
export function byPrecedence(left: Candidate, right: Candidate): number {
  for (const criterion of CRITERIA) {
    const [ofLeft, ofRight] = [criterion(left), criterion(right)];
    if (ofLeft !== ofRight) return ofRight > ofLeft ? 1 : -1;
  }
  // Alphabetical order of "namespace/name", then the first rule in list order, then its first match.
  const byName = Buffer.compare(Buffer.from(left.route.name), Buffer.from(right.route.name));
  return byName || left.ruleIndex - right.ruleIndex || left.matchIndex - right.matchIndex;
}

type PathRank = readonly [number, number, number, number];

function pathRank({ route, match }: Candidate): PathRank {
  return route.kind === "GRPCRoute" ? grpcRank(match) : [...httpRank(match), 0, 0];
}

/**
 * An "Exact" path; then regular expressions, which the specification leaves to implementations, the longer one first;
 * then the prefix with most characters.
 */
function httpRank({ path }: Match): readonly [kind: number, length: number] {
  switch (path?.type ?? "PathPrefix") {
    case "Exact":
      return [2, 0];
    case "RegularExpression":
      return [1, characters(path?.value ?? "/")];
    case "PathPrefix":
      return [0, characters(withoutTrailingSlash(literalPath(path)))];
  }
}

/** Most characters in the service, then in the method; as with paths what is written out comes before patterns. */
function grpcRank(match: Match): PathRank {
  const { type = "Exact", service = "", method = "" } = grpcMethod(match) ?? {};
  return [...wordRank(type, service), ...wordRank(type, method)];
}

function wordRank(type: ValueMatchType, word: string): readonly [kind: number, length: number] {
  if (word === "") return [0, 0];
  return [type === "Exact" ? 2 : 1, characters(word)];
}

function characters(text: string): number {
  return Array.from(text).length;
}

function createdAt(one: Candidate): number {
  return one.route.createdAt === undefined ? Infinity : Date.parse(one.route.createdAt);
}
