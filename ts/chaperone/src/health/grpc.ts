/**
 * Messages of gRPC's health protocol, grpc.health.v1: a request with one text, an answer with one number. Pure.
 *
 * On the wire each stands behind five bytes, whether it is compressed and how long it is.
 */

const serving = 1;
const states = ["UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"];

/** A `HealthCheckRequest`; an empty name asks for the server as a whole. */
export function healthRequest(service: string): Buffer {
  const name = Buffer.from(service);
  // Field 1, with a length before it; nothing at all for an empty one.
  const message =
    name.length === 0 ? name : Buffer.concat([Buffer.of(0x0a), varint(name.length), name]);
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

/** Reads a `HealthCheckResponse`: undefined where it says SERVING, else what it says. */
export function readServingStatus(body: Buffer): string | undefined {
  const isWhole = body.length >= 5 && body[0] === 0 && body.readUInt32BE(1) === body.length - 5;
  if (!isWhole) return "the answer is no message of gRPC's health protocol";
  // Field 1 is a number; a message without it says 0.
  const [tag, state = 0] = body.subarray(5);
  const told = tag === undefined ? 0 : tag === 0x08 ? state : undefined;
  return told === serving ? undefined : (states[told ?? 0] ?? `state ${String(told)}`);
}

function varint(length: number): Buffer {
  const bytes: number[] = [];
  let rest = length;
  for (; rest > 0x7f; rest >>= 7) bytes.push((rest & 0x7f) | 0x80);
  return Buffer.from([...bytes, rest]);
}
