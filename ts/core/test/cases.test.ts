/** Every case on both engines: the decision expected, and nothing said by one that the other does not say. */

import { describe, expect, test } from "vitest";
import { RequestBatch, batchNone, batchWords, loadCore } from "../src/index.js";
import type { Decision, RouteTable } from "../src/index.js";
import { bytesOf, caseFiles, compared, errorSamples, optionsOf } from "./cases.js";

const engines = ["napi", "wasm"] as const;
const files = caseFiles();

function compiled(engine: "napi" | "wasm", config: unknown): RouteTable {
  const { table } = loadCore(engine).compile({ routes: bytesOf(config), file: "ghost.json" });
  if (table === null) throw new Error("the configuration cannot be read");
  return table;
}

describe.each(engines)("on %s", (engine) => {
  describe.each(files)("$file", ({ content: { config, diagnostics = [], cases } }) => {
    const core = loadCore(engine);
    const compilation = core.compile({ routes: bytesOf(config), file: "ghost.json" });

    test("the document is diagnosed as expected", () => {
      expect(compilation.diagnostics.map(({ code }) => code).toSorted()).toEqual(diagnostics);
    });

    test.each(cases)("$name", (one) => {
      const decision = compilation.table?.decide(one.request, optionsOf(one));
      // Compared with itself, an expectation says what it names in the same form.
      expect(compared(one.expect, decision)).toEqual(compared(one.expect, one.expect));
    });
  });
});

test("there are cases", () => {
  expect(files.length).toBeGreaterThan(0);
});

describe("both engines say the same", () => {
  test.each(files)("about $file", ({ content: { config, cases } }) => {
    const [napi, wasm] = [compiled("napi", config), compiled("wasm", config)];
    for (const one of cases) {
      const options = optionsOf(one);
      expect(wasm.decide(one.request, options)).toEqual(napi.decide(one.request, options));
      expect(wasm.explain(one.request, options)).toEqual(napi.explain(one.request, options));
    }
    expect({ ...wasm }).toEqual({ ...napi });
    expect(wasm.listing()).toEqual(napi.listing());
  });

  test.each(errorSamples())("about the broken document $file", ({ file, document, found }) => {
    const [napi, wasm] = engines.map((engine) => loadCore(engine).check(document, file));
    expect(wasm).toEqual(napi);
    expect(napi?.diagnostics).toEqual(expect.arrayContaining(found));
    expect(napi?.diagnostics).toHaveLength(found.length);
  });
});

/** What a decision says about route, rule and service. A batch does not look for endpoints. */
function inShort(decision: Decision): unknown {
  const { action, route, rule, match, service, why } = decision;
  if (why === "noEndpoints") return { action: "forward", route, rule, match, service };
  return { action, route, rule, match, service, ...(action === "answer" ? { why } : {}) };
}

/** The words of one result, as a decision would say them. */
function spoken(table: RouteTable, words: Uint32Array): unknown {
  const [outcome = batchNone, rule = batchNone, match = batchNone, backend = batchNone] = words;
  const { outcomes, rules } = table.listing();
  const listed = rules[rule];
  return {
    action: outcomes[outcome]?.action,
    route: listed?.route ?? null,
    rule: listed?.rule ?? null,
    match: match === batchNone ? null : match,
    service: listed?.services[backend] ?? null,
    ...(outcomes[outcome]?.why ? { why: outcomes[outcome].why } : {}),
  };
}

describe.each(engines)("a batch on %s says what single decisions say", (engine) => {
  test.each(files)("$file", ({ content: { config, cases } }) => {
    const table = compiled(engine, config);
    for (const draw of [0, 0.5]) {
      const asked = cases.map(({ request }) => request);
      const words = table.decideBatch(new RequestBatch(asked), { draw });
      expect(words).toHaveLength(asked.length * batchWords);
      const said = asked.map((_, at) =>
        spoken(table, words.subarray(at * batchWords, (at + 1) * batchWords)),
      );
      expect(said).toEqual(asked.map((request) => inShort(table.decide(request, { draw }))));
    }
  });
});
