/**
 * Reloads without end and a killed child now and then, under load: does anything grow?
 *
 *	node tests/chaos/soak.ts MINUTES
 */

import { readdirSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { childOf, memoryOf } from "./chaperone.ts";
import { width } from "./load.ts";
import { Stage } from "./stage.ts";

const minutes = Number(process.argv[2] ?? 180);
const samples = 60;
const kills = Math.max(1, Math.round(minutes / 6));

interface Sample {
  readonly reloads: number;
  readonly child: number;
  readonly manager: number;
  readonly chaperone: number;
  readonly descriptors: number;
  readonly backends: number;
}

const columns = ["reloads", "child", "manager", "chaperone", "descriptors", "backends"] as const;

const stage = await Stage.open({ name: "installed" });
stage.load.start();
let edits = 0;
let isOver = false;
const editing = (async () => {
  for (; !isOver; edits += 1) {
    await stage.change([edits % 2 === 0 ? "green" : "blue"]);
    await delay(500);
  }
})();

function sample(): Sample {
  const child = childOf(stage.manager) ?? stage.manager;
  const chaperone = stage.chaperone.pid;
  return {
    reloads: stage.chaperone.lines.filter(({ event }) => event === "reloaded").length,
    child: memoryOf(child),
    manager: memoryOf(stage.manager),
    chaperone: memoryOf(chaperone),
    descriptors: readdirSync(`/proc/${chaperone}/fd`).length,
    backends: stage.counter("MAIN.n_backend"),
  };
}

const seen: Sample[] = [];
process.stdout.write(`${columns.map((name) => name.padStart(12)).join("")}\n`);
for (let count = 0; count < samples; count += 1) {
  await delay((minutes * 60_000) / samples);
  if (count % Math.ceil(samples / kills) === Math.ceil(samples / kills) - 1) {
    const child = childOf(stage.manager);
    if (child !== undefined) process.kill(child, "SIGKILL");
    await stage.load.recovery();
    await stage.load.more(40_000);
  }
  const now = sample();
  seen.push(now);
  process.stdout.write(`${columns.map((name) => String(now[name]).padStart(12)).join("")}\n`);
}
isOver = true;
await editing;
await stage.load.stop();
const { requests, lost, wrong } = stage.ledger.audit();
await stage.close();

const median = (values: readonly number[]): number =>
  values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0;
const early = seen.slice(samples / 6, samples / 3);
const late = seen.slice(-samples / 6);
const grown = columns.slice(1).filter((name) => {
  const [before, after] = [early, late].map((part) => median(part.map((one) => one[name])));
  return (after ?? 0) > (before ?? 0) * 1.15 + 5;
});
process.stdout.write(
  `${minutes} minutes, ${seen.at(-1)?.reloads} reloads, ${kills} kills of the child, ${requests} requests: lost ${lost} (allowed ${kills * width * 2}), wrong ${wrong}; ` +
    `${grown.length === 0 ? "nothing grew" : `grew: ${grown.join(", ")}`}\n`,
);
process.exitCode = grown.length === 0 && wrong === 0 && lost <= kills * width * 2 ? 0 : 1;
