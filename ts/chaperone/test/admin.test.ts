/** The admin client against the real varnishd, and against peers that are none. */

import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { Socket } from "node:net";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { AdminClient } from "../src/admin/client.js";
import { AdminConnection } from "../src/admin/connection.js";
import { AdminLine } from "../src/admin/line.js";
import { EngineFailure, launchEngine } from "../src/engine/launch.js";
import type { Engine } from "../src/engine/launch.js";
import { createWorkspace } from "../src/engine/workspace.js";
import { temporaryFolder } from "./engine.js";
import { enginesAtHand } from "./engines.js";

const plain = "vcl 4.1;\nbackend none none;\n";

async function launch(
  listen = "127.0.0.1:0",
  programIn: (folder: string) => Promise<string> = async () => "varnishd",
): Promise<Engine> {
  const folder = await temporaryFolder();
  // The engine's users walk through it.
  await chmod(folder, 0o711);
  const vmod = join(folder, "vmod");
  await writeFile(vmod, "");
  const varnishd = await programIn(folder);
  const workspace = await createWorkspace(vmod, { parent: folder });
  onTestFinished(() => workspace.release());
  const engine = await launchEngine({
    varnishd,
    workspace,
    listeners: [{ name: "http", address: listen }],
    cacheSize: "16m",
    onLine: () => undefined,
  });
  onTestFinished(async () => {
    engine.process.kill("SIGKILL");
    await engine.process.exited;
  });
  return engine;
}

test.each(enginesAtHand())("commands of $name", async ({ varnishd }) => {
  const { client } = await launch("127.0.0.1:0", varnishd);
  await client.ping();
  expect(await client.status()).toBe("stopped");
  await client.vclInline("first", plain);
  await client.vclUse("first");
  await client.start();
  expect(await client.status()).toBe("running");

  // Text that needs quoting goes through the engine's own reader and comes back.
  await client.setParameter("vcl_path", '/tmp/a b"c\\d\te');
  expect(await client.parameter("vcl_path")).toBe('/tmp/a b"c\\d\te');
  expect(await client.parameter("thread_pool_stack")).toBe(256 * 1024);

  await client.vclInline(
    "second",
    `${plain}backend b { .host = "127.0.0.1"; }\nsub vcl_recv { set req.backend_hint = b; }\n`,
  );
  await client.vclUse("second");
  expect((await client.vclList()).map(({ name, status }) => `${name} ${status}`)).toEqual([
    "first available",
    "second active",
  ]);
  expect((await client.backendList()).map(({ name }) => name)).toEqual(["second.b"]);
  await client.vclDiscard("first");
  expect((await client.vclList()).map(({ name }) => name)).toEqual(["second"]);

  const [http, control] = await client.listenAddresses();
  expect(http).toMatchObject({ name: "http", address: "127.0.0.1", port: expect.any(Number) });
  expect(control?.port).toBeUndefined();
  const response = await fetch(`http://127.0.0.1:${http?.port}/`);
  expect(response.status).toBe(503);

  expect((await client.storageList()).map(({ name }) => name)).toContain("Transient");
  expect(await client.version()).toMatch(/^(varnish|vinyl-cache)-\d/);
  expect((await client.parameters()).length).toBeGreaterThan(50);
  expect(await client.panic()).toBeUndefined();
  await expect(client.clearPanic()).rejects.toMatchObject({ reason: "refused" });
  await client.vclInline("third", plain);
  await client.vclLabel("label", "third");
  await client.vclState("second", "warm");
  expect((await client.vclList()).map(({ name }) => name)).toEqual(["second", "third", "label"]);
  expect(await client.commands()).toContain("vcl.load");
  await expect(client.tlsCertificate(["list"])).rejects.toMatchObject({ reason: "unsupported" });

  // The child of Vinyl Cache 9.0.1 takes a minute to end after these commands.
  if ((await client.version()).startsWith("vinyl")) return;
  await client.stop();
  expect(await client.status()).toBe("stopped");
});

test("bans", async () => {
  const { client } = await launch();
  await client.vclInline("first", plain);
  await client.vclUse("first");
  await client.start();
  await client.ban([
    ["req.url", "~", "^/a.b/"],
    ["obj.status", "!=", "200"],
  ]);
  const [ban] = await client.banList();
  expect(ban?.conditions).toBe("req.url ~ ^/a.b/ && obj.status != 200");
  await expect(client.ban([["req.url", "~", "a b"]])).rejects.toMatchObject({ reason: "protocol" });
});

