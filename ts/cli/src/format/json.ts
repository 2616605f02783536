/**
 * Writes a parsed JSON document as Prettier does: two spaces; what fits on a line stands on one, unless its writer began an
 * object on a new line. Numbers and texts stay as they were written.
 */

import { isMap, isScalar, isSeq } from "yaml";

/** Columns that a line may have. */
const width = 100;

export function printJson(node: unknown, source: string): string {
  return `${print(node, source, 0, 0)}\n`;
}

/** `before`: columns that are taken on the line, with room for a comma. */
function print(node: unknown, source: string, depth: number, before: number): string {
  const flat = printFlat(node, source);
  if (before + flat.length <= width && !isOpen(node, source)) return flat;
  const indent = "  ".repeat(depth + 1);
  const end = "  ".repeat(depth);
  if (isMap(node)) {
    const lines = node.items.map(({ key, value }) => {
      const name = `${indent}${printFlat(key, source)}: `;
      return `${name}${print(value, source, depth + 1, name.length + 1)}`;
    });
    return `{\n${lines.join(",\n")}\n${end}}`;
  }
  if (isSeq(node)) {
    const lines = node.items.map(
      (item) => `${indent}${print(item, source, depth + 1, indent.length + 1)}`,
    );
    return `[\n${lines.join(",\n")}\n${end}]`;
  }
  return flat;
}

/** Whether a node must not stand on one line: an object that was begun on a new one, or a list of several objects. */
function isOpen(node: unknown, source: string): boolean {
  if (isMap(node)) {
    const begin = node.range?.[0] ?? 0;
    return (
      (node.items.length > 0 && /^\{[ \t]*\r?\n/.test(source.slice(begin, begin + 200))) ||
      node.items.some(({ value }) => isOpen(value, source))
    );
  }
  if (!isSeq(node)) return false;
  const areObjects = node.items.every((item) => isMap(item) && item.items.length > 1);
  return (node.items.length > 1 && areObjects) || node.items.some((item) => isOpen(item, source));
}

function printFlat(node: unknown, source: string): string {
  if (isMap(node)) {
    const pairs = node.items.map(
      ({ key, value }) => `${printFlat(key, source)}: ${printFlat(value, source)}`,
    );
    return pairs.length === 0 ? "{}" : `{ ${pairs.join(", ")} }`;
  }
  if (isSeq(node)) return `[${node.items.map((item) => printFlat(item, source)).join(", ")}]`;
  if (isScalar(node) && node.range) return source.slice(node.range[0], node.range[1]);
  return "null";
}
