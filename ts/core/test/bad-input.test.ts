/** What is wrong becomes a finding or a `CoreError`, the same one from both engines; nothing ends the process. */

import { describe, expect, test } from "vitest";
import { CoreError, RequestBatch, loadCore } from "../src/index.js";
import type { Core, RouteTable } from "../src/index.js";
import { bytesOf } from "./cases.js";

const engines = ["napi", "wasm"] as const;
const encoder = new TextEncoder();

const config = {
  version: 1,
  services: { s: { endpoints: [{ address: "10.0.0.1", port: 80 }] } },
  routes: [{ name: "shop", rules: [{ backends: [{ service: "s" }] }] }],
};

const documents: [name: string, document: Uint8Array][] = [
  ["no bytes at all", new Uint8Array()],
  ["bytes that are not UTF-8", Uint8Array.of(0x7b, 0xff, 0xfe, 0x7d)],
  ["a truncated document", bytesOf(config).subarray(0, 40)],
  [
    "a document that ends inside a character",
    encoder.encode('{"version":1,"x":"é').subarray(0, -1),
  ],
  ["an unknown version", bytesOf({ version: 99 })],
  ["a list", encoder.encode("[]")],
  ["a million open lists", encoder.encode("[".repeat(1_000_000))],
  ["a million open objects", encoder.encode('{"a":'.repeat(1_000_000))],
  [
    "a deep value inside a route",
    encoder.encode(`{"version":1,"routes":[${'{"rules":['.repeat(100_000)}]}`),
  ],
  ["a number beyond all numbers", encoder.encode('{"version":1e999}')],
];

describe("documents", () => {
  test.each(documents)("%s", (_, document) => {
    const [napi, wasm] = engines.map((engine) => {
      const core = loadCore(engine);
      const { table, diagnostics } = core.compile({ routes: document, file: "ghost.json" });
      return { table, diagnostics, report: core.check(document, "ghost.json") };
    });
    expect(wasm).toEqual(napi);
    expect(napi?.table).toBeNull();
    expect(napi?.report.readable).toBe(false);
    expect(napi?.diagnostics).toMatchObject([{ severity: "error", file: "ghost.json" }]);
  });

  test.each(engines)("endpoints that cannot be read leave no table, on %s", (engine) => {
    const { table, diagnostics } = loadCore(engine).compile({
      routes: bytesOf({ ...config, endpointsFile: "endpoints.json" }),
      file: "ghost.json",
      endpoints: encoder.encode("{"),
      endpointsFile: "endpoints.json",
    });
    expect(table).toBeNull();
    expect(diagnostics.map(({ file }) => file)).toContain("endpoints.json");
  });

  test.each(engines)("a document must be bytes, on %s", (engine) => {
    const core = loadCore(engine);
    for (const wrong of ["{}", undefined, null, [1], new ArrayBuffer(2)]) {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what JavaScript callers may do
      const document = wrong as unknown as Uint8Array;
      expect(thrown(() => core.check(document, "x"))).toMatchObject({ code: "invalidDocument" });
      expect(thrown(() => core.compile({ routes: document, file: "x" }))).toMatchObject({
        code: "invalidDocument",
      });
    }
  });
});

function thrown(call: () => unknown): { name: string; code: string; message: string } {
  try {
    call();
  } catch (error) {
    if (error instanceof CoreError)
      return { name: error.name, code: error.code, message: error.message };
    throw error;
  }
  throw new Error("nothing was thrown");
}

function tableOf(core: Core): RouteTable {
  const { table } = core.compile({ routes: bytesOf(config), file: "ghost.json" });
  if (table === null) throw new Error("no table");
  return table;
}

const good = { method: "GET", url: "http://a.example/" };
const cyclic: Record<string, unknown> = { ...good };
cyclic["self"] = cyclic;