test("a refusal holds the engine's words and leaves the connection usable", async () => {
  const { client } = await launch();
  await expect(
    client.vclInline("bad", "vcl 4.1;\nsub vcl_recv { nonsense; }\n"),
  ).rejects.toMatchObject({
    reason: "refused",
    status: 106,
    message: expect.stringMatching(/nonsense.*Line 2/s),
  });
  await expect(client.vclUse("missing")).rejects.toMatchObject({
    reason: "refused",
    message: expect.stringContaining("missing"),
  });
  await client.ping();
});

test("commands that are sent together are answered in their order", async () => {
  const { client } = await launch();
  const answers = await Promise.all([
    client.parameter("thread_pools"),
    client.status(),
    client.parameter("cli_limit"),
  ]);
  expect(answers).toEqual([2, "stopped", 32 * 1024 * 1024]);
});

test("an engine that does not start says why", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  onTestFinished(() => void taken.close());
  const address = taken.address();
  const port = typeof address === "object" ? address?.port : undefined;
  await expect(launch(`127.0.0.1:${port}`)).rejects.toThrow(
    /varnishd ended at once.*Address already in use/s,
  );
  const nowhere = launch("127.0.0.1:0", async () => "/nowhere/varnishd");
  await expect(nowhere).rejects.toThrow(EngineFailure);
});

/** A peer that is asked for the connection of an engine and writes what it likes. */
async function peers(): Promise<{ ours: AdminConnection; theirs: Socket }> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const theirs = connect(
    typeof address === "object" && address !== null ? address.port : 0,
    "127.0.0.1",
  );
  const [socket] = await once(server, "connection");
  server.close();
  onTestFinished(() => void theirs.destroy());
  return { ours: new AdminConnection(socket), theirs };
}

test("no answer in time ends the connection: a late answer would be taken for another's", async () => {
  const { ours } = await peers();
  const client = new AdminClient(ours, { command: 20, compile: 20 });
  const both = [client.ping(), client.status()];
  for (const one of both) await expect(one).rejects.toMatchObject({ reason: "timeout" });
  await expect(client.ping()).rejects.toMatchObject({ reason: "timeout" });
});

test("a peer that talks without being asked is no engine", async () => {
  const { ours, theirs } = await peers();
  theirs.write("200 0       \n\n");
  expect(await ours.closed).toMatchObject({ reason: "protocol" });
});

test("a peer that goes away fails whoever waits", async () => {
  const { ours, theirs } = await peers();
  const ping = new AdminClient(ours).ping();
  theirs.destroy();
  await expect(ping).rejects.toMatchObject({ reason: "closed" });
});

const greeting = (letter: string): string => `107 33      \n${letter.repeat(32)}\n\n`;

async function openLine(): Promise<AdminLine> {
  const line = await AdminLine.open(Buffer.from("secret"));
  onTestFinished(() => line.close());
  return line;
}

/** A peer that greets as an engine does and takes any secret. */
function callAsEngine(port: number): Socket {
  const engine = connect(port, "127.0.0.1");
  engine.on("data", () => engine.write("200 4       \npong\n"));
  engine.on("error", () => undefined);
  engine.write(greeting("b"));
  return engine;
}

test("strangers at the door are sent away and the engine still gets in", async () => {
  const line = await openLine();
  const strangers = ["200 0       \n\n", "GET / HTTP/1.1\r\n\r\n", greeting("a")].map((words) => {
    const stranger = connect(line.port, "127.0.0.1");
    stranger.resume();
    stranger.end(words);
    stranger.on("error", () => undefined);
    return once(stranger, "close");
  });
  await Promise.all(strangers);
  callAsEngine(line.port);
  await line.connected(30_000);
  await new AdminClient(line).ping();
});

test("an engine that calls again is listened to again; what was under way has failed", async () => {
  const line = await openLine();
  const client = new AdminClient(line);
  const first = callAsEngine(line.port);
  await client.ping();
  first.removeAllListeners("data");
  const lost = client.ping();
  await once(first, "data");
  first.destroy();
  await expect(lost).rejects.toMatchObject({ reason: "closed" });
  const later = client.ping();
  callAsEngine(line.port);
  await later;
});

test("nobody calls", async () => {
  const line = await openLine();
  await expect(line.connected(10)).rejects.toMatchObject({ reason: "timeout" });
  const waiting = line.connected(30_000);
  line.close();
  await expect(waiting).rejects.toMatchObject({ reason: "closed" });
});
