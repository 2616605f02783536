/** Any text stays one word with the same bytes. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { commandLine, commandWithText, quoteWord } from "../src/admin/words.js";

describe("quoteWord", () => {
  test.each([
    ["vcl.load", "vcl.load"],
    ["/etc/ghost/ghost.vcl", "/etc/ghost/ghost.vcl"],
    ["", '""'],
    ["a b", '"a b"'],
    ['say "hi"', '"say \\"hi\\""'],
    ["C:\\x", '"C:\\\\x"'],
    ["one\ntwo\r\n\tthree", '"one\\ntwo\\r\\n\\tthree"'],
    ["\u001b[2J", '"\\033[2J"'],
    ["#hash", '"#hash"'],
    ["<<", '"<<"'],
    ["größe", '"größe"'],
  ])("%j becomes %j", (word, quoted) => {
    expect(quoteWord(word)).toBe(quoted);
  });

  test("no text ends a line or opens another word", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (word) => {
        fc.pre(!word.includes("\0"));
        const quoted = quoteWord(word);
        expect(quoted).not.toMatch(/[\n\r]/);
        expect(unquote(quoted)).toBe(word);
      }),
    );
  });

  test("NUL is refused", () => {
    expect(() => quoteWord("a\0b")).toThrow("NUL");
    expect(() => commandWithText(["vcl.inline", "a"], "\0")).toThrow("NUL");
  });
});

/** What the engine makes of a quoted word (Varnish Reference Manual, varnish-cli, "Syntax"). */
function unquote(quoted: string): string {
  if (!quoted.startsWith('"')) return quoted;
  const simple: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };
  return quoted
    .slice(1, -1)
    .replaceAll(/\\([0-7]{3}|.)/gs, (_all, escaped: string) =>
      escaped.length === 3
        ? String.fromCharCode(Number.parseInt(escaped, 8))
        : (simple[escaped] ?? escaped),
    );
}

describe("commands", () => {
  test("words in a line", () => {
    expect(commandLine(["param.set", "vcc_allow_inline_c", "off"])).toBe(
      "param.set vcc_allow_inline_c off\n",
    );
  });

  test("text as a here-document whose mark is no line of it", () => {
    expect(commandWithText(["vcl.inline", "a"], "vcl 4.1;\nEND0\nEND1")).toBe(
      "vcl.inline a << END2\nvcl 4.1;\nEND0\nEND1\nEND2\n",
    );
  });
});
