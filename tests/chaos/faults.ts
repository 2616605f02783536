/** The faults. Each is done to a stage under load and says what it allows to be lost; the run judges. */

import { randomInt } from "node:crypto";
import { createServer, request } from "node:http";
import type { Server } from "node:http";
import { once } from "node:events";
import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { childOf, memoryOf } from "./chaperone.ts";
import { width } from "./load.ts";
import type { Stage } from "./stage.ts";
import { killWriters } from "./writer-kills.ts";

/** What came of a fault. */
export interface Outcome {
  /** Requests that may be lost. */
  readonly mayLose: number;
  /** The longest time until requests were answered again, in milliseconds; undefined where they always were. */
  readonly recovery?: number;
  /** What else was seen. */
  readonly notes: readonly string[];
  /** What was promised and does not hold. */
  readonly broken: readonly string[];
}

export interface Fault {
  readonly id: string;
  readonly about: string;
  readonly policy?: "quarantine";
  /** `short` is for every change, the whole for a release. */
  readonly run: (stage: Stage, isShort: boolean) => Promise<Outcome>;
}

/** Requests between two faults, so that each meets a stage at work. */
const between = 200;

async function killChildren(stage: Stage, isShort: boolean): Promise<Outcome> {
  const kills = isShort ? 3 : 20;
  let recovery = 0;
  for (let kill = 0; kill < kills; kill += 1) {
    await stage.load.more(between + randomInt(between));
    const child = childOf(stage.manager);
    if (child === undefined) throw new Error("the engine has no child");
    process.kill(child, "SIGKILL");
    recovery = Math.max(recovery, await stage.load.recovery());
  }
  // Each connection can lose two: the request under way, and one that knocked before varnishd closed the dead child's sockets and
  // opened new ones, which takes with it whatever waits to be accepted. It does so once for each child that it has buried
  // (mgt_reap_child in bin/varnishd/mgt/mgt_child.c calls MAC_reopen_sockets), so a third time there is none.
  return { mayLose: kills * width * 2, recovery, notes: [`${kills} kills`], broken: [] };
}

async function killEngines(stage: Stage, isShort: boolean): Promise<Outcome> {
  const kills = isShort ? 3 : 20;
  let recovery = 0;
  for (let kill = 0; kill < kills; kill += 1) {
    await stage.load.more(between + randomInt(between));
    const { manager } = stage;
    const child = childOf(manager);
    const from = stage.chaperone.lines.length;
    for (const pid of [manager, child]) if (pid !== undefined) process.kill(pid, "SIGKILL");
    recovery = Math.max(recovery, await stage.load.recovery());
    await stage.chaperone.next("ready", from);
  }
  const notes = [`${kills} kills`, `${stage.load.turnedAway} knocks at a closed door`];
  return { mayLose: kills * width, recovery, notes, broken: [] };
}

async function killChaperones(stage: Stage, isShort: boolean): Promise<Outcome> {
  const kills = isShort ? 2 : 20;
  const broken: string[] = [];
  let recovery = 0;
  for (let kill = 0; kill < kills; kill += 1) {
    await stage.load.more(between + randomInt(between));
    const { manager } = stage;
    await stage.chaperone.kill("SIGKILL");
    const services = kill % 2 === 0 ? (["green"] as const) : (["blue"] as const);
    const from = stage.chaperone.lines.length;
    await stage.edit(services);
    const since = performance.now();
    stage.chaperone.start();
    await stage.chaperone.next("ready", from);
    stage.ledger.acknowledged(performance.now());
    recovery = Math.max(recovery, performance.now() - since);
    if (stage.manager !== manager) broken.push("the engine was not taken over");
  }
  const notes = [`${kills} kills`, "recovery: until the edit made meanwhile is served"];
  return { mayLose: 0, recovery, notes, broken };
}

async function hangCommandLine(stage: Stage, isShort: boolean): Promise<Outcome> {
  const from = stage.chaperone.lines.length;
  process.kill(stage.manager, "SIGSTOP");
  try {
    await said(stage, from, "takes no orders");
    await stage.load.more(isShort ? 500 : 5000);
    await stage.change(["green"]);
  } finally {
    process.kill(stage.manager, "SIGCONT");
  }
  await said(stage, from, "takes orders again");
  return { mayLose: 0, notes: ["routes changed meanwhile"], broken: [] };
}

async function said(stage: Stage, from: number, words: string): Promise<void> {
  const late = performance.now() + 60_000;
  while (!stage.chaperone.lines.slice(from).some(({ msg }) => msg.includes(words))) {
    if (performance.now() > late) throw new Error(`nobody said "${words}"`);
    await delay(50);
  }
}

