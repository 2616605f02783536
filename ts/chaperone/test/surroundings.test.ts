/** Endpoints that go bad and come back, and names that move, behind the real varnishd. */

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { connectChaperone } from "../src/control.js";
import { serveDns } from "./dns.js";
import { serveHttp, start, temporaryFolder } from "./engine.js";

const listen = [{ address: "127.0.0.1:0" }];
const routes = [{ name: "all", rules: [{ backends: [{ service: "s" }] }] }];

async function startWith(
  services: object,
  options: Partial<Parameters<typeof start>[0]> = {},
): Promise<ReturnType<typeof start>> {
  const file = join(await temporaryFolder(), "ghost.json");
  await writeFile(file, JSON.stringify({ version: 1, routes, services }));
  return start({ source: { kind: "document", file }, listen, ...options });
}

let count = 0;

/** Over a path of its own, so that nothing comes from the cache. */
async function answerOf(port: number): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/${(count += 1)}`);
  const text = await response.text();
  return response.ok ? text : String(response.status);
}

test("an endpoint that fails its probes gets no requests until it passes them again", async () => {
  let status = 200;
  const [good, bad] = await Promise.all([
    serveHttp(({ url }, response) => response.end(url === "/health" ? "" : "good")),
    serveHttp(({ url }, response) => {
      response.writeHead(url === "/health" ? status : 200).end("bad");
    }),
  ]);
  const healthCheck = {
    interval: "100ms",
    failureThreshold: 2,
    successThreshold: 2,
    cooldown: "0s",
  };
  const endpoints = [good, bad].map((port) => ({ address: "127.0.0.1", port }));
  const loadBalancing = { type: "roundRobin" };
  const running = await startWith({ s: { loadBalancing, healthCheck, endpoints } });
  const { listeners, folder } = await running.next("ready");
  const port = listeners[0]?.port ?? 0;
  const client = connectChaperone({ folder });
  const first = (await client.status()).applied?.routes.sha256;

  status = 503;
  await expect
    .poll(async () => (await client.status()).probes.unhealthy, { timeout: 20_000 })
    .toBe(1);
  const { probes } = await client.status();
  expect(probes).toMatchObject({
    endpoints: 2,
    worst: [{ service: "s", endpoint: `127.0.0.1:${bad}`, reason: "status 503" }],
  });
  // Out of the table once the engine has acknowledged it.
  const both = async (): Promise<Set<string>> =>
    new Set(await Promise.all(Array.from({ length: 8 }, () => answerOf(port))));
  await expect.poll(both, { timeout: 20_000 }).toEqual(new Set(["good"]));

  status = 200;
  await expect.poll(both, { timeout: 20_000 }).toEqual(new Set(["good", "bad"]));
  const after = await client.status();
  expect(after.probes).toMatchObject({ endpoints: 2, unhealthy: 0, worst: [] });
  expect(after.applied?.routes.sha256, "routes were written again").toBe(first);
  expect(await client.history(), "health is no entry of the history").toHaveLength(1);
});

test("a service behind a name follows its addresses and keeps the last ones while DNS fails", async () => {
  const port = await serveHttp((_request, response) => response.end("here"));
  const dns = await serveDns();
  dns.answer = { code: 2 };
  const running = await startWith(
    { s: { resolve: { hostname: "api.example.com", port } } },
    { nameServers: [dns.address], allowedTargets: ["127.0.0.0/8"] },
  );
  const { listeners, folder } = await running.next("ready");
  const client = connectChaperone({ folder });
  const listener = listeners[0]?.port ?? 0;
  await expect.poll(async () => (await client.status()).names.failing.length).toBe(1);
  expect(await answerOf(listener)).toBe("503");

  dns.answer = { addresses: ["127.0.0.1"], ttl: 1 };
  await expect.poll(() => answerOf(listener), { timeout: 30_000 }).toBe("here");
  expect((await client.status()).names).toEqual({ count: 1, failing: [] });

  dns.answer = { code: 3 };
  await expect
    .poll(async () => (await client.status()).names.failing.length, { timeout: 30_000 })
    .toBe(1);
  expect(await answerOf(listener)).toBe("here");
});
