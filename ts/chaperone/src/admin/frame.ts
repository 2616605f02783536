/**
 * Answers of the engine's command line, cut from a stream of bytes.
 *
 * An answer is a line of exactly 13 bytes, status and length, then that many bytes and a newline (Varnish Reference Manual,
 * "VCLI protocol"). Nothing here knows sockets or commands.
 */

import { AdminError } from "./error.js";

/** One answer. */
export interface Answer {
  /** 200: done. 107: say who you are. Others: refused, with a reason in `text`. */
  readonly status: number;
  readonly text: string;
}

const headLength = 13;
const headPattern = /^(\d{3}) (\d{1,8}) *\n$/;

/** Longest answer that is taken: the engine itself stops at its parameter cli_limit. */
const longestText = 99_999_999;

/** Collects bytes and gives out whole answers, whatever the pieces they come in. */
export class AnswerReader {
  #pieces: Buffer[] = [];
  #length = 0;
  /** Length of the answer that is being read, once its head is known. */
  #wanted = headLength;

  /** The answers that are complete with these bytes. Throws an AdminError where the stream is no such protocol. */
  push(bytes: Buffer): Answer[] {
    this.#pieces.push(bytes);
    this.#length += bytes.length;
    const answers: Answer[] = [];
    while (this.#length >= this.#wanted) {
      const answer = this.#read();
      if (answer !== undefined) answers.push(answer);
    }
    return answers;
  }

  /** Reads the head, or the answer when its head was read before. */
  #read(): Answer | undefined {
    const held = this.#pieces.length === 1 ? this.#pieces[0] : Buffer.concat(this.#pieces);
    if (held === undefined) return undefined;
    const { status, length } = readHead(held.subarray(0, headLength));
    const end = headLength + length + 1;
    this.#keep(held, held.length < end ? 0 : end, held.length < end ? end : headLength);
    if (held.length < end) return undefined;
    if (held[end - 1] !== 0x0a)
      throw new AdminError("protocol", "the engine's answer is longer than it said");
    return { status, text: held.toString("utf8", headLength, end - 1) };
  }

  #keep(held: Buffer, from: number, wanted: number): void {
    const rest = held.subarray(from);
    this.#pieces = rest.length === 0 ? [] : [rest];
    this.#length = rest.length;
    this.#wanted = wanted;
  }
}

function readHead(head: Buffer): { status: number; length: number } {
  const match = headPattern.exec(head.toString("latin1"));
  if (match === null)
    throw new AdminError(
      "protocol",
      `${JSON.stringify(head.toString("latin1"))} does not begin an answer of the engine`,
    );
  const length = Number(match[2]);
  if (length > longestText)
    throw new AdminError("protocol", `an answer of ${length} bytes is too long`);
  return { status: Number(match[1]), length };
}
