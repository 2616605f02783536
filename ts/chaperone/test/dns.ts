/** A small DNS server on loopback (RFC 1035 section 4): answers A and AAAA as it is told, or fails. */

import { createSocket } from "node:dgram";
import { once } from "node:events";
import { isIP } from "node:net";
import { onTestFinished } from "vitest";

export interface DnsServer {
  /** `address:port`, for a resolver. */
  readonly address: string;
  /** What is answered from now on: addresses of one family or both, or a response code other than 0; silence is none. */
  answer:
    | { readonly addresses: readonly string[]; readonly ttl: number }
    | { readonly code: number }
    | "silence";
  /** Questions so far. */
  readonly asked: string[];
}

export async function serveDns(): Promise<DnsServer> {
  const socket = createSocket("udp4");
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  onTestFinished(() => void socket.close());
  const server: DnsServer = {
    address: `127.0.0.1:${socket.address().port}`,
    answer: "silence",
    asked: [],
  };
  socket.on("message", (message, { port, address }) => {
    const end = message.indexOf(0, 12) + 5;
    const question = message.subarray(12, end);
    const type = question.readUInt16BE(question.length - 4);
    server.asked.push(`${nameIn(question)} ${type}`);
    if (server.answer === "silence") return;
    const code = "code" in server.answer ? server.answer.code : 0;
    const records = "code" in server.answer ? [] : recordsOf(server.answer, type);
    const head = Buffer.alloc(12);
    head.writeUInt16BE(message.readUInt16BE(0), 0);
    head.writeUInt16BE(0x8180 | code, 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt16BE(records.length, 6);
    socket.send(Buffer.concat([head, question, ...records]), port, address);
  });
  return server;
}

function nameIn(question: Buffer): string {
  const labels: string[] = [];
  for (let at = 0; question[at] !== 0; at += (question[at] ?? 0) + 1)
    labels.push(question.subarray(at + 1, at + 1 + (question[at] ?? 0)).toString());
  return labels.join(".");
}

const types: Readonly<Record<number, number>> = { 4: 1, 6: 28 };

function recordsOf(
  { addresses, ttl }: { readonly addresses: readonly string[]; readonly ttl: number },
  type: number,
): Buffer[] {
  return addresses
    .filter((address) => types[isIP(address)] === type)
    .map((address) => {
      const data =
        isIP(address) === 4 ? Buffer.from(address.split(".").map(Number)) : bytesOf(address);
      const head = Buffer.alloc(12);
      // A pointer to the name in the question.
      head.writeUInt16BE(0xc00c, 0);
      head.writeUInt16BE(type, 2);
      head.writeUInt16BE(1, 4);
      head.writeUInt32BE(ttl, 6);
      head.writeUInt16BE(data.length, 10);
      return Buffer.concat([head, data]);
    });
}

/** Of an IPv6 address with one `::`. */
function bytesOf(address: string): Buffer {
  const [left = "", right = ""] = address.split("::");
  const parts = (text: string): string[] => (text === "" ? [] : text.split(":"));
  const zeros = Array.from({ length: 8 - parts(left).length - parts(right).length }, () => "0");
  return Buffer.from(
    [...parts(left), ...zeros, ...parts(right)].map((part) => part.padStart(4, "0")).join(""),
    "hex",
  );
}
