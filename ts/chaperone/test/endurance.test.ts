/** What lasts long or changes under way: open tunnels while draining, a compiler that takes its time, slices that move under load. */

import { once } from "node:events";
import { chmod, mkdir, rm, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { serveHttp, start, temporaryFolder } from "./engine.js";

const listen = [{ address: "127.0.0.1:0" }];

/** A server that agrees to every upgrade and then sends back what it gets. */
async function serveTunnels(): Promise<number> {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => {
      socket.write(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
      );
      socket.on("data", (piece: Buffer) => socket.write(piece));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

async function said(socket: Socket): Promise<string> {
  const [piece]: unknown[] = await once(socket, "data");
  return String(piece);
}

test("draining waits for a WebSocket and cuts nothing of it", async () => {
  const file = join(await temporaryFolder(), "ghost.json");
  const services = {
    s: { protocol: "websocket", endpoints: [{ address: "127.0.0.1", port: await serveTunnels() }] },
  };
  const routes = [{ name: "all", rules: [{ backends: [{ service: "s" }] }] }];
  await writeFile(file, JSON.stringify({ version: 1, routes, services }));
  const running = start({ source: { kind: "document", file }, listen });
  const { listeners } = await running.next("ready");
  const socket = connect(listeners[0]?.port ?? 0, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  socket.write(
    "GET /chat HTTP/1.1\r\nHost: a.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
  );
  expect(await said(socket)).toContain(" 101 ");

  running.drain();
  await running.next("draining");
  let hasEnded = false;
  void running.exit.then(() => (hasEnded = true));
  for (let turn = 0; turn < 3; turn += 1) {
    socket.write(`turn ${turn}`);
    expect(await said(socket)).toBe(`turn ${turn}`);
    // Draining counts sessions once a second: it has looked, and seen this one.
    await expect
      .poll(() => running.events.filter(({ type }) => type === "draining").length, {
        timeout: 30_000,
      })
      .toBeGreaterThan(turn === 0 ? 0 : 1);
    expect(hasEnded).toBe(false);
  }
  socket.end();
  expect(await running.exit).toBe(0);
});

test("while VCL compiles slowly routes change and requests are answered; then it is used", async () => {
  const folder = await temporaryFolder();
  await chmod(folder, 0o755);
  const [file, vcl, gate, compiler] = ["ghost.json", "my.vcl", "closed", "compiler"].map((name) =>
    join(folder, name),
  ) as [string, string, string, string];
  const ports = [
    await serveHttp((_request, response) => response.end("one")),
    await serveHttp((_request, response) => response.end("two")),
  ];
  const write = (which: number): Promise<void> => {
    const services = { s: { endpoints: [{ address: "127.0.0.1", port: ports[which] }] } };
    const routes = [{ name: `r${which}`, rules: [{ backends: [{ service: "s" }] }] }];
    return writeFile(file, JSON.stringify({ version: 1, routes, services }));
  };
  await write(0);
  await writeFile(vcl, "vcl 4.1;\n");
  const waiting = `while [ -e ${gate} ]; do sleep 0.1; done`;
  await writeFile(compiler, `#!/bin/sh\n${waiting}\nexec cc -fpic -shared -Wl,-x -o "$1" "$2"\n`);
  await chmod(compiler, 0o755);
  const running = start({
    source: { kind: "document", file },
    listen,
    vcl,
    extraArguments: ["-p", `cc_command=exec ${compiler} %o %s`],
  });
  const { listeners } = await running.next("ready");
  let count = 0;
  const ask = (): Promise<Response> =>
    fetch(`http://127.0.0.1:${listeners[0]?.port}/${(count += 1)}`);

  await writeFile(gate, "");
  onTestFinished(() => rm(gate, { force: true }));
  await writeFile(vcl, 'vcl 4.1;\nsub vcl_deliver { set resp.http.x-slow = "yes"; }\n');
  await write(1);
  expect((await running.next("reloaded")).answer.changed).toContain("routes");
  const meanwhile = await ask();
  expect([await meanwhile.text(), meanwhile.headers.get("x-slow")]).toEqual(["two", null]);
  await rm(gate);
  await expect
    .poll(async () => (await ask()).headers.get("x-slow"), { timeout: 30_000 })
    .toBe("yes");
});

test("endpoints that move between slices, which split and shrink, lose no request", async () => {
  const folder = join(await temporaryFolder(), "manifests");
  await mkdir(folder);
  const names = ["a", "b", "c"] as const;
  const ports = Object.fromEntries(
    await Promise.all(
      names.map(async (name) => [
        name,
        await serveHttp((_request, response) => response.end(name)),
      ]),
    ),
  );
  const object = (kind: string, apiVersion: string, name: string, rest: object): string =>
    JSON.stringify({ apiVersion, kind, metadata: { name, namespace: "d" }, ...rest });
  const api = "gateway.networking.k8s.io/v1";
  await writeFile(
    join(folder, "routes.yaml"),
    [
      object("Gateway", api, "web", {
        spec: {
          gatewayClassName: "ghost",
          listeners: [{ name: "http", port: 80, protocol: "HTTP" }],
        },
      }),
      object("HTTPRoute", api, "all", {
        spec: {
          parentRefs: [{ name: "web" }],
          rules: [{ backendRefs: [{ name: "s", port: 80 }] }],
        },
      }),
      object("Service", "v1", "s", { spec: { ports: [{ port: 80 }] } }),
    ].join("\n---\n"),
  );
  const write = (slices: readonly (readonly string[])[]): Promise<void> =>
    writeFile(
      join(folder, "slices.yaml"),
      // The endpoints of this test differ in their ports, so each stands in a slice of its own as well.
      slices
        .flatMap((members, index) =>
          members.map((name) =>
            JSON.stringify({
              apiVersion: "discovery.k8s.io/v1",
              kind: "EndpointSlice",
              metadata: {
                name: `s-${index}-${name}`,
                namespace: "d",
                labels: { "kubernetes.io/service-name": "s" },
              },
              addressType: "IPv4",
              ports: [{ port: ports[name], protocol: "TCP" }],
              endpoints: [{ addresses: ["127.0.0.1"] }],
            }),
          ),
        )
        .join("\n---\n"),
    );
  await write([["a"]]);
  const running = start({
    source: { kind: "manifests", paths: [folder] },
    policy: "quarantine",
    listen,
  });
  const { listeners } = await running.next("ready");
  let count = 0;
  const ask = async (): Promise<string> => {
    const answer = await fetch(`http://127.0.0.1:${listeners[0]?.port}/${(count += 1)}`);
    return answer.ok ? answer.text() : String(answer.status);
  };
  let isOver = false;
  const work = async (): Promise<Set<string>> => {
    const answers = new Set<string>();
    while (!isOver) answers.add(await ask());
    return answers;
  };
  const load = Promise.all(Array.from({ length: 8 }, work));
  // The last of each differs from the one before in its members, so that it can be waited for.
  for (const slices of [
    [["a", "b"]],
    [["a"], ["b"], ["c"]],
    [[], [], ["b", "c"]],
    [["c"]],
    [["a"], ["c"]],
    [["b"]],
  ]) {
    await write(slices);
    const members = new Set(slices.flat());
    const answering = async (): Promise<Set<string>> =>
      new Set(await Promise.all(Array.from({ length: 40 }, ask)));
    await expect.poll(answering, { timeout: 20_000 }).toEqual(members);
  }
  isOver = true;
  const answers = (await load).flatMap((set) => [...set]);
  expect(new Set(answers)).toEqual(new Set(names));
});
