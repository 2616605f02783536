/**
 * Lists of a status that several controllers share: `parents` of a route, `ancestors` of a policy. Both are atomic to the
 * API server, so whoever writes one entry writes all, and must leave the others' as they are.
 */

import { isDeepStrictEqual } from "node:util";
import type { Condition } from "@ghost-gateway/gateway-api";
import { mergeConditions } from "./conditions.js";
import type { StoredCondition } from "./conditions.js";

/** What an entry is about, as the API names it: a parentRef or an ancestorRef. */
export type Reference = Readonly<Record<string, unknown>>;

export interface StoredEntry {
  readonly controllerName: string;
  readonly reference: Reference;
  readonly conditions: readonly StoredCondition[];
}

export interface WantedEntry {
  readonly reference: Reference;
  readonly conditions: readonly Condition[];
}

/**
 * The list to store. Entries of other controllers stay, byte for byte and where they are; ours that are no longer wanted
 * go; new ones come last. Gives `stored` itself where nothing is to be written.
 */
export function mergeEntries(
  stored: readonly StoredEntry[],
  wanted: readonly WantedEntry[],
  controllerName: string,
  owned: ReadonlySet<string>,
  date: Date,
): readonly StoredEntry[] {
  const left = [...wanted];
  const kept = stored.flatMap((entry) => {
    if (entry.controllerName !== controllerName) return [entry];
    const index = left.findIndex(({ reference }) => isDeepStrictEqual(reference, entry.reference));
    const [want] = index === -1 ? [] : left.splice(index, 1);
    return want === undefined ? [] : [withConditions(entry, want, owned, date)];
  });
  const added = left.map(({ reference, conditions }) => ({
    controllerName,
    reference,
    conditions: mergeConditions([], conditions, owned, date),
  }));
  const merged = [...kept, ...added];
  const isSame =
    merged.length === stored.length && merged.every((entry, index) => entry === stored[index]);
  return isSame ? stored : merged;
}

function withConditions(
  entry: StoredEntry,
  { conditions }: WantedEntry,
  owned: ReadonlySet<string>,
  date: Date,
): StoredEntry {
  const merged = mergeConditions(entry.conditions, conditions, owned, date);
  return merged === entry.conditions ? entry : { ...entry, conditions: merged };
}
