// What the edge and its surroundings say to each other: systemd, PROXY headers, varnishd.

import { deepEqual, equal, ok } from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import type { IncomingMessage } from "node:http";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

import { Edge, binary, certificate, folder, freePort, plain, upstream, workspace } from "./edge.ts";
import type { After, Test } from "./edge.ts";
import { ask, backend, body } from "./forwarding.ts";

/** What systemd does: listens, hands the socket over as descriptor 3, and hears what the service says of itself. */
const SYSTEMD = `
import os, socket, sys
ready, words = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM), sys.argv[1:]
ready.bind(words[0])
listener = socket.create_server(("127.0.0.1", int(words[1])), backlog=64)
child = os.fork()
if child == 0:
    os.dup2(listener.fileno(), 3)
    os.set_inheritable(3, True)
    os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()), NOTIFY_SOCKET=words[0])
    os.execv(words[2], words[2:])
print("pid", child, flush=True)
while True:
    word = ready.recv(4096).decode().replace("\\n", " ")
    print("notify", word, flush=True)
    if "STOPPING=1" in word:
        break
print("exit", os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
`;

async function underSystemd(
  after: After,
  port: number,
  configuration: object,
): Promise<{ said: () => string; until: (what: RegExp) => Promise<string> }> {
  const at = folder(after);
  writeFileSync(join(at, "edge.json"), JSON.stringify(configuration));
  const words = [join(at, "notify"), String(port), binary(), "--config", join(at, "edge.json")];
  const child = spawn("python3", ["-c", SYSTEMD, ...words], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const ended = once(child, "exit");
  let said = "";
  child.stdout.on("data", (text: Buffer) => (said += text.toString()));
  after(async () => {
    const pid = Number(/pid (\d+)/.exec(said)?.[1]);
    if (child.exitCode === null) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // It has ended meanwhile.
      }
      child.kill("SIGKILL");
      await ended;
    }
  });
  const until = async (what: RegExp): Promise<string> => {
    const deadline = Date.now() + 20_000;
    for (;;) {
      const found = what.exec(said);
      if (found !== null) return found[1] ?? found[0];
      if (Date.now() > deadline) throw new Error(`${what} was never said:\n${said}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  return { said: () => said, until };
}

/** Addresses and TLVs of a PROXY header of version 2. */
function proxied(bytes: Buffer): { client: string; tlvs: number[]; length: number } {
  equal(bytes.subarray(0, 12).toString("latin1"), "\r\n\r\n\0\r\nQUIT\n");
  deepEqual([bytes[12], bytes[13]], [0x21, 0x11], "version 2, PROXY, TCP over IPv4");
  const length = 16 + bytes.readUInt16BE(14);
  const client = `${[...bytes.subarray(16, 20)].join(".")}:${bytes.readUInt16BE(24)}`;
  const tlvs: number[] = [];
  for (let at = 28; at < length; at += 3 + bytes.readUInt16BE(at + 1)) tlvs.push(bytes[at] ?? 0);
  return { client, tlvs, length };
}

/** A server that answers with what came before the request. */
async function behindProxy(after: After): Promise<number> {
  const server = createServer((socket) => {
    let received = Buffer.alloc(0);
    socket.on("error", () => {});
    socket.on("data", (piece) => {
      received = Buffer.concat([received, piece]);
      if (!received.includes("\r\n\r\n", 16 + received.readUInt16BE(14))) return;
      const { client, tlvs, length } = proxied(received);
      const [line] = received.subarray(length).toString().split("\r\n");
      const text = JSON.stringify({ client, tlvs, line });
      socket.end(`HTTP/1.1 200 OK\r\nContent-Length: ${text.length}\r\n\r\n${text}`);
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  after(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** A varnishd with the VMOD and these routes, on a Unix socket. */
async function varnishd(after: After, document: object): Promise<string> {
  const at = folder(after);
  chmodSync(at, 0o755);
  const library = join(workspace, "target/vmod/libvmod_ghost.so");
  ok(existsSync(library), "make vmod comes first");
  writeFileSync(join(at, "ghost.json"), JSON.stringify(document));
  writeFileSync(
    join(at, "main.vcl"),
    `vcl 4.1;
import ghost from "${library}";
sub vcl_init { new router = ghost.router("${join(at, "ghost.json")}"); }
include "ghost.vcl";
sub vcl_deliver { set resp.http.X-Hits = obj.hits; }
`,
  );
  const words = [
    "-j",
    "none",
    "-F",
    "-n",
    join(at, "work"),
    "-f",
    join(at, "main.vcl"),
    "-s",
    "malloc,16m",
  ];
  const vcl = ["-p", `vcl_path=${join(workspace, "crates/ghost-vmod/vcl")}`];
  const socket = join(at, "varnish.sock");
  const child = spawn("varnishd", [...words, ...vcl, "-a", `http=${socket},mode=0666`], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = once(child, "exit");
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (text: Buffer) => (said += text.toString()));
  after(async () => {
    child.kill("SIGTERM");
    await ended;
  });
  const deadline = Date.now() + 30_000;
  while (!/Child \(\d+\) said Child starts|Child launched OK/.test(said) || !existsSync(socket)) {
    if (child.exitCode !== null || Date.now() > deadline) throw new Error(`varnishd:\n${said}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return socket;
}

export const operation: Record<string, Test> = {
  "systemd opens the port and is told of readiness, reload and end": async (after) => {
    const origin = await backend(after, (_asked, answer) => answer.end("served"));
    const port = await freePort();
    const service = await underSystemd(after, port, {
      listeners: [plain(port)],
      upstream: upstream([origin.port]),
      metrics: { enabled: false },
      admin: { enabled: false },
      access_log: { enabled: false },
      workers: 2,
    });
    await service.until(/notify .*READY=1/);
    equal((await ask(port)).bytes.toString(), "served");
    const pid = Number(await service.until(/pid (\d+)/));
    process.kill(pid, "SIGHUP");
    await service.until(/notify .*RELOADING=1/);
    await service.until(/RELOADING=1[^]*READY=1/);
    process.kill(pid, "SIGTERM");
    await service.until(/notify .*STOPPING=1/);
    equal(await service.until(/exit (-?\d+)/), "0");
  },

  "a PROXY header of version 2 tells endpoints who the client is": async (after) => {
    const [origin, port, secure] = [await behindProxy(after), await freePort(), await freePort()];
    const at = folder(after);
    const pair = certificate(at, "a", ["a.example"]);
    const https = {
      name: "https",
      protocol: "https",
      address: "127.0.0.1",
      port: secure,
      tls: pair,
    };
    await Edge.start(after, {
      listeners: [plain(port), https],
      upstream: upstream([origin], { proxy_protocol: {} }),
    });
    for (let count = 0; count < 2; count += 1) {
      const asked = request({ host: "127.0.0.1", port, path: "/who", agent: false });
      asked.end();
      const [response] = (await once(asked, "response")) as [IncomingMessage];
      const { port: mine } = response.socket.address() as AddressInfo;
      const seen = JSON.parse((await body(response)).toString());
      deepEqual(seen, { client: `127.0.0.1:${mine}`, tlvs: [], line: "GET /who HTTP/1.1" });
    }
    const url = `https://a.example:${secure}/`;
    const words = ["-sS", "-k", "--http1.1", "--resolve", `a.example:${secure}:127.0.0.1`, url];
    const child = spawn("curl", words, { stdio: ["ignore", "pipe", "inherit"] });
    let text = "";
    child.stdout.on("data", (piece: Buffer) => (text += piece.toString()));
    await once(child, "close");
    // ALPN, authority, SSL (PROXY protocol, section 2.2).
    deepEqual(JSON.parse(text).tlvs.toSorted(), [0x01, 0x02, 0x20]);
  },

  "varnishd behind the edge decides; listener, scheme and client reach it": async (after) => {
    const origin = await backend(after, (asked, answer) => {
      answer.setHeader("cache-control", "max-age=60");
      const { "x-forwarded-for": client, "x-forwarded-proto": scheme, host } = asked.headers;
      answer.end(JSON.stringify({ url: asked.url, client, scheme, host }));
    });
    const document = {
      version: 1,
      listeners: [{ name: "http", port: 80 }],
      routes: [
        {
          name: "r",
          hostnames: ["shop.example"],
          rules: [
            {
              backends: [{ service: "s" }],
              filters: [
                {
                  type: "ResponseHeaderModifier",
                  responseHeaderModifier: { set: [{ name: "X-By", value: "vmod" }] },
                },
              ],
            },
          ],
        },
      ],
      services: { s: { endpoints: [{ address: "127.0.0.1", port: origin.port }] } },
    };
    const socket = await varnishd(after, document);
    const port = await freePort();
    const edge = await Edge.start(after, {
      listeners: [plain(port)],
      upstream: upstream([origin.port]),
      varnish: { socket },
    });
    const shop = { path: "/item", headers: { host: "shop.example" } };
    const first = await ask(port, shop);
    const expected = { url: "/item", client: "127.0.0.1", scheme: "http", host: "shop.example" };
    const seen: Record<string, string> = JSON.parse(first.bytes.toString());
    // varnishd appends the peer of its own socket, which for a Unix one is 0.0.0.0.
    const client = seen["client"]?.replace(/, 0\.0\.0\.0$/, "");
    deepEqual([first.statusCode, { ...seen, client }], [200, expected]);
    equal(first.headers["x-by"], "vmod");
    const second = await ask(port, shop);
    deepEqual([second.headers["x-hits"], second.headers["x-by"]], ["1", "vmod"]);
    equal((await ask(port, { headers: { host: "other.example" } })).statusCode, 404);
    equal(await edge.stop(), 0);
  },
};
