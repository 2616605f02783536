import { describe, expect, test } from "vitest";
import { compareText, quote, renderPath } from "../src/source.js";
import type { Path } from "../src/index.js";

describe("foreign text in messages", () => {
  test.each([
    ["plain", '"plain"'],
    ['a "quote"', '"a \\"quote\\""'],
    ["line\nbreak", '"line\\nbreak"'],
    ["\u001B[31mred", '"\\u001b[31mred"'],
    ["\u007F\u0085", '"\\u007f\\u0085"'],
    ["right-to-left \u202E", '"right-to-left \\u202e"'],
    ["tag \u{E0041}", '"tag \\u{e0041}"'],
    ["ghost \u{1F47B}", '"ghost \u{1F47B}"'],
    ["x".repeat(101), `"${"x".repeat(100)}..."`],
  ])("%j is shown as %s", (text, expected) => {
    expect(quote(text)).toBe(expected);
  });
});

describe("paths", () => {
  test.each<[Path, string]>([
    [[], ""],
    [["spec"], "spec"],
    [["spec", "rules", 0, "matches", 1, "path"], "spec.rules[0].matches[1].path"],
    [["labels", "kubernetes.io/name"], 'labels["kubernetes.io/name"]'],
    [["a", ""], 'a[""]'],
  ])("%j reads %s", (path, expected) => {
    expect(renderPath(path)).toBe(expected);
  });
});

test("text is ordered by code units, as on every machine", () => {
  expect(["b", "B", "a", "\u00E4", "Z"].toSorted(compareText)).toEqual([
    "B",
    "Z",
    "a",
    "b",
    "\u00E4",
  ]);
});
