/** HTTP/2 as bytes: heads that no client library would send, and what comes back. */

import { once } from "node:events";
import { connect } from "node:net";

import type { StreamPayload } from "./payload.ts";

const [DATA, HEADERS, RESET, SETTINGS, GOAWAY] = [0, 1, 3, 4, 7];
const [END_STREAM, END_HEADERS, ACK] = [1, 4, 1];
const PATIENCE_MS = 5_000;

function frame(type: number, flags: number, stream: number, payload: Uint8Array): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** A string literal without Huffman code (RFC 7541 section 5.2). */
function literal(text: string): Buffer {
  const bytes = Buffer.from(text, "latin1");
  const length: number[] = [Math.min(bytes.length, 127)];
  if (bytes.length >= 127) {
    let rest = bytes.length - 127;
    for (; rest >= 128; rest >>= 7) length.push((rest & 127) | 128);
    length.push(rest);
  }
  return Buffer.concat([Buffer.from(length), bytes]);
}

function head(payload: StreamPayload): Buffer {
  const lines = payload.headers.map(([name, value]) =>
    Buffer.concat([Buffer.from([0]), literal(name), literal(value)]),
  );
  return frame(HEADERS, END_HEADERS, 1, Buffer.concat(lines));
}

/**
 * Sends a head with its body on a connection of its own and says what came back: the first byte of the response's head,
 * which is its status, and the body; or that the stream or the connection was ended.
 */
export async function exchangeFrames(port: number, payload: StreamPayload): Promise<string[]> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  const timer = setTimeout(() => socket.destroy(), PATIENCE_MS);
  const preface = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
  const settings = frame(SETTINGS, 0, 0, Buffer.alloc(0));
  socket.write(
    Buffer.concat([preface, settings, head(payload), frame(DATA, END_STREAM, 1, payload.body)]),
  );
  const closed = once(socket, "close");
  const said: string[] = [];
  let received = Buffer.alloc(0);
  socket.on("data", (piece: Buffer) => {
    received = Buffer.concat([received, piece]);
    while (received.length >= 9 && received.length >= 9 + received.readUIntBE(0, 3)) {
      const end = 9 + received.readUIntBE(0, 3);
      const [type, flags] = [received.readUInt8(3), received.readUInt8(4)];
      const content = received.subarray(9, end);
      received = received.subarray(end);
      if (type === SETTINGS && flags === 0) socket.write(frame(SETTINGS, ACK, 0, Buffer.alloc(0)));
      if (type === HEADERS) {
        // Interim responses are hints, which a server may leave out.
        if (said.at(-1)?.startsWith("status ") === true) said.pop();
        said.push(`status ${content[0]?.toString(16)}`);
      }
      if (type === DATA) said.push(content.toString("latin1"));
      if (type === RESET) said.push("reset");
      if (type === GOAWAY) said.push("goaway");
      const isOver = (type === HEADERS || type === DATA) && (flags & END_STREAM) !== 0;
      if (isOver || type === RESET || type === GOAWAY) socket.destroy();
    }
  });
  await closed;
  clearTimeout(timer);
  return said;
}
