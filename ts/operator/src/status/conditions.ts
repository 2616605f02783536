/** Conditions as they are stored, joined with those we want. Pure. */

import type { Condition } from "@ghost-gateway/gateway-api";

export interface StoredCondition extends Condition {
  /** RFC 3339, seconds. */
  readonly lastTransitionTime: string;
}

/**
 * The list to store: ours with the time of their last real change, everyone else's as they are, in the order they have.
 * `owned` are the types we write: one of them that is stored and no longer wanted goes. Gives `stored` itself where nothing
 * is to be written.
 */
export function mergeConditions(
  stored: readonly StoredCondition[],
  wanted: readonly Condition[],
  owned: ReadonlySet<string>,
  date: Date,
): readonly StoredCondition[] {
  const ours = new Map(wanted.map((condition) => [condition.type, condition]));
  const kept = stored.flatMap((condition) => {
    const want = ours.get(condition.type);
    if (want === undefined) return owned.has(condition.type) ? [] : [condition];
    ours.delete(condition.type);
    return [renewed(condition, want, date)];
  });
  const merged = [...kept, ...[...ours.values()].map((want) => dated(want, date))];
  const isSame =
    merged.length === stored.length &&
    merged.every((condition, index) => condition === stored[index]);
  return isSame ? stored : merged;
}

/** The time moves with `status` alone (Kubernetes API conventions, "Typical status properties"). */
function renewed(stored: StoredCondition, wanted: Condition, date: Date): StoredCondition {
  const isSame =
    stored.status === wanted.status &&
    stored.reason === wanted.reason &&
    stored.message === wanted.message &&
    stored.observedGeneration === wanted.observedGeneration;
  if (isSame) return stored;
  return stored.status === wanted.status
    ? { ...wanted, lastTransitionTime: stored.lastTransitionTime }
    : dated(wanted, date);
}

function dated(condition: Condition, date: Date): StoredCondition {
  return { ...condition, lastTransitionTime: date.toISOString().replace(/\.\d+Z$/, "Z") };
}
