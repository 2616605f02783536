/** Puts keys and matches of a parsed document in order; every comment stays with what it stood before. */

import { isMap, isNode, isScalar, isSeq } from "yaml";
import type { Pair, YAMLMap, YAMLSeq } from "yaml";
import { compareMatches } from "../precedence.js";
import { sortKeys } from "./keys.js";

/** Parents whose keys are names that people chose: their order means nothing, and is theirs. */
const named = new Set(["services", "labels", "annotations"]);

/** Arranges a node that stands under a key; the root under "". */
export function arrange(node: unknown, parent: string): void {
  if (isMap(node)) arrangeMap(node, parent);
  else if (isSeq(node)) arrangeList(node, parent);
}

function arrangeMap(map: YAMLMap, parent: string): void {
  if (!named.has(parent)) reorderKeys(map, parent);
  for (const pair of map.items) arrange(pair.value, named.has(parent) ? "" : keyOf(pair));
}

/** A comment at the head of a file is about the file, though the parser gives it to the first key. */
function reorderKeys(map: YAMLMap, parent: string): void {
  const [first] = map.items;
  map.items = sortKeys(map.items, parent, keyOf);
  const [now] = map.items;
  if (parent !== "" || first === now || !isNode(first?.key) || !isNode(now?.key)) return;
  const comments = [first.key.commentBefore, now.key.commentBefore].filter(Boolean);
  now.key.commentBefore = comments.length === 0 ? null : comments.join("\n");
  first.key.commentBefore = null;
}

function arrangeList(list: YAMLSeq, parent: string): void {
  for (const item of list.items) arrange(item, parent);
  if (parent !== "matches") return;
  reorderItems(list, (items) =>
    items.toSorted((left, right) => compareMatches(valueOf(left), valueOf(right))),
  );
}

function keyOf({ key }: Pair): string {
  return isScalar(key) ? String(key.value) : "";
}

function valueOf(node: unknown): Record<string, unknown> {
  if (!isMap(node)) return {};
  const value: Record<string, unknown> = node.toJSON();
  return value;
}

/**
 * The comment above the first item of a list belongs to the whole list in the parser's eyes. When another item comes to the
 * front it goes with its item instead. Above a mapping's first key it is about the mapping, and stays where it is.
 */
function reorderItems(list: YAMLSeq, sort: (items: unknown[]) => unknown[]): void {
  const [first] = list.items;
  const sorted = sort(list.items);
  const comment = list.commentBefore;
  if (sorted[0] !== first && isNode(first) && comment) {
    first.commentBefore = [comment, first.commentBefore].filter(Boolean).join("\n");
    list.commentBefore = null;
  }
  list.items = sorted;
}
