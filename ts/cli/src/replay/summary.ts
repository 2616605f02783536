/** Counts of all workers as one summary, in the words of the configurations. Pure. */

import type { ReplayReport, RequestInput, TableListing } from "@ghost-gateway/core";
import { batchNone } from "@ghost-gateway/core";

/** A decision by name. */
export interface NamedDecision {
  /** `forward`, `redirect` or `answer`. */
  readonly action: string;
  readonly status: number | null;
  readonly why: string | null;
  readonly route: string | null;
  readonly rule: string | null;
  readonly service: string | null;
}

export interface ReplaySummary {
  readonly lines: number;
  readonly requests: number;
  readonly unreadable: number;
  readonly unreadableExamples: readonly { line: number; text: string; reason: string }[];
  /** By the first configuration, most frequent first. */
  readonly decisions: readonly (NamedDecision & { readonly count: number })[];
  /** Null without a second configuration. */
  readonly changed: number | null;
  readonly changes: readonly {
    readonly before: NamedDecision;
    readonly after: NamedDecision;
    readonly count: number;
    readonly examples: readonly { line: number; draw: number; request: RequestInput }[];
  }[];
  /** Whether the log was read to its end. */
  readonly complete: boolean;
}

/** What the words of counts stand for, on each side. */
export interface Listings {
  readonly before: TableListing;
  readonly after: TableListing | null;
}

const shownExamples = 3;

type Words = ReplayReport["tallies"][number]["before"];

/** Puts counts together. `pieceLines` has the number of lines of each piece. */
export function summarize(
  reports: readonly ReplayReport[],
  listings: Listings,
  pieceLines: readonly number[],
  complete: boolean,
): ReplaySummary {
  const starts = startsOf(pieceLines);
  const lineOf = ({ piece, line }: { piece: number; line: number }): number =>
    (starts[piece] ?? 0) + line + 1;
  const sum = (key: "lines" | "requests" | "unreadable"): number =>
    reports.reduce((total, report) => total + report[key], 0);
  const changes = changesOf(reports, listings, lineOf);
  return {
    lines: sum("lines"),
    requests: sum("requests"),
    unreadable: sum("unreadable"),
    unreadableExamples: reports
      .flatMap(({ unreadableExamples }) => unreadableExamples)
      .map((example) => ({ line: lineOf(example), text: example.text, reason: example.reason }))
      .toSorted((left, right) => left.line - right.line)
      .slice(0, shownExamples),
    decisions: decisionsOf(reports, listings.before),
    changed:
      listings.after === null ? null : changes.reduce((total, { count }) => total + count, 0),
    changes,
    complete,
  };
}

function startsOf(pieceLines: readonly number[]): number[] {
  let before = 0;
  return pieceLines.map((lines) => {
    const start = before;
    before += lines;
    return start;
  });
}

function decisionsOf(
  reports: readonly ReplayReport[],
  listing: TableListing,
): ReplaySummary["decisions"] {
  const counts = new Map<string, { decision: NamedDecision; count: number }>();
  for (const { before, count } of reports.flatMap(({ tallies }) => tallies)) {
    const decision = nameOf(before, listing);
    const key = JSON.stringify(decision);
    const entry = counts.get(key) ?? { decision, count: 0 };
    entry.count += count;
    counts.set(key, entry);
  }
  return [...counts]
    .map(([key, { decision, count }]) => ({ key, ...decision, count }))
    .toSorted((left, right) => right.count - left.count || (left.key < right.key ? -1 : 1))
    .map(({ key: _key, ...decision }) => decision);
}

function changesOf(
  reports: readonly ReplayReport[],
  { before, after }: Listings,
  lineOf: (example: { piece: number; line: number }) => number,
): ReplaySummary["changes"] {
  if (after === null) return [];
  type Change = {
    -readonly [
      Key in keyof ReplaySummary["changes"][number]
    ]: ReplaySummary["changes"][number][Key];
  };
  const changes = new Map<string, Change>();
  for (const tally of reports.flatMap(({ tallies }) => tallies)) {
    if (!tally.changed || tally.after === null) continue;
    const sides = { before: nameOf(tally.before, before), after: nameOf(tally.after, after) };
    const key = JSON.stringify(sides);
    const change = changes.get(key) ?? { ...sides, count: 0, examples: [] };
    change.count += tally.count;
    change.examples = [
      ...change.examples,
      ...tally.examples.map((example) => ({
        line: lineOf(example),
        draw: example.draw,
        request: example.request,
      })),
    ]
      .toSorted((left, right) => left.line - right.line)
      .slice(0, shownExamples);
    changes.set(key, change);
  }
  return [...changes]
    .toSorted(
      ([leftKey, left], [rightKey, right]) =>
        right.count - left.count || (leftKey < rightKey ? -1 : 1),
    )
    .map(([, change]) => change);
}

function nameOf([outcome, rule, , backend]: Words, listing: TableListing): NamedDecision {
  const { action = "answer", status = null, why = null } = listing.outcomes[outcome ?? 0] ?? {};
  const named = rule === batchNone ? undefined : listing.rules[rule ?? 0];
  return {
    action,
    status,
    why,
    route: named?.route ?? null,
    rule: named?.rule ?? null,
    service: backend === batchNone ? null : (named?.services[backend ?? 0] ?? null),
  };
}
