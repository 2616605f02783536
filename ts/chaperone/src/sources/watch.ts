/**
 * Tells when the files of a source may have changed. Knows nothing of what is in them.
 *
 * Editors save by rename, mounted ConfigMaps swap the link `..data`, network folders send no events at all. So it is folders
 * that are watched, never files, and a look at every file's identity every two seconds is the net below.
 */

import { stat } from "node:fs/promises";
import { watch } from "node:fs";
import type { FSWatcher } from "node:fs";
import { basename, dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { listManifests } from "./manifests.js";
import type { SourceLocation } from "./reading.js";

/** Milliseconds. */
export interface WatchTimes {
  /** After a change is told, further ones within this time are told as one, at its end. */
  readonly batch: number;
  /** Before a change is told: a folder of many files is seldom written at once. */
  readonly settle: number;
  readonly poll: number;
}

const batch = 50;
const poll = 2000;

/** A document that is half written cannot be read, and is looked at again; half a folder of manifests can. */
function timesFor({ kind }: SourceLocation): WatchTimes {
  return { batch, poll, settle: kind === "document" ? 0 : 20 };
}

/** What is watched. */
export interface Watched {
  readonly location: SourceLocation;
  /** Files that the last reading came from; they may name each other, so this changes. */
  readonly files: () => Iterable<string>;
}

/** Calls `onChange` after changes until the signal is aborted. Resolves once the watch stands. */
export async function watchSource(
  watched: Watched,
  onChange: () => void,
  signal: AbortSignal,
  times: WatchTimes = timesFor(watched.location),
): Promise<void> {
  const change = inBatches(onChange, times, signal);
  for (const folder of await foldersOf(watched)) {
    const watcher = watchFolder(folder, (name) => {
      if (name === null || isInteresting(watched, join(folder, name))) change();
    });
    signal.addEventListener("abort", () => watcher?.close());
  }
  void look(watched, change, signal, times.poll);
}

/** Undefined where it cannot be: the poll still finds every change. */
function watchFolder(
  folder: string,
  onEvent: (name: string | null) => void,
): FSWatcher | undefined {
  try {
    const watcher = watch(folder, { persistent: false }, (_type, name) => onEvent(name));
    watcher.on("error", () => watcher.close());
    return watcher;
  } catch {
    return undefined;
  }
}

/** The first change is told at once; those that follow it are gathered. */
export function inBatches(
  onChange: () => void,
  { batch: interval, settle }: Pick<WatchTimes, "batch" | "settle">,
  signal: AbortSignal,
): () => void {
  let timer: NodeJS.Timeout | undefined;
  let told = -Infinity;
  signal.addEventListener("abort", () => clearTimeout(timer));
  const tell = (): void => {
    timer = undefined;
    told = performance.now();
    onChange();
  };
  return () => {
    if (timer !== undefined || signal.aborted) return;
    const wait = Math.max(settle, told + interval - performance.now());
    if (wait <= 0) tell();
    else timer = setTimeout(tell, wait);
  };
}

async function look(
  watched: Watched,
  change: () => void,
  signal: AbortSignal,
  interval: number,
): Promise<void> {
  let last = await identities(watched);
  while (await pause(interval, signal)) {
    const now = await identities(watched);
    if (now !== last) change();
    last = now;
  }
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  await delay(milliseconds, undefined, { signal, ref: false }).catch(() => undefined);
  return !signal.aborted;
}

async function foldersOf({ location, files }: Watched): Promise<Set<string>> {
  const paths = location.kind === "document" ? [location.file] : location.paths;
  const folders = paths.map(async (path) => ((await isFolder(path)) ? path : dirname(path)));
  return new Set([...(await Promise.all(folders)), ...[...files()].map((file) => dirname(file))]);
}

/** Neighbours of a document are none of our business, but for the links that mounted folders are swapped by. */
function isInteresting({ location, files }: Watched, path: string): boolean {
  const name = basename(path);
  if (location.kind === "manifests" || name.startsWith("..")) return true;
  return [location.file, ...files()].some((file) => basename(file) === name);
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
}

/** Everything that changes when a file is written or replaced, through symbolic links. */
async function identities({ location, files }: Watched): Promise<string> {
  const listed =
    location.kind === "document"
      ? [location.file]
      : await listManifests(location.paths).catch(() => []);
  const lines = [...new Set([...listed, ...files()])].map(async (file) => {
    const entry = await stat(file, { bigint: true }).catch(() => undefined);
    return entry === undefined
      ? `${file} gone`
      : `${file} ${entry.dev} ${entry.ino} ${entry.size} ${entry.mtimeNs} ${entry.ctimeNs}`;
  });
  return (await Promise.all(lines)).join("\n");
}
