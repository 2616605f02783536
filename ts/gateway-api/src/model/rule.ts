/**
 * The rules of a route: references followed, filters judged (Gateway API `HTTPRouteRule`,
 * `GRPCRouteRule`, `TLSRouteRule`, `TCPRouteRule`, `UDPRouteRule`).
 */

import type { Finding } from "../diagnostics.js";
import type { HTTPBackendRef, HTTPRouteFilter, PathModifier, RouteRule } from "../objects.js";
import { quote } from "../source.js";
import type { Path } from "../source.js";
import { resolveBackend } from "./backend.js";
import type { ResolvedBackend, RouteReferrer } from "./backend.js";
import type { Lookup } from "./lookup.js";
import type { Problem, RouteUnresolved, RuleRefusal } from "./problem.js";

/** A rule with its verdicts. */
export interface RuleModel {
  readonly rule: RouteRule;
  readonly path: Path;
  readonly filters: readonly FilterModel[];
  readonly backends: readonly BackendModel[];
  /** Why the rule cannot be obeyed: its requests are answered 500. Empty: it can. */
  readonly refusals: readonly Problem<RuleRefusal>[];
  /** References that lead nowhere, in order of writing. */
  readonly unresolved: readonly Problem<RouteUnresolved>[];
  readonly notes: readonly Finding[];
}

/** A filter, with its target when it is a mirror. */
export interface FilterModel {
  readonly filter: HTTPRouteFilter;
  readonly mirror?: ResolvedBackend;
}

export interface BackendModel extends ResolvedBackend {
  readonly reference: HTTPBackendRef;
  readonly filters: readonly FilterModel[];
}

/** Judges a rule of a route. */
export function judgeRule(
  rule: RouteRule,
  path: Path,
  referrer: RouteReferrer,
  lookup: Lookup,
): RuleModel {
  const follow = (filter: HTTPRouteFilter, at: Path): FilterModel =>
    followFilter(filter, at, referrer, lookup);
  const filters = rule.filters.map((filter, index) => follow(filter, [...path, "filters", index]));
  const shares = rule.backendRefs.map((reference, index): BackendModel => {
    const at = [...path, "backendRefs", index];
    const resolved = resolveBackend(reference, referrer, at, lookup);
    return {
      ...resolved,
      reference,
      filters: reference.filters.map((filter, step) => follow(filter, [...at, "filters", step])),
    };
  });
  return {
    rule,
    path,
    filters,
    backends: shares,
    refusals: ruleRefusals(rule, path),
    unresolved: [
      ...extensionProblems(rule.filters, path),
      ...mirrorProblems(filters),
      ...shares.flatMap(({ problem, reference, filters: own }, index) => [
        ...(problem === undefined ? [] : [problem]),
        ...extensionProblems(reference.filters, [...path, "backendRefs", index]),
        ...mirrorProblems(own),
      ]),
    ],
    notes: noBackendNotes(rule, path, referrer),
  };
}

function followFilter(
  filter: HTTPRouteFilter,
  path: Path,
  referrer: RouteReferrer,
  lookup: Lookup,
): FilterModel {
  if (filter.type !== "RequestMirror") return { filter };
  return {
    filter,
    mirror: resolveBackend(
      filter.requestMirror.backendRef,
      referrer,
      [...path, "requestMirror", "backendRef"],
      lookup,
    ),
  };
}

function mirrorProblems(filters: readonly FilterModel[]): Problem<RouteUnresolved>[] {
  return filters.flatMap(({ mirror }) => (mirror?.problem === undefined ? [] : [mirror.problem]));
}

// HTTPRouteFilter.extensionRef: a reference that cannot be resolved must not be skipped. Ghost has
// no extensions yet.
function extensionProblems(
  filters: readonly HTTPRouteFilter[],
  path: Path,
): Problem<RouteUnresolved>[] {
  return filters.flatMap((filter, index) => {
    if (filter.type !== "ExtensionRef") return [];
    const { kind, group } = filter.extensionRef;
    const message = `${quote(kind)} of group ${quote(group)} is no filter that Ghost has.`;
    return [
      {
        reason: "InvalidKind",
        code: "invalidBackendKind",
        path: [...path, "filters", index, "extensionRef"],
        message,
      },
    ];
  });
}