async function damageFiles(stage: Stage, isShort: boolean): Promise<Outcome> {
  const kills = isShort ? 20 : 200;
  const broken = [...(await killWriters(stage.folder, kills))];
  await stage.load.stop();
  let recovery = 0;
  for (const damage of [torn, empty, bitFlipped]) {
    await stage.chaperone.kill("SIGTERM");
    const good = await readFile(stage.file);
    await writeFile(stage.file, damage(good));
    // The newest of the history is damaged as well: the one before it has to do.
    const folder = join(stage.run, "generations");
    const [newest = ""] = (await readdir(folder))
      .filter((name) => /^\d+\.json$/.test(name))
      .toSorted()
      .toReversed();
    if (damage !== torn)
      await writeFile(join(folder, newest), damage(await readFile(join(folder, newest))));
    const from = stage.chaperone.lines.length;
    const since = performance.now();
    stage.chaperone.start();
    await stage.chaperone.next("ready", from);
    recovery = Math.max(recovery, performance.now() - since);
    await stage.load.recovery();
    // Two generations again, for the next damage.
    await stage.change(["green"]);
    await stage.change(["blue"]);
  }
  const notes = [`${kills} kills inside a write`, "recovery: start from the last good files"];
  return { mayLose: 0, recovery, notes, broken };
}

const torn = (bytes: Buffer): Buffer => bytes.subarray(0, Math.floor(bytes.length / 2));
const empty = (): Buffer => Buffer.alloc(0);
const bitFlipped = (bytes: Buffer): Buffer => {
  const flipped = Buffer.from(bytes);
  flipped[0] = (flipped[0] ?? 0) ^ 0x10;
  return flipped;
};

async function badInput(stage: Stage): Promise<Outcome> {
  const broken: string[] = [];
  let slowest = 0;
  const refused = async (what: string, act: () => Promise<void>): Promise<void> => {
    await stage.load.more(between);
    const from = stage.chaperone.lines.length;
    const since = performance.now();
    await act();
    await stage.chaperone.next("refused", from);
    slowest = Math.max(slowest, performance.now() - since);
    if (stage.chaperone.lines.slice(from).some(({ event }) => event === "reloaded"))
      broken.push(`${what} was used`);
  };
  await refused("bad JSON", () => stage.write('{ "version": 1, "routes": [,] }'));
  await refused("a wrong version", () => stage.write('{ "version": 99 }'));
  await refused("an empty file", () => stage.write(""));
  await refused("VCL that does not compile", () =>
    writeFile(stage.vcl, "vcl 4.1;\nsub vcl_recv { nonsense; }\n"),
  );
  await writeFile(stage.vcl, "vcl 4.1;\n");
  const many = Array.from({ length: 10_000 }, (_, index) => ({
    name: `r${index}`,
    hostnames: [`h${index}.example`],
    rules: [
      {
        matches: [
          { path: { type: "RegularExpression", value: index === 5000 ? "(" : `/a${index}/.*` } },
        ],
        backends: [{ service: "blue" }],
      },
    ],
  }));
  const from = stage.chaperone.lines.length;
  await stage.edit(["blue"], many);
  const { answer } = await stage.chaperone.next("reloaded", from);
  stage.ledger.acknowledged(performance.now());
  const { routes } = answer as { routes: { count: number; quarantined: readonly unknown[] } };
  if (routes.quarantined.length !== 1)
    broken.push(`${routes.quarantined.length} of 10,001 routes quarantined, not 1`);
  await stage.load.more(between);
  return {
    mayLose: 0,
    notes: [`told after at most ${Math.round(slowest)} ms`, "1 of 10,001 routes quarantined"],
    broken,
  };
}

async function reloadStorm(stage: Stage, isShort: boolean): Promise<Outcome> {
  const seconds = isShort ? 5 : 60;
  // Warm first: 200 threads touch their workspaces one after the other.
  await stage.load.more(45_000);
  for (let edit = 0; edit < 20; edit += 1) await stage.change([edit % 2 === 0 ? "green" : "blue"]);
  const child = childOf(stage.manager) ?? 0;
  const before = { memory: memoryOf(child), backends: stage.counter("MAIN.n_backend") };
  const end = performance.now() + seconds * 1000;
  let edits = 0;
  for (; performance.now() < end; edits += 1) {
    await stage.edit(edits % 2 === 0 ? ["green"] : ["blue"]);
    await delay(10);
  }
  await stage.change(["blue", "green"]);
  await stage.change(["blue"]);
  const reloads = stage.chaperone.lines.filter(({ event }) => event === "reloaded").length;
  await delay(5000);
  const after = { memory: memoryOf(child), backends: stage.counter("MAIN.n_backend") };
  const broken = [
    ...(after.memory > before.memory * 1.1 + 5000
      ? [`memory of the child grew from ${before.memory} to ${after.memory} KiB`]
      : []),
    ...(after.backends > before.backends + 2
      ? [`backends grew from ${before.backends} to ${after.backends}`]
      : []),
  ];
  const notes = [
    `${edits} edits, ${reloads} reloads`,
    `child ${before.memory} -> ${after.memory} KiB`,
    `backends ${before.backends} -> ${after.backends}`,
  ];
  return { mayLose: 0, notes, broken };
}

/** The one in use, and the one before it. */
const mostVcls = 2;
/**
 * Milliseconds until no worker holds an old VCL any more. One that idles lets go of the VCL of its last request after 60 s
 * (Pool_Work_Thread in bin/varnishd/cache/cache_wrk.c), one that works has the newest; then a look of the chaperone, every 5 s, has
 * to see that it is cold.
 */
