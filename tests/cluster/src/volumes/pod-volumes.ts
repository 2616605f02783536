// A pod's volumes as folders of this machine: made before its containers, kept up to date while it lives.

import { chmod, chown, mkdir, rm } from "node:fs/promises";
import type { Volume } from "../api/objects.ts";
import { quantity } from "../node/fields.ts";
import { run } from "../network/commands.ts";
import { filesOf, type FilesContext } from "./files.ts";
import { writeVolume, type VolumeFiles } from "./write.ts";

/** A kind of volume that this node has no means for; the pod waits and an event says so. */
export class UnsupportedVolume extends Error {
  constructor({ name, ...kinds }: Volume) {
    super(
      `volume "${name}" is of a kind that this node does not support: ${Object.keys(kinds).join(", ")}`,
    );
    this.name = "UnsupportedVolume";
  }
}

function digestOf(files: VolumeFiles): string {
  return [...files]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, { content, mode }]) => `${path} ${mode} ${content.toString("base64")}`)
    .join("\n");
}

export class PodVolumes {
  readonly #folder: string;
  readonly #volumes: readonly Volume[];
  readonly #group: number | undefined;
  readonly #written = new Map<string, string>();
  readonly #mounted: string[] = [];

  constructor(folder: string, volumes: readonly Volume[], group?: number) {
    this.#folder = folder;
    this.#volumes = volumes;
    this.#group = group;
  }

  /** Where a volume is on this machine. */
  path(name: string): string {
    const volume = this.#volumes.find((one) => one.name === name);
    return volume?.hostPath?.path ?? `${this.#folder}/${name}`;
  }

  /** Makes folders that are not there and writes files that differ; throws MissingReference while something is missing. */
  async refresh(context: FilesContext): Promise<void> {
    for (const volume of this.#volumes) {
      const files = await filesOf(context, volume);
      if (files) await this.#writeFiles(volume, files);
      else if (volume.emptyDir) await this.#makeEmpty(volume);
      else if (!volume.hostPath) throw new UnsupportedVolume(volume);
    }
  }

  async remove(): Promise<void> {
    for (const path of this.#mounted) await run("umount", ["-l", path]);
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #writeFiles({ name }: Volume, files: VolumeFiles): Promise<void> {
    const digest = digestOf(files);
    if (this.#written.get(name) === digest) return;
    const folder = this.path(name);
    await mkdir(folder, { recursive: true, mode: 0o755 });
    await writeVolume(folder, files, this.#group);
    this.#written.set(name, digest);
  }

  async #makeEmpty({ name, emptyDir }: Volume): Promise<void> {
    if (this.#written.has(name)) return;
    const folder = this.path(name);
    await mkdir(folder, { recursive: true });
    if (emptyDir?.medium === "Memory") {
      const size = emptyDir.sizeLimit;
      const options = size === undefined ? [] : ["-o", `size=${Math.ceil(quantity(size))}`];
      await run("mount", ["-t", "tmpfs", ...options, "tmpfs", folder]);
      this.#mounted.push(folder);
    }
    // Anyone of the pod may write; with a group of the pod's own, new files belong to it.
    await chmod(folder, 0o777);
    if (this.#group !== undefined) {
      await chown(folder, 0, this.#group);
      await chmod(folder, 0o2777);
    }
    this.#written.set(name, "");
  }
}
