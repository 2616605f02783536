/**
 * Rules of the Gateway API, one pair of files each: `testdata/rules/<name>.in.yaml`, whose head
 * names the rules it is about, and `<name>.expect.yaml`, written by hand from the specification.
 * What is expected is a part of what comes out; null stands for what must not be there.
 */

import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { createTranslator, readObjects } from "../src/index.js";
import type { Condition, ObjectStatus, SourceFile, TranslateOptions } from "../src/index.js";
import { testdata } from "./cases.js";
import { decide, tableOf } from "./simulation.js";
import type { SimulatedRequest } from "./simulation.js";

const folder = join(testdata, "rules");
const names = globSync("*.in.yaml", { cwd: folder })
  .map((file) => basename(file, ".in.yaml"))
  .toSorted();

interface Expected {
  readonly statuses?: unknown;
  readonly document?: unknown;
  readonly ir?: unknown;
  readonly infrastructure?: unknown;
  /** Codes, sorted, without those of severity info. */
  readonly codes?: readonly string[];
  readonly requests?: readonly (SimulatedRequest & { readonly expect: unknown })[];
}

function directive(text: string, name: string): string | undefined {
  return new RegExp(`^# ${name}: (.*)$`, "m").exec(text)?.[1];
}

function filesOf(name: string): { files: SourceFile[]; options: TranslateOptions } {
  const file = `${name}.in.yaml`;
  const text = readFileSync(join(folder, file), "utf8");
  const included = (directive(text, "with") ?? "").split(" ").filter(Boolean);
  const options: TranslateOptions = JSON.parse(directive(text, "options") ?? "{}");
  const further = included.map((other) => ({
    name: `${other}.yaml`,
    text: readFileSync(join(folder, "with", `${other}.yaml`), "utf8"),
  }));
  return { files: [{ name: file, text }, ...further], options };
}

/** Conditions in one line each: `Accepted: "False NoMatchingParent"`. */
function brief(conditions: readonly Condition[]): Record<string, string> {
  return Object.fromEntries(
    conditions.map(({ type, status, reason }) => [type, `${status} ${reason}`]),
  );
}

/** A status with what it lists by name: listeners, parents by number, ancestors by Gateway. */
function summary(status: ObjectStatus): Record<string, unknown> {
  const generations = JSON.stringify(status).match(/"observedGeneration":\d+/g) ?? [];
  const generation = { generations: [...new Set(generations)].map((one) => Number(one.slice(21))) };
  if (status.kind === "GatewayClass") {
    const { conditions, supportedFeatures } = status.status;
    return { ...brief(conditions), supportedFeatures, ...generation };
  }
  if (status.kind === "BackendTLSPolicy") {
    const ancestors = status.status.ancestors.map(({ ancestorRef, conditions }) => [
      `${ancestorRef.namespace}/${ancestorRef.name}`,
      brief(conditions),
    ]);
    return { ancestors: Object.fromEntries(ancestors), ...generation };
  }
  if ("parents" in status.status) {
    const parents = status.status.parents.map(({ conditions, ...parent }) => ({
      ...brief(conditions),
      ...parent,
      messages: conditions.map(({ message }) => message),
    }));
    return { parents, ...generation };
  }
  const { conditions, listeners, ...rest } = status.status;
  const told = listeners.map(({ name, conditions: own, supportedKinds, attachedRoutes }) => [
    name,
    { ...brief(own), supportedKinds: supportedKinds.map(({ kind }) => kind), attachedRoutes },
  ]);
  return { ...brief(conditions), ...rest, listeners: Object.fromEntries(told), ...generation };
}

/** What of `found` is asked for: of mappings the keys that are named, of lists every item. */
function pick(found: unknown, wanted: unknown): unknown {
  if (Array.isArray(wanted) && Array.isArray(found))
    return found.map((item, index) => pick(item, wanted[index]));
  if (typeof wanted !== "object" || wanted === null || Array.isArray(wanted)) return found ?? null;
  const inside: Record<string, unknown> = Object(found);
  return Object.fromEntries(
    Object.entries(wanted).map(([key, value]) => [key, pick(inside[key], value)]),
  );
}

function outcome(name: string, expected: Expected): unknown {
  const { files, options } = filesOf(name);
  const { objects, diagnostics } = readObjects(files);
  const result = createTranslator(options).update({ changed: objects });
  const all = [...diagnostics, ...result.diagnostics];
  const table = expected.requests === undefined ? undefined : tableOf(result.document);
  return {
    statuses: Object.fromEntries(
      result.statuses.map((status) => [
        [status.kind, status.namespace, status.name].filter(Boolean).join("/"),
        summary(status),
      ]),
    ),
    document: result.document,
    ir: result.ir,
    infrastructure: result.infrastructure,
    codes: all.flatMap(({ code, severity }) => (severity === "info" ? [] : [code])).toSorted(),
    requests: expected.requests?.map((request) => ({
      ...request,
      expect: table && decide(table, request),
    })),
  };
}

describe("rules of the Gateway API", () => {
  test.each(names)("%s", (name) => {
    const text = readFileSync(join(folder, `${name}.expect.yaml`), "utf8");
    const expected = parse(text) as Expected;
    expect(pick(outcome(name, expected), expected)).toEqual(expected);
  });

  test("every expectation has its input", () => {
    const expectations = globSync("*.expect.yaml", { cwd: folder });
    expect(expectations.map((file) => basename(file, ".expect.yaml")).toSorted()).toEqual(names);
  });
});
