import { expect, test } from "vitest";
import { countSessions } from "../src/drain/sessions.js";
import { readCounters } from "../src/observe/counters.js";

const counters = (values: Readonly<Record<string, number>>): object =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, { flag: "g", format: "i", value }]),
  );

test.each<[string, string, number | undefined]>([
  [
    "the pools are added up, other counters are not",
    JSON.stringify({
      version: 1,
      counters: counters({
        "MEMPOOL.sess0.live": 2,
        "MEMPOOL.sess1.live": 3,
        "MAIN.sess_conn": 99,
      }),
    }),
    5,
  ],
  ["the form before Varnish 6.5", JSON.stringify(counters({ "MEMPOOL.sess0.live": 1 })), 1],
  ["no child, no counters", JSON.stringify({ version: 1, counters: {} }), undefined],
  ["varnishstat failed", "", undefined],
  ["not an object", "3", undefined],
])("%s", (_name, text, expected) => {
  expect(countSessions(readCounters(text))).toBe(expected);
});
