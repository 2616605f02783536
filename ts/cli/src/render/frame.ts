/** The lines of a file around a place, with a mark under it. Pure. */

import { printableLine } from "./printable.js";

/** Lines shown above the place. */
const context = 2;
/** Longest part of a line that is shown: minified files have lines of megabytes. */
const width = 100;

/**
 * Lines of a code frame; none where the file has no such place. `line` and `column` count from 1, the column in Unicode
 * characters. Bytes that are no text show as U+FFFD.
 */
export function codeFrame(content: Uint8Array, line: number, column: number): string[] {
  const lines = linesAround(content, line);
  const last = lines.at(-1);
  if (line < 1 || last === undefined || last.number !== line) return [];
  const digits = String(line).length;
  // Far to the right, all lines move left together.
  const start = Math.max(0, column - width * 0.75);
  const shown = lines.map(({ number, text }) =>
    `${String(number).padStart(digits)} | ${clip(text, start)}`.trimEnd(),
  );
  const before = Array.from(last.text)
    .slice(start, column - 1)
    .join("");
  return [...shown, `${" ".repeat(digits)} | ${" ".repeat(Array.from(cells(before)).length)}^`];
}

function clip(text: string, start: number): string {
  return cells(
    Array.from(text)
      .slice(start, start + width)
      .join(""),
  );
}

/** A tab takes one cell like any other character, so that the mark stands right in every terminal. */
function cells(text: string): string {
  return printableLine(text.replaceAll("\t", " "));
}

function linesAround(content: Uint8Array, line: number): { number: number; text: string }[] {
  const all = Buffer.from(content).toString("utf8").split("\n");
  const first = Math.max(1, line - context);
  return all
    .slice(first - 1, line)
    .map((text, index) => ({ number: first + index, text: text.replace(/\r$/, "") }));
}
