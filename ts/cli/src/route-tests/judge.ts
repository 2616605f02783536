/** Whether a decision is what a test expects. Pure. */

import type { Decision, RouteTable } from "@ghost-gateway/core";
import { splitOf } from "../split.js";
import type { Expectation, RouteTest } from "./read.js";

/** Each difference in a sentence; none where the test passes. */
export function judgeTest(table: RouteTable, { request, options, expect }: RouteTest): string[] {
  const decision = table.decide(request, options);
  return [
    ...plain(decision, expect),
    ...forwarded(decision, expect),
    ...responseHeaders(decision, expect),
    ...(expect.split === undefined ? [] : shares(table, { request, options, expect })),
  ];
}

const plainKeys = [
  "action",
  "status",
  "location",
  "listener",
  "route",
  "rule",
  "match",
  "service",
  "endpoint",
  "why",
] as const;

function plain(decision: Decision, expect: Expectation): string[] {
  return plainKeys.flatMap((key) => {
    const wanted = expect[key];
    const isSame =
      wanted === undefined || decision[key] === wanted || isShortName(key, decision, wanted);
    return isSame ? [] : [sentence(key, wanted, decision[key])];
  });
}

/** `HTTPRoute/shop/cart` may be written `shop/cart`. */
function isShortName(
  key: (typeof plainKeys)[number],
  decision: Decision,
  wanted: unknown,
): boolean {
  return (
    key === "route" && decision.route !== null && decision.route === `HTTPRoute/${String(wanted)}`
  );
}

function forwarded({ request }: Decision, { request: expect }: Expectation): string[] {
  if (expect === undefined) return [];
  const parts = (["method", "host", "path", "query"] as const).flatMap((key) =>
    expect[key] === undefined || expect[key] === request[key]
      ? []
      : [sentence(`request.${key}`, expect[key], request[key])],
  );
  return [...parts, ...headers("request.headers", request.headers, expect.headers)];
}

function responseHeaders(decision: Decision, expect: Expectation): string[] {
  return headers("responseHeaders", decision.responseHeaders, expect.responseHeaders);
}

function headers(
  what: string,
  lines: readonly (readonly [string, string | null])[],
  expect: Readonly<Record<string, string | null>> = {},
): string[] {
  return Object.entries(expect).flatMap(([name, wanted]) => {
    const found = lines.filter(([line]) => line.toLowerCase() === name.toLowerCase());
    const values = found.flatMap(([, value]) => value ?? []);
    const actual = values.length === 0 ? null : values.join(", ");
    return actual === wanted ? [] : [sentence(`${what}.${name}`, wanted, actual)];
  });
}

/** Draws for a split; a share is off by less than a thousandth of a percent for that. */
const splitDraws = 10_000;

function shares(
  table: RouteTable,
  { request, options, expect }: Pick<RouteTest, "request" | "options" | "expect">,
): string[] {
  const { split = {}, tolerance = 1 } = expect;
  const counts = new Map<string, number>();
  for (const { outcome, count } of splitOf(table, request, options, splitDraws))
    counts.set(outcome, (counts.get(outcome) ?? 0) + count);
  const names = new Set([...Object.keys(split), ...counts.keys()]);
  return [...names].flatMap((name) => {
    const actual = (100 * (counts.get(name) ?? 0)) / splitDraws;
    const wanted = split[name] ?? 0;
    return Math.abs(actual - wanted) <= tolerance
      ? []
      : [sentence(`split.${name}`, wanted, actual)];
  });
}

function sentence(key: string, wanted: unknown, actual: unknown): string {
  return `${key} is ${JSON.stringify(actual)}, expected ${JSON.stringify(wanted)}`;
}
