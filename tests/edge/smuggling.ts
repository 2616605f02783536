// Requests that parsers read differently, sent through the edge to two different servers. Ends with "N passed, N failed".
//
//	node tests/edge/smuggling.ts
//
// Each payload goes to an edge before nginx and to one before HAProxy. The answers must be the same, no request that
// stands inside a body may be answered, and an innocent request that follows on the kept backend connections must get its
// own answer: that is what a poisoned connection would break. There are three sets: every length with every coding and
// body, single spellings with mixtures of two by a seed, and heads of HTTP/2 that a client library would not send.

import { connect } from "node:net";

import { haproxy, nginx } from "./backends.ts";
import { Edge, freePort, plain, upstream } from "./edge.ts";
import { ask } from "./forwarding.ts";
import { exchangeFrames } from "./smuggling/frames.ts";
import { payloads as spellings, streamPayloads } from "./smuggling/index.ts";
import { products } from "./smuggling/products.ts";

/** What is sent, and what of the answers shows that a body was taken for a request. */
type Sent = { name: string; send: (port: number) => Promise<string[]>; never?: string };

/** Requests that nginx reads as HAProxy does, and then does not serve. Their number must be the same. */
const NOT_SERVED: Record<string, string> = {
  "length: TRACE with a body": "nginx has no TRACE",
  "target: GET /seen%00/hidden HTTP/1.1": "nginx refuses NUL in a path",
  "target: get /seen HTTP/1.1": "nginx knows methods in capitals only",
  "host: HTTP/1.1: Host:": "nginx refuses an empty host",
  "host: HTTP/1.1: Host: ": "nginx refuses an empty host",
};

const SEED = Number(process.env["GHOST_SEED"] ?? 1);
const MIXTURES = 400;

/** Everything that comes back; the edge's own limits end the connection. */
function exchange(port: number, bytes: Uint8Array): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const pieces: Buffer[] = [];
    socket.on("data", (piece) => pieces.push(piece));
    socket.on("error", () => {});
    socket.on("close", () => resolve(Buffer.concat(pieces).toString("latin1")));
    socket.write(bytes);
  });
}

/** Statuses and what was answered, without what the servers say of themselves. */
function answers(text: string): string[] {
  return [...text.matchAll(/HTTP\/1\.1 (\d{3})[^\r]*\r\n|(?:nginx|haproxy) (\w+ \S+ \S+)/g)].map(
    ([, status, served]) => status ?? served ?? "",
  );
}

const isStatus = (line: string): boolean => /^\d+$/.test(line);

function everything(): Sent[] {
  const bytes = products().map(({ name, bytes: text, outer }) => ({
    name: `${name}: ${JSON.stringify(text)}`,
    send: async (port: number) => answers(await exchange(port, Buffer.from(text, "latin1"))),
    ...(outer ? { never: "/smuggled" } : {}),
  }));
  const single = spellings(SEED, MIXTURES).map(({ name, family, bytes: sent }) => ({
    name: `${family}: ${name}`,
    send: async (port: number) => answers(await exchange(port, sent)),
  }));
  const streams = streamPayloads().map((payload) => ({
    name: `${payload.family}: ${payload.name}`,
    send: async (port: number) =>
      (await exchangeFrames(port, payload)).map((line) => line.replace(/^(nginx|haproxy) /, "")),
    never: payload.hidden,
  }));
  return [...bytes, ...single, ...streams];
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

const all = everything();
const failures: string[] = [];
let next = 0;
async function worker(): Promise<void> {
  for (let one = all[next]; one !== undefined; one = all[next]) {
    const number = (next += 1);
    const { name, send, never } = one;
    const [left = [], right = []] = await Promise.all(ports.map(send));
    const shown = `${name}\n  nginx ${left.join(" | ")}\n  HAProxy ${right.join(" | ")}`;
    const same =
      NOT_SERVED[name] === undefined
        ? left.join() === right.join()
        : left.filter(isStatus).length === right.filter(isStatus).length;
    if (!same) failures.push(`disagreement at ${shown}`);
    if (never !== undefined && [...left, ...right].some((line) => line.includes(never))) {
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
process.exit(failures.length === 0 && all.length >= 3_000 ? 0 : 1);
