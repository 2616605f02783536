/** Writes a file so that a reader, or a crash at any point, finds the old or the new content and never a mixture. */

import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

/** `prepare` sets owner and mode while nobody can see the file under its name. */
export async function writeAtomically(
  path: string,
  content: Uint8Array,
  prepare: (temporary: string) => Promise<void> = async () => {},
): Promise<void> {
  const temporary = `${path}.new`;
  try {
    await writeDurably(temporary, content);
    await prepare(temporary);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

async function writeDurably(path: string, content: Uint8Array): Promise<void> {
  const file = await open(path, "w", 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The new name is on disk only when its folder is. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
