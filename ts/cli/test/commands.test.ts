/** What each command prints and how it ends, recorded in snapshots/. `vitest -u` rewrites them. */

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ghostctl, show, temporaryFolder } from "./run.js";

/** Name of the snapshot, then the words. */
const cases: readonly (readonly [string, ...string[]])[] = [
  ["help"],
  ["help-asked", "--help"],
  ["help-check", "help", "check"],
  ["help-simulate", "simulate", "--help"],
  ["help-up", "up", "--help"],
  ["help-demo", "demo", "--help"],
  ["usage-unknown-command", "chek"],
  ["usage-unknown-option", "simulate", "--drow", "0.5", "http://a/"],
  ["usage-bad-choice", "check", "-o", "yaml", "examples/ghost.json"],
  ["usage-no-file", "check"],
  ["check-examples", "check", "examples/ghost.json", "examples/gateway-api"],
  ["check-missing", "check", "examples/ghost.json", "examples/missing.json"],
  [
    "simulate-forward",
    "simulate",
    "-c",
    "examples/ghost.json",
    "http://shop.example.com/cart/1?a=b",
  ],
  [
    "simulate-draw",
    "simulate",
    "-c",
    "examples/ghost.json",
    "--draw",
    "0.95",
    "shop.example.com/cart",
  ],
  [
    "simulate-rewrite",
    "simulate",
    "-c",
    "examples/ghost.json",
    "-H",
    "X-Api-Version: 2",
    "http://a.example.com/api/users",
  ],
  ["simulate-redirect", "simulate", "-c", "examples/ghost.json", "http://shop.example.com/basket"],
  ["simulate-no-route", "simulate", "-c", "examples/ghost.json", "http://example.org/"],
  [
    "simulate-path-and-host",
    "simulate",
    "-c",
    "examples/ghost.json",
    "-H",
    "Host: shop.example.com",
    "/cart",
  ],
  [
    "simulate-json",
    "simulate",
    "-c",
    "examples/ghost.json",
    "-X",
    "POST",
    "-o",
    "json",
    "http://shop.example.com/",
  ],
  ["simulate-manifests", "simulate", "-f", "examples/gateway-api", "http://shop.example.com/"],
  [
    "simulate-gateway",
    "simulate",
    "-f",
    "examples/gateway-api",
    "--gateway",
    "shop/edge",
    "--listener",
    "http",
    "http://shop.example.com:8080/",
  ],
  [
    "simulate-other-controller",
    "simulate",
    "-f",
    "examples/gateway-api",
    "--controller",
    "other/controller",
    "http://shop.example.com/",
  ],
  ["usage-no-url", "simulate", "-c", "examples/ghost.json"],
  ["usage-empty-url", "simulate", "-c", "examples/ghost.json", ""],
  ["usage-other-scheme", "simulate", "-c", "examples/ghost.json", "ftp://shop.example.com/"],
  ["usage-path-without-host", "simulate", "-c", "examples/ghost.json", "/cart"],
  ["usage-bad-header", "simulate", "-c", "examples/ghost.json", "-H", "no colon", "http://a/"],
  [
    "usage-header-of-two-lines",
    "simulate",
    "-c",
    "examples/ghost.json",
    "-H",
    "a: b\r\nc: d",
    "http://a/",
  ],
  ["usage-bad-draw", "simulate", "-c", "examples/ghost.json", "--draw", "1", "http://a/"],
  [
    "usage-unknown-listener",
    "simulate",
    "-f",
    "examples/gateway-api",
    "--listener",
    "web",
    "http://a/",
  ],
  [
    "usage-both-sources",
    "simulate",
    "-c",
    "examples/ghost.json",
    "-f",
    "examples/gateway-api",
    "http://a/",
  ],
  [
    "usage-gateway-without-manifests",
    "simulate",
    "-c",
    "examples/ghost.json",
    "--gateway",
    "a/b",
    "http://a/",
  ],
  ["usage-missing-document", "simulate", "-c", "missing.json", "http://a/"],
  ["usage-up-missing-document", "up", "-c", "missing.json"],
  ["usage-up-bad-listen", "up", "-c", "examples/ghost.json", "--listen", "127.0.0.1"],
  ["usage-up-bad-cache-size", "up", "-c", "examples/ghost.json", "--cache-size", "1m,/tmp"],
  ["usage-demo-bad-number", "demo", "--requests", "some"],
];

test.each(cases)("%s", async (name, ...words) => {
  await expect(show(await ghostctl(words))).toMatchFileSnapshot(`snapshots/${name}.txt`);
});

test("no configuration is named and none is there", async () => {
  const folder = await temporaryFolder();
  await expect(show(await ghostctl(["simulate", "http://a/"], { folder }))).toMatchFileSnapshot(
    "snapshots/usage-no-source.txt",
  );
});

const route = { name: "r", rules: [{ backends: [{ service: "s" }] }] };
const service = { endpoints: [{ address: "127.0.0.1", port: 9001 }] };
const document = (changes: object): string =>
  JSON.stringify({ version: 1, routes: [route], services: { s: service }, ...changes }, null, 2);

