/**
 * Many requests as one block of bytes, so that strings cross into the engine once. The Rust module `ghost_schema::batch`
 * describes the layout and the words that come back.
 */

import type { RequestInput } from "./generated/types.js";

/** Words of one result. */
export const batchWords = 4;

/** The word for nothing. */
export const batchNone = 0xffff_ffff;

const encoder = new TextEncoder();

/** Requests, laid out as they are added. Can be asked of any table, any number of times. */
export class RequestBatch {
  readonly #parts: string[] = [];
  readonly #lineCounts: number[] = [];
  #laidOut: { block: Uint8Array; layout: Uint32Array } | undefined;

  constructor(requests: Iterable<RequestInput> = []) {
    for (const request of requests) this.add(request);
  }

  /** How many requests it holds. */
  get size(): number {
    return this.#lineCounts.length;
  }

  add({ method, url, headers = [] }: RequestInput): this {
    this.#parts.push(method, url);
    for (const [name, value] of headers) this.#parts.push(name, value);
    this.#lineCounts.push(headers.length);
    this.#laidOut = undefined;
    return this;
  }

  /** Block and layout of all requests. */
  layOut(): { block: Uint8Array; layout: Uint32Array } {
    this.#laidOut ??= layOut(this.#parts, this.#lineCounts);
    return this.#laidOut;
  }
}

function layOut(
  parts: readonly string[],
  lineCounts: readonly number[],
): { block: Uint8Array; layout: Uint32Array } {
  const text = parts.join("");
  const joined = encoder.encode(text);
  // Where every character is one byte, places in the text are places in the block; else each part is measured alone,
  // so that halves of a surrogate pair at a seam do not become one character.
  const isAscii = joined.length === text.length;
  const encoded = isAscii ? undefined : parts.map((part) => encoder.encode(part));
  const layout = new Uint32Array(parts.length + lineCounts.length);
  let [word, part, end] = [0, 0, 0];
  for (const lines of lineCounts) {
    layout[word++] = lines;
    for (const next = part + 2 + 2 * lines; part < next; part++) {
      end += (encoded ?? parts)[part]?.length ?? 0;
      layout[word++] = end;
    }
  }
  return { block: encoded === undefined ? joined : concatenated(encoded, end), layout };
}

function concatenated(parts: readonly Uint8Array[], length: number): Uint8Array {
  const block = new Uint8Array(length);
  let begin = 0;
  for (const part of parts) {
    block.set(part, begin);
    begin += part.length;
  }
  return block;
}