const questions: [name: string, code: string, request: unknown, options?: unknown][] = [
  ["no request", "invalidRequest", undefined],
  ["null", "invalidRequest", null],
  ["a request without a URL", "invalidRequest", { method: "GET" }],
  ["a number as the method", "invalidRequest", { ...good, method: 7 }],
  ["an unknown key", "invalidRequest", { ...good, host: "a" }],
  ["header lines of three", "invalidRequest", { ...good, headers: [["a", "b", "c"]] }],
  ["half a surrogate pair", "invalidRequest", { ...good, url: "http://a.example/\uD800" }],
  ["a request that holds itself", "invalidRequest", cyclic],
  ["a bigint", "invalidRequest", { ...good, method: 1n }],
  ["options that are text", "invalidOptions", good, "x"],
  ["an unknown option", "invalidOptions", good, { drawn: 1 }],
  ["a draw that is text", "invalidOptions", good, { draw: "0.5" }],
];

describe("questions", () => {
  test.each(questions)("%s", (_, code, request, options) => {
    const errors = engines.flatMap((engine) => {
      const table = tableOf(loadCore(engine));
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what JavaScript callers may do
      const asked = [request, options] as Parameters<RouteTable["decide"]>;
      return [thrown(() => table.decide(...asked)), thrown(() => table.explain(...asked))];
    });
    expect(errors[0]).toMatchObject({ name: "CoreError", code });
    for (const error of errors) expect(error).toEqual(errors[0]);
    // The engines still answer.
    for (const engine of engines) expect(tableOf(loadCore(engine)).decide(good).service).toBe("s");
  });

  test("requests no server would take are answered, not thrown", () => {
    for (const url of ["", "http://a b/", "http://a.example/\0", "//", "http://[::1/"]) {
      const [napi, wasm] = engines.map((engine) =>
        tableOf(loadCore(engine)).decide({ ...good, url }),
      );
      expect(wasm).toEqual(napi);
      expect(napi?.action).toMatch(/^(answer|forward)$/);
    }
  });
});

/** A batch whose layout lies. */
class Forged extends RequestBatch {
  readonly #layout: readonly number[];

  constructor(layout: readonly number[]) {
    super();
    this.#layout = layout;
  }

  override layOut(): { block: Uint8Array; layout: Uint32Array } {
    return { block: encoder.encode("GET/"), layout: Uint32Array.from(this.#layout) };
  }
}

describe("batches", () => {
  test.each([
    ["ends before its parts", [0, 3]],
    ["reaches beyond the block", [0, 3, 5]],
    ["falls", [0, 3, 2]],
    ["promises more lines than there are", [0xffff_ffff, 3, 4]],
  ])("a layout that %s", (_, layout) => {
    const errors = engines.map((engine) =>
      thrown(() => tableOf(loadCore(engine)).decideBatch(new Forged(layout))),
    );
    expect(errors[0]).toMatchObject({ code: "invalidRequest" });
    expect(errors[1]).toEqual(errors[0]);
  });

  test.each(engines)("characters of any width keep their places, on %s", (engine) => {
    const { table } = loadCore(engine).compile({
      routes: bytesOf({
        ...config,
        routes: [
          {
            name: "shop",
            rules: [
              {
                matches: [{ headers: [{ name: "x-a", value: "é\u{1F47B}" }] }],
                backends: [{ service: "s" }],
              },
            ],
          },
        ],
      }),
      file: "ghost.json",
    });
    const asked = { ...good, headers: [["x-a", "é\u{1F47B}"]] satisfies [string, string][] };
    // Halves of one character at the end of a request and at the beginning of the next.
    const high = { ...good, headers: [["x-a", "\uD83D"]] satisfies [string, string][] };
    const low = { ...good, method: "\uDC7B" };
    const words = table?.decideBatch(new RequestBatch([asked, good, high, low, asked]));
    const outcomes = [0, 1, 2, 3, 4].map(
      (at) => table?.listing().outcomes[words?.[at * 4] ?? -1]?.why,
    );
    expect(outcomes).toEqual([null, "noRoute", "noRoute", "badRequest", null]);
  });
});
