// Bytes on a connection, as no client library would send them.

import { connect } from "node:net";
import type { Socket } from "node:net";

import type { After } from "./edge.ts";

/** A connection that is gone after the test. */
export function open(after: After, port: number): Socket {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  after(() => void socket.destroy());
  return socket;
}

/** Sends bytes and gives everything that comes back until the other side closes. */
export async function raw(after: After, port: number, bytes: string): Promise<string> {
  const socket = open(after, port);
  const pieces: Buffer[] = [];
  socket.on("data", (piece) => pieces.push(piece));
  socket.write(bytes);
  await new Promise((resolve) => socket.on("close", resolve));
  return Buffer.concat(pieces).toString();
}
