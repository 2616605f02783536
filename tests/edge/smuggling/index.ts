/** Payloads of request smuggling and confusion: every single spelling, and as many mixtures of two as are asked for. */

import { Random } from "../../oracle/src/generate/random.ts";
import {
  chunkDrafts,
  chunkedBodies,
  lengthDrafts,
  lengthValues,
  transferDrafts,
  transferLines,
} from "./framing.ts";
import { headDrafts } from "./head.ts";
import { payload, shown } from "./payload.ts";
import type { Draft, Payload } from "./payload.ts";

export { streamPayloads } from "./streams.ts";
export { host } from "./payload.ts";
export type { Family, Payload, StreamPayload } from "./payload.ts";

/** Two spellings in one message, of which each reader may take another one. */
function mixture(random: Random): Draft {
  const transfer = random.pick(transferLines);
  const length = random.pick(lengthValues).replaceAll("N", "76");
  const [name, body] = random.pick(chunkedBodies);
  const lines = random.shuffled([
    transfer,
    `Content-Length: ${length}`,
    ...random.some(["Connection: keep-alive", "TE: trailers", "X-Any: 1"], 30),
  ]);
  const version = random.chance(15) ? "HTTP/1.0" : "HTTP/1.1";
  return {
    name: `${shown(lines.join(" | "))}, ${name}, ${version}`,
    family: "mixed",
    line: `${random.pick(["GET", "POST", "PUT"])} /seen ${version}`,
    lines,
    body,
  };
}

/** Payloads for HTTP/1: all single spellings (more than 1,000), then `mixtures` by the seed. */
export function payloads(seed: number, mixtures: number): Payload[] {
  const random = new Random(seed);
  const single = [...transferDrafts(), ...lengthDrafts(), ...chunkDrafts(), ...headDrafts()];
  const mixed = random.list(mixtures, () => mixture(random));
  return [...single, ...mixed].map((draft, index) => payload(draft, index));
}
