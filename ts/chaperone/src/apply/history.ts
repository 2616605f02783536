/** What a run folder has served, read from disk and verified. Nothing here writes. */

import { createHash } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";

/** A document of an entry. */
export interface StoredDocument {
  /** The document's own, or the one that the chaperone gave it; null where it has none. */
  readonly generation: number | null;
  readonly sha256: string;
  /** Routes, or endpoints. */
  readonly count: number;
  readonly bytes: number;
}

/** Something that was served. */
export interface HistoryEntry {
  readonly version: 1;
  /** Counts what the folder has served; only rises. */
  readonly number: number;
  readonly appliedAt: string;
  readonly origin: "source" | "rollback";
  /** Files it came from. */
  readonly files: readonly string[];
  readonly routes: StoredDocument & {
    /** Whether the generation was given by the chaperone, for a document without one. */
    readonly isCounted: boolean;
  };
  /** Null: the endpoints are in the routes. */
  readonly endpoints: StoredDocument | null;
}

/** The contents of an entry, as the engine read them. */
export interface StoredContents {
  readonly routes: Buffer;
  readonly endpoints: Buffer | undefined;
}

/** The folder of the history in a run folder. */
export const generationsName = "generations";

/**
 * Entries whose contents verify, newest first.
 *
 * Torn, empty and altered files are found by their checksum and left out: whatever is listed can be served.
 */
export async function readHistory(runFolder: string): Promise<readonly HistoryEntry[]> {
  return readEntries(join(runFolder, generationsName));
}

export async function readEntries(folder: string): Promise<readonly HistoryEntry[]> {
  const names = await readdir(folder).catch(() => []);
  const entries: HistoryEntry[] = [];
  for (const name of names.filter((one) => entryName.test(one))) {
    const entry = readEntry(await readFile(join(folder, name), "utf8").catch(() => ""));
    if (
      entry?.number === Number.parseInt(name, 10) &&
      (await readContents(folder, entry)) !== undefined
    )
      entries.push(entry);
  }
  return entries.toSorted((left, right) => right.number - left.number);
}

/** The contents of an entry; undefined where they are not what was written. */
export async function readContents(
  folder: string,
  { routes, endpoints }: HistoryEntry,
): Promise<StoredContents | undefined> {
  const routesBytes = await readVerified(
    join(folder, contentName("routes", routes.sha256)),
    routes,
  );
  if (routesBytes === undefined) return undefined;
  if (endpoints === null) return { routes: routesBytes, endpoints: undefined };
  const file = join(folder, contentName("endpoints", endpoints.sha256));
  const endpointsBytes = await readVerified(file, endpoints);
  return endpointsBytes && { routes: routesBytes, endpoints: endpointsBytes };
}

async function readVerified(file: string, stored: StoredDocument): Promise<Buffer | undefined> {
  const bytes = await readFile(file).catch(() => undefined);
  return bytes !== undefined && sha256(bytes) === stored.sha256 ? bytes : undefined;
}

const sums = new WeakMap<Uint8Array, string>();

/** Of the same buffer it is computed once: what is written is never changed in place. */
export function sha256(bytes: Uint8Array): string {
  const known = sums.get(bytes);
  if (known !== undefined) return known;
  const sum = createHash("sha256").update(bytes).digest("hex");
  sums.set(bytes, sum);
  return sum;
}

const entryName = /^\d{8,15}\.json$/;

export function nameOfEntry(number: number): string {
  return `${String(number).padStart(8, "0")}.json`;
}

export function contentName(kind: "routes" | "endpoints", sum: string): string {
  return `${kind}-${sum}.json`;
}

/** Reads the text of an entry; undefined where it is not whole. An entry ends with a checksum over what stands before it. */
export function readEntry(text: string): HistoryEntry | undefined {
  const match = /^(.*\n)([0-9a-f]{64})\n$/s.exec(text);
  const [, body, sum] = match ?? [];
  if (body === undefined || sha256(Buffer.from(body)) !== sum) return undefined;
  // What verifies was written by the function below.
  const entry: HistoryEntry = JSON.parse(body);
  return entry.version === 1 ? entry : undefined;
}

export function writeEntry(entry: HistoryEntry): Buffer {
  const body = `${JSON.stringify(entry)}\n`;
  return Buffer.from(`${body}${sha256(Buffer.from(body))}\n`);
}
