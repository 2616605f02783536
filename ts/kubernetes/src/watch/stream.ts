/** A watch's body: a JSON object a line. */

import { ConnectionError } from "../error.js";
import type { KubernetesObject } from "../objects.js";

export type WatchEvent<Kind> =
  | { readonly type: "ADDED" | "MODIFIED" | "DELETED"; readonly object: Kind }
  /** Nothing changed until this version. */
  | { readonly type: "BOOKMARK"; readonly resourceVersion: string }
  /** A `Status`; the watch is over. */
  | { readonly type: "ERROR"; readonly status: unknown };

/** Bytes of a line. etcd refuses objects over 1.5 MiB; managed fields and escapes make them longer on the wire. */
const lineLimit = 16 * 1024 * 1024;
const lineFeed = 0x0a;

/** Cuts a byte stream into lines. Throws a ConnectionError for a line without end. */
export async function* readLines(
  body: AsyncIterable<Buffer>,
  words: string,
  limit: number = lineLimit,
): AsyncGenerator<string> {
  let pieces: Buffer[] = [];
  let held = 0;
  for await (const bytes of body) {
    let start = 0;
    for (let end = bytes.indexOf(lineFeed); end !== -1; end = bytes.indexOf(lineFeed, start)) {
      pieces.push(bytes.subarray(start, end));
      yield Buffer.concat(pieces).toString("utf8");
      pieces = [];
      held = 0;
      start = end + 1;
    }
    held += bytes.length - start;
    if (held > limit)
      throw new ConnectionError(words, `a line of the watch exceeds ${limit} bytes`);
    pieces.push(bytes.subarray(start));
  }
  if (held > 0) throw new ConnectionError(words, "the watch was cut in the middle of an event");
}

/** Reads a line. Throws a ConnectionError for what is no event: then what it said is unknown, and only a list helps. */
export function readEvent<Kind extends KubernetesObject>(
  line: string,
  words: string,
): WatchEvent<Kind> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw new ConnectionError(words, "an event of the watch is not JSON", { cause: error });
  }
  const { type, object } = (value ?? {}) as { type?: unknown; object?: unknown };
  if (type === "ERROR") return { type, status: object };
  const isObject = typeof object === "object" && object !== null && "metadata" in object;
  if (isObject && type === "BOOKMARK") {
    const { resourceVersion } = (object as KubernetesObject).metadata;
    if (resourceVersion !== undefined) return { type, resourceVersion };
  }
  if (isObject && (type === "ADDED" || type === "MODIFIED" || type === "DELETED"))
    return { type, object: object as Kind };
  throw new ConnectionError(
    words,
    `the watch sent an event of type ${JSON.stringify(type)} that cannot be read`,
  );
}
