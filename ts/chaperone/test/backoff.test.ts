import { expect, test } from "vitest";
import { afterEnd, afterFailure, noEnds, pauseOf } from "../src/supervise/backoff.js";
import type { Backoff } from "../src/supervise/backoff.js";

/** Pauses after steps in a row. */
function pauses(count: number, step: (backoff: Backoff) => Backoff, begin = noEnds): number[] {
  const seen: number[] = [];
  for (let backoff = step(begin); seen.length < count; backoff = step(backoff))
    seen.push(pauseOf(backoff));
  return seen;
}

test("an engine that serves and ends, again and again, is started at once and then after pauses of two seconds at most", () => {
  expect(pauses(8, (backoff) => afterEnd(backoff, 500))).toEqual([
    0, 100, 250, 500, 1000, 2000, 2000, 2000,
  ]);
});

test("one that does not come up is tried ever more rarely", () => {
  expect(pauses(10, afterFailure, afterEnd(noEnds, 500))).toEqual([
    100, 250, 500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000,
  ]);
});

test("a minute of serving makes good for what was before", () => {
  const often = afterEnd(afterEnd(afterEnd(noEnds, 1), 1), 1);
  expect(pauseOf(afterEnd(often, 60_000))).toBe(0);
  expect(pauseOf(afterEnd(often, 59_999))).toBe(500);
});
