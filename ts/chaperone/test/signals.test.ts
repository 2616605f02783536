import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { stopOnSignals } from "../src/drain/signals.js";

/** Signals with the milliseconds at which they come; what is asked for after each. */
const cases: [string, [NodeJS.Signals, number][], string[]][] = [
  ["the first one drains", [["SIGTERM", 0]], ["drain"]],
  [
    "the second one means now",
    [
      ["SIGTERM", 0],
      ["SIGTERM", 1],
    ],
    ["drain", "now"],
  ],
  [
    "one key press comes twice under npm",
    [
      ["SIGINT", 0],
      ["SIGINT", 20],
    ],
    ["drain", "drain"],
  ],
  [
    "two key presses are two",
    [
      ["SIGINT", 0],
      ["SIGINT", 400],
    ],
    ["drain", "now"],
  ],
  [
    "other signals have no echo",
    [
      ["SIGINT", 0],
      ["SIGTERM", 20],
    ],
    ["drain", "now"],
  ],
];

test.each(cases)("%s", (_name, signals, expected) => {
  const source = new EventEmitter();
  let time = 0;
  const stop = stopOnSignals(source as never, () => time);
  const seen = signals.map(([signal, at]) => {
    time = at;
    source.emit(signal, signal);
    return stop.now.aborted ? "now" : stop.drain.aborted ? "drain" : "nothing";
  });
  expect(seen).toEqual(expected);
  stop.dispose();
  expect(source.eventNames()).toEqual([]);
});
