// Every limit: crossed, answered as it should be, counted.

import { equal, match, ok } from "node:assert/strict";
import { once } from "node:events";
import { connect as connectHttp2 } from "node:http2";

import { Edge, freePort, plain, upstream } from "./edge.ts";
import type { After, Configuration, Test } from "./edge.ts";
import { ask, backend, body } from "./forwarding.ts";
import { open, raw } from "./raw.ts";

async function limited(after: After, more: Configuration): Promise<Edge & { port: number }> {
  const origin = await backend(after, async (asked, answer) => {
    const received = await body(asked).catch(() => undefined);
    answer.end(`${received?.length}`);
  });
  const port = await freePort();
  const edge = await Edge.start(after, {
    listeners: [plain(port)],
    upstream: upstream([origin.port]),
    ...more,
  });
  return Object.assign(edge, { port });
}

export const limits: Record<string, Test> = {
  "request targets": async (after) => {
    const edge = await limited(after, { limits: { target_bytes: 1024 } });
    equal((await ask(edge.port, { path: `/${"a".repeat(1023)}` })).statusCode, 200);
    equal((await ask(edge.port, { path: `/${"a".repeat(1024)}` })).statusCode, 414);
    equal(await edge.limit("targetBytes"), 1);
  },

  "header lines": async (after) => {
    const edge = await limited(after, { limits: { headers: 20 } });
    const lines = (count: number): Record<string, string> =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`x-${index}`, "1"]));
    equal((await ask(edge.port, { headers: lines(15) })).statusCode, 200);
    equal((await ask(edge.port, { headers: lines(40) })).statusCode, 431);
    const session = connectHttp2(`http://127.0.0.1:${edge.port}`);
    after(() => session.destroy());
    const [headers] = (await once(session.request(lines(40)), "response")) as [
      Record<string, number>,
    ];
    equal(headers[":status"], 431);
    // One was refused by the HTTP/1 parser itself.
    equal(await edge.limit("headers"), 2);
  },

  "bytes of a head": async (after) => {
    const edge = await limited(after, { limits: { header_bytes: "8KiB" } });
    equal((await ask(edge.port, { headers: { "x-long": "a".repeat(4_000) } })).statusCode, 200);
    equal((await ask(edge.port, { headers: { "x-long": "a".repeat(9_000) } })).statusCode, 431);
    equal(await edge.limit("headerBytes"), 1);
  },

  "bytes of a body, announced or not": async (after) => {
    const edge = await limited(after, { limits: { body_bytes: "10KiB" } });
    equal(
      (await ask(edge.port, { method: "POST" }, Buffer.alloc(10_240))).bytes.toString(),
      "10240",
    );
    equal((await ask(edge.port, { method: "POST" }, Buffer.alloc(10_241))).statusCode, 413);
    const chunked = { method: "POST", headers: { "Transfer-Encoding": "chunked" } };
    equal((await ask(edge.port, chunked, Buffer.alloc(20_000))).statusCode, 413);
    equal(await edge.limit("bodyBytes"), 2);
  },

  "time for a head": async (after) => {
    const edge = await limited(after, { client_timeouts: { header: "200ms" } });
    match(await raw(after, edge.port, "GET / HTTP/1.1\r\nHost: a\r\nX-Slow: "), /^HTTP\/1.1 408 /);
    equal(await edge.limit("headerTime"), 1);
  },

  "pauses in a body": async (after) => {
    const edge = await limited(after, { client_timeouts: { body_idle: "200ms" } });
    match(
      await raw(after, edge.port, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc"),
      /^HTTP\/1.1 408 /,
    );
    equal(await edge.limit("bodyTime"), 1);
  },

  "idle connections": async (after) => {
    const edge = await limited(after, { client_timeouts: { keep_alive: "200ms" } });
    match(await raw(after, edge.port, "GET / HTTP/1.1\r\nHost: a\r\n\r\n"), /^HTTP\/1.1 200 /);
  },

  "a client that takes nothing": async (after) => {
    const origin = await backend(after, (_asked, answer) => answer.end(Buffer.alloc(64 << 20)));
    const port = await freePort();
    const edge = await Edge.start(after, {
      listeners: [plain(port)],
      upstream: upstream([origin.port]),
      client_timeouts: { write_idle: "300ms" },
    });
    const socket = open(after, port);
    socket.pause();
    socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    await edge.until(async () => (await edge.limit("slowReader")) === 1);
  },

  "a client that takes too little": async (after) => {
    const origin = await backend(after, (_asked, answer) => answer.end(Buffer.alloc(256 << 20)));
    const port = await freePort();
    const edge = await Edge.start(after, {
      listeners: [plain(port)],
      upstream: upstream([origin.port]),
      client_timeouts: { write_idle: "2s" },
      limits: { min_bytes_per_second: 1 << 30 },
    });
    const socket = open(after, port);
    socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    // It never pauses for two seconds, and takes a small part of what it would have to.
    socket.on("data", () => {
      socket.pause();
      setTimeout(() => socket.resume(), 20);
    });
    await edge.until(async () => (await edge.limit("slowReader")) === 1);
  },

  "requests of one connection": async (after) => {
    const edge = await limited(after, { limits: { requests_per_connection: 2 } });
    const said = await raw(after, edge.port, "GET / HTTP/1.1\r\nHost: a\r\n\r\n".repeat(3));
    equal(said.match(/HTTP\/1.1 200/g)?.length, 2);
    match(said, /connection: close/i);
  },

  "connections of one client, and of all": async (after) => {
    const edge = await limited(after, { limits: { connections_per_address: 3, connections: 4 } });
    const sockets = Array.from({ length: 5 }, () => open(after, edge.port));
    await edge.until(async () => (await edge.limit("connectionsPerAddress")) === 2);
    for (const socket of sockets) socket.destroy();
    await edge.until(async () => (await edge.metric("ghost_edge_connections")) === 0);
    equal((await ask(edge.port)).statusCode, 200);
  },

  "streams that are reset": async (after) => {
    const origin = await backend(after, () => {});
    const port = await freePort();
    const edge = await Edge.start(after, {
      listeners: [plain(port)],
      upstream: upstream([origin.port]),
      limits: { resets_per_minute: 20 },
    });
    const session = connectHttp2(`http://127.0.0.1:${port}`);
    after(() => session.destroy());
    session.on("error", () => {});
    const away = once(session, "goaway");
    for (let count = 0; count < 60 && !session.destroyed; count += 1) {
      const stream = session.request({ ":path": "/" });
      stream.on("error", () => {});
      await new Promise((resolve) => setImmediate(resolve));
      stream.close(8);
    }
    const [code] = (await away) as [number];
    equal(code, 11);
    ok((await edge.limit("resets")) + (await edge.limit("http2Flood")) >= 1);
  },

  "streams at a time": async (after) => {
    const edge = await limited(after, { limits: { streams: 7 } });
    const session = connectHttp2(`http://127.0.0.1:${edge.port}`);
    after(() => session.destroy());
    await once(session, "remoteSettings");
    equal(session.remoteSettings.maxConcurrentStreams, 7);
  },

  "bytes of a response": async (after) => {
    const origin = await backend(after, (_asked, answer) => answer.end(Buffer.alloc(100_000)));
    const port = await freePort();
    const edge = await Edge.start(after, {
      listeners: [plain(port)],
      upstream: upstream([origin.port], { max_response_body: 50_000 }),
    });
    const cut = await ask(port).catch(() => "cut");
    equal(cut, "cut");
    equal(await edge.limit("responseBytes"), 1);
  },

  "CONNECT is refused": async (after) => {
    const edge = await limited(after, {});
    match(
      await raw(
        after,
        edge.port,
        "CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\nConnection: close\r\n\r\n",
      ),
      /^HTTP\/1.1 400 /,
    );
  },

  "a PROXY header that must come and does not": async (after) => {
    const origin = await backend(after, (_asked, answer) => answer.end());
    const port = await freePort();
    const proxied = plain(port, { proxy_protocol: { trusted: ["127.0.0.0/8"], timeout: "1s" } });
    const edge = await Edge.start(after, {
      listeners: [proxied],
      upstream: upstream([origin.port]),
    });
    equal(await raw(after, port, "GET / HTTP/1.1\r\nHost: a\r\n\r\n"), "");
    equal(await edge.limit("proxyHeader"), 1);
  },
};
