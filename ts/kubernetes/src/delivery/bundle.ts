/**
 * Documents of any size as ConfigMaps of a size the API takes: each document compressed and cut into shards that are named
 * after what they hold, and an index that names the shards. Pure; `publish.ts` and `fetch.ts` write and read them.
 */

import { createHash } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";

/** Documents by file name: `routes.json`, `user.vcl`. */
export type Documents = ReadonlyMap<string, Uint8Array>;

export interface Shard {
  /** Lower-case hex SHA-256 of `bytes`. */
  readonly sha256: string;
  readonly bytes: Uint8Array;
}

export interface Index {
  readonly version: 1;
  /** Rises with each change of the documents. */
  readonly generation: number;
  /** Of the writer's lease: an index of an earlier holder is not taken after one of a later. */
  readonly fencing: number;
  readonly documents: Readonly<Record<string, DocumentEntry>>;
}

export interface DocumentEntry {
  /** Of the document itself, uncompressed. */
  readonly sha256: string;
  readonly bytes: number;
  /** Shards in order, by their SHA-256. */
  readonly shards: readonly string[];
}

/** Bytes of a shard: as base64 it stays below 512 KiB, half of what a ConfigMap may hold. */
export const shardLimit: number = 380 * 1024;
/** Bytes of one document uncompressed: what a reader is ready to unpack. */
export const documentLimit: number = 256 * 1024 * 1024;

/** What is wrong with a bundle, and so with its writer or with something between. */
export class BundleError extends Error {
  override readonly name = "BundleError";
}

/** The same documents give the same shards, whoever cuts them. Throws a BundleError for a document that is too large. */
export function cut(
  documents: Documents,
  generation: number,
  fencing: number,
): { readonly index: Index; readonly shards: ReadonlyMap<string, Shard> } {
  const entries: [name: string, entry: DocumentEntry][] = [];
  const shards = new Map<string, Shard>();
  for (const [name, bytes] of [...documents].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    if (bytes.length > documentLimit)
      throw new BundleError(`${name} has ${bytes.length} bytes; ${documentLimit} are the most`);
    const ofDocument = shardsOf(gzipSync(bytes, { level: 6 }));
    for (const shard of ofDocument) shards.set(shard.sha256, shard);
    const named = ofDocument.map(({ sha256 }) => sha256);
    entries.push([name, { sha256: sha256Of(bytes), bytes: bytes.length, shards: named }]);
  }
  const index: Index = { version: 1, generation, fencing, documents: Object.fromEntries(entries) };
  return { index, shards };
}

/** Puts documents together again, verified. Throws a BundleError that names the document and what is wrong with it. */
export function join(index: Index, shards: ReadonlyMap<string, Uint8Array>): Documents {
  const documents = new Map<string, Uint8Array>();
  for (const [name, entry] of Object.entries(index.documents))
    documents.set(name, joinOne(name, entry, shards));
  return documents;
}

/** Every shard an index names, once. */
export function shardsNamed(index: Index): ReadonlySet<string> {
  return new Set(Object.values(index.documents).flatMap(({ shards }) => shards));
}

/** Reads an index as it stands in a ConfigMap. Throws a BundleError. */
export function readIndex(text: string): Index {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new BundleError("the index is not JSON", { cause: error });
  }
  if (!isRecord(value)) throw new BundleError("the index is not an object");
  if (value["version"] !== 1)
    throw new BundleError(
      `the index has version ${JSON.stringify(value["version"])}; this reader knows 1`,
    );
  const { generation, fencing, documents } = value;
  if (!isCount(generation) || !isCount(fencing) || !isRecord(documents))
    throw new BundleError("the index lacks generation, fencing or documents");
  for (const [name, entry] of Object.entries(documents))
    if (!isEntry(entry))
      throw new BundleError(`the index's entry ${JSON.stringify(name)} cannot be read`);
  return value as unknown as Index;
}

function joinOne(
  name: string,
  entry: DocumentEntry,
  shards: ReadonlyMap<string, Uint8Array>,
): Uint8Array {
  const pieces = entry.shards.map((sha256) => {
    const bytes = shards.get(sha256);
    if (bytes === undefined) throw new BundleError(`${name}: shard ${sha256} is missing`);
    if (sha256Of(bytes) !== sha256)
      throw new BundleError(`${name}: shard ${sha256} holds something else`);
    return bytes;
  });
  const bytes = unpack(name, Buffer.concat(pieces));
  if (sha256Of(bytes) !== entry.sha256)
    throw new BundleError(`${name}: its shards do not make the document ${entry.sha256}`);
  return bytes;
}

function unpack(name: string, packed: Uint8Array): Uint8Array {
  try {
    return gunzipSync(packed, { maxOutputLength: documentLimit });
  } catch (error) {
    throw new BundleError(`${name}: its shards cannot be unpacked`, { cause: error });
  }
}

function shardsOf(packed: Uint8Array): readonly Shard[] {
  const shards: Shard[] = [];
  for (let start = 0; start < packed.length; start += shardLimit) {
    const bytes = packed.subarray(start, start + shardLimit);
    shards.push({ sha256: sha256Of(bytes), bytes });
  }
  return shards;
}

function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isEntry(value: unknown): value is DocumentEntry {
  return (
    isRecord(value) &&
    isSha256(value["sha256"]) &&
    isCount(value["bytes"]) &&
    Array.isArray(value["shards"]) &&
    value["shards"].every(isSha256)
  );
}

function isSha256(value: unknown): value is string {
  return typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
}
