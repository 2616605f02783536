import { describe, expect, test } from "vitest";
import { selects } from "../src/model/namespace.js";
import type { LabelRequirement } from "../src/objects.js";

const labels = new Map([
  ["team", "a"],
  ["env", "prod"],
]);

describe("a label selector", () => {
  test("without requirements selects everything", () => {
    expect(selects({ matchLabels: new Map(), matchExpressions: [] }, labels)).toBe(true);
  });

  test.each([
    [{ team: "a" }, true],
    [{ team: "a", env: "prod" }, true],
    [{ team: "a", env: "test" }, false],
    [{ missing: "a" }, false],
    [{ missing: "" }, false],
  ])("by labels %j: %s", (wanted, expected) => {
    expect(
      selects({ matchLabels: new Map(Object.entries(wanted)), matchExpressions: [] }, labels),
    ).toBe(expected);
  });

  const table: [LabelRequirement, boolean][] = [
    [{ key: "team", operator: "In", values: ["b", "a"] }, true],
    [{ key: "team", operator: "In", values: ["b"] }, false],
    [{ key: "none", operator: "In", values: ["a"] }, false],
    [{ key: "team", operator: "NotIn", values: ["b"] }, true],
    [{ key: "team", operator: "NotIn", values: ["a"] }, false],
    [{ key: "none", operator: "NotIn", values: ["a"] }, true],
    [{ key: "team", operator: "Exists", values: [] }, true],
    [{ key: "none", operator: "Exists", values: [] }, false],
    [{ key: "team", operator: "DoesNotExist", values: [] }, false],
    [{ key: "none", operator: "DoesNotExist", values: [] }, true],
  ];
  test.each(table)("by expression %j: %s", (requirement, expected) => {
    expect(selects({ matchLabels: new Map(), matchExpressions: [requirement] }, labels)).toBe(
      expected,
    );
  });

  test("needs every requirement to hold", () => {
    const matchExpressions: LabelRequirement[] = [
      { key: "team", operator: "Exists", values: [] },
      { key: "env", operator: "In", values: ["test"] },
    ];
    expect(selects({ matchLabels: new Map([["team", "a"]]), matchExpressions }, labels)).toBe(
      false,
    );
  });
});
