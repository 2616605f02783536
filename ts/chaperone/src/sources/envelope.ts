/**
 * The outer object of a routing document: which keys it has and where their values stand in the text.
 *
 * Reading it this way leaves every byte of a document as it was written: JavaScript's own reader would reorder keys that look
 * like numbers and keep one of two equal keys. What the values mean is the core's to judge. Pure.
 */

/** Where a value stands, as offsets into the text. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

export interface Envelope {
  /** Right behind the opening brace. */
  readonly start: number;
  /** Values by key; of two equal keys the last one counts. */
  readonly values: ReadonlyMap<string, Place>;
}

/** Reads the outer object; undefined where the text is none. Accepts text that is only nearly JSON. */
export function readEnvelope(text: string): Envelope | undefined {
  const start = skipSpace(text, 0);
  if (text[start] !== "{") return undefined;
  const values = new Map<string, Place>();
  let at = skipSpace(text, start + 1);
  while (text[at] === '"') {
    const member = readMember(text, at);
    if (member === undefined) return undefined;
    values.set(member.key, member.place);
    at = skipSpace(text, member.place.end);
    if (text[at] === ",") at = skipSpace(text, at + 1);
  }
  return text[at] === "}" ? { start: start + 1, values } : undefined;
}

/** The value at a key when it is text. */
export function textAt(text: string, envelope: Envelope, key: string): string | undefined {
  const place = envelope.values.get(key);
  const value = place === undefined ? undefined : parse(text.slice(place.start, place.end));
  return typeof value === "string" ? value : undefined;
}

function readMember(text: string, at: number): { key: string; place: Place } | undefined {
  const end = endOfString(text, at);
  const key = parse(text.slice(at, end));
  const colon = skipSpace(text, end);
  if (typeof key !== "string" || text[colon] !== ":") return undefined;
  const start = skipSpace(text, colon + 1);
  const place = { start, end: endOfValue(text, start) };
  return place.end === start ? undefined : { key, place };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const space = /[\t\n\r ]*/y;
const word = /[^\t\n\r ,\]}]*/y;
const bracketOrString = /["[\]{}]/g;

function skipSpace(text: string, at: number): number {
  space.lastIndex = at;
  space.test(text);
  return space.lastIndex;
}

function endOfValue(text: string, at: number): number {
  const first = text[at];
  if (first === '"') return endOfString(text, at);
  if (first === "{" || first === "[") return endOfNest(text, at);
  word.lastIndex = at;
  word.test(text);
  return word.lastIndex;
}

function endOfString(text: string, at: number): number {
  let end = at + 1;
  while (end < text.length && text[end] !== '"') end += text[end] === "\\" ? 2 : 1;
  return Math.min(end + 1, text.length);
}

function endOfNest(text: string, at: number): number {
  bracketOrString.lastIndex = at;
  for (let depth = 0; ;) {
    const match = bracketOrString.exec(text);
    if (match === null) return text.length;
    if (match[0] === '"') bracketOrString.lastIndex = endOfString(text, match.index);
    else depth += match[0] === "{" || match[0] === "[" ? 1 : -1;
    if (depth === 0) return match.index + 1;
  }
}
