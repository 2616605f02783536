/** Reading: places, bounds and the meaning of YAML, where a golden pair would hide the point. */

import { describe, expect, test } from "vitest";
import { readObjects } from "../src/index.js";
import type { Path, Position } from "../src/index.js";
import { deepestNesting, mostAliases } from "../src/read/value.js";

const head = "apiVersion: v1\nkind: Thing\n";

function codes(text: string): string[] {
  return readObjects([{ name: "a.yaml", text }]).diagnostics.map(({ code }) => code);
}

function valueOf(text: string): unknown {
  const { objects, diagnostics } = readObjects([{ name: "a.yaml", text: head + text }]);
  expect(diagnostics).toEqual([]);
  return objects[0]?.object["value"];
}

describe("places", () => {
  function placeOf(text: string, path: Path): Position | undefined {
    return readObjects([{ name: "a.yaml", text }]).objects[0]?.origin?.locate(path);
  }

  test.each<[string, string, Path, Position]>([
    ["of a value", `${head}a: [1, {b: 2}]\n`, ["a", 1, "b"], { line: 3, column: 12 }],
    [
      "of a missing value are those of the last one on the way",
      `${head}a: [1, {b: 2}]\n`,
      ["a", 1, "c", 0],
      { line: 3, column: 8 },
    ],
    [
      "of an item past the end are those of the list",
      `${head}a: [1]\n`,
      ["a", 7],
      { line: 3, column: 4 },
    ],
    [
      "count characters, not UTF-16 units",
      `${head}a: ["\u{1F47B}\u{1F47B}", x]\n`,
      ["a", 1],
      { line: 3, column: 11 },
    ],
    [
      "do not count a byte order mark",
      `\uFEFFapiVersion: v1\nkind: Thing\n`,
      ["apiVersion"],
      { line: 1, column: 13 },
    ],
    [
      "count lines that end in CR LF once",
      `apiVersion: v1\r\nkind: Thing\r\na: 1\r\n`,
      ["a"],
      { line: 3, column: 4 },
    ],
    [
      "of the object are those of its first key",
      `# comment\n\n${head}`,
      [],
      { line: 3, column: 1 },
    ],
    [
      "of a key that is a number are found by its text",
      `${head}a: {8: x}\n`,
      ["a", "8"],
      { line: 3, column: 8 },
    ],
    [
      "of a value behind an alias are those of the alias",
      `${head}a: &a {b: 1}\nc: *a\n`,
      ["c", "b"],
      { line: 4, column: 4 },
    ],
  ])("%s", (_name, text, path, expected) => {
    expect(placeOf(text, path)).toEqual(expected);
  });
});

describe("YAML means what kubectl takes it for", () => {
  test.each<[string, unknown]>([
    ["value: yes", true],
    ["value: Off", false],
    ["value: 0644", 420],
    ["value: 0x10", 16],
    ["value: 1_000", 1000],
    ["value: 12:30", "12:30"],
    ["value: 2026-01-01", "2026-01-01"],
    ["value: ~", null],
    ['value: "yes"', "yes"],
    ["value: {yes: 1, 8: 2}", { yes: 1, "8": 2 }],
    ["x: &x {a: 1, b: 2}\nvalue: {<<: *x, b: 3}", { a: 1, b: 3 }],
    ["x: &x {a: 1}\ny: &y {a: 2, b: 2}\nvalue: {<<: [*x, *y]}", { a: 1, b: 2 }],
    ['value: {"<<": 1}', { "<<": 1 }],
    ['value: "a\\/b\\u0041"', "a/bA"],
  ])("%s", (text, expected) => {
    expect(valueOf(text)).toEqual(expected);
  });

  test("a key named __proto__ is a key like any other", () => {
    const value = valueOf("value: {__proto__: {polluted: yes}}");
    expect(Object.keys(value as object)).toEqual(["__proto__"]);
    expect("polluted" in (value as object)).toBe(false);
  });
});

describe("bounds", () => {
  const nested = (depth: number): string => `${head}a: ${"[".repeat(depth)}${"]".repeat(depth)}\n`;
  const aliased = (count: number): string => `${head}a: &a 1\nb: [${"*a, ".repeat(count)}]\n`;
  const anyKey = "k".repeat(10);
  const wide = `${head}a: {${Array.from({ length: 20_000 }, (_, index) => `${anyKey}${index}: 1`).join(", ")}}\n`;

  test.each<[string, string, string[]]>([
    ["nesting up to the bound", nested(deepestNesting), []],
    ["nesting over the bound", nested(deepestNesting + 1), ["GH2002"]],
    ["nesting that would end the stack", nested(100_000), ["GH2002"]],
    ["aliases up to the bound", aliased(mostAliases), []],
    ["aliases over the bound", aliased(mostAliases + 1), ["GH2002"]],
    ["a mapping of very many keys", wide, []],
    ["the same with one key twice", wide.replace(/1\}\n$/, `1, ${anyKey}7: 2}\n`), ["GH2003"]],
    ["a tag nobody knows", `${head}a: !secret x\n`, ["GH2001"]],
    ["a key that is no scalar", `${head}? [a]\n: b\n`, ["GH2001"]],
  ])("%s", (_name, text, expected) => {
    expect(codes(text)).toEqual(expected);
  });

  test("a file whose name holds a control character is not read", () => {
    const { objects, diagnostics } = readObjects([{ name: "a\n.yaml", text: head }]);
    expect(objects).toEqual([]);
    expect(diagnostics).toMatchObject([{ code: "GH2005", file: '"a\\n.yaml"', line: 1 }]);
  });
});
