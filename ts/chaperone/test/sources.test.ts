/** What sources give. */

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { loadCore } from "@ghost-gateway/core";
import { describe, expect, test } from "vitest";
import { judge } from "../src/apply/verdict.js";
import { readSource, UnreadableSource } from "../src/sources/source.js";
import { temporaryFolder } from "./engine.js";

const core = loadCore();

describe("a routing document", () => {
  test("comes with the endpoints file that it names, relative to itself", async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, "where"));
    await writeFile(
      join(folder, "ghost.json"),
      '{"version":1,"endpointsFile":"where/endpoints.json","services":{"s":{}}}',
    );
    await writeFile(
      join(folder, "where/endpoints.json"),
      '{"version":1,"services":{"s":{"endpoints":[]}}}',
    );
    const reading = await readSource({ kind: "document", file: join(folder, "ghost.json") });
    expect([...reading.texts.keys()]).toEqual([
      join(folder, "ghost.json"),
      join(folder, "where/endpoints.json"),
    ]);
    expect(reading.documents?.endpointsFile).toBe(join(folder, "where/endpoints.json"));
    expect(judge(reading, core, "refuse")).toMatchObject({ kind: "good" });
  });

  test.each([
    ["is not there", "missing.json", "there is no such file"],
    ["is a folder", ".", "it is a folder"],
  ])("that %s", async (_name, name, message) => {
    const file = join(await temporaryFolder(), name);
    const reading = readSource({ kind: "document", file });
    await expect(reading).rejects.toThrow(UnreadableSource);
    await expect(reading).rejects.toThrow(message);
  });

  test("whose endpoints file is not there", async () => {
    const file = join(await temporaryFolder(), "ghost.json");
    await writeFile(file, '{"version":1,"endpointsFile":"gone.json"}');
    await expect(readSource({ kind: "document", file })).rejects.toThrow(
      /gone\.json: there is no such file/,
    );
  });
});

const gateway = `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: edge, namespace: shop }
spec:
  gatewayClassName: ghost
  listeners: [{ name: http, port: 80, protocol: HTTP }]
`;
const route = (backend: string): string => `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: ${backend}, namespace: shop }
spec:
  parentRefs: [{ name: edge }]
  rules:
    - matches: [{ path: { type: RegularExpression, value: "(?=x)" } }]
      backendRefs: [{ name: ${backend}, port: 80 }]
`;

describe("manifests", () => {
  test("of a folder, in the order of their names; other files and hidden ones are left alone", async () => {
    const folder = await temporaryFolder();
    for (const name of ["b.yaml", "a.yml", "c.json", ".hidden.yaml", "notes.txt"])
      await writeFile(join(folder, name), "");
    await mkdir(join(folder, "deeper.yaml.d"));
    const reading = await readSource({ kind: "manifests", paths: [folder] });
    expect([...reading.texts.keys()]).toEqual(
      ["a.yml", "b.yaml", "c.json"].map((name) => join(folder, name)),
    );
  });

  test("with a route that cannot be compiled: its place is the manifest's, the rest is served", async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "gateway.yaml"), gateway);
    await writeFile(join(folder, "routes.yaml"), route("cart"));
    const verdict = judge(
      await readSource({ kind: "manifests", paths: [folder] }),
      core,
      "quarantine",
    );
    expect(verdict).toMatchObject({ kind: "good", listeners: [{ name: "http", port: 80 }] });
    expect(verdict.diagnostics).toContainEqual(
      expect.objectContaining({
        code: "GH0107",
        file: join(folder, "routes.yaml"),
        line: 8,
        object: "HTTPRoute/shop/cart",
      }),
    );
  });

  test("half written: nothing is used, since the lost objects would take their routes away", async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "gateway.yaml"), gateway);
    await writeFile(join(folder, "routes.yaml"), "apiVersion: [");
    const reading = await readSource({ kind: "manifests", paths: [folder] });
    expect(reading.documents).toBeNull();
    expect(judge(reading, core, "quarantine")).toMatchObject({
      kind: "refused",
      diagnostics: [{ code: "GH2001", line: 1 }],
    });
  });
});
