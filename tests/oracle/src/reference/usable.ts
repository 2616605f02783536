/**
 * What of a document cannot be used. A broken part hurts no other: a match that cannot be used is left out, a rule whose
 * filters or weights cannot be used answers 500 in the place where it stands, and all the rest serves.
 */

import type {
  Filter,
  GrpcMethodMatch,
  Match,
  NamedMatch,
  PathModifier,
  Rule,
} from "../document.ts";
import { isToken } from "./token.ts";

const REDIRECTS = [301, 302, 303, 307, 308];
const MOST_WEIGHT = 1_000_000;
const KNOWN_FILTERS = [
  "RequestHeaderModifier",
  "ResponseHeaderModifier",
  "URLRewrite",
  "RequestRedirect",
  "RequestMirror",
  "CORS",
];

export function isUsableMatch(match: Match): boolean {
  const { path, method } = match;
  const value = path?.value ?? "/";
  const pathIsGood = path?.type === "RegularExpression" ? isPattern(value) : value.startsWith("/");
  const methodIsGood =
    typeof method === "object" ? isUsableCall(method) : method === undefined || isToken(method);
  return (
    pathIsGood &&
    methodIsGood &&
    [...(match.headers ?? []), ...(match.queryParams ?? [])].every(isUsableName)
  );
}

/** At least one of service and method is given. */
function isUsableCall({ service = "", method = "" }: GrpcMethodMatch): boolean {
  return service !== "" || method !== "";
}

function isUsableName(one: NamedMatch): boolean {
  return isToken(one.name) && (one.type !== "RegularExpression" || isPattern(one.value));
}

function isPattern(text: string): boolean {
  try {
    return new RegExp(text, "u") instanceof RegExp;
  } catch {
    return false;
  }
}

/** A filter that cannot be resolved is not skipped: its requests get an error (HTTPRouteFilter.type). */
export function isUsableRule(rule: Rule): boolean {
  const filters = rule.filters ?? [];
  const redirects = filters.some((one) => one.type === "RequestRedirect");
  const backends = rule.backends ?? [];
  return (
    areUsable(filters, rule) &&
    !(redirects && backends.length > 0) &&
    backends.every((one) => (one.weight ?? 1) <= MOST_WEIGHT)
  );
}

export function areUsable(filters: readonly Filter[] = [], rule: Rule): boolean {
  return filters.every((one) => {
    const modifier = one.urlRewrite?.path ?? one.requestRedirect?.path;
    return (
      KNOWN_FILTERS.includes(one.type) &&
      REDIRECTS.includes(one.requestRedirect?.statusCode ?? 302) &&
      (modifier === undefined || isUsableModifier(modifier, rule))
    );
  });
}

/** ReplacePrefixMatch needs a rule of prefixes; a new path begins with one slash. */
function isUsableModifier(modifier: PathModifier, rule: Rule): boolean {
  if (modifier.type === "ReplaceFullPath") return /^\/(?!\/)/.test(modifier.replaceFullPath);
  return (rule.matches ?? []).every((one) => (one.path?.type ?? "PathPrefix") === "PathPrefix");
}
