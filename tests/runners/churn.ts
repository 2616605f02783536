// A thousand reloads that each replace some endpoints, and routes every fifth time; afterwards memory, files, backends and
// shared memory have to be what they were at the start.
//
//	node tests/runners/churn.ts [--reloads N]
//
// GHOST_VMOD_OUT and GHOST_ENGINE_ROOT as for varnish.ts. The start is taken after a round of warming up, in which the
// allocator and the engine's pools reach their size. Ends with "N passed, N failed".

import { readFile, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import type { Config } from "./varnish/case.ts";
import { Engine } from "./varnish/engine.ts";
import { enterNamespace, isInside } from "./varnish/namespace.ts";

const workspace = join(dirname(fileURLToPath(import.meta.url)), "../..");
/** Endpoints in the document at any time, and how many there are to choose from. */
const [present, pool] = [50, 400];
const routeCount = 500;
const warmUp = 100;
/** RSS at the end over RSS at the start. */
const growth = 1.05;
/** Seconds after which a backend that nobody uses may be deleted: the engine's idle timeout, and two. */
const patience = 60_000;

type Held = { rss: number; descriptors: number; backends: number; segments: number };

process.exitCode = isInside() ? await main(process.argv.slice(2)) : enterNamespace();

async function main(words: string[]): Promise<number> {
  const reloads = Number(words[words.indexOf("--reloads") + 1] ?? 1000) || 1000;
  const engine = await Engine.start(workspace, [], ["backend_idle_timeout=1"]);
  try {
    const churn = async (count: number): Promise<void> => {
      for (let turn = 1; turn <= count; turn += 1) await load(engine, turn);
    };
    await churn(warmUp);
    await settle(engine);
    const start = await held(engine);
    const began = performance.now();
    await churn(reloads);
    const took = (performance.now() - began) / reloads;
    const peak = await held(engine);
    await settle(engine);
    const end = await heldAtRest(engine, start.descriptors);
    console.log(`${reloads} reloads, ${took.toFixed(1)} ms each`);
    return report(start, peak, end);
  } finally {
    await engine.stop();
  }
}

async function load(engine: Engine, turn: number): Promise<void> {
  const { refused } = await engine.load(document(turn));
  if (refused !== undefined) throw new Error(`reload ${turn} was refused: ${refused}`);
}

/** Each turn moves the window of endpoints by seven; every fifth turn other routes stand in the document. */
function document(turn: number, count = present): Config {
  const endpoints = Array.from({ length: count }, (_, index) => {
    const number = (turn * 7 + index) % pool;
    return { address: `127.3.${number >> 8}.${number & 255}`, port: 9 };
  });
  const hosts = Math.floor(turn / 5);
  const routes = Array.from({ length: routeCount }, (_, index) => ({
    name: `r${index}`,
    hostnames: [`h${index}-${hosts}.example`],
    rules: [{ backends: [{ service: "s" }] }],
  }));
  const config = { version: 1, generation: turn, routes, services: { s: { endpoints } } };
  return config;
}

/**
 * Back to the first document, by way of one without endpoints: a segment of shared memory lives as long as one of its 256
 * backends, so what it is back to would else depend on which of them came last.
 */
async function settle(engine: Engine): Promise<void> {
  const empty = document(0, 0);
  const { refused } = await engine.load(empty);
  if (refused !== undefined) throw new Error(`the empty document was refused: ${refused}`);
  await swept(engine);
  await load(engine, 0);
}

/** Sweeps until nothing waits to be deleted. */
async function swept(engine: Engine): Promise<void> {
  const deadline = Date.now() + patience;
  for (;;) {
    const { waiting } = await engine.sweep();
    if (waiting === 0) return;
    if (Date.now() > deadline) throw new Error(`${waiting} backends still wait to be deleted`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** What is held once the connections of the control requests are closed, which the engine does in its own time. */
async function heldAtRest(engine: Engine, descriptors: number): Promise<Held> {
  const deadline = Date.now() + patience;
  for (;;) {
    const seen = await held(engine);
    if (seen.descriptors <= descriptors || Date.now() > deadline) return seen;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function held(engine: Engine): Promise<Held> {
  const worker = await engine.worker();
  const status = await readFile(`/proc/${worker}/status`, "utf8");
  const { inUse, waiting } = await engine.sweep();
  const files = await readdir(engine.outside("work"), { recursive: true });
  return {
    rss: Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]),
    descriptors: (await readdir(`/proc/${worker}/fd`)).length,
    backends: inUse + waiting,
    segments: files.filter((name) => name.includes("_.vsm_child/")).length,
  };
}

function report(start: Held, peak: Held, end: Held): number {
  const rows = [
    row("RSS in KiB", start.rss, peak.rss, end.rss, end.rss <= start.rss * growth),
    row("file descriptors", start.descriptors, peak.descriptors, end.descriptors),
    row("backends", start.backends, peak.backends, end.backends),
    row("shared memory segments", start.segments, peak.segments, end.segments),
  ];
  const failed = rows.filter((isGood) => !isGood).length;
  console.log(`${rows.length - failed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

function row(
  what: string,
  start: number,
  peak: number,
  end: number,
  isGood = end <= start,
): boolean {
  const numbers = `${start} at the start, ${peak} after the last reload, ${end} at the end`;
  console.log(`${isGood ? "ok  " : "FAIL"} ${what}: ${numbers} (${(end / start).toFixed(3)}x)`);
  return isGood;
}
