// A case's request over each version of HTTP, behind a PROXY header that names the case's client.

import { once } from "node:events";
import { connect as connectHttp2, constants } from "node:http2";
import type { OutgoingHttpHeaders } from "node:http2";
import { connect, isIPv6 } from "node:net";
import type { Socket } from "node:net";
import { connect as connectTls } from "node:tls";

import type { Case } from "../varnish/case.ts";
import { readMessage, valuesOf } from "../varnish/message.ts";
import type { Head } from "../varnish/message.ts";
import { STRAY, Unsayable } from "./edge.ts";
import type { EdgeSocket } from "./edge.ts";

const PATIENCE_MS = 15_000;

async function open(one: Case, to: EdgeSocket, protocol: string): Promise<Socket> {
  const plain = connect({ path: to.path });
  plain.setTimeout(PATIENCE_MS, () => plain.destroy(new Error("no response")));
  await once(plain, "connect");
  plain.write(proxyHeader(one.clientAddress, to.port));
  if (!to.secure) return plain;
  const secure = connectTls({
    socket: plain,
    ALPNProtocols: [protocol],
    rejectUnauthorized: false,
  });
  await once(secure, "secureConnect");
  return secure;
}

/** Version 2 (HAProxy's proxy-protocol.txt, section 2.2); LOCAL where the case names no client. */
function proxyHeader(client: string | undefined, port: number): Buffer {
  const signature = Buffer.from("0d0a0d0a000d0a515549540a", "hex");
  if (client === undefined) return Buffer.concat([signature, Buffer.from([0x20, 0, 0, 0])]);
  const six = isIPv6(client);
  const address = six ? ipv6(client) : Buffer.from(client.split(".").map(Number));
  const local = six ? Buffer.alloc(16) : Buffer.from([127, 0, 0, 1]);
  const ports = Buffer.from([0x9c, 0x40, port >> 8, port & 255]);
  const payload = Buffer.concat([address, local, ports]);
  const head = Buffer.from([0x21, six ? 0x21 : 0x11, 0, payload.length]);
  return Buffer.concat([signature, head, payload]);
}

function ipv6(text: string): Buffer {
  const [left = "", right] = text.split("::");
  const words = (part: string): number[] =>
    part === "" ? [] : part.split(":").map((word) => Number.parseInt(word, 16));
  const [before, after] = [words(left), words(right ?? "")];
  const all = [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
  return Buffer.from(all.flatMap((word) => [word >> 8, word & 255]));
}

type Parts = { authority: string | undefined; target: string };

function parts({ request }: Case): Parts {
  const [, authority, rest = request.url] = /^https?:\/\/([^/?#]*)([^#]*)/i.exec(request.url) ?? [];
  const target = authority !== undefined && !rest.startsWith("/") ? `/${rest}` : rest;
  return { authority, target };
}

export async function playHttp1(one: Case, to: EdgeSocket): Promise<Head> {
  const { authority, target } = parts(one);
  const headers = one.request.headers ?? [];
  const given = headers.some(([name]) => name.toLowerCase() === "host");
  const host = authority === undefined || given ? [] : [["Host", authority] as const];
  const lines = [...host, ...headers, ["Ghost-Test-Draw", String(one.draw ?? 0)] as const].map(
    ([name, value]) => `${name}: ${value}`,
  );
  const socket = await open(one, to, "http/1.1");
  try {
    socket.write(`${one.request.method} ${target} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
    return withFetch(
      await readMessage(
        socket,
        ({ start }) => one.request.method !== "HEAD" && !/^\S+ (1\d\d|204|304)/.test(start),
      ),
    );
  } finally {
    socket.destroy();
  }
}

export async function playHttp2(one: Case, to: EdgeSocket): Promise<Head> {
  const headers = headersOf(one, to);
  const socket = await open(one, to, "h2");
  const session = connectHttp2("http://edge", { createConnection: () => socket });
  try {
    return withFetch(await exchange(session, headers));
  } finally {
    session.destroy();
    socket.destroy();
  }
}

function headersOf(one: Case, to: EdgeSocket): OutgoingHttpHeaders {
  const { authority, target } = parts(one);
  const given = one.request.headers ?? [];
  const hosts = given.filter(([name]) => name.toLowerCase() === "host").map(([, value]) => value);
  if (hosts.length > 1) throw new Unsayable("two hosts");
  const headers: OutgoingHttpHeaders = {
    [constants.HTTP2_HEADER_METHOD]: one.request.method,
    [constants.HTTP2_HEADER_SCHEME]: to.secure ? "https" : "http",
    [constants.HTTP2_HEADER_PATH]: target,
    "ghost-test-draw": String(one.draw ?? 0),
  };
  const host = hosts[0] ?? authority;
  if (host === undefined || host === "") throw new Unsayable("no authority");
  if (host !== host.trim() || /[^\x20-\x7e]/.test(host + target)) throw new Unsayable("bytes");
  headers[constants.HTTP2_HEADER_AUTHORITY] = host;
  for (const [name, value] of given) {
    const lower = name.toLowerCase();
    if (lower === "host") continue;
    // RFC 9113 section 8.2.2 has none of these, and its client does not send bytes beyond Latin-1.
    if (/^(connection|keep-alive|transfer-encoding|upgrade|proxy-connection|te)$/.test(lower)) {
      throw new Unsayable(lower);
    }
    if (!/^[!#$%&'*+\-.^_`|~0-9a-z]+$/.test(lower) || /[^\t\x20-\x7e]/.test(value)) {
      throw new Unsayable(name);
    }
    const before = headers[lower];
    headers[lower] = before === undefined ? value : [before, value].flat().map(String);
  }
  return headers;
}

function exchange(
  session: ReturnType<typeof connectHttp2>,
  headers: OutgoingHttpHeaders,
): Promise<Head> {
  return new Promise((resolve, reject) => {
    session.on("error", reject);
    let stream: ReturnType<typeof session.request>;
    try {
      stream = session.request(headers, { endStream: true });
    } catch (error) {
      reject(new Unsayable(String(error)));
      return;
    }
    let head: Head | undefined;
    stream.on("response", (received, _flags, raw) => {
      const lines: [string, string][] = [];
      for (let index = 0; index + 1 < raw.length; index += 2) {
        lines.push([raw[index] ?? "", raw[index + 1] ?? ""]);
      }
      head = { start: `HTTP/2 ${String(received[":status"])}`, headers: lines };
    });
    stream.on("error", reject);
    stream.on("data", () => {});
    stream.on("end", () => (head === undefined ? reject(new Error("no head")) : resolve(head)));
    stream.setTimeout(PATIENCE_MS, () => reject(new Error("no response")));
  });
}

/** A document without listeners knows nothing of the one it is tried through. */
function renamed(head: Head, decision: object): Head {
  const others = head.headers.filter(([name]) => name !== "ghost-test-decision");
  return { ...head, headers: [...others, ["ghost-test-decision", JSON.stringify(decision)]] };
}

/** The words that varnishd's fetch adds stand in the edge's one decision. */
function withFetch(head: Head): Head {
  const decision: { service?: string; listener?: string | null } = JSON.parse(
    valuesOf(head, "ghost-test-decision")[0] ?? "{}",
  );
  if (decision.listener === STRAY) return withFetch(renamed(head, { ...decision, listener: null }));
  const fetched = JSON.stringify({ service: decision.service ?? null, status: null });
  return { ...head, headers: [...head.headers, ["Ghost-Test-Fetch", fetched]] };
}
