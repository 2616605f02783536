/**
 * The page's state as a URL fragment: JSON, deflated, in base64url. A fragment never leaves the browser, so what is shared
 * passes no server.
 */

import type { Format } from "../engine/compile.js";
import type { Question } from "../engine/question.js";

export interface Shared {
  readonly text: string;
  readonly format: Format;
  readonly question: Question;
}

/** Characters of a fragment: longer ones are cut by some programs that links pass through. */
export const fragmentLimit = 64 * 1024;
/** Bytes a fragment may unpack to: a short link must not fill the memory. */
const unpackedLimit = 4 * 1024 * 1024;

/** Undefined where it would be longer than a link may be. */
export async function toFragment(shared: Shared): Promise<string | undefined> {
  const { method, url, headers, draw } = shared.question;
  const json = JSON.stringify([1, shared.format, shared.text, method, url, headers, draw]);
  const packed = new Blob([json]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const fragment = toBase64Url(new Uint8Array(await new Response(packed).arrayBuffer()));
  return fragment.length <= fragmentLimit ? fragment : undefined;
}

/** Undefined for what no page has written. */
export async function fromFragment(fragment: string): Promise<Shared | undefined> {
  const text = fragment.replace(/^#/, "");
  if (text === "" || text.length > fragmentLimit || !/^[A-Za-z0-9_-]+$/.test(text))
    return undefined;
  try {
    return read(JSON.parse(await unpack(fromBase64Url(text))));
  } catch {
    return undefined;
  }
}

function read(value: unknown): Shared | undefined {
  if (!Array.isArray(value) || value.length !== 7 || value[0] !== 1) return undefined;
  const [, format, text, method, url, headers, draw] = value as unknown[];
  if (format !== "ghost.json" && format !== "manifests") return undefined;
  if (typeof text !== "string" || typeof method !== "string") return undefined;
  if (typeof url !== "string" || typeof headers !== "string") return undefined;
  if (typeof draw !== "number" || !(draw >= 0 && draw < 1)) return undefined;
  return { format, text, question: { method, url, headers, draw } };
}

async function unpack(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let text = "";
  let size = 0;
  const reader = stream.getReader();
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    size += piece.value.length;
    if (size > unpackedLimit) throw new RangeError("the fragment unpacks to too much");
    text += decoder.decode(piece.value, { stream: true });
  }
  return text + decoder.decode();
}

function toBase64Url(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCodePoint(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (character) => character.codePointAt(0) ?? 0);
}
