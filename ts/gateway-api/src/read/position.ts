/**
 * From offsets and paths to lines and columns. Columns count Unicode characters, as the core's
 * diagnostics do.
 */

import { isMap, isScalar, isSeq } from "yaml";
import type { LineCounter, Node } from "yaml";
import type { Path, Position, Step } from "../source.js";

/** A file's text with the starts of its lines. */
export interface Lines {
  readonly text: string;
  readonly counter: LineCounter;
}

/** Line and column of an offset in UTF-16 units, as the YAML reader counts. */
export function positionOf(lines: Lines, offset: number): Position {
  const { line, col } = lines.counter.linePos(offset);
  if (line === 0) return { line: 1, column: 1 };
  const before = lines.text.slice(offset - (col - 1), offset);
  // A byte order mark is no character of the document.
  const shown = before.startsWith("\uFEFF") ? before.slice(1) : before;
  const pairs = shown.match(/[\uD800-\uDBFF][\uDC00-\uDFFF]/g)?.length ?? 0;
  return { line, column: shown.length - pairs + 1 };
}

/** Offset of the value at `path`, or of the last value on the way that exists. */
export function offsetOf(root: Node, path: Path): number {
  let node: unknown = root;
  let offset = startOf(root) ?? 0;
  for (const step of path) {
    node = childOf(node, step);
    const start = startOf(node);
    if (start === undefined) break;
    offset = start;
  }
  return offset;
}

function childOf(node: unknown, step: Step): unknown {
  if (typeof step === "number") return isSeq(node) ? node.items[step] : undefined;
  if (!isMap(node)) return undefined;
  return node.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === step)?.value;
}

function startOf(node: unknown): number | undefined {
  const range: unknown =
    typeof node === "object" && node !== null && "range" in node ? node.range : undefined;
  return Array.isArray(range) && typeof range[0] === "number" ? range[0] : undefined;
}
