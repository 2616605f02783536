/**
 * Keeps what was served: the newest entries of the history, with their contents by checksum.
 *
 * A content is written before the entry that names it and removed after it, so that a crash at any point leaves entries that
 * verify and at most some files that nothing names.
 */

import { readFile, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import {
  contentName,
  nameOfEntry,
  readContents,
  readEntries,
  sha256,
  writeEntry,
} from "./history.js";
import type { HistoryEntry, StoredContents } from "./history.js";
import { writeAtomically } from "./write.js";

/** How many entries stay. */
const keptEntries = 5;

/** What is told of contents when they have been acknowledged. */
export interface Applied {
  readonly origin: HistoryEntry["origin"];
  readonly files: readonly string[];
  readonly routes: {
    readonly generation: number | null;
    readonly count: number;
    readonly isCounted: boolean;
  };
  readonly endpoints: { readonly generation: number | null; readonly count: number };
  readonly appliedAt: string;
}

export class Generations {
  readonly #folder: string;
  #entries: readonly HistoryEntry[];
  /** The highest number that was ever given, to an entry that is damaged now perhaps. */
  #last: number;
  /** Contents that are known to be whole. */
  #present: Set<string>;

  /** Reads what is there. */
  static async open(folder: string): Promise<Generations> {
    const entries = await readEntries(folder);
    const numbers = (await readdir(folder)).map((name) => Number.parseInt(name, 10));
    return new Generations(folder, entries, Math.max(0, ...numbers.filter(Number.isSafeInteger)));
  }

  private constructor(folder: string, entries: readonly HistoryEntry[], last: number) {
    this.#folder = folder;
    this.#entries = entries;
    this.#last = last;
    this.#present = new Set(entries.flatMap(contentsOf));
  }

  /** Newest first. */
  get entries(): readonly HistoryEntry[] {
    return this.#entries;
  }

  /** The contents of an entry; undefined where they do not verify. */
  contents(entry: HistoryEntry): Promise<StoredContents | undefined> {
    return readContents(this.#folder, entry);
  }

  /** Records contents that were acknowledged. Where the routes are those of the newest entry, that one is amended. */
  async record(contents: StoredContents, applied: Applied): Promise<HistoryEntry> {
    const entry = this.#entryFor(contents, applied);
    const { routes, endpoints } = contents;
    await this.#writeContent(contentName("routes", entry.routes.sha256), routes);
    if (endpoints !== undefined && entry.endpoints !== null)
      await this.#writeContent(contentName("endpoints", entry.endpoints.sha256), endpoints);
    await writeAtomically(join(this.#folder, nameOfEntry(entry.number)), writeEntry(entry));
    this.#last = entry.number;
    const others = this.#entries.filter(({ number }) => number !== entry.number);
    this.#entries = [entry, ...others].slice(0, keptEntries);
    await this.#sweep();
    return entry;
  }

  /** The content of the source that is held back after a rollback. */
  async held(): Promise<string | undefined> {
    const text = await readFile(join(this.#folder, "held.json"), "utf8").catch(() => "null");
    try {
      const value: { content?: unknown } | null = JSON.parse(text);
      return typeof value?.content === "string" ? value.content : undefined;
    } catch {
      return undefined;
    }
  }

  async hold(content: string | undefined): Promise<void> {
    const file = join(this.#folder, "held.json");
    if (content === undefined) await rm(file, { force: true });
    else await writeAtomically(file, Buffer.from(`${JSON.stringify({ content })}\n`));
  }

  #entryFor({ routes, endpoints }: StoredContents, applied: Applied): HistoryEntry {
    const newest = this.#entries[0];
    const sum = sha256(routes);
    const isAmended = newest !== undefined && newest.routes.sha256 === sum;
    const stored = (bytes: Buffer): { sha256: string; bytes: number } => ({
      sha256: sha256(bytes),
      bytes: bytes.length,
    });
    return {
      version: 1,
      number: isAmended ? newest.number : this.#last + 1,
      appliedAt: applied.appliedAt,
      origin: isAmended ? newest.origin : applied.origin,
      files: applied.files,
      routes: { ...applied.routes, sha256: sum, bytes: routes.length },
      endpoints: endpoints === undefined ? null : { ...applied.endpoints, ...stored(endpoints) },
    };
  }

  async #writeContent(name: string, bytes: Buffer): Promise<void> {
    if (this.#present.has(name)) return;
    await writeAtomically(join(this.#folder, name), bytes);
    this.#present.add(name);
  }

  /** Removes what no entry needs, half-written files of a crash among it. */
  async #sweep(): Promise<void> {
    this.#present = new Set(this.#entries.flatMap(contentsOf));
    const entries = this.#entries.map(({ number }) => nameOfEntry(number));
    const needed = new Set(["held.json", ...entries, ...this.#present]);
    for (const name of await readdir(this.#folder))
      if (!needed.has(name)) await rm(join(this.#folder, name), { force: true });
  }
}

function contentsOf({ routes, endpoints }: HistoryEntry): string[] {
  const names = [contentName("routes", routes.sha256)];
  return endpoints === null ? names : [...names, contentName("endpoints", endpoints.sha256)];
}
