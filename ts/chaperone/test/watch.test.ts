/** Every way in which files change is noticed. */

import { mkdir, rename, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { onTestFinished, test } from "vitest";
import type { SourceLocation } from "../src/sources/reading.js";
import { watchSource } from "../src/sources/watch.js";
import { temporaryFolder } from "./engine.js";

/** Waits for a change after the watch stands. */
async function watching(
  location: SourceLocation,
  poll: number,
  files: readonly string[] = [],
): Promise<() => Promise<void>> {
  const over = new AbortController();
  onTestFinished(() => over.abort());
  let changed: (() => void) | undefined;
  let hasChanged = false;
  const onChange = (): void => {
    hasChanged = true;
    changed?.();
  };
  await watchSource({ location, files: () => files }, onChange, over.signal, {
    batch: 5,
    settle: 0,
    poll,
  });
  return async () => {
    if (!hasChanged) await new Promise<void>((resolve) => (changed = resolve));
    hasChanged = false;
  };
}

// Longer than a test may take: what is noticed was told by an event.
const never = 1_000_000;

test("a file that is written in place", async () => {
  const file = join(await temporaryFolder(), "ghost.json");
  await writeFile(file, "1");
  const change = await watching({ kind: "document", file }, never);
  await writeFile(file, "2");
  await change();
});

test("a file that is replaced by another, again and again", async () => {
  const file = join(await temporaryFolder(), "ghost.json");
  await writeFile(file, "1");
  const change = await watching({ kind: "document", file }, never);
  for (const content of ["2", "3", "4"]) {
    await writeFile(`${file}.tmp`, content);
    await rename(`${file}.tmp`, file);
    await change();
  }
});

test("a mounted folder, whose link ..data is swapped", async () => {
  const folder = await temporaryFolder();
  for (const version of ["..1", "..2"]) {
    await mkdir(join(folder, version));
    await writeFile(join(folder, version, "ghost.json"), version);
  }
  await symlink("..1", join(folder, "..data"));
  await symlink("..data/ghost.json", join(folder, "ghost.json"));
  const change = await watching({ kind: "document", file: join(folder, "ghost.json") }, never);
  await symlink("..2", join(folder, "..data_tmp"));
  await rename(join(folder, "..data_tmp"), join(folder, "..data"));
  await change();
});

test("a manifest that comes into a folder", async () => {
  const folder = await temporaryFolder();
  const change = await watching({ kind: "manifests", paths: [folder] }, never);
  await writeFile(join(folder, "new.yaml"), "a: 1");
  await change();
});

test("a file behind a link into another folder, which sends no event, by looking", async () => {
  const [here, there] = [await temporaryFolder(), await temporaryFolder()];
  await writeFile(join(there, "real.json"), "1");
  await symlink(join(there, "real.json"), join(here, "ghost.json"));
  const change = await watching({ kind: "document", file: join(here, "ghost.json") }, 20);
  await writeFile(join(there, "real.json"), "22");
  await change();
});

test("the endpoints file in another folder", async () => {
  const [here, there] = [await temporaryFolder(), await temporaryFolder()];
  const endpoints = join(there, "endpoints.json");
  await writeFile(join(here, "ghost.json"), "1");
  await writeFile(endpoints, "1");
  const change = await watching({ kind: "document", file: join(here, "ghost.json") }, never, [
    endpoints,
  ]);
  await writeFile(endpoints, "22");
  await change();
});
