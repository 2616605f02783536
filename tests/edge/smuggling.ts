// Requests that parsers read differently, sent through the edge to two different servers. Ends with "N passed, N failed".
//
//	node tests/edge/smuggling.ts
//
// Each payload goes to an edge before nginx and to one before HAProxy. The answers must be the same, no request that
// stands inside a body may be answered, and an innocent request that follows on the kept backend connections must get its
// own answer: that is what a poisoned connection would break.

import { connect } from "node:net";

import { haproxy, nginx } from "./backends.ts";
import { Edge, freePort, plain, upstream } from "./edge.ts";
import { ask } from "./forwarding.ts";

const INSIDE = "GET /smuggled HTTP/1.1\r\nHost: inside.example\r\n\r\n";

/** Lines that announce a length, rightly or not. */
const LENGTHS = [
  "",
  "Content-Length: 0\r\n",
  `Content-Length: ${INSIDE.length}\r\n`,
  `Content-Length: ${INSIDE.length}\r\nContent-Length: 0\r\n`,
  `Content-Length: ${INSIDE.length}, ${INSIDE.length}\r\n`,
  `Content-Length: +${INSIDE.length}\r\n`,
  `Content-Length: 0x10\r\n`,
  `Content-Length : 5\r\n`,
  `Content-Length:\t5\r\n`,
  "Content-Length: -1\r\n",
  "Content-Length: 5 5\r\n",
  "Content-Length: 99999999999999999999\r\n",
  "content-length:\r\n 5\r\n",
];

/** Lines that announce a coding, rightly or not. */
const CODINGS = [
  "",
  "Transfer-Encoding: chunked\r\n",
  "Transfer-Encoding: Chunked\r\n",
  "Transfer-Encoding : chunked\r\n",
  "Transfer-Encoding:\tchunked\r\n",
  "Transfer-Encoding: \vchunked\r\n",
  "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
  "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n",
  "Transfer-Encoding: chunked, identity\r\n",
  "Transfer-Encoding: gzip, chunked\r\n",
  "Transfer-Encoding: xchunked\r\n",
  "Transfer-Encoding: chunked;a=b\r\n",
  "Transfer_Encoding: chunked\r\n",
  "X: y\nTransfer-Encoding: chunked\r\n",
  "X: y\rTransfer-Encoding: chunked\r\n",
  " Transfer-Encoding: chunked\r\n",
  "Transfer-Encoding:\r\n chunked\r\n",
  "Connection: Transfer-Encoding\r\nTransfer-Encoding: chunked\r\n",
];

/** What follows the head. */
const BODIES = [
  INSIDE,
  `0\r\n\r\n${INSIDE}`,
  `0\n\n${INSIDE}`,
  `1;ext="\r\n\r\n0"\r\nx\r\n0\r\n\r\n`,
  `1\r\nxx\r\n0\r\n\r\n${INSIDE}`,
  `-1\r\nx\r\n0\r\n\r\n${INSIDE}`,
  `FFFFFFFFFFFFFFFFF\r\nx\r\n0\r\n\r\n`,
];

type Payload = { name: string; bytes: string };

function payloads(): Payload[] {
  const made: Payload[] = [];
  for (const [length, lengths] of LENGTHS.entries()) {
    for (const [coding, codings] of CODINGS.entries()) {
      for (const [body, bytes] of BODIES.entries()) {
        const head = `POST /outer HTTP/1.1\r\nHost: outer.example\r\n${lengths}${codings}\r\n`;
        made.push({
          name: `length ${length}, coding ${coding}, body ${body}`,
          bytes: head + bytes,
        });
      }
    }
  }
  return made;
}

/** Everything that comes back; the edge's own limits end the connection. */
function exchange(port: number, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const pieces: Buffer[] = [];
    socket.on("data", (piece) => pieces.push(piece));
    socket.on("error", () => {});
    socket.on("close", () => resolve(Buffer.concat(pieces).toString("latin1")));
    socket.write(bytes, "latin1");
  });
}

/** Statuses and what was answered, without what the servers say of themselves. */
function answers(text: string): string[] {
  return [...text.matchAll(/HTTP\/1\.1 (\d{3})[^\r]*\r\n|(?:nginx|haproxy) (\w+ \S+ \S+)/g)].map(
    ([, status, served]) => status ?? served ?? "",
  );
}

/** RFC 9112 section 6.3: with a length and without a coding the inner request is a body. */
function mustStayInside({ bytes }: Payload): boolean {
  const [head = ""] = bytes.split("\r\n\r\n", 1);
  return head.includes(`\r\nContent-Length: ${INSIDE.length}`) && !/transfer.encoding/i.test(head);
}

const ends: (() => Promise<void> | void)[] = [];
const after = (end: () => Promise<void> | void): void => void ends.push(end);
const client_timeouts = { header: "1500ms", keep_alive: "1500ms", body_idle: "1500ms" };
const ports: number[] = [];
for (const server of [await nginx(after), await haproxy(after)]) {
  const port = await freePort();
  const more = { pool: { max_idle: 64 } };
  const settings = { workers: 1, limits: { connections_per_address: 4096 }, client_timeouts };
  await Edge.start(after, {
    listeners: [plain(port)],
    upstream: upstream([server], more),
    ...settings,
  });
  ports.push(port);
}

const all = payloads();
const failures: string[] = [];
let next = 0;
async function worker(): Promise<void> {
  for (let one = all[next]; one !== undefined; one = all[next]) {
    const number = (next += 1);
    const [left = [], right = []] = await Promise.all(
      ports.map(async (port) => answers(await exchange(port, one.bytes))),
    );
    const shown = `${one.name}: ${JSON.stringify(one.bytes)}\n  nginx ${left.join(" | ")}\n  HAProxy ${right.join(" | ")}`;
    if (left.join() !== right.join()) failures.push(`disagreement at ${shown}`);
    if (mustStayInside(one) && left.some((line) => line.includes("/smuggled"))) {
      failures.push(`a body was answered at ${shown}`);
    }
    for (const port of ports) {
      const canary = `/canary-${number}`;
      const headers = { host: "canary.example" };
      const text = (await ask(port, { path: canary, headers })).bytes.toString();
      if (!text.includes(`GET ${canary} canary.example`))
        failures.push(`poisoned by ${shown}\n  ${text}`);
    }
  }
}
await Promise.all(Array.from({ length: 64 }, worker));
for (const failure of failures.slice(0, 20)) console.log(`FAIL ${failure}`);
for (const end of ends.toReversed()) await end();
console.log(`${all.length - failures.length} passed, ${failures.length} failed`);
process.exit(failures.length === 0 && all.length >= 1_000 ? 0 : 1);