function ruleRefusals(rule: RouteRule, path: Path): Problem<RuleRefusal>[] {
  const lists = [
    { filters: rule.filters, at: path },
    ...rule.backendRefs.map(({ filters }, index) => ({
      filters,
      at: [...path, "backendRefs", index],
    })),
  ];
  return [
    ...lists.flatMap(({ filters, at }) => [
      ...unknownFilters(filters, at),
      ...incompatibleFilters(filters, at),
      ...prefixProblems(filters, at, rule),
    ]),
    ...redirectProblems(rule, path),
  ];
}

function unknownFilters(filters: readonly HTTPRouteFilter[], path: Path): Problem<RuleRefusal>[] {
  return filters.flatMap((filter, index) => {
    if (filter.type !== "unknown") return [];
    const message = `The filter type ${quote(filter.written)} is not known.`;
    return [
      {
        reason: "UnsupportedValue",
        code: "unknownFilter",
        path: [...path, "filters", index, "type"],
        message,
      },
    ];
  });
}

/** Filters that may stand in a list only once. Mirrors may repeat, and so may extensions. */
const singleFilters: ReadonlySet<string> = new Set([
  "RequestHeaderModifier",
  "ResponseHeaderModifier",
  "RequestRedirect",
  "URLRewrite",
  "CORS",
]);

function incompatibleFilters(
  filters: readonly HTTPRouteFilter[],
  path: Path,
): Problem<RuleRefusal>[] {
  const types: string[] = filters.map(({ type }) => type);
  const repeated = types.findIndex(
    (type, index) => singleFilters.has(type) && types.indexOf(type) < index,
  );
  const at = [...path, "filters"];
  const problems = [];
  if (repeated !== -1)
    problems.push(incompatible([...at, repeated], `The filter ${types[repeated]} is there twice.`));
  if (types.includes("RequestRedirect") && types.includes("URLRewrite")) {
    problems.push(incompatible(at, "RequestRedirect and URLRewrite cannot stand together."));
  }
  return problems;
}

function redirectProblems({ filters, backendRefs }: RouteRule, path: Path): Problem<RuleRefusal>[] {
  if (backendRefs.length === 0 || !filters.some(({ type }) => type === "RequestRedirect"))
    return [];
  return [incompatible([...path, "backendRefs"], "A rule with RequestRedirect has no backends.")];
}

function incompatible(path: Path, message: string): Problem<RuleRefusal> {
  return { reason: "IncompatibleFilters", code: "incompatibleFilters", path, message };
}

function prefixProblems(
  filters: readonly HTTPRouteFilter[],
  path: Path,
  { matches }: RouteRule,
): Problem<RuleRefusal>[] {
  const index = filters.findIndex(
    (filter) => pathModifierOf(filter)?.type === "ReplacePrefixMatch",
  );
  if (index === -1 || matches.every(({ path: match }) => match?.type === "PathPrefix")) return [];
  const message =
    "The prefix that ReplacePrefixMatch replaces is not there: a match of the rule is no PathPrefix.";
  return [
    {
      reason: "UnsupportedValue",
      code: "prefixReplacement",
      path: [...path, "filters", index],
      message,
    },
  ];
}

function pathModifierOf(filter: HTTPRouteFilter): PathModifier | undefined {
  if (filter.type === "RequestRedirect") return filter.requestRedirect.path;
  return filter.type === "URLRewrite" ? filter.urlRewrite.path : undefined;
}

function noBackendNotes(
  { filters, backendRefs }: RouteRule,
  path: Path,
  { kind }: RouteReferrer,
): Finding[] {
  if (backendRefs.length > 0 || filters.some(({ type }) => type === "RequestRedirect")) return [];
  return [
    {
      code: "noBackends",
      path,
      message:
        kind === "HTTPRoute" || kind === "GRPCRoute"
          ? "The rule has neither backends nor a redirect; it answers 500."
          : "The rule has no backends; connections are closed.",
    },
  ];
}
