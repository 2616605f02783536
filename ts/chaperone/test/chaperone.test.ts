/** The whole chaperone with the real varnishd and the real VMOD. */

import { once } from "node:events";
import { Agent, request } from "node:http";
import type { IncomingMessage } from "node:http";
import { existsSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { ListenAddress } from "../src/admin/replies.js";
import { connectChaperone } from "../src/control.js";
import { serveHttp, start, temporaryFolder } from "./engine.js";
import type { Running } from "./engine.js";

const anyPort = [{ address: "127.0.0.1:0" }];

/** A document that sends everything to one port. */
function document(port: number, extra: object = {}): string {
  return JSON.stringify({
    version: 1,
    routes: [{ name: "all", rules: [{ backends: [{ service: "s" }] }] }],
    services: { s: { endpoints: [{ address: "127.0.0.1", port }] } },
    ...extra,
  });
}

async function replace(file: string, text: string): Promise<void> {
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
}

async function startWith(
  text: string,
  options: Partial<Parameters<typeof start>[0]> = {},
): Promise<Running & { readonly file: string }> {
  const file = join(await temporaryFolder(), "ghost.json");
  await writeFile(file, text);
  return { file, ...start({ source: { kind: "document", file }, listen: anyPort, ...options }) };
}

function urlOf(listeners: readonly ListenAddress[]): string {
  return `http://127.0.0.1:${listeners[0]?.port}/`;
}

/** Over a connection that ends with the answer, so that draining need not wait for it. */
async function textOf(url: string): Promise<string> {
  return read(await begin(url, new Agent()));
}

test("starts, follows edits, refuses a broken one, drains and leaves nothing behind", async () => {
  const blue = await serveHttp((_request, response) => response.end("blue"));
  const green = await serveHttp((_request, response) => response.end("green"));
  const running = await startWith(document(blue));
  const { listeners, answer, folder } = await running.next("ready");
  expect(answer).toMatchObject({
    ok: true,
    routes: { generation: 1, count: 1, quarantined: [] },
    endpoints: { count: 1 },
  });
  const url = urlOf(listeners);
  expect(await textOf(`${url}1`)).toBe("blue");

  await replace(running.file, document(green));
  const reloaded = await running.next("reloaded");
  expect(reloaded.answer).toMatchObject({
    ok: true,
    routes: { generation: 2 },
    changed: expect.arrayContaining(["endpoints"]),
  });
  expect(await textOf(`${url}2`)).toBe("green");

  await replace(running.file, '{\n  "version": 1,\n  "routes": [,]\n}\n');
  const refused = await running.next("refused");
  expect(refused).toMatchObject({
    by: "core",
    isServing: true,
    diagnostics: [{ file: running.file, line: 3, code: "GH0002" }],
  });
  expect(await textOf(`${url}3`)).toBe("green");

  running.drain();
  expect(await running.exit).toBe(0);
  expect(
    running.events.flatMap((event) => (event.type === "draining" ? [event.message] : [])),
  ).toEqual([
    "Starting connection draining, health check now failing",
    "Drain complete, stopping varnishd",
  ]);
  await expect(fetch(url)).rejects.toThrow("fetch failed");
  expect(existsSync(folder)).toBe(false);
});

test("a generation of the document's own is acknowledged as it is; endpoints have theirs", async () => {
  const folder = await temporaryFolder();
  const file = join(folder, "ghost.json");
  const endpoints = (generation: number, count: number): string =>
    JSON.stringify({
      version: 1,
      generation,
      services: {
        s: {
          endpoints: Array.from({ length: count }, (_, index) => ({
            address: "127.0.0.1",
            port: index + 1,
          })),
        },
      },
    });
  await writeFile(join(folder, "where.json"), endpoints(7, 1));
  await writeFile(
    file,
    document(1, { generation: 42, endpointsFile: "where.json", services: { s: {} } }),
  );
  const running = start({ source: { kind: "document", file }, listen: anyPort });
  const { answer } = await running.next("ready");
  expect(answer).toMatchObject({
    routes: { generation: 42 },
    endpoints: { generation: 7, count: 1 },
  });
  await replace(join(folder, "where.json"), endpoints(8, 3));
  const reloaded = await running.next("reloaded");
  expect(reloaded.answer).toMatchObject({
    routes: { generation: 42 },
    endpoints: { generation: 8, count: 3 },
    changed: ["endpoints"],
  });
});

test("a child that dies is started again with the last good documents, and edits go on", async () => {
  const port = await serveHttp((_request, response) => response.end("here"));
  const running = await startWith(document(port));
  const { listeners } = await running.next("ready");
  await replace(running.file, "{");
  await running.next("refused");
  const started = running.events.flatMap((event) =>
    event.type === "engineLog" ? [/^Child \((\d+)\) Started/.exec(event.message)?.[1]] : [],
  );
  process.kill(Number(started.find((pid) => pid !== undefined)), "SIGKILL");
  const notice = await running.next("notice");
  expect(notice).toMatchObject({
    level: "error",
    message: expect.stringContaining("varnishd starts a new child"),
  });
  await replace(running.file, document(port, { generation: 5 }));
  const reloaded = await running.next("reloaded");
  expect(reloaded.answer.routes.generation).toBe(5);
  expect(await textOf(urlOf(listeners))).toBe("here");
});

/** A request whose answer has begun. */
async function begin(url: string, agent: Agent): Promise<IncomingMessage> {
  const [response] = await once(request(url, { agent }).end(), "response");
  return response;
}

async function read(response: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of response) pieces.push(piece);
  return Buffer.concat(pieces).toString("utf8");
}

