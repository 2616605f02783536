/** Text for terminals. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { columns } from "../src/render/columns.js";
import { codeFrame, splitLines } from "../src/render/frame.js";
import { cut } from "../src/render/tree.js";
import { printable, printableLine } from "../src/render/printable.js";

describe("codeFrame", () => {
  const lines = splitLines(Buffer.from("one\r\ntwo\nthree\n\tfour\nfünf 😀x"));

  test.each<[string, number, number, string[]]>([
    ["the first line", 1, 1, ["1 | one", "  | ^"]],
    ["two lines above", 3, 2, ["1 | one", "2 | two", "3 | three", "  |  ^"]],
    ["a tab is one cell", 4, 2, ["2 | two", "3 | three", "4 |  four", "  |  ^"]],
    ["characters, not bytes", 5, 7, ["3 | three", "4 |  four", "5 | fünf 😀x", "  |       ^"]],
    ["right behind the end", 2, 4, ["1 | one", "2 | two", "  |    ^"]],
    ["no such line", 6, 1, []],
    ["no place at all", 0, 0, []],
  ])("%s", (_name, line, column, expected) => {
    expect(codeFrame(lines, line, column)).toEqual(expected);
  });

  test("of a long line the part around the place", () => {
    const [shown = "", mark = ""] = codeFrame([`${"a".repeat(500)}!${"b".repeat(500)}`], 1, 501);
    expect(shown.length).toBeLessThanOrEqual(104);
    expect(shown[mark.indexOf("^")]).toBe("!");
  });

  test("the mark stands under the character, wherever that is", () => {
    const line = fc.string({
      unit: fc.constantFrom("a", "\t", "é", "😀", " "),
      minLength: 1,
      maxLength: 300,
    });
    fc.assert(
      fc.property(line, fc.nat(), (text, number) => {
        const characters = Array.from(text);
        const index = number % characters.length;
        const [shown = "", mark = ""] = codeFrame([text], 1, index + 1);
        const marked = Array.from(shown)[mark.indexOf("^")] ?? " ";
        expect(marked).toBe(characters[index] === "\t" ? " " : characters[index]);
      }),
    );
  });
});

describe("printable", () => {
  test.each([
    ["\u001b[31mred", "\\u{1b}[31mred"],
    ["a\r\nb\tc", "a\\u{d}\nb\tc"],
    ["\u202etxt.exe", "\\u{202e}txt.exe"],
    ["\u0085\u2028", "\\u{85}\\u{2028}"],
    ["größe 😀", "größe 😀"],
  ])("%j", (text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  test("on one line", () => {
    expect(printableLine("a\nb\tc")).toBe("a\\nb\\tc");
  });
});

test("columns are as wide as their widest cell", () => {
  expect(
    columns(
      ["a", "name"],
      [
        ["1", "x"],
        ["22", "größer"],
        ["3", ""],
      ],
    ),
  ).toEqual(["A    NAME", "1    x", "22   größer", "3"]);
});

test.each([
  ["abcdef", 6, "abcdef"],
  ["abcdef", 4, "abc…"],
  ["\u001b[32mabc\u001b[39mdef", 4, "\u001b[32mabc…\u001b[39m"],
  ["\u001b[32mabc\u001b[39mdef", 5, "\u001b[32mabc\u001b[39md…"],
  ["ab\u001b[2mcd\u001b[22mef", 3, "ab…\u001b[2m\u001b[22m"],
  ["é日本語", 3, "é日…"],
])("%j is cut to %i characters", (line, width, expected) => {
  expect(cut(line, width)).toBe(expected);
});
