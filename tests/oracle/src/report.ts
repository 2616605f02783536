/** A difference as a file for tests/cases/: the reference's answer, to be committed once somebody agrees with it. */

import type { Difference } from "./compare.ts";

/** What a case always says; of the rest only what differs. */
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

/** The text of the case file. Its `rule` is to be replaced by the id of the rule it belongs to. */
export function caseFile({ document, question, codes, fields, expected }: Difference): string {
  const about = `the core differs from the reference router in ${fields.join(", ")}`;
  const cases = Object.entries(expected ?? {}).filter(
    ([field]) => ALWAYS.includes(field) || fields.includes(field),
  );
  const one = { name: "found by the oracle", ...question, expect: Object.fromEntries(cases) };
  const file = {
    about,
    rule: "oracle",
    config: document,
    ...(codes.length > 0 ? { diagnostics: codes.toSorted() } : {}),
    cases: question === undefined ? [] : [one],
  };
  return JSON.stringify(file, null, 2);
}

/** What the two say, field by field. */
export function differenceInWords({ fields, expected, found }: Difference): string {
  const own = new Map(Object.entries(expected ?? {}));
  const other = new Map(Object.entries(found ?? {}));
  const lines = fields.map(
    (field) =>
      `  ${field}: reference ${JSON.stringify(own.get(field))}, core ${JSON.stringify(other.get(field))}`,
  );
  return lines.join("\n");
}
