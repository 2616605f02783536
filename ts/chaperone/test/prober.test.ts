/** Who is asked, and how many at a time. */

import { createServer } from "node:net";
import type { Socket } from "node:net";
import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import { Prober } from "../src/health/prober.js";
import type { ProbeResult } from "../src/health/prober.js";
import type { PlannedCheck } from "../src/health/probe.js";
import { serveHttp } from "./engine.js";

function planOf(ports: readonly number[], interval: number, path = "/"): PlannedCheck[] {
  return [
    {
      service: "s",
      protocol: "http1",
      check: {
        type: "http",
        path,
        host: null,
        statuses: [[200, 200]],
        grpcService: "",
        interval,
        timeout: 5000,
      },
      endpoints: ports.map((port) => ({
        endpoint: `127.0.0.1:${port}`,
        address: "127.0.0.1",
        port,
        healthy: true,
      })),
    },
  ];
}

/** A prober whose results are told; it ends with the test. */
function probing(concurrency: number): { prober: Prober; next: () => Promise<ProbeResult> } {
  const results: ProbeResult[] = [];
  let wake = (): void => undefined;
  const prober = new Prober({
    concurrency,
    random: () => 0,
    onResult: (result) => {
      results.push(result);
      wake();
    },
  });
  onTestFinished(() => prober.end());
  const next = async (): Promise<ProbeResult> => {
    if (results.length === 0) await new Promise<void>((resolve) => (wake = resolve));
    const result = results.shift();
    if (result === undefined) throw new Error("woken for nothing");
    return result;
  };
  return { prober, next };
}

test("asks again and again, and tells what came of it", async () => {
  let status = 200;
  const port = await serveHttp((_request, response) => response.writeHead(status).end());
  const { prober, next } = probing(4);
  prober.follow(planOf([port], 1));
  expect(await next()).toMatchObject({ service: "s", endpoint: `127.0.0.1:${port}` });
  status = 500;
  while ((await next()).reason === undefined);
  status = 200;
  while ((await next()).reason !== undefined);
});

test("never more than its number are asked at a time, and all in the end", async () => {
  const held: Socket[] = [];
  let most = 0;
  let arrived = (): void => undefined;
  const servers = Array.from({ length: 6 }, () =>
    createServer((socket) => {
      socket.on("error", () => undefined);
      held.push(socket);
      most = Math.max(most, held.length);
      arrived();
    }),
  );
  const ports: number[] = [];
  for (const server of servers) {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    onTestFinished(() => void server.close());
    const address = server.address();
    if (typeof address === "object" && address !== null) ports.push(address.port);
  }
  const { prober, next } = probing(2);
  const full = new Promise<void>((resolve) => {
    arrived = () => {
      if (held.length === 2) resolve();
    };
  });
  prober.follow(planOf(ports, 1e6));
  await full;
  // Others would come in while these round trips are made.
  const other = await serveHttp((_request, response) => response.end());
  for (let trip = 0; trip < 20; trip += 1) await (await fetch(`http://127.0.0.1:${other}`)).text();
  expect(held.length).toBe(2);
  const seen = new Set<string>();
  arrived = () => held.shift()?.end("HTTP/1.1 200 OK\r\n\r\n");
  for (const socket of held.splice(0)) socket.end("HTTP/1.1 200 OK\r\n\r\n");
  while (seen.size < ports.length) seen.add((await next()).endpoint);
  expect(most).toBe(2);
});

test("a new plan keeps the pace of those that stay, drops those that go, asks anew what is asked otherwise", async () => {
  const asked: string[] = [];
  const port = await serveHttp(({ url }, response) => {
    asked.push(String(url));
    response.end();
  });
  const { prober, next } = probing(4);
  prober.follow(planOf([port], 1e6));
  await next();
  prober.follow(planOf([port], 1e6));
  prober.follow(planOf([port], 1e6, "/other"));
  await next();
  expect(asked).toEqual(["/", "/other"]);
  prober.follow([]);
  expect(prober.size).toBe(0);
});
