/**
 * How long from a saved file to new routing, as a ratio to the least that is possible: a program that does nothing but hear of the
 * change (inotify) and tell the engine to reload.
 *
 *	node tests/bench/chaperone/run.ts [ROUNDS]
 */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { chmod, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { Agent, createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { createServer as createTcpServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Chaperone, managerOf, memoryOf } from "../../chaos/chaperone.ts";

const rounds = Number(process.argv[2] ?? 60);
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

/** Replaces a file as editors do. */
async function save(file: string, text: string): Promise<void> {
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
}

/** Asks until the answer is the wanted one. */
async function served(port: number, wanted: string): Promise<void> {
  for (;;) {
    const sent = request({
      host: "127.0.0.1",
      port,
      agent,
      path: "/",
      headers: { host: "bench.example" },
    }).end();
    const [response] = await once(sent, "response");
    const pieces: Buffer[] = [];
    for await (const piece of response) pieces.push(piece);
    if (response.headers.location === wanted || Buffer.concat(pieces).toString() === wanted) return;
  }
}

/** Routes of which the first one says which edit it is from. */
function routesOf(count: number, edit: number): string {
  const others = Array.from({ length: count - 1 }, (_, index) => ({
    name: `r${index}`,
    hostnames: [`h${index}.example`],
    rules: [
      {
        matches: [{ path: { type: "PathPrefix", value: `/a${index}` } }],
        backends: [{ service: "s0" }],
      },
    ],
  }));
  const first = {
    name: "first",
    hostnames: ["bench.example"],
    rules: [
      {
        filters: [
          {
            type: "RequestRedirect",
            requestRedirect: { scheme: "http", port: 80, hostname: `e${edit}.example` },
          },
        ],
      },
    ],
  };
  return JSON.stringify({
    version: 1,
    generation: edit,
    routes: [first, ...others],
    services: { s0: {} },
  });
}

const isDone = (edit: number): string => `http://e${edit}.example/`;

/** Endpoints of 100 services, of which the first one lives at `port`. */
function endpointsOf(count: number, generation: number, port: number): string {
  const services = Array.from({ length: 100 }, (_, service) => {
    const endpoints = Array.from(
      { length: service === 0 ? 1 : Math.ceil(count / 99) },
      (_one, index) => ({
        address: service === 0 ? "127.0.0.1" : `10.${service}.${index >> 8}.${index & 255}`,
        port: service === 0 ? port : 8080,
      }),
    );
    return [`s${service}`, { endpoints }];
  });
  return JSON.stringify({ version: 1, generation, services: Object.fromEntries(services) });
}

function routesToServices(count: number): string {
  const routes = Array.from({ length: count }, (_, index) => ({
    name: `r${index}`,
    hostnames: [index === 0 ? "bench.example" : `h${index}.example`],
    rules: [{ backends: [{ service: `s${index === 0 ? 0 : index % 100}` }] }],
  }));
  const services = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`s${index}`, {}]));
  return JSON.stringify({
    version: 1,
    generation: 1,
    routes,
    services,
    endpointsFile: "endpoints.json",
  });
}

interface Place {
  readonly folder: string;
  readonly run: string;
  readonly file: string;
  readonly port: number;
  readonly chaperone: Chaperone;
}

async function open(document: string, endpoints?: string): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), "ghost-bench-"));
  await chmod(folder, 0o711);
  const [file, run] = [join(folder, "ghost.json"), join(folder, "run")];
  await writeFile(file, document);
  if (endpoints !== undefined) await writeFile(join(folder, "endpoints.json"), endpoints);
  const port = await freePort();
  const words = [
    "-c",
    file,
    "--run-folder",
    run,
    "--listen",
    `127.0.0.1:${port}`,
    "--health",
    "off",
    "--metrics",
    "off",
  ];
  const chaperone = new Chaperone(words, {});
  chaperone.start();
  await chaperone.next("ready");
  return { folder, run, file, port, chaperone };
}

async function close({ folder, run, chaperone }: Place): Promise<void> {
  agent.destroy();
  await chaperone.kill("SIGKILL");
  process.kill(managerOf(run), "SIGKILL");
  await rm(folder, { recursive: true, force: true });
}

