// HTTP/1.1 messages as they are on the wire: nothing is normalised, nothing is assumed.

import type { Socket } from "node:net";

export type Head = { start: string; headers: [string, string][] };

/** Reads one message; the body is read when the headers announce one. */
export async function readMessage(socket: Socket, hasBody: (head: Head) => boolean): Promise<Head> {
  let bytes = Buffer.alloc(0);
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    bytes = Buffer.concat([bytes, chunk as Buffer]);
    const end = bytes.indexOf("\r\n\r\n");
    if (end < 0) continue;
    const head = parseHead(bytes.subarray(0, end).toString("utf8"));
    const length = hasBody(head) ? Number(valuesOf(head, "content-length")[0] ?? 0) : 0;
    if (bytes.length >= end + 4 + length) return head;
  }
  throw new Error(`connection closed after ${bytes.length} bytes`);
}

function parseHead(text: string): Head {
  const [start = "", ...lines] = text.split("\r\n");
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  });
  return { start, headers };
}

/** Values of all lines of a name, in order. */
export function valuesOf(head: Head, name: string): string[] {
  return head.headers
    .filter(([own]) => own.toLowerCase() === name.toLowerCase())
    .map(([, value]) => value);
}
