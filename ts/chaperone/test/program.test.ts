/** ghost-chaperone with a run folder that lasts: what outlives it, and what does not. */

import { readFileSync } from "node:fs";
import { chmod, readFile, rename, writeFile } from "node:fs/promises";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { connectChaperone, readHistory } from "../src/control.js";
import { serveHttp, temporaryFolder } from "./engine.js";
import { startProgram } from "./program.js";
import type { RunningProgram } from "./program.js";

interface Place {
  readonly file: string;
  readonly folder: string;
  readonly words: readonly string[];
}

function document(port: number, extra: object = {}): string {
  return JSON.stringify({
    version: 1,
    routes: [{ name: "all", rules: [{ backends: [{ service: "s" }] }] }],
    services: { s: { endpoints: [{ address: "127.0.0.1", port }] } },
    ...extra,
  });
}

async function place(text: string): Promise<Place> {
  const parent = await temporaryFolder();
  // The engine's users walk through it.
  await chmod(parent, 0o711);
  const [file, folder] = [join(parent, "ghost.json"), join(parent, "run")];
  await writeFile(file, text);
  onTestFinished(() => endLeftOver(folder));
  const listen = ["--listen", "127.0.0.1:0", "--health", "127.0.0.1:0", "--metrics", "off"];
  return { file, folder, words: ["-c", file, "--run-folder", folder, ...listen] };
}

/** Ends an engine that nobody took over. */
function endLeftOver(folder: string): void {
  try {
    process.kill(JSON.parse(readFileSync(join(folder, "engine.json"), "utf8")).pid, "SIGKILL");
  } catch {
    // There is none.
  }
}

async function replace(file: string, text: string): Promise<void> {
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
}

async function answerOf(running: RunningProgram): Promise<{ url: string; text: string }> {
  const { listeners } = await running.next("ready");
  const url = `http://127.0.0.1:${listeners[0]?.port}/`;
  return { url, text: await (await fetch(url, { headers: { connection: "close" } })).text() };
}

const uncached = { "cache-control": "no-store" };

const blueAndGreen = async (): Promise<{ blue: number; green: number }> => ({
  blue: await serveHttp((_request, response) => response.writeHead(200, uncached).end("blue")),
  green: await serveHttp((_request, response) => response.writeHead(200, uncached).end("green")),
});

test("an engine whose chaperone was killed serves on and is taken over by the next", async () => {
  const { blue, green } = await blueAndGreen();
  const { file, folder, words } = await place(document(blue));
  const first = startProgram(words);
  const { url } = await answerOf(first);
  const before = await connectChaperone({ folder }).status();
  first.kill("SIGKILL");
  await first.exit;
  expect(await (await fetch(url)).text()).toBe("blue");
  await replace(file, document(green));

  const second = startProgram(words);
  const again = await answerOf(second);
  expect(again).toEqual({ url, text: "green" });
  const after = await connectChaperone({ folder }).status();
  expect(after.engine).toMatchObject({ pid: before.engine?.pid, adopted: true });
  expect(after.vcl?.name).toBe(before.vcl?.name);
  second.kill("SIGTERM");
  expect(await second.exit).toBe(0);
  await expect(fetch(url)).rejects.toThrow("fetch failed");
});

test("an engine that would be started otherwise now is replaced", async () => {
  const { blue } = await blueAndGreen();
  const { folder, words } = await place(document(blue));
  const first = startProgram(words);
  await first.next("ready");
  const before = await connectChaperone({ folder }).status();
  first.kill("SIGKILL");
  await first.exit;
  const second = startProgram([...words, "--", "-p", "default_ttl=7"]);
  expect((await answerOf(second)).text).toBe("blue");
  const { engine } = await connectChaperone({ folder }).status();
  expect(engine).toMatchObject({ adopted: false });
  expect(engine?.pid).not.toBe(before.engine?.pid);
});

test("a source that is broken at the start does not keep what was served last from being served", async () => {
  const { blue } = await blueAndGreen();
  const { file, folder, words } = await place(document(blue));
  const first = startProgram(words);
  await first.next("ready");
  first.kill("SIGTERM");
  expect(await first.exit).toBe(0);
  await writeFile(file, document(blue).slice(0, 30));
  const second = startProgram(words);
  expect(await second.next("refused")).toMatchObject({ by: "core", isServing: true });
  expect((await answerOf(second)).text).toBe("blue");
  expect((await readHistory(folder)).length).toBe(1);
});