async function freePort(): Promise<number> {
  const server = createTcpServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

async function timed(act: (edit: number) => Promise<void>, from: number): Promise<number[]> {
  const times: number[] = [];
  for (let edit = from; edit < from + rounds; edit += 1) {
    // Each change by itself: those that follow each other within 50 ms are gathered.
    await delay(100);
    const since = performance.now();
    await act(edit);
    times.push(performance.now() - since);
  }
  return times;
}

function quantile(times: readonly number[], share: number): number {
  const sorted = times.toSorted((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

function row(what: string, ours: readonly number[], peer: readonly number[]): void {
  const cells = [0.5, 0.99].flatMap((share) => {
    const [own, other] = [quantile(ours, share), quantile(peer, share)];
    return [`${own.toFixed(1)} ms`, `${other.toFixed(1)} ms`, `${(own / other).toFixed(2)}x`];
  });
  process.stdout.write(`${what.padEnd(44)}${cells.map((cell) => cell.padStart(11)).join("")}\n`);
}

/** The peer: hears of a change in a folder and tells the engine. */
const nullProgram = `
const { watch } = require("node:fs");
const { get } = require("node:http");
const [, folder, name, socketPath] = process.argv;
watch(folder, (_type, changed) => {
  if (changed === name) get({ socketPath, path: "/.varnish-ghost/reload", headers: { host: "ghost" } }, (response) => response.resume());
});
process.stdout.write("watching\\n");
`;

/** The same changes, written straight to where the engine reads. The chaperone is gone; its engine runs on. */
async function peerTimes(
  { run, chaperone }: Place,
  name: string,
  act: (file: string, edit: number) => Promise<void>,
  from: number,
): Promise<number[]> {
  await chaperone.kill("SIGKILL");
  const folder = join(run, "routes");
  const program = spawn(
    process.execPath,
    ["-e", nullProgram, folder, name, join(run, "ghost.sock")],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  await once(program.stdout, "data");
  await chmod(folder, 0o755);
  const times = await timed(async (edit) => act(join(folder, name), edit), from);
  program.kill();
  return times;
}

async function saveShared(file: string, text: string): Promise<void> {
  await writeFile(`${file}.new`, text);
  await chmod(`${file}.new`, 0o644);
  await rename(`${file}.new`, file);
}

async function benchRoutes(count: number): Promise<void> {
  const place = await open(routesOf(count, 1));
  await served(place.port, isDone(1));
  const texts = Array.from({ length: 2 * rounds + 2 }, (_, edit) => routesOf(count, edit));
  const ours = await timed(async (edit) => {
    await save(place.file, texts[edit] ?? "");
    await served(place.port, isDone(edit));
  }, 2);
  const peer = await peerTimes(
    place,
    "ghost.json",
    async (file, edit) => {
      await saveShared(file, texts[edit] ?? "");
      await served(place.port, isDone(edit));
    },
    rounds + 2,
  );
  row(`${count} routes, one changes`, ours, peer);
  await close(place);
}

async function benchEndpoints(count: number): Promise<void> {
  const origin = async (name: string): Promise<number> => {
    const server = createServer((_request, response) =>
      response.writeHead(200, { "cache-control": "no-store" }).end(name),
    );
    server.listen(0, "127.0.0.1");
    server.unref();
    await once(server, "listening");
    return (server.address() as AddressInfo).port;
  };
  const ports = [await origin("even"), await origin("odd")] as const;
  const nameOf = (edit: number): string => (edit % 2 === 0 ? "even" : "odd");
  const textOf = (edit: number): string => endpointsOf(count, edit, ports[edit % 2 === 0 ? 0 : 1]);
  const place = await open(routesToServices(count), textOf(1));
  await served(place.port, nameOf(1));
  const memory = memoryOf(pidOf(place));
  const ours = await timed(async (edit) => {
    await save(join(place.folder, "endpoints.json"), textOf(edit));
    await served(place.port, nameOf(edit));
  }, 2);
  const later = memoryOf(pidOf(place));
  const peer = await peerTimes(
    place,
    "endpoints.json",
    async (file, edit) => {
      await saveShared(file, textOf(edit));
      await served(place.port, nameOf(edit));
    },
    rounds + 2,
  );
  row(`${count} routes and endpoints, one endpoint changes`, ours, peer);
  process.stdout.write(
    `memory of the chaperone with ${count} routes and endpoints: ${Math.round(memory / 1024)} MB at first, ${Math.round(later / 1024)} MB after ${rounds} changes\n`,
  );
  await close(place);
}

function pidOf({ run }: Place): number {
  return JSON.parse(readFileSync(join(run, "chaperone.json"), "utf8")).pid;
}

process.stdout.write(
  `${"what".padEnd(44)}${["p50", "peer", "ratio", "p99", "peer", "ratio"].map((cell) => cell.padStart(11)).join("")}\n`,
);
await benchRoutes(1000);
await benchEndpoints(10_000);
process.exit(0);