const coldAfter = 90_000;

async function loadedVcls(stage: Stage): Promise<number> {
  const names = await readdir(join(stage.run, "vcl"));
  return names.filter((name) => name.startsWith("ghost_")).length;
}

async function vclCycles(stage: Stage, isShort: boolean): Promise<Outcome> {
  const cycles = isShort ? 6 : 200;
  const broken: string[] = [];
  for (let cycle = 0; cycle < cycles; cycle += 1) {
    const from = stage.chaperone.lines.length;
    const isBad = cycle % 3 === 2;
    const text = isBad ? `nonsense-${cycle};` : `set resp.http.x-cycle = "${cycle}";`;
    await writeFile(stage.vcl, `vcl 4.1;\nsub vcl_deliver { ${text} }\n`);
    if (isBad) await stage.chaperone.next("refused", from);
    else await said(stage, from, "is in use");
  }
  const since = performance.now();
  let left = await loadedVcls(stage);
  for (; left > mostVcls && performance.now() - since < coldAfter; left = await loadedVcls(stage))
    await delay(500);
  if (left > mostVcls) broken.push(`${left} VCLs are still there`);
  if (stage.counter("MGT.child_panic") > 0) broken.push("the child panicked");
  return {
    mayLose: 0,
    notes: [
      `${cycles} cycles, a third of them bad`,
      `${left} VCLs left after ${Math.round((performance.now() - since) / 1000)} s`,
    ],
    broken,
  };
}

/** Streams keep going while their backend is taken away. */
async function removeBackends(stage: Stage, isShort: boolean): Promise<Outcome> {
  const seconds = isShort ? 4 : 30;
  const slow = createServer((_request, response) => {
    response.writeHead(200, { "cache-control": "no-store" });
    const timer = setInterval(() => response.write("x".repeat(1000)), 100);
    setTimeout(() => {
      clearInterval(timer);
      response.end("end");
    }, seconds * 1000);
  });
  slow.listen(0, "127.0.0.1");
  await once(slow, "listening");
  const withStream = (port: number): string => {
    const document = JSON.parse(stage.document(["blue"]));
    document.routes.push({
      name: "stream",
      hostnames: ["stream.example"],
      rules: [{ backends: [{ service: "slow" }] }],
    });
    document.services.slow = { endpoints: [{ address: "127.0.0.1", port }] };
    return JSON.stringify(document);
  };
  const publish = async (text: string): Promise<void> => {
    const from = stage.chaperone.lines.length;
    await stage.write(text);
    await stage.chaperone.next("reloaded", from);
  };
  await publish(withStream(portOf(slow)));
  const [port] = [Number(/:(\d+)$/.exec(String((await listenersOf(stage))[0]))?.[1])];
  const streams = Array.from({ length: 5 }, (_, index) => stream(port, `/s${index}`));
  await Promise.all(streams.map(({ begun }) => begun));
  const during = stage.counter("MAIN.n_backend");
  await stage.change(["green"]);
  const whole = await Promise.all(streams.map(({ isWhole }) => isWhole));
  const broken = whole.every(Boolean)
    ? []
    : [`${whole.filter((one) => !one).length} of 5 streams were cut`];
  slow.close();
  slow.closeAllConnections();
  return {
    mayLose: 0,
    notes: [`5 streams of ${seconds} s over a removed backend`, `${during} backends meanwhile`],
    broken,
  };
}

async function listenersOf(stage: Stage): Promise<string[]> {
  const { listeners } = await stage.chaperone.next("ready");
  return (listeners as { address: string; port: number }[]).map(
    ({ address, port }) => `${address}:${port}`,
  );
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

function stream(
  port: number,
  path: string,
): { begun: Promise<unknown>; isWhole: Promise<boolean> } {
  const sent = request({
    host: "127.0.0.1",
    port,
    path,
    agent: false,
    headers: { host: "stream.example" },
  });
  const begun = once(sent, "response");
  const isWhole = begun.then(async ([response]) => {
    let text = "";
    try {
      for await (const piece of response) text = String(piece);
      return text.endsWith("end");
    } catch {
      return false;
    }
  });
  sent.end();
  return { begun, isWhole };
}

export const faults: readonly Fault[] = [
  { id: "F01", about: "kill -9 the engine's child", run: killChildren },
  { id: "F02", about: "kill -9 manager and child together", run: killEngines },
  { id: "F03", about: "kill -9 the chaperone", run: killChaperones },
  { id: "F03b", about: "the engine's command line hangs", run: hangCommandLine },
  { id: "F04", about: "torn, empty and bit-flipped files", run: damageFiles },
  {
    id: "F05",
    about: "bad JSON, version, VCL, one regex of 10,001",
    policy: "quarantine",
    run: badInput,
  },
  { id: "F06", about: "reload storm, 100 edits a second", run: reloadStorm },
  { id: "F07", about: "VCL load, use, cold, discard, bad ones among them", run: vclCycles },
  { id: "F08", about: "backends removed under streams", run: removeBackends },
];