test("history, rollback, and a source that is held back until it changes", async () => {
  const { blue, green } = await blueAndGreen();
  const { file, folder, words } = await place(document(blue));
  const first = startProgram(words);
  const { url } = await answerOf(first);
  await replace(file, document(green));
  await first.next("reloaded");
  const client = connectChaperone({ folder });
  await expect.poll(async () => (await client.history()).length).toBe(2);
  expect((await client.history()).map(({ number, origin }) => `${number} ${origin}`)).toEqual([
    "2 source",
    "1 source",
  ]);
  expect(await client.rollback(9)).toEqual({ ok: false, message: "there is no 9 in the history" });
  expect(await client.rollback()).toMatchObject({
    ok: true,
    entry: { number: 3, origin: "rollback", routes: { generation: 3 } },
  });
  expect(await (await fetch(url)).text()).toBe("blue");
  expect(await client.status()).toMatchObject({ held: true, applied: { number: 3 } });
  expect(await readHistory(folder)).toEqual(await client.history());

  // The next start keeps to it, until somebody edits the source.
  first.kill("SIGTERM");
  await first.exit;
  const second = startProgram(words);
  expect((await answerOf(second)).text).toBe("blue");
  await replace(file, document(green, { generation: 9 }));
  await second.next("reloaded");
  await expect.poll(async () => (await client.status()).held).toBe(false);
});

test("a run folder has one owner", async () => {
  const { blue } = await blueAndGreen();
  const { words } = await place(document(blue));
  const first = startProgram(words);
  await first.next("ready");
  const second = startProgram(words);
  expect(await second.exit).toBe(2);
  expect(second.events.at(-1)).toMatchObject({
    message: expect.stringContaining(`belongs to the chaperone with process id ${first.pid}`),
  });
});

test("a service manager is told when it is ready, reloads and stops", async () => {
  const { blue, green } = await blueAndGreen();
  const { file, words } = await place(document(blue));
  const manager = await listenForNotices();
  const running = startProgram(words, { NOTIFY_SOCKET: manager.path });
  await manager.said("READY=1");
  await running.next("ready");
  await replace(file, document(green));
  running.kill("SIGHUP");
  await manager.said("RELOADING=1");
  await manager.said("READY=1");
  running.kill("SIGTERM");
  expect(await running.exit).toBe(0);
  await manager.said("STOPPING=1");
});

/** A socket of the kind that service managers listen on. Node has none of it; Python does. */
async function listenForNotices(): Promise<{
  readonly path: string;
  readonly said: (line: string) => Promise<void>;
}> {
  const path = join(await temporaryFolder(), "notify");
  const program =
    "import socket,sys\ns=socket.socket(socket.AF_UNIX,socket.SOCK_DGRAM)\ns.bind(sys.argv[1])\nprint('bound',flush=True)\nwhile True: print(s.recv(4096).decode(),flush=True)";
  const child = spawn("python3", ["-c", program, path], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const lines: string[] = [];
  const reader = createInterface(child.stdout).on("line", (line) => lines.push(line));
  const said = async (line: string): Promise<void> => {
    while (!lines.includes(line)) await once(reader, "line");
    lines.splice(0, lines.indexOf(line) + 1);
  };
  await said("bound");
  return { path, said };
}

test("orders over TCP need the token, status needs a name of this machine", async () => {
  const { blue } = await blueAndGreen();
  const { folder, words } = await place(document(blue));
  const port = await freePort();
  const running = startProgram([...words, "--health", `127.0.0.1:${port}`]);
  await running.next("ready");
  const url = `http://127.0.0.1:${port}`;
  expect(await (await fetch(`${url}/readyz`)).text()).toBe("ready\n");
  expect(await connectChaperone({ url }).status()).toMatchObject({ folder, state: "serving" });
  expect((await fetch(`${url}/drain`, { method: "POST" })).status).toBe(401);
  expect((await fetch(`${url}/drain`)).status).toBe(405);
  expect((await fetch(`${url}/rollback`, { method: "POST" })).status).toBe(404);
  const token = (await readFile(join(folder, "token"), "utf8")).trim();
  const headers = { authorization: `Bearer ${token}` };
  expect((await fetch(`${url}/drain`, { method: "POST", headers })).status).toBe(202);
  expect(await running.exit).toBe(0);
});

async function freePort(): Promise<number> {
  const { createServer } = await import("node:net");
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  server.close();
  await once(server, "close");
  return port;
}
