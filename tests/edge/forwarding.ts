// Messages pass through whole: bodies, trailers, interim responses, tunnels.

import { deepEqual, equal, match, ok } from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { Agent, createServer, request } from "node:http";
import type { IncomingMessage, RequestOptions, Server, ServerResponse } from "node:http";
import { connect as connectHttp2, createServer as createHttp2Server } from "node:http2";
import type { AddressInfo } from "node:net";
import { connect } from "node:net";

import { WebSocket, WebSocketServer } from "ws";

import { Edge, freePort, plain, upstream } from "./edge.ts";
import type { After, Configuration, Test } from "./edge.ts";

type Handler = (asked: IncomingMessage, answer: ServerResponse) => unknown;

export async function backend(after: After, handler: Handler): Promise<Server & { port: number }> {
  const server = createServer({ keepAliveTimeout: 60_000 }, (asked, answer) => {
    void handler(asked, answer);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  return Object.assign(server, { port: (server.address() as AddressInfo).port });
}

export async function body(message: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of message) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

export async function ask(
  port: number,
  options: RequestOptions = {},
  sent: Buffer | string = "",
): Promise<IncomingMessage & { bytes: Buffer }> {
  const asked = request({ host: "127.0.0.1", port, agent: new Agent(), ...options });
  // The first error ends the wait below; a second one tells nothing new.
  asked.on("error", () => {});
  asked.end(sent);
  const [response] = (await once(asked, "response")) as [IncomingMessage];
  return Object.assign(response, { bytes: await body(response) });
}

async function through(
  after: After,
  port: number,
  more: Configuration = {},
): Promise<Edge & { port: number }> {
  const listen = await freePort();
  const edge = await Edge.start(after, {
    listeners: [plain(listen)],
    upstream: upstream([port], more),
  });
  return Object.assign(edge, { port: listen });
}

const digest = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

export const forwarding: Record<string, Test> = {
  "bodies of 8 MiB pass both ways over HTTP/1.1": async (after) => {
    const origin = await backend(after, async (asked, answer) => answer.end(await body(asked)));
    const edge = await through(after, origin.port);
    const bytes = randomBytes(8 << 20);
    const echoed = await ask(edge.port, { method: "POST" }, bytes);
    equal(digest(echoed.bytes), digest(bytes));
  },

  "bodies of 8 MiB pass both ways over HTTP/2, and to an HTTP/2 backend": async (after) => {
    const origin = createHttp2Server().listen(0, "127.0.0.1");
    await once(origin, "listening");
    after(() => void origin.close());
    origin.on("stream", (stream) => {
      stream.respond({ ":status": 200 });
      stream.pipe(stream);
    });
    const edge = await through(after, (origin.address() as AddressInfo).port, { protocol: "h2c" });
    const session = connectHttp2(`http://127.0.0.1:${edge.port}`);
    after(() => session.destroy());
    const bytes = randomBytes(8 << 20);
    const stream = session.request({ ":method": "POST", ":path": "/echo" });
    stream.end(bytes);
    const pieces: Buffer[] = [];
    for await (const piece of stream) pieces.push(piece as Buffer);
    equal(digest(Buffer.concat(pieces)), digest(bytes));
  },

  "a response that nobody reads stops the backend": async (after) => {
    let written = 0;
    const origin = await backend(after, (_asked, answer) => {
      const piece = Buffer.alloc(64 << 10);
      const more = (): void => {
        while (written < 512 << 20) {
          written += piece.length;
          if (!answer.write(piece)) {
            answer.once("drain", more);
            return;
          }
        }
        answer.end();
      };
      more();
    });
    const edge = await through(after, origin.port);
    const client = connect(edge.port, "127.0.0.1");
    after(() => void client.destroy());
    client.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    await once(client, "readable");
    let before = -1;
    while (before !== written) {
      before = written;
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    ok(written < 64 << 20, `${written} bytes went ahead`);
  },

  "trailers pass both ways": async (after) => {
    const origin = await backend(after, async (asked, answer) => {
      await body(asked);
      answer.writeHead(200, { Trailer: "x-sum" });
      answer.write("body");
      answer.addTrailers({ "x-sum": String(asked.trailers["x-asked"]) });
      answer.end();
    });
    const edge = await through(after, origin.port);
    const asked = request({
      host: "127.0.0.1",
      port: edge.port,
      method: "POST",
      headers: { Trailer: "x-asked", TE: "trailers" },
    });
    asked.write("piece");
    asked.addTrailers({ "x-asked": "7" });
    asked.end();
    const [response] = (await once(asked, "response")) as [IncomingMessage];
    await body(response);
    equal(response.trailers["x-sum"], "7");
  },

  "trailers of an HTTP/2 backend reach an HTTP/2 client, as gRPC needs": async (after) => {
    const origin = createHttp2Server().listen(0, "127.0.0.1");
    await once(origin, "listening");
    after(() => void origin.close());
    origin.on("stream", (stream, headers) => {
      equal(headers["te"], "trailers");
      stream.respond(
        { ":status": 200, "content-type": "application/grpc" },
        { waitForTrailers: true },
      );
      stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
      stream.end("message");
    });
    const edge = await through(after, (origin.address() as AddressInfo).port, { protocol: "grpc" });
    const session = connectHttp2(`http://127.0.0.1:${edge.port}`);
    after(() => session.destroy());
    const stream = session.request({ ":method": "POST", ":path": "/a.B/C", te: "trailers" });
    stream.end("x");
    const [trailers] = (await once(stream.resume(), "trailers")) as [Record<string, string>];
    equal(trailers["grpc-status"], "0");
  },

  "103 Early Hints come before the response, in both versions": async (after) => {
    const origin = await backend(after, (_asked, answer) => {
      answer.writeEarlyHints({ link: "</style.css>; rel=preload" });
      setImmediate(() => answer.end("done"));
    });
    const edge = await through(after, origin.port);
    const asked = request({ host: "127.0.0.1", port: edge.port });
    const hints: string[] = [];
    asked.on("information", ({ statusCode, headers }) =>
      hints.push(`${statusCode} ${String(headers["link"])}`),
    );
    asked.end();
    const [response] = (await once(asked, "response")) as [IncomingMessage];
    await body(response);
    deepEqual(hints, ["103 </style.css>; rel=preload"]);
    const session = connectHttp2(`http://127.0.0.1:${edge.port}`);
    after(() => session.destroy());
    const stream = session.request({ ":path": "/" });
    const [headers] = (await once(stream, "headers")) as [Record<string, string | number>];
    equal(headers[":status"], 103);
    await once(stream.resume(), "end");
  },

  "Expect: the body waits for the backend's leave": async (after) => {
    const origin = createServer().listen(0, "127.0.0.1");
    await once(origin, "listening");
    after(() => void origin.close());
    const answerAll = async (asked: IncomingMessage, answer: ServerResponse): Promise<void> => {
      if (asked.url === "/no") {
        answer.writeHead(417).end();
        return;
      }
      answer.writeContinue();
      answer.end(await body(asked));
    };
    origin.on("checkContinue", (asked, answer) => void answerAll(asked, answer));
    const edge = await through(after, (origin.address() as AddressInfo).port);
    const expecting = { method: "PUT", headers: { Expect: "100-continue", "Content-Length": 5 } };
    const yes = request({ host: "127.0.0.1", port: edge.port, path: "/yes", ...expecting });
    yes.flushHeaders();
    await once(yes, "continue");
    yes.end("12345");
    const [response] = (await once(yes, "response")) as [IncomingMessage];
    equal((await body(response)).toString(), "12345");
    const no = request({ host: "127.0.0.1", port: edge.port, path: "/no", ...expecting });
    no.on("error", () => {});
    no.on("continue", () => ok(false, "leave was given by nobody"));
    no.flushHeaders();
    const [refused] = (await once(no, "response")) as [IncomingMessage];
    equal(refused.statusCode, 417);
  },

  "WebSocket over HTTP/1.1": async (after) => {
    const origin = await backend(after, (_asked, answer) => answer.end());
    const sockets = new WebSocketServer({ server: origin });
    sockets.on("connection", (socket) =>
      socket.on("message", (data) => socket.send(`echo ${data.toString()}`)),
    );
    const edge = await through(after, origin.port, { protocol: "websocket" });
    const client = new WebSocket(`ws://127.0.0.1:${edge.port}/chat`);
    after(() => client.terminate());
    await once(client, "open");
    client.send("hello");
    const [data] = (await once(client, "message")) as [Buffer];
    equal(data.toString(), "echo hello");
  },

  "WebSocket over HTTP/2 to an HTTP/1.1 backend": async (after) => {
    const origin = await backend(after, (_asked, answer) => answer.end());
    const sockets = new WebSocketServer({ server: origin });
    sockets.on("connection", (socket) =>
      socket.on("message", (data) => socket.send(`echo ${data.toString()}`)),
    );
    const edge = await through(after, origin.port);
    const session = connectHttp2(`http://127.0.0.1:${edge.port}`);
    after(() => session.destroy());
    await once(session, "remoteSettings");
    ok(session.remoteSettings.enableConnectProtocol, "the edge offers extended CONNECT");
    const stream = session.request({
      ":method": "CONNECT",
      ":protocol": "websocket",
      ":path": "/chat",
      "sec-websocket-version": "13",
    });
    const [headers] = (await once(stream, "response")) as [Record<string, number>];
    equal(headers[":status"], 200);
    // A masked text frame (RFC 6455 section 5.2) with a mask of zeros.
    stream.write(Buffer.concat([Buffer.from([0x81, 0x85, 0, 0, 0, 0]), Buffer.from("hello")]));
    const [frame] = (await once(stream, "data")) as [Buffer];
    equal(frame.subarray(2).toString(), "echo hello");
  },

  "WebSocket from HTTP/2 and from HTTP/1.1 to an HTTP/2 backend": async (after) => {
    const origin = createHttp2Server({ settings: { enableConnectProtocol: true } });
    origin.listen(0, "127.0.0.1");
    await once(origin, "listening");
    after(() => void origin.close());
    const asked: unknown[] = [];
    origin.on("stream", (stream, headers) => {
      asked.push([headers[":method"], headers[":protocol"], headers["sec-websocket-key"]]);
      stream.respond({ ":status": 200 });
      stream.pipe(stream);
    });
    const edge = await through(after, (origin.address() as AddressInfo).port, { protocol: "h2c" });
    const session = connectHttp2(`http://127.0.0.1:${edge.port}`);
    after(() => session.destroy());
    await once(session, "remoteSettings");
    const opened = { ":method": "CONNECT", ":protocol": "websocket", ":path": "/chat" };
    const stream = session.request({ ...opened, "sec-websocket-version": "13" });
    const [headers] = (await once(stream, "response")) as [Record<string, number>];
    equal(headers[":status"], 200);
    stream.write("bytes as they are");
    const [echoed] = (await once(stream, "data")) as [Buffer];
    equal(echoed.toString(), "bytes as they are");
    stream.close();
    const key = "dGhlIHNhbXBsZSBub25jZQ==";
    const client = connect(edge.port, "127.0.0.1");
    after(() => void client.destroy());
    const lines = ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"];
    const head = ["GET /chat HTTP/1.1", "Host: a", ...lines, `Sec-WebSocket-Key: ${key}`, "", ""];
    client.write(head.join("\r\n"));
    const [answer] = (await once(client, "data")) as [Buffer];
    match(
      answer.toString(),
      /^HTTP\/1.1 101 [^]*sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=/i,
    );
    client.write("and back");
    const [back] = (await once(client, "data")) as [Buffer];
    equal(back.toString(), "and back");
    deepEqual(asked, Array(2).fill(["CONNECT", "websocket", undefined]));
  },

  "trailers that belong into a head are left out": async (after) => {
    const origin = await backend(after, async (asked, answer) => {
      await body(asked);
      answer.writeHead(200, { Trailer: "x-sum, set-cookie" });
      answer.write("body");
      answer.addTrailers({ "x-sum": "1", "set-cookie": "a=1" });
      answer.end();
    });
    const edge = await through(after, origin.port);
    const response = await ask(edge.port, { headers: { TE: "trailers" } });
    deepEqual(response.trailers, { "x-sum": "1" });
  },

  "an Upgrade that nobody knows is an offer": async (after) => {
    const origin = await backend(after, (asked, answer) =>
      answer.end(JSON.stringify([asked.headers.upgrade ?? null, asked.headers.connection])),
    );
    const edge = await through(after, origin.port);
    const headers = { Connection: "upgrade, close", Upgrade: "h2c" };
    const [upgrade] = JSON.parse((await ask(edge.port, { headers })).bytes.toString());
    equal(upgrade, null);
  },

  "nothing behind an Upgrade goes on before the backend agrees": async (after) => {
    const seen: string[] = [];
    const origin = await backend(after, (asked, answer) => {
      seen.push(asked.url ?? "");
      answer.writeHead(403).end();
    });
    const edge = await through(after, origin.port);
    const client = connect(edge.port, "127.0.0.1");
    after(() => void client.destroy());
    client.write(
      "GET /a HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n",
    );
    const [first] = (await once(client, "data")) as [Buffer];
    match(first.toString(), /^HTTP\/1.1 403/);
    ok(!seen.slice(0, 1).includes("/smuggled"));
  },

  "a client that is gone ends the request at the backend": async (after) => {
    let told: () => void = () => {};
    const gone = new Promise<void>((resolve) => (told = resolve));
    const origin = await backend(after, (asked) => void asked.socket.on("close", told));
    const edge = await through(after, origin.port);
    const client = connect(edge.port, "127.0.0.1");
    const arrived = once(origin, "request");
    client.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    await arrived;
    client.destroy();
    await gone;
  },

  "forwarded headers, request id and trace are the edge's own for strangers": async (after) => {
    const origin = await backend(after, (asked, answer) =>
      answer.end(JSON.stringify(asked.headers)),
    );
    const edge = await through(after, origin.port);
    const headers = {
      "X-Forwarded-For": "203.0.113.9",
      "X-Forwarded-Proto": "https",
      "X-Request-Id": "mine",
      "X-Ghost-Listener": "x",
      Connection: "x-private",
      "X-Private": "1",
    };
    const seen: Record<string, string> = JSON.parse(
      (await ask(edge.port, { headers })).bytes.toString(),
    );
    equal(seen["x-forwarded-for"], "127.0.0.1");
    equal(seen["x-forwarded-proto"], "http");
    match(String(seen["x-request-id"]), /^[0-9a-f-]{32,36}$/);
    match(String(seen["traceparent"]), /^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/);
    deepEqual([seen["x-ghost-listener"], seen["x-private"]], [undefined, undefined]);
  },
};
