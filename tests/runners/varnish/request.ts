// A case's request on the wire, byte for byte as the case writes it.

import { connect } from "node:net";
import type { Socket } from "node:net";

import type { Case } from "./case.ts";
import type { SocketAddress } from "./engine.ts";
import { readMessage } from "./message.ts";
import type { Head } from "./message.ts";

const PATIENCE_MS = 15_000;

export async function play(one: Case, address: SocketAddress): Promise<Head> {
  const local = one.clientAddress === undefined ? {} : { localAddress: one.clientAddress };
  const socket = connect({ ...address, ...local });
  socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error("no response")));
  try {
    return await exchange(socket, one);
  } finally {
    socket.destroy();
  }
}

async function exchange(socket: Socket, one: Case): Promise<Head> {
  socket.write(wire(one));
  return readMessage(
    socket,
    ({ start }) => one.request.method !== "HEAD" && !/^\S+ (1\d\d|204|304)/.test(start),
  );
}

function wire({ request, draw }: Case): string {
  const [, authority, rest = request.url] = /^https?:\/\/([^/?#]*)([^#]*)/i.exec(request.url) ?? [];
  const absolute = authority !== undefined && !rest.startsWith("/");
  const target = absolute ? `/${rest}` : rest;
  const headers = request.headers ?? [];
  const given = headers.some(([name]) => name.toLowerCase() === "host");
  const host: [string, string][] = authority === undefined || given ? [] : [["Host", authority]];
  const drawn: [string, string][] = [["Ghost-Test-Draw", String(draw ?? 0)]];
  const lines = [...host, ...headers, ...drawn].map(([name, value]) => `${name}: ${value}`);
  return `${request.method} ${target} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`;
}
