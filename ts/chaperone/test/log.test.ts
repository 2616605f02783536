import { expect, test } from "vitest";
import { readLogLine } from "../src/engine/log.js";

test.each([
  [
    "Debug: Child (12) Started",
    { level: "debug", message: "Child (12) Started", child: "started" },
  ],
  [
    "Info: Child (12) said Child starts",
    { level: "info", message: "Child (12) said Child starts" },
  ],
  [
    "Error: Child (12) died signal=9",
    { level: "error", message: "Child (12) died signal=9", child: "died" },
  ],
  [
    "Error: Child (12) Panic at: Sat",
    { level: "error", message: "Child (12) Panic at: Sat", child: "panicked" },
  ],
  ["Warning: mlock() failed", { level: "warn", message: "mlock() failed" }],
  ["a line of a panic", { level: "info", message: "a line of a panic" }],
  ["Info: GET /\u001b[2J\u0085", { level: "info", message: "GET /\\x1b[2J\\x85" }],
])("%j", (line, entry) => {
  expect(readLogLine(line)).toEqual(entry);
});
