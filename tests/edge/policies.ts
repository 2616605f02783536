// Timeouts, retries, sessions, mirrors, health: what rules and services ask of the edge.

import { deepEqual, equal, match, ok } from "node:assert/strict";

import { Edge, freePort, plain, upstream } from "./edge.ts";
import type { Configuration, Test } from "./edge.ts";
import { ask, backend, body } from "./forwarding.ts";

/** A configuration with routes in ghost.json's own words. */
function routed(port: number, rule: object, services: Record<string, number[]>): Configuration {
  const made = Object.entries(services).map(([name, ports]) => [
    name,
    { endpoints: ports.map((one) => ({ address: "127.0.0.1", port: one })) },
  ]);
  return {
    listeners: [plain(port)],
    routes: [{ name: "r", rules: [{ backends: [{ service: "a" }], ...rule }] }],
    services: Object.fromEntries(made),
  };
}

export const policies: Record<string, Test> = {
  "a request that takes too long is answered 504": async (after) => {
    const origin = await backend(after, () => {});
    const port = await freePort();
    const edge = await Edge.start(
      after,
      routed(port, { timeouts: { request: "200ms" } }, { a: [origin.port] }),
    );
    const response = await ask(port);
    deepEqual([response.statusCode, response.bytes.toString()], [504, "504 requestTimeout\n"]);
    await edge.reload(
      routed(port, { timeouts: { backendRequest: "200ms" } }, { a: [origin.port] }),
    );
    equal((await ask(port)).bytes.toString(), "504 backendTimeout\n");
    ok((await edge.metric("ghost_edge_backend_timeouts_total")) >= 2);
  },

  "a status that is worth it is tried again, with the same body": async (after) => {
    const bodies: string[] = [];
    const origin = await backend(after, async (asked, answer) => {
      bodies.push((await body(asked)).toString());
      answer.writeHead(bodies.length < 3 ? 503 : 200).end();
    });
    const port = await freePort();
    const retry = { attempts: 2, codes: [503] };
    const edge = await Edge.start(after, routed(port, { retry }, { a: [origin.port] }));
    equal((await ask(port, { method: "POST" }, "payload")).statusCode, 200);
    deepEqual(bodies, ["payload", "payload", "payload"]);
    equal(await edge.metric("ghost_edge_retries_total"), 2);
  },

  "an endpoint that is not there costs no request": async (after) => {
    const origin = await backend(after, (_asked, answer) => answer.end("here"));
    const [port, nobody] = [await freePort(), await freePort()];
    await Edge.start(after, routed(port, {}, { a: [nobody, origin.port] }));
    for (let count = 0; count < 40; count += 1) equal((await ask(port)).bytes.toString(), "here");
  },

  "a connection that the backend closed meanwhile costs no request": async (after) => {
    const origin = await backend(after, (_asked, answer) => answer.end("here"));
    const port = await freePort();
    await Edge.start(after, { ...routed(port, {}, { a: [origin.port] }), workers: 1 });
    for (let count = 0; count < 20; count += 1) {
      equal((await ask(port)).bytes.toString(), "here");
      origin.closeIdleConnections();
    }
  },

  "a session stays on its endpoint": async (after) => {
    const origins = await Promise.all(
      [0, 1, 2].map((index) => backend(after, (_asked, answer) => answer.end(`${index}`))),
    );
    const port = await freePort();
    const sessionPersistence = { sessionName: "stick" };
    await Edge.start(
      after,
      routed(port, { sessionPersistence }, { a: origins.map((one) => one.port) }),
    );
    const first = await ask(port);
    const [cookie = ""] = first.headers["set-cookie"] ?? [];
    match(cookie, /^stick=[0-9a-f]{16}; Path=\/; HttpOnly; SameSite=Lax$/);
    for (let count = 0; count < 20; count += 1) {
      const again = await ask(port, { headers: { cookie: cookie.split(";")[0] } });
      deepEqual(
        [again.bytes.toString(), again.headers["set-cookie"]],
        [first.bytes.toString(), undefined],
      );
    }
  },

  "a mirror gets the request and its body; its answer goes nowhere": async (after) => {
    const copies: string[] = [];
    const origin = await backend(after, async (asked, answer) => answer.end(await body(asked)));
    const mirror = await backend(after, async (asked, answer) => {
      copies.push(`${asked.method} ${asked.url} ${(await body(asked)).length}`);
      answer.writeHead(500).end("never seen");
    });
    const port = await freePort();
    const filters = [{ type: "RequestMirror", requestMirror: { service: "b" } }];
    const edge = await Edge.start(
      after,
      routed(port, { filters }, { a: [origin.port], b: [mirror.port] }),
    );
    const response = await ask(port, { method: "POST", path: "/x" }, Buffer.alloc(300_000));
    deepEqual([response.statusCode, response.bytes.length], [200, 300_000]);
    await edge.until(() => copies.length === 1);
    deepEqual(copies, ["POST /x 300000"]);
  },

  "active checks take an endpoint out and bring it back": async (after) => {
    let healthy = true;
    const sick = await backend(after, (asked, answer) => {
      if (asked.url === "/health") answer.writeHead(healthy ? 200 : 500).end();
      else answer.end("sick");
    });
    const well = await backend(after, (_asked, answer) => answer.end("well"));
    const port = await freePort();
    const health_check = { interval: "50ms", timeout: "1s", cooldown: "0s" };
    const edge = await Edge.start(after, {
      listeners: [plain(port)],
      upstream: upstream([sick.port, well.port], { health_check }),
    });
    const name = `ghost_edge_health_check_healthy{service="all",endpoint="127.0.0.1:${sick.port}"}`;
    healthy = false;
    await edge.until(() => edge.said.includes("endpoint is unhealthy"));
    equal(await edge.metric(name), 0);
    for (let count = 0; count < 20; count += 1) equal((await ask(port)).bytes.toString(), "well");
    healthy = true;
    await edge.until(() => edge.said.includes("endpoint is healthy"));
    equal(await edge.metric(name), 1);
  },

  "without a healthy endpoint the answer is 503": async (after) => {
    const nobody = await freePort();
    const port = await freePort();
    const passive_health = { failure_threshold: 1, cooldown: "1h" };
    await Edge.start(after, {
      listeners: [plain(port)],
      upstream: upstream([nobody], { passive_health }),
    });
    equal((await ask(port)).statusCode, 502);
    equal((await ask(port)).bytes.toString(), "503 noEndpoints\n");
  },

  "beyond 64 in flight requests wait, and not for ever": async (after) => {
    const waiting: (() => void)[] = [];
    const origin = await backend(
      after,
      (_asked, answer) => void waiting.push(() => answer.end("late")),
    );
    const port = await freePort();
    const in_flight = { wait: "300ms" };
    const edge = await Edge.start(after, {
      listeners: [plain(port)],
      upstream: upstream([origin.port], { in_flight }),
    });
    const served = Array.from({ length: 64 }, () => ask(port));
    await edge.until(() => waiting.length === 64);
    equal((await ask(port)).bytes.toString(), "503 queueTimeout\n");
    equal(await edge.limit("inFlight"), 1);
    const next = ask(port);
    for (const end of waiting.splice(0)) end();
    await Promise.all(served);
    await edge.until(() => waiting.length === 1);
    waiting[0]?.();
    equal((await next).bytes.toString(), "late");
  },

  "outliers are ejected, but not all": async (after) => {
    const origins = await Promise.all(
      [0, 1, 2].map((index) =>
        backend(
          after,
          (_asked, answer) => void answer.writeHead(index === 0 ? 500 : 200).end(`${index}`),
        ),
      ),
    );
    const port = await freePort();
    const more = {
      outlier_ejection: { consecutive_failures: 3, maximum_percent: 50 },
      load_balancing: { type: "round_robin" },
    };
    const edge = await Edge.start(after, {
      listeners: [plain(port)],
      upstream: upstream(
        origins.map((one) => one.port),
        more,
      ),
    });
    for (let count = 0; count < 30; count += 1) await ask(port);
    ok(edge.said.includes("endpoint ejected"));
    for (let count = 0; count < 12; count += 1) equal((await ask(port)).statusCode, 200);
  },
};
