/** A difference as a file for tests/cases/: what the reference expects, ready to be committed once somebody agrees. */

import type { Difference } from "./compare.ts";

const ALWAYS: readonly string[] = [
  "action",
  "status",
  "listener",
  "route",
  "rule",
  "match",
  "service",
  "endpoint",
];

/** The text of the case file; `found`, what the core says, is to be taken out before it is committed. */
export function caseFile(difference: Difference): string {
  const { document, question, fields, expected, found } = difference;
  const about = `the core differs from the reference router in ${fields.join(", ")}`;
  if (question === undefined || expected === null)
    return JSON.stringify({ about, config: document }, null, 2);
  const one = {
    name: "found by the oracle",
    ...question,
    expect: Object.fromEntries(
      Object.entries(expected).filter(
        ([field]) => ALWAYS.includes(field) || fields.includes(field),
      ),
    ),
  };
  return JSON.stringify(
    { about, rule: "TODO", config: document, cases: [one], found: found ?? null },
    null,
    2,
  );
}
