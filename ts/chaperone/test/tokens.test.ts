import * as fc from "fast-check";
import { expect, test } from "vitest";
import { findIncludes, quoteVcl, stringValue, tokenize } from "../src/vcl/tokens.js";

const kinds = (text: string): string[] =>
  tokenize(text)
    .filter(({ kind }) => kind !== "space")
    .map((token) => `${token.kind} ${token.text}`);

test("what looks like another thing inside of something is part of it", () => {
  expect(kinds('vcl 4.1; # "a\nset x = "/* b"; // c"\n{"d " } e"} /* " */ """f " g"""')).toEqual([
    "word vcl",
    "word 4.1",
    "sign ;",
    'comment # "a',
    "word set",
    "word x",
    "sign =",
    'string "/* b"',
    "sign ;",
    'comment // c"',
    'string {"d " } e"}',
    'comment /* " */',
    'string """f " g"""',
  ]);
});

test.each(['"open', "/* open", '{"open', '"""open'])("%s has no end", (text) => {
  expect(tokenize(text).at(-1)).toEqual({ kind: "broken", text, start: 0 });
});

test("includes are found where they are includes", () => {
  const text =
    'include "./a.vcl"; # include "./b.vcl";\nset x = "include"; include /* c */\n{"d.vcl"}; include +glob "e/*.vcl";';
  expect(findIncludes(tokenize(text)).map(({ path }) => path)).toEqual(["./a.vcl", "d.vcl"]);
});

const hostile = fc.oneof(
  fc.string(),
  fc.string({ unit: "binary" }),
  fc
    .array(
      fc.constantFrom(
        '"',
        '"""',
        '"}',
        '{"',
        "\n",
        "\r",
        "\\",
        "C{",
        "}C",
        "/*",
        "#",
        "%",
        "\0",
        "a",
        "ü",
      ),
    )
    .map((parts) => parts.join("")),
);

test("no text is lost, and none is read twice", () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const tokens = tokenize(text);
      expect(tokens.map((token) => token.text).join("")).toBe(text);
      expect(tokens.every(({ start, text: own }) => text.startsWith(own, start))).toBe(true);
    }),
    { seed: 8, numRuns: 5000 },
  );
});

test("any string that can be written stays one token with the same characters, whatever stands around it", () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const quoted = quoteVcl(text);
      const isUnwritable = text.includes("\0") || (text.includes('"}') && /"""|"$/.test(text));
      expect(quoted === undefined).toBe(isUnwritable);
      fc.pre(quoted !== undefined);
      const tokens = tokenize(`set x = ${quoted};`).filter(({ kind }) => kind !== "space");
      expect(tokens.map(({ kind }) => kind)).toEqual(["word", "word", "sign", "string", "sign"]);
      expect(tokens[3] && stringValue(tokens[3])).toBe(text);
    }),
    { seed: 8, numRuns: 5000 },
  );
});
