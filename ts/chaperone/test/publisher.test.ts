/** What lies on disk for the engine, whatever the engine says. The engine is a server on a Unix socket. */

import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { mkdir, readFile, readdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { Publisher } from "../src/apply/publisher.js";
import { temporaryFolder } from "./engine.js";

/** How the engine answers a reload, given the routes it finds on disk. */
type Reply = (routes: string) => { readonly status: number; readonly body: string };

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const answer = (ok: boolean, sum: string): string =>
  JSON.stringify({
    ok,
    routes: { generation: 1, sha256: sum, count: 1, quarantined: [] },
    endpoints: { generation: 1, sha256: sum, count: 1 },
    diagnostics: [{ message: "because" }],
  });

const accept: Reply = (routes) => ({ status: 200, body: answer(true, sha256(routes)) });
const refuse: Reply = () => ({ status: 409, body: answer(false, "old") });
const acknowledgeOthers: Reply = () => ({ status: 200, body: answer(true, sha256("others")) });
const acknowledgeEndpoints =
  (endpoints: string): Reply =>
  (routes) => ({
    status: 200,
    body: JSON.stringify({
      ok: true,
      routes: { generation: 1, sha256: sha256(routes), count: 1, quarantined: [] },
      endpoints: { generation: 1, sha256: sha256(endpoints), count: 1 },
    }),
  });
const fail: Reply = () => ({ status: 503, body: "<html>" });

interface Staged {
  readonly publisher: Publisher;
  readonly onDisk: () => Promise<string>;
  readonly folder: string;
  readonly asked: string[];
  reply: Reply;
}

async function stage(): Promise<Staged> {
  const folder = await temporaryFolder();
  const routesFile = join(folder, "routes", "ghost.json");
  const controlSocket = join(folder, "ghost.sock");
  await mkdir(dirname(routesFile));
  const onDisk = (): Promise<string> => readFile(routesFile, "utf8");
  const staged: Staged = {
    publisher: new Publisher({
      routesFile,
      controlSocket,
      endpointsName: "endpoints.json",
      share: async () => undefined,
    }),
    onDisk,
    folder: dirname(routesFile),
    asked: [],
    reply: accept,
  };
  const server = createServer((request, response) => {
    staged.asked.push(String(request.url));
    void onDisk().then((routes) => {
      const { status, body } = staged.reply(routes);
      response.writeHead(status).end(body);
    });
  }).listen(controlSocket);
  await once(server, "listening");
  onTestFinished(() => void server.close());
  await staged.publisher.prepare(documents("first"), null);
  return staged;
}

const documents = (name: string): { readonly routes: Buffer; readonly file: string } => ({
  routes: Buffer.from(`{"version":1,"routes":[{"name":"${name}"}]}`),
  file: "ghost.json",
});

test("what is acknowledged stays, with rising generations", async () => {
  const staged = await stage();
  expect(await staged.publisher.publish(documents("second"), null)).toMatchObject({ ok: true });
  expect(await staged.onDisk()).toBe(
    '{"generation":2,"version":1,"routes":[{"source":"ghost.json:1:24","name":"second"}]}',
  );
  await staged.publisher.publish(documents("third"), null);
  expect(await staged.onDisk()).toContain('"generation":3,');
  expect(staged.asked).toEqual(["/.varnish-ghost/reload", "/.varnish-ghost/reload"]);
});

test("what is refused is taken back: a child that starts anew must find what is good", async () => {
  const staged = await stage();
  const first = await staged.onDisk();
  staged.reply = refuse;
  expect(await staged.publisher.publish(documents("second"), null)).toMatchObject({
    ok: false,
    findings: ["because"],
  });
  expect(await staged.onDisk()).toBe(first);
});

test.each([
  ["other routes are acknowledged than were written", acknowledgeOthers, "other routes"],
  ["no answer can be had", fail, "answered a reload with 503"],
])("%s: taken back as well", async (_name, reply, message) => {
  const staged = await stage();
  const first = await staged.onDisk();
  staged.reply = reply;
  await expect(staged.publisher.publish(documents("second"), null)).rejects.toThrow(message);
  expect(await staged.onDisk()).toBe(first);
});

test("an engine that is away for a moment is asked again", async () => {
  const staged = await stage();
  let count = 0;
  staged.reply = (routes) => ((count += 1) < 3 ? fail(routes) : accept(routes));
  expect(await staged.publisher.publish(documents("second"), null)).toMatchObject({ ok: true });
});

test("a document's own generation and its endpoints are written as they are", async () => {
  const staged = await stage();
  const endpoints = Buffer.from('{"version":1,"generation":7}');
  const routes = Buffer.from('{"version":1,"generation":42,"endpointsFile":"../elsewhere/e.json"}');
  staged.reply = acknowledgeEndpoints(endpoints.toString());
  await staged.publisher.publish({ routes, file: "ghost.json", endpoints, endpointsFile: "x" }, 42);
  expect(await staged.onDisk()).toBe(
    '{"version":1,"generation":42,"endpointsFile":"endpoints.json"}',
  );
  expect(await readFile(join(staged.folder, "endpoints.json"))).toEqual(endpoints);
  expect((await readdir(staged.folder)).toSorted()).toEqual(["endpoints.json", "ghost.json"]);
});

test("a change of endpoints writes no routes", async () => {
  const staged = await stage();
  const routes = Buffer.from('{"version":1,"endpointsFile":"e.json"}');
  const publish = async (endpoints: string): Promise<bigint> => {
    staged.reply = acknowledgeEndpoints(endpoints);
    const documents = { routes, file: "ghost.json", endpoints: Buffer.from(endpoints) };
    await staged.publisher.publish(documents, null);
    return (await stat(join(staged.folder, "ghost.json"), { bigint: true })).ino;
  };
  const first = await publish('{"version":1,"generation":1}');
  expect(await publish('{"version":1,"generation":2}')).toBe(first);
  expect(await readFile(join(staged.folder, "endpoints.json"), "utf8")).toContain(":2}");
});
