/** Loading an engine, disposing of tables, and what happens when an engine breaks. */

import { execFile } from "node:child_process";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadCore } from "../src/index.js";
import type { CoreError, RouteTable } from "../src/index.js";
import { bytesOf } from "./cases.js";

const engines = ["napi", "wasm"] as const;
const good = { method: "GET", url: "http://a.example/" };
const config = {
  version: 1,
  generation: 7,
  endpointsFile: "endpoints.json",
  listeners: [
    { name: "http", port: 80, protocol: "HTTP" },
    { name: "tls", port: 443, protocol: "HTTPS", hostname: "*.example.com" },
  ],
  services: { s: {} },
  routes: [{ name: "shop", rules: [{ backends: [{ service: "s" }] }] }],
};
const endpoints = {
  version: 1,
  generation: 9,
  services: { s: { endpoints: [{ address: "10.0.0.1", port: 80 }] } },
};

function tableOf(engine: "napi" | "wasm"): RouteTable {
  const { table } = loadCore(engine).compile({
    routes: bytesOf(config),
    file: "ghost.json",
    endpoints: bytesOf(endpoints),
  });
  if (table === null) throw new Error("no table");
  return table;
}

describe.each(engines)("a table on %s", (engine) => {
  test("says what it holds", () => {
    expect({ ...tableOf(engine) }).toEqual({
      generation: 7,
      endpointsGeneration: 9,
      endpointsFile: "endpoints.json",
      routeCount: 1,
      listeners: [
        { name: "http", port: 80, protocol: "HTTP", hostname: null },
        { name: "tls", port: 443, protocol: "HTTPS", hostname: "*.example.com" },
      ],
    });
  });

  test("finds endpoints in the second document", () => {
    expect(tableOf(engine).decide(good)).toMatchObject({ endpoint: "10.0.0.1:80", generation: 7 });
  });

  test("answers no more once it is disposed of, and the others go on", () => {
    const [table, other] = [tableOf(engine), tableOf(engine)];
    table.dispose();
    table.dispose();
    const calls = [() => table.decide(good), () => table.explain(good), () => table.listing()];
    for (const call of calls) expect(call).toThrow(expect.objectContaining({ code: "disposed" }));
    expect(other.decide(good).service).toBe("s");
    expect(table.generation).toBe(7);
  });
});

test("an engine is loaded once", () => {
  for (const engine of engines) expect(loadCore(engine)).toBe(loadCore(engine));
});

test("a broken WebAssembly engine is replaced, and its tables say so", () => {
  const [core, table] = [loadCore("wasm"), tableOf("wasm")];
  // More than a 32-bit memory can hold; never written, so it costs nothing here.
  const tooLarge = new Uint8Array(3 * 2 ** 30);
  const internal: Partial<CoreError> = { name: "CoreError", code: "internal" };
  expect(() => core.check(tooLarge, "ghost.json")).toThrow(expect.objectContaining(internal));
  expect(() => core.check(bytesOf(config), "ghost.json")).toThrow(
    expect.objectContaining(internal),
  );
  expect(() => table.decide(good)).toThrow(expect.objectContaining(internal));
  table.dispose();
  expect(loadCore("wasm")).not.toBe(core);
  expect(tableOf("wasm").decide(good).service).toBe("s");
  expect(() => table.decide(good)).toThrow(expect.objectContaining({ code: "disposed" }));
});

describe("an installed package", () => {
  const own = fileURLToPath(new URL("..", import.meta.url));
  let folder: string;

  /** Copies of the built package: one as it is and one without the native addon. */
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "ghost-core-"));
    for (const name of ["whole", "bare"]) {
      for (const part of [
        "package.json",
        "dist",
        "wasm",
        ...(name === "whole" ? ["native"] : []),
      ]) {
        await cp(join(own, part), join(folder, name, part), { recursive: true });
      }
    }
  });
  afterAll(() => rm(folder, { recursive: true }));

  /** Asks a fresh process for a decision. */
  async function engineOf(name: string, environment: NodeJS.ProcessEnv = {}): Promise<string> {
    const script = `
      const { loadCore } = await import(process.argv[1]);
      try {
        const core = loadCore();
        const bytes = new TextEncoder().encode('{"version":1}');
        core.compile({ routes: bytes, file: "a" }).table.decide({ method: "GET", url: "http://a/" });
        console.log(core.engine);
      } catch (error) {
        console.log(error.code + ": " + error.message);
      }`;
    const args = ["--input-type=module", "-e", script, join(folder, name, "dist/index.js")];
    const env = { ...process.env, GHOST_CORE: "", ...environment };
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { env });
    return (stdout + stderr).trim();
  }

  test("uses the native addon where there is one", async () => {
    expect(await engineOf("whole")).toBe("napi");
  });
  test("uses WebAssembly where there is none", async () => {
    expect(await engineOf("bare")).toBe("wasm");
  });
  test("uses what GHOST_CORE asks for", async () => {
    expect(await engineOf("whole", { GHOST_CORE: "wasm" })).toBe("wasm");
    expect(await engineOf("whole", { GHOST_CORE: "napi" })).toBe("napi");
  });
  test("says so when what GHOST_CORE asks for is not there", async () => {
    expect(await engineOf("bare", { GHOST_CORE: "napi" })).toMatch(
      /^unavailable: the napi engine cannot be loaded: .*no native addon for/,
    );
    expect(await engineOf("whole", { GHOST_CORE: "jit" })).toBe(
      'unavailable: GHOST_CORE is "jit"; it must be napi or wasm',
    );
  });
});
