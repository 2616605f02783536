/**
 * A YAML node to a plain value, within bounds: no key twice, no endless or exploding alias, no deep
 * nesting.
 *
 * Aliases share one value and are never copied; what they would cost if written out is counted all
 * the same, because whoever walks the value later pays that price.
 */

import { isAlias, isMap, isScalar, isSeq } from "yaml";
import type { Node, Pair, Scalar } from "yaml";
import type { Finding } from "../diagnostics.js";
import { quote } from "../source.js";
import type { Path } from "../source.js";

/** Deepest nesting read; the kinds of Kubernetes stay far below. */
export const deepestNesting = 100;
/** Most values of one document with every alias written out. */
export const mostValues = 1_000_000;
/** Most aliases of one document. */
export const mostAliases = 100;

interface Anchored {
  readonly value: unknown;
  readonly size: number;
}

/** What one document has used up, and what was found in it. */
interface Reading {
  readonly anchors: Map<string, Anchored>;
  readonly findings: Finding[];
  size: number;
  aliases: number;
}

/** The value of a document, or what is wrong with it. A document with a finding has no value. */
export function readValue(root: Node): {
  readonly value: unknown;
  readonly findings: readonly Finding[];
} {
  const reading: Reading = { anchors: new Map(), findings: [], size: 0, aliases: 0 };
  const value = readNode(root, [], reading);
  return reading.findings.length === 0
    ? { value, findings: [] }
    : { value: undefined, findings: reading.findings };
}

function readNode(node: unknown, path: Path, reading: Reading): unknown {
  const sizeBefore = reading.size;
  reading.size += 1;
  if (path.length > deepestNesting)
    return refuse(reading, path, `Values are nested more than ${deepestNesting} deep.`);
  if (isAlias(node)) return readAlias(node.source, path, reading);
  const value = readContent(node, path, reading);
  const anchor = anchorOf(node);
  if (anchor !== undefined) reading.anchors.set(anchor, { value, size: reading.size - sizeBefore });
  return value;
}

function readContent(node: unknown, path: Path, reading: Reading): unknown {
  if (isScalar(node)) return node.value;
  if (isSeq(node))
    return node.items.map((item, index) => readNode(item, [...path, index], reading));
  if (isMap(node)) return readMap(node.items, path, reading);
  return null;
}

function readMap(pairs: readonly Pair[], path: Path, reading: Reading): Record<string, unknown> {
  const merged: [string, unknown][] = [];
  const own = new Map<string, unknown>();
  for (const { key, value } of pairs) {
    if (isMergeKey(key)) {
      merged.push(...readMerge(value, path, reading));
      continue;
    }
    const name = isScalar(key) ? String(key.value) : "";
    if (own.has(name)) reading.findings.push(repeated([...path, name]));
    own.set(name, readNode(value, [...path, name], reading));
  }
  // Of merged mappings the first that has a key counts, and the mapping's own key before all of
  // them. Built from entries, so that `__proto__` is a key like any other.
  return Object.fromEntries([...merged.toReversed(), ...own]);
}

function readMerge(node: unknown, path: Path, reading: Reading): [string, unknown][] {
  const value = readNode(node, [...path, "<<"], reading);
  const mappings: readonly unknown[] = Array.isArray(value) ? value : [value];
  return mappings.flatMap((mapping) =>
    typeof mapping === "object" && mapping !== null ? Object.entries(mapping) : [],
  );
}

function readAlias(name: string, path: Path, reading: Reading): unknown {
  const anchored = reading.anchors.get(name);
  if (anchored === undefined) {
    const message = `The alias ${quote(name)} has no anchor before it.`;
    reading.findings.push({ code: "invalidYaml", path, message });
    return undefined;
  }
  reading.aliases += 1;
  reading.size += anchored.size;
  if (reading.aliases > mostAliases)
    return refuse(reading, path, `The document has more than ${mostAliases} aliases.`);
  if (reading.size > mostValues)
    return refuse(reading, path, `Written out the document has more than ${mostValues} values.`);
  return anchored.value;
}

// One finding of this kind tells enough: a document over its bounds has thousands of places.
function refuse(reading: Reading, path: Path, message: string): undefined {
  if (!reading.findings.some((finding) => finding.code === "tooLarge")) {
    reading.findings.push({ code: "tooLarge", path: path.slice(0, deepestNesting), message });
  }
  return undefined;
}

function repeated(path: Path): Finding {
  return {
    code: "duplicateKey",
    path,
    message: `The key ${quote(String(path.at(-1)))} is written twice.`,
  };
}

function isMergeKey(key: unknown): key is Scalar {
  return isScalar(key) && key.value === "<<" && key.type === "PLAIN";
}

function anchorOf(node: unknown): string | undefined {
  return (isScalar(node) || isMap(node) || isSeq(node)) && node.anchor !== ""
    ? node.anchor
    : undefined;
}
