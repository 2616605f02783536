import fc from "fast-check";
import { expect, test } from "vitest";
import { mergeConditions } from "../src/status/conditions.js";
import type { StoredCondition } from "../src/status/conditions.js";
import { mergeEntries } from "../src/status/entries.js";
import type { StoredEntry } from "../src/status/entries.js";

const owned = new Set(["Accepted", "Programmed"]);
const then = "2026-01-01T00:00:00Z";
const now = new Date("2026-02-02T00:00:00.123Z");
const today = "2026-02-02T00:00:00Z";

function stored(type: string, fields: Partial<StoredCondition> = {}): StoredCondition {
  const given = { status: "True", reason: type, message: "m", observedGeneration: 1 } as const;
  return { type, ...given, lastTransitionTime: then, ...fields };
}

function wanted(condition: StoredCondition): Omit<StoredCondition, "lastTransitionTime"> {
  const { lastTransitionTime: _time, ...rest } = condition;
  return rest;
}

test("a new message or generation keeps the time, a new status sets it", () => {
  const before = [stored("Accepted")];
  const told = wanted(stored("Accepted", { message: "other", observedGeneration: 2 }));
  expect(mergeConditions(before, [told], owned, now)).toEqual([
    { ...told, lastTransitionTime: then },
  ]);
  const flipped = wanted(stored("Accepted", { status: "False" }));
  expect(mergeConditions(before, [flipped], owned, now)).toEqual([
    { ...flipped, lastTransitionTime: today },
  ]);
});

test("others' conditions stay where they are; ours that are not wanted go, new ones come last", () => {
  const before = [stored("Theirs"), stored("Accepted"), stored("Programmed"), stored("TheirsToo")];
  const merged = mergeConditions(
    before,
    [wanted(stored("Accepted")), wanted(stored("Serving"))],
    owned,
    now,
  );
  expect(merged.map(({ type }) => type)).toEqual(["Theirs", "Accepted", "TheirsToo", "Serving"]);
  expect(merged[0]).toBe(before[0]);
});

const condition = fc
  .record({
    type: fc.constantFrom("Accepted", "Programmed", "Theirs", "Serving"),
    status: fc.constantFrom("True" as const, "False" as const),
    message: fc.constantFrom("a", "b"),
  })
  .map(({ type, ...fields }) => stored(type, fields));
const conditions = fc.uniqueArray(condition, { selector: ({ type }) => type });

test("a second merge of the same finds nothing to write", () => {
  fc.assert(
    fc.property(conditions, conditions, (before, ours) => {
      const once = mergeConditions(before, ours.map(wanted), owned, now);
      expect(mergeConditions(once, ours.map(wanted), owned, new Date(0))).toBe(once);
    }),
    { seed: 20_261_121 },
  );
});

const entry = (controllerName: string, name: string): StoredEntry => ({
  controllerName,
  reference: { name },
  conditions: [stored("Accepted")],
});

test("entries of other controllers are never touched, not even for the same parent", () => {
  const before = [
    entry("other", "a"),
    entry("ours", "a"),
    entry("ours", "gone"),
    entry("other", "b"),
  ];
  const ours = ["a", "new"].map((name) => ({
    reference: { name },
    conditions: [wanted(stored("Accepted", { status: "False" }))],
  }));
  const merged = mergeEntries(before, ours, "ours", owned, now);
  expect(
    merged.map(({ controllerName, reference }) => `${controllerName} ${String(reference["name"])}`),
  ).toEqual(["other a", "ours a", "other b", "ours new"]);
  expect(merged[0]).toBe(before[0]);
  expect(merged[2]).toBe(before[3]);
  expect(merged[1]?.conditions[0]).toMatchObject({ status: "False", lastTransitionTime: today });
  expect(mergeEntries(merged, ours, "ours", owned, new Date(0))).toBe(merged);
});
