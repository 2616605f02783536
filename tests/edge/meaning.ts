// Messages that two readers could read in two ways go no further, and each reason is counted.

import { deepEqual, equal, match } from "node:assert/strict";
import { once } from "node:events";
import { connect as connectHttp2 } from "node:http2";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";

import { Edge, freePort, plain, upstream } from "./edge.ts";
import type { After, Test } from "./edge.ts";
import { ask, backend, body } from "./forwarding.ts";
import { open, raw } from "./raw.ts";

type Seen = { edge: Edge; port: number; asked: string[] };

async function seeing(after: After): Promise<Seen> {
  const asked: string[] = [];
  const origin = await backend(after, async (request, answer) => {
    asked.push(`${request.method} ${request.url} ${request.headers.host}`);
    await body(request).catch(() => undefined);
    answer.end("served");
  });
  const port = await freePort();
  const edge = await Edge.start(after, {
    listeners: [plain(port)],
    upstream: upstream([origin.port]),
  });
  return { edge, port, asked };
}

const refused = (edge: Edge, kind: string): Promise<number> =>
  edge.metric(`ghost_edge_refused_messages_total{kind="${kind}"}`);

const lengths = ["Content-Length: 5", "Transfer-Encoding: chunked"];

export const meaning: Record<string, Test> = {
  "Content-Length beside Transfer-Encoding is refused, in both orders": async (after) => {
    const { edge, port, asked } = await seeing(after);
    for (const lines of [lengths, lengths.toReversed()]) {
      const head = ["POST / HTTP/1.1", "Host: a", ...lines, "", ""].join("\r\n");
      match(await raw(after, port, `${head}0\r\n\r\n`), /^HTTP\/1.1 400 /);
    }
    deepEqual([asked, await refused(edge, "transferEncoding")], [[], 2]);
  },

  "and so it is behind a request with a body, on the same connection": async (after) => {
    const { edge, port, asked } = await seeing(after);
    const first = "POST /first HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc";
    const second = ["POST /second HTTP/1.1", "Host: a", ...lengths.toReversed(), "", ""];
    const said = await raw(after, port, `${first}${second.join("\r\n")}0\r\n\r\n`);
    deepEqual(said.match(/HTTP\/1.1 \d+/g), ["HTTP/1.1 200", "HTTP/1.1 400"]);
    deepEqual([asked, await refused(edge, "transferEncoding")], [["POST /first a"], 1]);
  },

  "a body that looks like a head is a body": async (after) => {
    const { port, asked } = await seeing(after);
    const inside =
      "POST /inside HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n";
    const socket = open(after, port);
    const chunk = `${inside.length.toString(16)}\r\n${inside}\r\n0\r\n\r\n`;
    for (const path of ["/one", "/two"]) {
      socket.write(
        `POST ${path} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${chunk}`,
      );
      const [said] = (await once(socket, "data")) as [Buffer];
      match(said.toString(), /^HTTP\/1.1 200 /);
    }
    deepEqual(asked, ["POST /one a", "POST /two a"]);
  },

  "two hosts are two routes: 400": async (after) => {
    const { edge, port, asked } = await seeing(after);
    const absolute = (target: string, host: string): Promise<string> =>
      raw(after, port, `GET ${target} HTTP/1.1\r\n${host}Connection: close\r\n\r\n`);
    match(await absolute("http://a.example/x", "Host: b.example\r\n"), /^HTTP\/1.1 400 /);
    match(await absolute("http://a.example/x", ""), /^HTTP\/1.1 400 /);
    match(await absolute("http://a.example/x", "Host: A.example\r\n"), /^HTTP\/1.1 200 /);
    const session = connectHttp2(`http://127.0.0.1:${port}`);
    after(() => session.destroy());
    const stream = session.request({ ":path": "/", ":authority": "a.example", host: "b.example" });
    const [headers] = (await once(stream, "response")) as [Record<string, number>];
    equal(headers[":status"], 400);
    deepEqual(
      [asked, await refused(edge, "hostConflict"), await refused(edge, "noHost")],
      [["GET /x a.example"], 2, 1],
    );
  },

  "Connection hides no header that says whose or how long a request is": async (after) => {
    const { edge, port, asked } = await seeing(after);
    for (const name of ["host", "content-length", "cookie", "x-forwarded-for", "authorization"]) {
      equal((await ask(port, { headers: { Connection: `close, ${name}` } })).statusCode, 400);
    }
    deepEqual([asked, await refused(edge, "connectionNames")], [[], 5]);
  },

  "an expectation that nobody knows is answered 417": async (after) => {
    const { edge, port } = await seeing(after);
    equal((await ask(port, { headers: { Expect: "miracles" } })).statusCode, 417);
    equal(await refused(edge, "expectation"), 1);
  },

  "what is no HTTP is counted": async (after) => {
    const { edge, port } = await seeing(after);
    match(await raw(after, port, "GET / HTTP/1.1\r\nBad Name: x\r\n\r\n"), /^HTTP\/1.1 400 /);
    equal(await refused(edge, "syntax"), 1);
  },

  "a response with two lengths is answered 502": async (after) => {
    const server = createServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", () =>
        socket.end("HTTP/1.1 200 OK\r\nConnection: content-length\r\nContent-Length: 1\r\n\r\nx"),
      );
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    after(() => void server.close());
    const port = await freePort();
    const edge = await Edge.start(after, {
      listeners: [plain(port)],
      upstream: upstream([(server.address() as AddressInfo).port]),
    });
    equal((await ask(port)).statusCode, 502);
    equal(await refused(edge, "backendConnection"), 1);
  },
};
