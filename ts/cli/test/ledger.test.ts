/** The demo's ledger finds what it is for, and nothing else. */

import { expect, test } from "vitest";
import { Ledger } from "../src/demo/ledger.js";
import type { Answered, Audit } from "../src/demo/ledger.js";

const good = (service: string, id = "r"): Answered => ({ status: 200, service, id });

/** Blue from 0, green from 10 (acknowledged at 20). */
function ledger(): Ledger {
  const book = new Ledger();
  book.edited(["blue"], 0);
  book.acknowledged(5);
  book.edited(["green"], 10);
  book.acknowledged(20);
  return book;
}

interface Case {
  /** Services that saw the request. */
  readonly seen: readonly string[];
  readonly started: number;
  readonly ended: number;
  readonly answered: Answered;
}

const cases: readonly (readonly [string, Case, Partial<Audit>])[] = [
  [
    "before the edit, the old service",
    { seen: ["blue"], started: 6, ended: 9, answered: good("blue") },
    { strict: 1 },
  ],
  [
    "before the edit, not the new one",
    { seen: ["green"], started: 6, ended: 9, answered: good("green") },
    { wrong: 1, strict: 1 },
  ],
  [
    "while it is applied, either: blue",
    { seen: ["blue"], started: 12, ended: 15, answered: good("blue") },
    {},
  ],
  [
    "while it is applied, either: green",
    { seen: ["green"], started: 12, ended: 15, answered: good("green") },
    {},
  ],
  [
    "begun before, ended after: either",
    { seen: ["blue"], started: 1, ended: 99, answered: good("blue") },
    {},
  ],
  [
    "after the acknowledgement, the new one",
    { seen: ["green"], started: 21, ended: 22, answered: good("green") },
    { strict: 1 },
  ],
  [
    "after the acknowledgement, not the old one",
    { seen: ["blue"], started: 21, ended: 22, answered: good("blue") },
    { wrong: 1, strict: 1 },
  ],
  [
    "an answer in another's name",
    { seen: ["green"], started: 21, ended: 22, answered: good("blue") },
    { wrong: 1, strict: 1 },
  ],
  [
    "another request's answer",
    { seen: ["green"], started: 21, ended: 22, answered: good("green", "s") },
    { wrong: 1, strict: 1 },
  ],
  [
    "no answer",
    {
      seen: ["green"],
      started: 21,
      ended: 22,
      answered: { status: 0, service: undefined, id: undefined },
    },
    { lost: 1, strict: 1 },
  ],
  [
    "an error",
    {
      seen: [],
      started: 21,
      ended: 22,
      answered: { status: 503, service: undefined, id: undefined },
    },
    { lost: 1, strict: 1 },
  ],
  [
    "an answer that no origin gave",
    { seen: [], started: 21, ended: 22, answered: good("green") },
    { lost: 1, strict: 1 },
  ],
  [
    "seen twice",
    { seen: ["green", "green"], started: 21, ended: 22, answered: good("green") },
    { duplicated: 1, strict: 1 },
  ],
  [
    "seen by both",
    { seen: ["green", "blue"], started: 21, ended: 22, answered: good("green") },
    { duplicated: 1, wrong: 1, strict: 1 },
  ],
];

test.each(cases)("%s", (_name, { seen, started, ended, answered }, expected) => {
  const book = ledger();
  for (const service of seen) book.arrived("r", service);
  book.ended("r", started, ended, answered);
  const isBad = Object.entries(expected).some(([key]) => key !== "strict");
  expect(book.audit()).toMatchObject({
    requests: 1,
    lost: 0,
    duplicated: 0,
    wrong: 0,
    strict: 0,
    ...expected,
  });
  expect(book.audit().examples.length > 0).toBe(isBad);
});
