/**
 * Tells when the files of a source may have changed. Knows nothing of what is in them.
 *
 * Editors save by rename, mounted ConfigMaps swap the link `..data`, network folders send no events at all. So it is folders
 * that are watched, never files, and a look at every file's identity every two seconds is the net below.
 */

import { stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { watch } from "chokidar";
import { listManifests } from "./manifests.js";
import type { SourceLocation } from "./reading.js";

/** Milliseconds. */
export interface WatchTimes {
  /** Events that follow each other faster than this are one change. */
  readonly settle: number;
  readonly poll: number;
}

export const defaultWatchTimes: WatchTimes = { settle: 20, poll: 2000 };

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
  times: WatchTimes = defaultWatchTimes,
): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const change = (): void => {
    clearTimeout(timer);
    timer = setTimeout(onChange, times.settle);
  };
  const folders = await foldersOf(watched);
  const watcher = watch([...folders], {
    depth: 0,
    ignoreInitial: true,
    followSymlinks: false,
    ignored: (path) => !folders.has(path) && !isInteresting(watched, path),
  });
  watcher.on("all", change);
  // Without events the poll below still finds every change.
  watcher.on("error", change);
  signal.addEventListener("abort", () => {
    clearTimeout(timer);
    void watcher.close();
  });
  await new Promise<void>((resolve) => watcher.once("ready", resolve));
  void poll(watched, change, signal, times.poll);
}

async function poll(
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
