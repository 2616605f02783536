/** The lines of a file around a place, with a mark under it. Pure. */

import { printableLine } from "./printable.js";

/** Lines shown above the place. */
const context = 2;
/** Longest part of a line that is shown: minified files have lines of megabytes. */
const width = 100;

/** A file's lines; split once, for the many findings that a file can have. */
export function splitLines(content: Uint8Array): string[] {
  return Buffer.from(content).toString("utf8").split(/\r?\n/);
}

/**
 * Lines of a code frame; none where the file has no such place. `line` and `column` count from 1, the column in Unicode
 * characters. Bytes that are no text show as U+FFFD.
 */
export function codeFrame(lines: readonly string[], line: number, column: number): string[] {
  const last = lines[line - 1];
  if (last === undefined) return [];
  const digits = String(line).length;
  // Far to the right, all lines move left together.
  const start = Math.max(0, column - width * 0.75);
  const first = Math.max(1, line - context);
  const shown = lines
    .slice(first - 1, line)
    .map(
      (text, index) =>
        `${String(first + index).padStart(digits)} | ${part(text, start, start + width)}`,
    );
  const before = Array.from(part(last, start, column - 1)).length;
  return [...shown.map((text) => text.trimEnd()), `${" ".repeat(digits)} | ${" ".repeat(before)}^`];
}

/** Characters of a line from one number to another. The line may be huge and is not taken apart as a whole. */
function part(text: string, from: number, to: number): string {
  const start = offsetOf(text, 0, from);
  return cells(text.slice(start, offsetOf(text, start, to - from)));
}

/** Offset that many Unicode characters further on. */
function offsetOf(text: string, start: number, characters: number): number {
  let offset = start;
  for (let count = 0; count < characters && offset < text.length; count += 1)
    offset += (text.codePointAt(offset) ?? 0) > 0xff_ff ? 2 : 1;
  return offset;
}

/** A tab takes one cell like any other character, so that the mark stands right in every terminal. */
function cells(text: string): string {
  return printableLine(text.replaceAll("\t", " "));
}
