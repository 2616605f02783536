// TLS: certificates by name, tickets, client certificates, passthrough, TLS to backends.

import { deepEqual, equal, ok } from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer as createHttpsServer, request } from "node:https";
import type { IncomingMessage } from "node:http";
import { connect as connectHttp2 } from "node:http2";
import type { AddressInfo } from "node:net";
import { connect } from "node:net";
import { connect as connectTls } from "node:tls";
import type { ConnectionOptions, TLSSocket } from "node:tls";

import { Edge, authority, certificate, folder, freePort, issued, upstream } from "./edge.ts";
import type { After, Configuration, Test } from "./edge.ts";
import { backend, body } from "./forwarding.ts";

const hello = (after: After) => backend(after, (_asked, answer) => answer.end("hello"));

function https(port: number, tls: object, more: Configuration = {}): Configuration {
  return { name: "https", protocol: "https", address: "127.0.0.1", port, tls, ...more };
}

async function handshake(port: number, options: ConnectionOptions): Promise<TLSSocket> {
  const socket = connectTls({ host: "127.0.0.1", port, rejectUnauthorized: false, ...options });
  await once(socket, "secureConnect");
  return socket;
}

async function shown(port: number, servername: string | undefined): Promise<string> {
  const socket = await handshake(port, servername === undefined ? {} : { servername });
  const { subject } = socket.getPeerCertificate();
  socket.destroy();
  return String(subject["CN"]);
}

/** What a client gets that speaks HTTP/1.1 over TLS. */
async function get(
  port: number,
  servername: string,
  headers: Record<string, string>,
  more: object = {},
): Promise<IncomingMessage & { text: string }> {
  const asked = request({
    host: "127.0.0.1",
    port,
    servername,
    headers,
    rejectUnauthorized: false,
    agent: false,
    ...more,
  });
  asked.end();
  const [response] = (await once(asked, "response")) as [IncomingMessage];
  return Object.assign(response, { text: (await body(response)).toString() });
}