test("draining lets an answer finish, asks kept connections to close, and takes requests until then", async () => {
  let finish = (): void => undefined;
  const port = await serveHttp((asked, response) => {
    response.write(`begun ${asked.url} `);
    if (asked.url === "/slow") finish = () => response.end("finished");
    else response.end();
  });
  const running = await startWith(document(port));
  const { listeners } = await running.next("ready");
  const url = urlOf(listeners);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  const kept = await begin(`${url}kept`, agent);
  expect(kept.headers.connection).toBe("keep-alive");
  await read(kept);
  const slow = await begin(`${url}slow`, new Agent());

  running.drain();
  const { message } = await running.next("draining");
  expect(message).toBe("Starting connection draining, health check now failing");
  expect(await running.next("draining")).toMatchObject({ sessions: 2 });
  const last = await begin(`${url}last`, agent);
  expect(last.headers.connection).toBe("close");
  expect(await read(last)).toBe("begun /last ");
  finish();
  expect(await read(slow)).toBe("begun /slow finished");
  expect(await running.exit).toBe(0);
});

test("a second request to stop does not wait", async () => {
  const port = await serveHttp((_request, response) => void response.write("for ever"));
  const running = await startWith(document(port));
  const { listeners } = await running.next("ready");
  const response = await begin(urlOf(listeners), new Agent());
  const cut = read(response).catch((error: unknown) => error);
  running.drain();
  await running.next("draining");
  await running.next("draining");
  running.now();
  expect(await running.exit).toBe(5);
  expect(await cut).toBeInstanceOf(Error);
});

test("the user's VCL runs after Ghost's and may have a default backend", async () => {
  const port = await serveHttp((_request, response) => response.end("here"));
  const vcl = join(await temporaryFolder(), "my.vcl");
  await writeFile(
    vcl,
    'vcl 4.1;\nimport std;\nbackend default { .host = "127.0.0.1"; }\nsub vcl_deliver { set resp.http.x-mine = std.toupper("yes"); }\n',
  );
  const running = await startWith(document(port), { vcl });
  const { listeners } = await running.next("ready");
  const response = await fetch(urlOf(listeners));
  expect([response.status, response.headers.get("x-mine")]).toEqual([200, "YES"]);
});

test("VCL that does not compile is refused with its place in the user's file", async () => {
  const vcl = join(await temporaryFolder(), "my.vcl");
  await writeFile(vcl, "vcl 4.1;\nsub vcl_recv {\n  nonsense;\n}\n");
  const running = await startWith(document(1), { vcl });
  expect(await running.exit).toBe(3);
  expect(running.events.find(({ type }) => type === "refused")).toMatchObject({
    by: "engine",
    isServing: false,
    message: expect.stringMatching(new RegExp(`nonsense.*${vcl}' Line 3`, "s")),
  });
});

test("a first document with errors is not started with", async () => {
  const running = await startWith('{"version":2}');
  expect(await running.exit).toBe(3);
  expect(running.events).toMatchObject([
    { type: "refused", isServing: false, diagnostics: [{ code: "GH0003" }] },
  ]);
});

