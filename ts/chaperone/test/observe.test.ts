/** Counters, metrics and the small servers. */

import * as fc from "fast-check";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { counterText, readCounters } from "../src/observe/counters.js";
import { jsonAnswer, serveTcp, textAnswer } from "../src/observe/http.js";
import type { Endpoint } from "../src/observe/http.js";
import { StatsCollector } from "../src/observe/varnishstat.js";
import { writeFile } from "node:fs/promises";
import { serveHttp, start, temporaryFolder } from "./engine.js";

const stats = (counters: object): string => JSON.stringify({ version: 1, counters });

test("counters of the engine as Prometheus reads them", () => {
  const text = stats({
    "MAIN.sess_conn": { description: "Sessions accepted", flag: "c", format: "i", value: 12 },
    "MEMPOOL.sess0.live": { description: "In use", flag: "g", format: "i", value: 1 },
    "MEMPOOL.sess1.live": { description: "In use", flag: "g", format: "i", value: 2 },
    'VBE.a.b"c\\.req': { description: "two\nlines", flag: "c", format: "i", value: 3 },
    "MGT.uptime": { description: "Uptime", flag: "c", format: "d", value: 4 },
  });
  expect(counterText(readCounters(text))).toBe(`# HELP varnish_sess_conn Sessions accepted
# TYPE varnish_sess_conn counter
varnish_sess_conn 12
# HELP varnish_mempool_live In use
# TYPE varnish_mempool_live gauge
varnish_mempool_live{id="sess0"} 1
varnish_mempool_live{id="sess1"} 2
# HELP varnish_vbe_req two\\nlines
# TYPE varnish_vbe_req counter
varnish_vbe_req{id="a.b\\"c\\\\"} 3
# HELP varnish_mgt_uptime Uptime
# TYPE varnish_mgt_uptime counter
varnish_mgt_uptime 4
`);
});

test("whatever varnishstat prints, what comes out is Prometheus' text", () => {
  const counters = fc.dictionary(
    fc.string(),
    fc.record({
      description: fc.string(),
      flag: fc.constantFrom("c", "g", "b"),
      value: fc.integer(),
    }),
  );
  const line =
    /^(# (HELP|TYPE) varnish_[a-z0-9_]* .*|varnish_[a-z0-9_]*(\{id="([^"\\\n]|\\.)*"\})? -?\d+)$/s;
  fc.assert(
    fc.property(counters, (values) => {
      const lines = counterText(readCounters(stats(values)))
        .split("\n")
        .slice(0, -1);
      expect(lines.filter((one) => !line.test(one) && !one.startsWith("# "))).toEqual([]);
    }),
    { seed: 8, numRuns: 1000 },
  );
});

async function serve(endpoints: readonly Endpoint[]): Promise<string> {
  const served = await serveTcp({ host: "127.0.0.1", port: 0 }, endpoints, "secret");
  onTestFinished(() => served.close());
  return `http://${served.address}`;
}

test("who may ask what", async () => {
  const url = await serve([
    { method: "GET", path: "/open", answer: () => textAnswer("open") },
    { method: "GET", path: "/here", access: "thisMachine", answer: () => textAnswer("here") },
    { method: "POST", path: "/order", access: "order", answer: () => jsonAnswer({ ok: true }) },
    {
      method: "GET",
      path: "/broken",
      answer: () => {
        throw new Error("because");
      },
    },
  ]);
  const ask = async (path: string, options: RequestInit = {}): Promise<number> =>
    (await fetch(`${url}${path}`, options)).status;
  const bearer = (token: string): RequestInit => ({
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
  });
  expect(await ask("/open?x=1")).toBe(200);
  expect(await ask("/open", { method: "HEAD" })).toBe(200);
  expect(await ask("/open", { method: "DELETE" })).toBe(405);
  expect(await ask("/nowhere")).toBe(404);
  expect(await ask("/here")).toBe(200);
  expect(await ask("/order", { method: "POST" })).toBe(401);
  expect(await ask("/order", bearer("wrong"))).toBe(401);
  expect(await ask("/order", bearer("secret"))).toBe(200);
  expect(await ask("/broken")).toBe(500);
});

test("a page in a browser that made its name point here gets nothing but health", async () => {
  const url = await serve([
    { method: "GET", path: "/open", answer: () => textAnswer("open") },
    { method: "GET", path: "/here", access: "thisMachine", answer: () => textAnswer("here") },
  ]);
  const { request } = await import("node:http");
  const ask = (path: string): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      request(`${url}${path}`, { headers: { host: "attacker.example" } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on("error", reject)
        .end();
    });
  expect([await ask("/open"), await ask("/here")]).toEqual([200, 421]);
});

test("metrics of a real engine, ours and its own", async () => {
  const port = await serveHttp((_request, response) => response.end("here"));
  const file = join(await temporaryFolder(), "ghost.json");
  await writeFile(
    file,
    JSON.stringify({
      version: 1,
      routes: [{ name: "all", rules: [{ backends: [{ service: "s" }] }] }],
      services: { s: { endpoints: [{ address: "127.0.0.1", port }] } },
    }),
  );
  const metrics = { host: "127.0.0.1", port: await freePort() };
  const source = { kind: "document", file } as const;
  const running = start({ source, listen: [{ address: "127.0.0.1:0" }], metrics });
  const { listeners, folder } = await running.next("ready");
  await fetch(`http://127.0.0.1:${listeners[0]?.port}/`);
  const collector = new StatsCollector(join(folder, "engine"));
  await expect.poll(() => collector.value("MAIN.cache_miss")).toBe(1);
  const text = await (await fetch(`http://127.0.0.1:${metrics.port}/metrics`)).text();
  for (const name of [
    "sess_conn",
    "client_req",
    "cache_hit",
    "cache_miss",
    "backend_conn",
    "backend_fail",
  ])
    expect(text).toMatch(new RegExp(`^varnish_${name} \\d+$`, "m"));
  expect(text).toMatch(/^chaperone_vcl_reloads_total 1$/m);
  expect(text).toMatch(/^chaperone_reloads_total 1$/m);
  expect(text).toMatch(/^chaperone_ready 1$/m);
  expect((await readFile(join(folder, "token"), "utf8")).trim().length).toBeGreaterThan(30);
  const over = new AbortController();
  const seen: (number | undefined)[] = [];
  for await (const value of collector.watch("MAIN.cache_miss", 10, over.signal)) {
    seen.push(value);
    if (seen.length === 2) over.abort();
  }
  expect(seen).toEqual([1, 1]);
});

async function freePort(): Promise<number> {
  const { createServer } = await import("node:net");
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}