export const tls: Record<string, Test> = {
  "certificates by exact name, wildcard and default; names that have another one get 421": async (
    after,
  ) => {
    const at = folder(after);
    const certificates = [
      { ...certificate(at, "default", ["d.example"]), default: true },
      certificate(at, "wild", ["*.b.example"]),
      certificate(at, "exact", ["a.b.example"]),
    ];
    const [origin, port] = [await hello(after), await freePort()];
    await Edge.start(
      after,
      { listeners: [https(port, { certificates })], upstream: upstream([origin.port]) },
      at,
    );
    const names = ["a.b.example", "c.b.example", "x.c.b.example", "d.example", undefined];
    deepEqual(await Promise.all(names.map((name) => shown(port, name))), [
      "exact",
      "wild",
      "default",
      "default",
      "default",
    ]);
    equal((await get(port, "a.b.example", { host: "a.b.example" })).statusCode, 200);
    equal((await get(port, "a.b.example", { host: "c.b.example" })).statusCode, 421);
    equal((await get(port, "c.b.example", { host: "e.b.example" })).statusCode, 200);
  },

  "a name that is refused is closed without an alert": async (after) => {
    const at = folder(after);
    const [origin, port] = [await hello(after), await freePort()];
    const only = { ...certificate(at, "only", ["a.example"]), unknown_names: "refuse" };
    await Edge.start(
      after,
      { listeners: [https(port, only)], upstream: upstream([origin.port]) },
      at,
    );
    const good = await handshake(port, { servername: "a.example" });
    good.destroy();
    const socket = connect(port, "127.0.0.1");
    const pieces: Buffer[] = [];
    socket.on("data", (piece) => pieces.push(piece));
    const tlsSocket = connectTls({ socket, servername: "b.example", rejectUnauthorized: false });
    tlsSocket.on("error", () => {});
    await once(socket, "close");
    equal(Buffer.concat(pieces).length, 0);
  },

  "tickets outlive a reload, and so do connections": async (after) => {
    const at = folder(after);
    const [origin, port] = [await hello(after), await freePort()];
    const listeners = [https(port, certificate(at, "a", ["a.example"]))];
    const edge = await Edge.start(after, { listeners, upstream: upstream([origin.port]) }, at);
    const first = await handshake(port, { servername: "a.example" });
    first.write("GET / HTTP/1.1\r\nHost: a.example\r\n\r\n");
    const [session] = (await once(first, "session")) as [Buffer];
    await edge.reload({ listeners, upstream: upstream([origin.port]), drain_timeout: "4s" });
    const again = await handshake(port, { servername: "a.example", session });
    ok(again.isSessionReused());
    again.destroy();
    first.destroy();
  },

  "a certificate that is replaced is shown, a broken one is not": async (after) => {
    const at = folder(after);
    const [origin, port] = [await hello(after), await freePort()];
    const configuration = (name: string): Configuration => ({
      listeners: [https(port, certificate(at, name, ["a.example"]))],
      upstream: upstream([origin.port]),
    });
    const edge = await Edge.start(after, configuration("first"), at);
    equal(await shown(port, "a.example"), "first");
    await edge.reload(configuration("second"));
    equal(await shown(port, "a.example"), "second");
    const broken = { cert: `${at}/first.pem`, key: `${at}/second.key` };
    await edge.reload({ listeners: [https(port, broken)], upstream: upstream([origin.port]) });
    ok(edge.said.includes("configuration is refused"));
    equal(await shown(port, "a.example"), "second");
  },

  "client certificates are asked for and checked": async (after) => {
    const at = folder(after);
    const [origin, port] = [await hello(after), await freePort()];
    const [trusted, other] = [authority(at, "trusted"), authority(at, "other")];
    const own = issued(at, trusted, "client", ["client.example"]);
    const stranger = issued(at, other, "stranger", ["stranger.example"]);
    const listener = {
      ...certificate(at, "server", ["a.example"]),
      client_auth: { ca_file: trusted.cert },
    };
    await Edge.start(
      after,
      { listeners: [https(port, listener)], upstream: upstream([origin.port]) },
      at,
    );
    const pair = (files: { cert: string; key: string }): object => ({
      cert: readFileSync(files.cert),
      key: readFileSync(files.key),
    });
    equal((await get(port, "a.example", { host: "a.example" }, pair(own))).text, "hello");
    for (const more of [pair(stranger), {}]) {
      const refused = await get(port, "a.example", { host: "a.example" }, more).catch(
        () => "refused",
      );
      equal(refused, "refused");
    }
  },

  "TLS 1.2 is refused where 1.3 is the least": async (after) => {
    const at = folder(after);
    const [origin, port] = [await hello(after), await freePort()];
    const listener = { ...certificate(at, "a", ["a.example"]), min_version: "1.3" };
    await Edge.start(
      after,
      { listeners: [https(port, listener)], upstream: upstream([origin.port]) },
      at,
    );
    const old = await handshake(port, { servername: "a.example", maxVersion: "TLSv1.2" }).catch(
      () => "refused",
    );
    equal(old, "refused");
    (await handshake(port, { servername: "a.example" })).destroy();
  },

  "HTTP/2 is agreed on by ALPN": async (after) => {
    const at = folder(after);
    const [origin, port] = [await hello(after), await freePort()];
    await Edge.start(
      after,
      {
        listeners: [https(port, certificate(at, "a", ["localhost"]))],
        upstream: upstream([origin.port]),
      },
      at,
    );
    const session = connectHttp2(`https://localhost:${port}`, {
      rejectUnauthorized: false,
      host: "127.0.0.1",
    } as object);
    after(() => session.destroy());
    const stream = session.request({ ":path": "/" });
    const pieces: Buffer[] = [];
    for await (const piece of stream) pieces.push(piece as Buffer);
    equal(Buffer.concat(pieces).toString(), "hello");
  },

  "TLS that is passed through keeps the backend's certificate": async (after) => {
    const at = folder(after);
    const pair = certificate(at, "behind", ["b.example"]);
    const origin = createHttpsServer(
      { cert: readFileSync(pair.cert), key: readFileSync(pair.key) },
      (_asked, answer) => answer.end("behind"),
    );
    origin.listen(0, "127.0.0.1");
    await once(origin, "listening");
    after(() => void origin.close());
    const port = await freePort();
    const listener = {
      name: "tls",
      protocol: "tls",
      address: "127.0.0.1",
      port,
      passthrough: [{ server_name: "b.example", upstream: "all" }],
    };
    await Edge.start(
      after,
      { listeners: [listener], upstream: upstream([(origin.address() as AddressInfo).port]) },
      at,
    );
    equal(await shown(port, "b.example"), "behind");
    equal((await get(port, "b.example", { host: "b.example" })).text, "behind");
    const other = await handshake(port, { servername: "c.example" }).catch(() => "closed");
    equal(other, "closed");
  },

  "TLS to backends checks authorities and names": async (after) => {
    const at = folder(after);
    const [trusted, other] = [authority(at, "trusted"), authority(at, "other")];
    const pair = issued(at, trusted, "behind", ["b.example"]);
    const origin = createHttpsServer(
      { cert: readFileSync(pair.cert), key: readFileSync(pair.key) },
      (_asked, answer) => answer.end("secret"),
    );
    origin.listen(0, "127.0.0.1");
    await once(origin, "listening");
    after(() => void origin.close());
    const [port, to] = [await freePort(), (origin.address() as AddressInfo).port];
    const configuration = (policy: object): Configuration => ({
      listeners: [{ name: "http", protocol: "http", address: "127.0.0.1", port }],
      upstream: upstream([to], {
        protocol: "tls",
        tls: { ca_file: trusted.cert, ...policy },
        passive_health: { failure_threshold: 100 },
      }),
    });
    const status = async (): Promise<number> => (await fetch(`http://127.0.0.1:${port}/`)).status;
    const edge = await Edge.start(after, configuration({ server_name: "b.example" }), at);
    equal(await status(), 200);
    await edge.reload(configuration({ server_name: "c.example" }));
    equal(await status(), 502);
    await edge.reload(
      configuration({ server_name: "c.example", subject_alt_names: ["x.example", "b.example"] }),
    );
    equal(await status(), 200);
    await edge.reload(configuration({ server_name: "b.example", ca_file: other.cert }));
    equal(await status(), 502);
  },
};
