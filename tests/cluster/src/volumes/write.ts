// Files of a volume that appear all at once: a folder per state, and `..data`, a link that is swapped by one rename.

import { randomBytes } from "node:crypto";
import {
  lstat,
  lchown,
  mkdir,
  readdir,
  readlink,
  rename,
  rm,
  symlink,
  writeFile,
  chmod,
  chown,
} from "node:fs/promises";
import { dirname } from "node:path";

export interface VolumeFile {
  readonly content: Buffer;
  readonly mode: number;
}

/** By path below the volume; the API server has refused paths that lead outside. */
export type VolumeFiles = ReadonlyMap<string, VolumeFile>;

const data = "..data";

async function writeState(folder: string, files: VolumeFiles, group?: number): Promise<void> {
  await mkdir(folder, { mode: 0o755 });
  for (const [path, { content, mode }] of files) {
    const file = `${folder}/${path}`;
    await mkdir(dirname(file), { recursive: true, mode: 0o755 });
    // With a group of the pod's own, the group may read what the owner may.
    const bits = group === undefined ? mode : mode | 0o440;
    await writeFile(file, content);
    if (group !== undefined) await chown(file, 0, group);
    await chmod(file, bits);
  }
}

/** The names at the top of the volume, which lead through `..data`. */
function tops(files: VolumeFiles): Set<string> {
  return new Set([...files.keys()].map((path) => path.split("/")[0] ?? path));
}

export async function writeVolume(
  folder: string,
  files: VolumeFiles,
  group?: number,
): Promise<void> {
  const state = `..${new Date().toISOString().replaceAll(/[^0-9]/g, "_")}${randomBytes(4).toString("hex")}`;
  const before = await readlink(`${folder}/${data}`).catch(() => undefined);
  await writeState(`${folder}/${state}`, files, group);
  const link = `${folder}/..data_tmp`;
  await rm(link, { force: true });
  await symlink(state, link);
  await rename(link, `${folder}/${data}`);
  const wanted = tops(files);
  for (const name of wanted) {
    const exists = await lstat(`${folder}/${name}`).catch(() => undefined);
    if (!exists) await symlink(`${data}/${name}`, `${folder}/${name}`);
    if (group !== undefined) await lchown(`${folder}/${name}`, 0, group);
  }
  for (const name of await readdir(folder)) {
    if (!name.startsWith("..") && !wanted.has(name)) await rm(`${folder}/${name}`);
  }
  if (before !== undefined) await rm(`${folder}/${before}`, { recursive: true, force: true });
}
