/**
 * Messages that two parsers may read in two ways: what a sender of bad will writes so that the edge and a backend disagree
 * about where a request ends, where it goes, or for whom it is.
 *
 * Each payload carries a path of its own behind the place where readers may disagree. Whether that is a request has to be
 * the same to the edge and to every backend: one that is asked for it although the edge did not receive it, or the other way
 * round, has read another message.
 */

/** What readers may disagree about. */
export type Family =
  | "chunk"
  | "connection"
  | "control"
  | "expect"
  | "length"
  | "line"
  | "host"
  | "target"
  | "transfer"
  | "upgrade"
  | "mixed";

/** Bytes for one connection of HTTP/1. */
export interface Payload {
  /** Says what is unusual; unique. */
  readonly name: string;
  readonly family: Family;
  readonly bytes: Uint8Array;
  /** Path of the request behind the place where readers may disagree. */
  readonly hidden: string;
}

/** A head and a body of HTTP/2 that a client library would not send by itself. */
export interface StreamPayload {
  readonly name: string;
  readonly family: "http2";
  /** In this order, names as they are sent. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array;
  readonly hidden: string;
}

/** The parts of a message before they become bytes; each character is one byte. */
export interface Draft {
  readonly name: string;
  readonly family: Family;
  /** Request line without its end. */
  readonly line?: string;
  /** Header lines without their ends; `Host` is added where none is given. */
  readonly lines: readonly string[];
  /** Everything behind the head, given the request that is hidden in it. */
  readonly body: (hidden: string) => string;
  /** Between head lines. Absent: CRLF. */
  readonly end?: string;
  /** No Host line is added. */
  readonly bare?: boolean;
}

/** The host that the payloads are for. */
export const host = "a.example";

/** The request that is hidden: whole, so that a reader that finds it answers it. */
export function hiddenRequest(path: string): string {
  return `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nX-Hidden: 1\r\n\r\n`;
}

/** The bytes of a draft. */
export function payload(draft: Draft, index: number): Payload {
  const hidden = `/hidden/${index}`;
  const end = draft.end ?? "\r\n";
  const own = draft.bare === true ? [] : [`Host: ${host}`];
  const head = [draft.line ?? `POST /seen/${index} HTTP/1.1`, ...own, ...draft.lines];
  const text = `${head.join(end)}${end}${end}${draft.body(hiddenRequest(hidden))}`;
  return { name: draft.name, family: draft.family, bytes: Buffer.from(text, "latin1"), hidden };
}

/** Text in which what cannot be seen can be read. */
export function shown(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