test("routes with errors are left out where the policy says so", async () => {
  const running = await startWith(
    document(1, { routes: [{ name: "bad", hostnames: ["a b"] }, { name: "good" }] }),
    { policy: "quarantine" },
  );
  const { answer } = await running.next("ready");
  expect(answer.routes).toMatchObject({
    count: 1,
    quarantined: [{ route: "HTTPRoute/bad", code: "GH0103" }],
  });
});

test("listeners have sockets of their own; one on a new port waits for the next start", async () => {
  const listener = (name: string, port: number): object => ({ name, port, protocol: "HTTP" });
  const routes = ["http", "admin"].map((name) => ({
    name,
    listeners: [name],
    rules: [
      {
        filters: [
          {
            type: "RequestRedirect",
            requestRedirect: { hostname: `${name}.example`, port: 80, scheme: "http" },
          },
        ],
      },
    ],
  }));
  const text = document(1, { listeners: [listener("http", 80), listener("admin", 9000)], routes });
  const running = await startWith(text, {
    listen: [{ address: "127.0.0.1:0" }, { name: "admin", address: "127.0.0.1:0" }],
  });
  const { listeners } = await running.next("ready");
  const locations = listeners.map(async ({ name, port }) => {
    const response = await fetch(`http://127.0.0.1:${port}/`, { redirect: "manual" });
    return `${name} ${response.headers.get("location")}`;
  });
  expect(await Promise.all(locations)).toEqual([
    "http http://http.example/",
    "admin http://admin.example/",
  ]);
  await replace(
    running.file,
    document(1, { listeners: [listener("http", 80), listener("late", 7000)], routes: [] }),
  );
  await running.next("reloaded");
  expect(running.events).toContainEqual({
    type: "notice",
    level: "warn",
    message: "listeners on new ports are opened at the next start: late",
  });
});

test("a port that is taken ends the start with varnishd's words", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  onTestFinished(() => void taken.close());
  const address = taken.address();
  const port = typeof address === "object" ? address?.port : 0;
  const running = await startWith(document(1), { listen: [{ address: `127.0.0.1:${port}` }] });
  expect(await running.exit).toBe(1);
  expect(running.events.at(-1)).toMatchObject({
    type: "notice",
    level: "error",
    message: expect.stringContaining("Address already in use"),
  });
});

test("varnishd that is gone is started again, on the same port, with what was served last", async () => {
  const port = await serveHttp((_request, response) => response.end("here"));
  const running = await startWith(document(port));
  const first = await running.next("ready");
  await replace(running.file, document(port, { generation: 7 }));
  await running.next("reloaded");
  process.kill(first.pid, "SIGKILL");
  expect(await running.next("notice")).toMatchObject({
    level: "error",
    message: "varnishd ended (SIGKILL)",
  });
  const second = await running.next("ready");
  expect(second.pid).not.toBe(first.pid);
  expect(second.listeners).toEqual(first.listeners);
  expect(second.answer.routes.generation).toBe(7);
  expect(await textOf(urlOf(second.listeners))).toBe("here");
  const { engine } = await connectChaperone({ folder: second.folder }).status();
  expect(engine).toMatchObject({ pid: second.pid, restarts: 1, adopted: false });
});

test("a listener may have any name", async () => {
  const names = ["shop/web/http", "1st.one"];
  const redirect = (name: string): object => ({
    name,
    listeners: [name],
    rules: [
      {
        filters: [
          {
            type: "RequestRedirect",
            requestRedirect: { hostname: `${name.length}.example`, scheme: "http", port: 80 },
          },
        ],
      },
    ],
  });
  const running = await startWith(
    document(1, {
      listeners: names.map((name, index) => ({ name, port: 80 + index, protocol: "HTTP" })),
      routes: names.map(redirect),
    }),
    { listen: names.map((name) => ({ name, address: "127.0.0.1:0" })) },
  );
  const { listeners } = await running.next("ready");
  expect(listeners.map(({ name }) => name)).toEqual(names);
  const locations = listeners.map(async ({ port }) => {
    const response = await fetch(`http://127.0.0.1:${port}/`, { redirect: "manual" });
    return response.headers.get("location");
  });
  expect(await Promise.all(locations)).toEqual(["http://13.example/", "http://7.example/"]);
});
