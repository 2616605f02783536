/**
 * Which of several candidates wins: the specification's criteria one after the other, "continuing on ties"
 * (HTTPRouteRule.matches, GRPCRouteRule.matches, HTTPRouteSpec.hostnames).
 *
 * That a request falls through from a more specific host to a less specific one needs no word here: only matches that
 * take the request are compared at all.
 */

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
  // "Exact" path; then regular expressions, which the specification leaves to us; then prefixes.
  (one) => pathKind(one),
  // The longest pattern or prefix; for gRPC characters in the service, then in the method.
  (one) => pathLengths(one)[0],
  (one) => pathLengths(one)[1],
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

type PathKind = 0 | 1 | 2;

function pathKind(one: Candidate): PathKind {
  if (one.route.kind === "GRPCRoute") return grpcKind(one);
  switch (one.match.path?.type ?? "PathPrefix") {
    case "Exact":
      return 2;
    case "RegularExpression":
      return 1;
    case "PathPrefix":
      return 0;
  }
}

/** Service and method together are a whole path; one of them alone, or none, leaves the rest of it open. */
function grpcKind(one: Candidate): PathKind {
  const match = grpcMethod(one.match);
  if (match?.type === "RegularExpression") return 1;
  return isGiven(match?.service) && isGiven(match?.method) ? 2 : 0;
}

function isGiven(word: string | undefined): boolean {
  return word !== undefined && word !== "";
}

function pathLengths(one: Candidate): readonly [number, number] {
  if (one.route.kind === "GRPCRoute") {
    const match = grpcMethod(one.match);
    return [characters(match?.service ?? ""), characters(match?.method ?? "")];
  }
  const { path } = one.match;
  const pattern = path?.type === "RegularExpression" ? path.value : undefined;
  return [characters(pattern ?? withoutTrailingSlash(literalPath(path))), 0];
}

function characters(text: string): number {
  return Array.from(text).length;
}

function createdAt(one: Candidate): number {
  return one.route.createdAt === undefined ? Infinity : Date.parse(one.route.createdAt);
}
