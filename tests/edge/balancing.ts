// Load balancing under traffic: each algorithm spreads requests as its name says, within bounds.

import { deepEqual, equal, ok } from "node:assert/strict";

import { Edge, freePort, plain, upstream } from "./edge.ts";
import type { After, Configuration, Test } from "./edge.ts";
import { ask, backend } from "./forwarding.ts";

type Backend = { address: string; weight?: number };

/** Endpoints that answer with their place, and an edge before them. */
async function balanced(
  after: After,
  weights: number[],
  load_balancing: Configuration,
): Promise<{ port: number; edge: Edge; backends: Backend[]; listeners: Configuration[] }> {
  const backends: Backend[] = [];
  for (const [place, weight] of weights.entries()) {
    const origin = await backend(after, (_asked, answer) => answer.end(String(place)));
    backends.push({ address: `127.0.0.1:${origin.port}`, weight });
  }
  const port = await freePort();
  const listeners = [plain(port)];
  const edge = await Edge.start(after, {
    listeners,
    upstream: upstream([], { backends, load_balancing }),
    // One worker: turns are counted in one place.
    workers: 1,
  });
  return { port, edge, backends, listeners };
}

async function counts(port: number, requests: number, of: number, header = ""): Promise<number[]> {
  const found = Array<number>(of).fill(0);
  for (let number = 0; number < requests; number += 1) {
    const headers = header === "" ? {} : { [header]: String(number) };
    const place = Number((await ask(port, { headers })).bytes.toString());
    found[place] = (found[place] ?? 0) + 1;
  }
  return found;
}

/** Five standard deviations of a binomial: a fair one is out of them once in a million runs. */
function within(found: number[], shares: number[]): void {
  const all = found.reduce((sum, one) => sum + one, 0);
  for (const [place, share] of shares.entries()) {
    const bound = 5 * Math.sqrt(all * share * (1 - share));
    const [mine, expected] = [found[place] ?? 0, all * share];
    ok(Math.abs(mine - expected) <= bound, `${found.join()} are not ${shares.join()}`);
  }
}

export const balancing: Record<string, Test> = {
  "random goes by weight": async (after) => {
    const { port } = await balanced(after, [1, 3], { type: "random" });
    within(await counts(port, 400, 2), [0.25, 0.75]);
  },

  "round robin takes turns": async (after) => {
    const { port } = await balanced(after, [1, 1, 1], { type: "rr" });
    deepEqual(await counts(port, 60, 3), [20, 20, 20]);
  },

  "a consistent hash keeps a key where it is, and spreads keys": async (after) => {
    for (const type of ["consistent_hash", "maglev"]) {
      const { port } = await balanced(after, [1, 1], { type, key: "header:x-key" });
      const one = await counts(port, 200, 2, "x-key");
      ok(Math.min(...one) > 40, `${type}: ${one.join()}`);
      deepEqual(await counts(port, 200, 2, "x-key"), one, type);
      const same = Array.from({ length: 10 }, () => ask(port, { headers: { "x-key": "mine" } }));
      const places = (await Promise.all(same)).map(({ bytes }) => bytes.toString());
      equal(new Set(places).size, 1, type);
    }
  },

  "least request avoids the endpoint that is busy": async (after) => {
    let release: () => void = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    let waiting = 0;
    const busy = await backend(after, async (asked, answer) => {
      waiting += 1;
      if (asked.url === "/hold") await held;
      answer.end("busy");
    });
    const idle = await backend(after, (_asked, answer) => answer.end("idle"));
    const port = await freePort();
    const group = (listener: number, ports: number[]): Configuration => ({
      listeners: [plain(listener)],
      upstream: upstream(ports, { load_balancing: { type: "least_request" } }),
      workers: 1,
    });
    const edge = await Edge.start(after, group(port, [busy.port]));
    const holding = Array.from({ length: 8 }, () => ask(port, { path: "/hold" }));
    await edge.until(() => waiting === 8);
    await edge.reload(group(port, [busy.port, idle.port]));
    // Of two that are drawn the one with fewer requests gets it; the same one may be drawn twice.
    const found = { busy: 0, idle: 0 };
    for (let count = 0; count < 200; count += 1) {
      found[(await ask(port)).bytes.toString() === "idle" ? "idle" : "busy"] += 1;
    }
    within([found.busy, found.idle], [0.25, 0.75]);
    release();
    await Promise.all(holding);
  },

  "slow start lets a new endpoint earn its weight": async (after) => {
    const [window, began] = [8_000, Date.now()];
    const settings = { type: "random", slow_start: `${window}ms` };
    const { port, edge, backends, listeners } = await balanced(after, [1, 1], settings);
    const fresh = await backend(after, (_asked, answer) => answer.end("2"));
    // The other two have earned theirs by then.
    await edge.until(() => Date.now() - began > window + 1_000);
    await edge.reload({
      listeners,
      upstream: upstream([], {
        backends: [...backends, { address: `127.0.0.1:${fresh.port}`, weight: 1 }],
        load_balancing: settings,
      }),
      workers: 1,
    });
    const [, , late = 0] = await counts(port, 300, 3);
    ok(late < 60, `${late} of 300 went to an endpoint that has just come`);
  },
};