/** Documents that are wrong in one way each. */
const broken: readonly (readonly [string, string | Buffer])[] = [
  ["truncated", document({}).slice(0, 60)],
  ["empty", ""],
  [
    "not-utf8",
    Buffer.concat([
      Buffer.from('{"version": 1, "routes": [{"name": "'),
      Buffer.from([0xff, 0xfe]),
      Buffer.from('"}]}'),
    ]),
  ],
  ["unknown-version", document({ version: 2 })],
  ["unknown-key", document({ routes: [{ ...route, hostname: ["a.example"] }] })],
  ["duplicate-route", document({ routes: [route, route] })],
  ["duplicate-service", document({}).replace('"s": {', '"s": {},\n    "s": {')],
  [
    "dangling-service",
    document({ routes: [{ name: "r", rules: [{ backends: [{ service: "missing" }] }] }] }),
  ],
  [
    "weight-overflow",
    document({
      routes: [{ name: "r", rules: [{ backends: [{ service: "s", weight: 4294967296 }] }] }],
    }),
  ],
  ["port-zero", document({ services: { s: { endpoints: [{ address: "127.0.0.1", port: 0 }] } } })],
  ["line-break-in-value", document({ routes: [{ ...route, hostnames: ["a\r\nset-cookie: b"] }] })],
  ["terminal-escape", document({ routes: [{ ...route, hostnames: ["\u001b[2J\u202e"] }] })],
];

describe("broken documents", () => {
  test.each(broken)("%s", async (name, content) => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "ghost.json"), content);
    const checked = await ghostctl(["check", "ghost.json"], { folder });
    const asked = await ghostctl(["simulate", "http://a.example/"], { folder });
    const text = `$ ghostctl check ghost.json\n${show(checked)}\n$ ghostctl simulate http://a.example/\n${show(asked)}`;
    await expect(text).toMatchFileSnapshot(`snapshots/broken-${name}.txt`);
    expect(checked.code).toBe(1);
    expect(checked.out).toMatch(/^ghost\.json:\d+:\d+: error\[GH\d{4}\] /);
    // eslint-disable-next-line no-control-regex -- none may reach the terminal
    expect(checked.out + checked.err + asked.out + asked.err).not.toMatch(
      /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/,
    );
  });

  test("all findings of all files at once", async () => {
    const folder = await temporaryFolder();
    await writeFile(
      join(folder, "a.json"),
      document({
        routes: [
          { ...route, hostnames: ["a b"] },
          { ...route, name: "" },
        ],
      }),
    );
    await writeFile(join(folder, "b.yaml"), "kind: [\n");
    await writeFile(
      join(folder, "c.json"),
      '{"apiVersion": "v1", "kind": "Service", "metadata": {}}',
    );
    const ran = await ghostctl(["check", "-o", "json", "a.json", "b.yaml", "c.json"], { folder });
    const findings: { readonly code: string; readonly file: string }[] = JSON.parse(ran.out);
    expect(ran.code).toBe(1);
    expect(new Set(findings.map(({ file }) => file))).toEqual(
      new Set(["a.json", "b.yaml", "c.json"]),
    );
    expect(findings.filter(({ file }) => file === "a.json").map(({ code }) => code)).toEqual([
      "GH0103",
      "GH0124",
    ]);
  });
});

describe("the terminal", () => {
  test("colours where they are wanted, none where they are not", async () => {
    const words = ["simulate", "-c", "examples/ghost.json", "http://shop.example.com/"];
    const [forced, refused, dumb] = await Promise.all([
      ghostctl(words, { environment: { FORCE_COLOR: "1" } }),
      ghostctl(words, { environment: { FORCE_COLOR: "1", NO_COLOR: "1" } }),
      ghostctl(words, { environment: { FORCE_COLOR: "1", TERM: "dumb" } }),
    ]);
    expect(forced.out).toContain("\u001b[1m");
    expect(refused.out + dumb.out).not.toContain("\u001b");
  });

  test("version", async () => {
    const ran = await ghostctl(["version", "-o", "json"]);
    expect(ran).toMatchObject({ code: 0, err: "" });
    expect(JSON.parse(ran.out)).toEqual({
      ghostctl: "0.1.0",
      core: {
        version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
        engine: expect.stringMatching(/^(napi|wasm)$/),
      },
      node: process.versions.node,
      varnishd: expect.stringMatching(/^\d+\.\d+\.\d+/),
      vmod: expect.stringMatching(/libvmod_ghost\.so$/),
    });
  });

  test("both engines of the core answer alike", async () => {
    const words = [
      "simulate",
      "-c",
      "examples/ghost.json",
      "-o",
      "json",
      "http://shop.example.com/cart",
    ];
    const [napi, wasm] = await Promise.all(
      ["napi", "wasm"].map((engine) => ghostctl(words, { environment: { GHOST_CORE: engine } })),
    );
    expect(napi?.code).toBe(0);
    expect(wasm).toEqual(napi);
  });
});
