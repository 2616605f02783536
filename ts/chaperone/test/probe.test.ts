/** One probe against real servers: alive, wrong, silent and gone. */

import { once } from "node:events";
import { createServer as createHttp2Server } from "node:http2";
import type { ServerHttp2Stream } from "node:http2";
import { createServer } from "node:net";
import type { Server } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { readServingStatus } from "../src/health/grpc.js";
import { canProbe, probe } from "../src/health/probe.js";
import type { PlannedCheck, PlannedEndpoint } from "../src/health/probe.js";
import { serveHttp, temporaryFolder } from "./engine.js";

const check: PlannedCheck["check"] = {
  type: "http",
  path: "/health?deep=1",
  host: null,
  statuses: [[200, 299]],
  grpcService: "",
  interval: 1000,
  timeout: 5000,
};

const plan = (
  more: Partial<PlannedCheck["check"]> = {},
  protocol: PlannedCheck["protocol"] = "http1",
): PlannedCheck => ({ service: "s", protocol, check: { ...check, ...more }, endpoints: [] });

const at = (port: number): PlannedEndpoint => ({
  endpoint: `127.0.0.1:${port}`,
  address: "127.0.0.1",
  port,
  healthy: true,
});

const ask = (asked: PlannedCheck, endpoint: PlannedEndpoint): Promise<string | undefined> =>
  probe(asked, endpoint, new AbortController().signal);

async function listen(server: Server, place: number | string = 0): Promise<number> {
  if (typeof place === "number") server.listen(place, "127.0.0.1");
  else server.listen(place);
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** Answers calls of gRPC's health protocol; gives what was asked for. */
async function serveGrpc(answer: (stream: ServerHttp2Stream) => void): Promise<{
  readonly port: number;
  readonly asked: string[];
}> {
  const asked: string[] = [];
  const server = createHttp2Server();
  server.on("stream", (stream, headers) => {
    const pieces: Buffer[] = [];
    stream.on("error", () => undefined);
    stream.on("data", (piece: Buffer) => pieces.push(piece));
    stream.on("end", () => {
      asked.push(`${String(headers[":path"])} ${Buffer.concat(pieces).toString("hex")}`);
      answer(stream);
    });
  });
  return { port: await listen(server), asked };
}

function grpcAnswer(state: number, status = "0"): (stream: ServerHttp2Stream) => void {
  return (stream) => {
    stream.respond(
      { ":status": 200, "content-type": "application/grpc" },
      { waitForTrailers: true },
    );
    stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": status }));
    stream.end(Buffer.of(0, 0, 0, 0, 2, 0x08, state));
  };
}

describe("http", () => {
  test("asks as it is told and judges the status", async () => {
    const asked: string[] = [];
    let status = 204;
    const port = await serveHttp(({ method, url, headers }, response) => {
      asked.push(`${String(method)} ${String(url)} ${String(headers.host)}`);
      response.writeHead(status).end();
    });
    expect(await ask(plan(), at(port))).toBeUndefined();
    status = 302;
    expect(await ask(plan({ host: "shop.example" }), at(port))).toBe("status 302");
    expect(
      await ask(
        plan({
          statuses: [
            [100, 199],
            [302, 302],
          ],
        }),
        at(port),
      ),
    ).toBeUndefined();
    expect(asked.slice(0, 2)).toEqual([
      `GET /health?deep=1 127.0.0.1:${port}`,
      "GET /health?deep=1 shop.example",
    ]);
  });

  test("a server that never answers is not waited for", async () => {
    const port = await listen(createServer((socket) => socket.on("error", () => undefined)));
    expect(await ask(plan({ timeout: 50 }), at(port))).toBe("no answer within 50 ms");
  });

  test("a body without end is not read", async () => {
    const port = await serveHttp((_request, response) => void response.writeHead(200).write("…"));
    expect(await ask(plan(), at(port))).toBeUndefined();
  });

  test("over a Unix socket, and over HTTP/2 where the service speaks it", async () => {
    const path = join(await temporaryFolder(), "s.sock");
    const server = createHttp2Server((_request, response) => void response.writeHead(200).end());
    await listen(server, path);
    const endpoint = { endpoint: `unix:${path}`, address: path, port: null, healthy: true };
    expect(await ask(plan({}, "h2c"), endpoint)).toBeUndefined();
    expect(await ask(plan({}, "http1"), endpoint)).toBeDefined();
  });
});

test("tcp: a port that takes connections is alive, one that is closed is not", async () => {
  const server = createServer((socket) => socket.destroy());
  const port = await listen(server);
  expect(await ask(plan({ type: "tcp" }), at(port))).toBeUndefined();
  server.close();
  await once(server, "close");
  expect(await ask(plan({ type: "tcp" }), at(port))).toContain("ECONNREFUSED");
});

describe("grpc", () => {
  const grpc = plan({ type: "grpc", grpcService: "shop.Cart" }, "grpc");

  test.each([
    [1, "0", undefined],
    [2, "0", "NOT_SERVING"],
    [3, "0", "SERVICE_UNKNOWN"],
    [1, "14", "grpc-status 14"],
  ])("state %i with status %s", async (state, status, expected) => {
    const { port, asked } = await serveGrpc(grpcAnswer(state, status));
    expect(await ask(grpc, at(port))).toBe(expected);
    const name = Buffer.from("shop.Cart").toString("hex");
    expect(asked).toEqual([`/grpc.health.v1.Health/Check 000000000b0a09${name}`]);
  });

  test("an answer without end is not read", async () => {
    const { port } = await serveGrpc((stream) => {
      stream.respond({ ":status": 200 });
      stream.write(Buffer.alloc(10_000));
    });
    expect(await ask(grpc, at(port))).toBeDefined();
  });

  test("a server that knows no such call is not alive", async () => {
    const { port } = await serveGrpc((stream) =>
      stream.respond({ ":status": 200, "grpc-status": "12" }, { endStream: true }),
    );
    expect(await ask(grpc, at(port))).toBe("grpc-status 12");
  });

  test("messages that are none are told apart", () => {
    expect(readServingStatus(Buffer.alloc(0))).toContain("no message");
    expect(readServingStatus(Buffer.of(1, 0, 0, 0, 0))).toContain("no message");
    expect(readServingStatus(Buffer.of(0, 0, 0, 0, 0))).toBe("UNKNOWN");
    expect(readServingStatus(Buffer.of(0, 0, 0, 0, 2, 0x08, 9))).toBe("state 9");
  });
});

test("an end in the middle of a probe ends it", async () => {
  const over = new AbortController();
  const port = await serveHttp(() => over.abort());
  expect(await probe(plan(), at(port), over.signal)).toBeDefined();
});

test("services that TLS is spoken to are asked for a connection alone", () => {
  expect([plan({}, "tls"), plan({ type: "tcp" }, "tls"), plan({}, "h2c")].map(canProbe)).toEqual([
    false,
    true,
    true,
  ]);
});
