/** What the edge finds in its folder, and when a generation counts as served. */

import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { GenerationFolder } from "../src/edge/generation.js";
import { DeliveryError, placeConfiguration } from "../src/edge/place.js";

const name = "0123456789abcdef0123456789abcdef";
const configuration = {
  version: 1,
  listeners: [
    {
      name: "https",
      port: 443,
      protocol: "https",
      tls: { certificates: [{ cert: `tls/${name}.crt`, key: `tls/${name}.key` }] },
    },
  ],
  policies: { "a/b:1": { tls: { ca_files: [`authorities/${name}.pem`], server_name: "b" } } },
  routes_file: "routes.json",
};

function bytes(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ghost-pod-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

function delivered(): Map<string, Uint8Array> {
  return new Map([
    ["edge.json", bytes(configuration)],
    ["routes.json", bytes({ version: 1 })],
    ["endpoints.json", bytes({ version: 1 })],
    [`authorities/${name}.pem`, Buffer.from("authority")],
  ]);
}

test("every path leads into the generation's folder, and certificates are named", () => {
  const { text, secrets } = placeConfiguration(bytes(configuration), "generations/7");
  expect(secrets).toEqual([`tls/${name}.crt`, `tls/${name}.key`]);
  expect(JSON.parse(text)).toEqual({
    version: 1,
    listeners: [
      {
        name: "https",
        port: 443,
        protocol: "https",
        tls: {
          certificates: [
            { cert: `generations/7/tls/${name}.crt`, key: `generations/7/tls/${name}.key` },
          ],
        },
      },
    ],
    policies: {
      "a/b:1": {
        tls: { ca_files: [`generations/7/authorities/${name}.pem`], server_name: "b" },
      },
    },
    routes_file: "generations/7/routes.json",
    state_directory: "state",
    metrics: { address: "127.0.0.1:9090" },
  });
});

test.each(["/etc/passwd", "../routes.json", "tls/../../key", 7])(
  "a configuration that names %j is refused",
  (path) => {
    const hostile = bytes({ ...configuration, routes_file: path });
    expect(() => placeConfiguration(hostile, "generations/1")).toThrow(DeliveryError);
  },
);

test("a generation is served when the edge keeps its configuration as the one that serves", async () => {
  const generations = new GenerationFolder(folder, async (file) => Buffer.from(`secret ${file}`));
  expect(await generations.isServed()).toBe(false);
  await generations.write(1, delivered());
  expect(await generations.isServed()).toBe(false);
  const configured = await readFile(join(folder, "edge.json"));
  expect(await readFile(join(folder, `generations/1/tls/${name}.key`), "utf8")).toBe(
    `secret ${name}.key`,
  );
  await writeFile(join(folder, "state/last-good"), configured);
  expect(await generations.isServed()).toBe(true);
  // The documents are the same, the generation is not: what served before does not count for it.
  await generations.write(2, delivered());
  expect(await generations.isServed()).toBe(false);
});

test("the generation before stays, older ones go", async () => {
  const generations = new GenerationFolder(folder, async () => Buffer.from("secret"));
  for (const generation of [1, 2, 3]) await generations.write(generation, delivered());
  expect((await readdir(join(folder, "generations"))).toSorted()).toEqual(["2", "3"]);
});

test("without a certificate the configuration that serves is left alone", async () => {
  let isThere = true;
  const generations = new GenerationFolder(folder, async () => {
    if (!isThere) throw new DeliveryError("not yet");
    return Buffer.from("secret");
  });
  await generations.write(1, delivered());
  const before = await readFile(join(folder, "edge.json"), "utf8");
  isThere = false;
  await expect(generations.write(2, delivered())).rejects.toThrow("not yet");
  expect(await readFile(join(folder, "edge.json"), "utf8")).toBe(before);
});
