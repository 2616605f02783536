/** A difference as a file for tests/cases/: what the reference expects, ready to be committed once somebody agrees. */

import type { Difference } from "./compare.ts";
import type { Decision } from "./question.ts";

const ALWAYS = ["action", "status", "listener", "route", "rule", "match", "service", "endpoint"] as const;

/** The text of the case file. */
export function caseFile(difference: Difference): string {
  const { document, question, fields, expected, found } = difference;
  const about = `the core differs from the reference router in ${fields.join(", ")}`;
  if (question === undefined || expected === null) return JSON.stringify({ about, config: document }, null, 2);
  const one = {
    name: "found by the oracle",
    ...question,
    expect: Object.fromEntries(expectedFields(expected, fields)),
  };
  return JSON.stringify({ about, rule: "TODO", config: document, cases: [one], found: found ?? null }, null, 2);
}

function expectedFields(expected: Decision, fields: readonly string[]): [string, unknown][] {
  const differing = fields.filter((field) => !ALWAYS.some((own) => own === field)) as (keyof Decision)[];
  return [...ALWAYS, ...differing].map((field) => [field, expected[field]]);
}
