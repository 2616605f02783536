/** Generations on disk: each a folder of its own, and one file that says which of them the edge is to run. */

import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { writeAtomically } from "@ghost-gateway/chaperone";
import type { Documents } from "@ghost-gateway/kubernetes";
import { DeliveryError, placeConfiguration, stateFolder } from "./place.js";

const configurationFile = "edge.json";
const generations = "generations";

/** Gives a file of the Secret; rejects where the Secret does not hold it, or cannot be read. */
export type ReadSecret = (name: string) => Promise<Uint8Array>;

export class GenerationFolder {
  readonly #folder: string;
  readonly #readSecret: ReadSecret;
  #text = "";
  #kept: readonly string[] = [];

  constructor(folder: string, readSecret: ReadSecret) {
    this.#folder = folder;
    this.#readSecret = readSecret;
  }

  /** Writes a generation and has the edge run it. Rejects where a file is missing; the one before then stays. */
  async write(generation: number, documents: Documents): Promise<void> {
    const delivered = documents.get(configurationFile);
    if (delivered === undefined)
      throw new DeliveryError(
        `there is no ${configurationFile}: the documents are for another data plane`,
      );
    const own = `${generations}/${generation}`;
    const { text, secrets } = placeConfiguration(delivered, own);
    for (const [name, bytes] of documents)
      if (name !== configurationFile) await this.#put(`${own}/${name}`, bytes);
    for (const path of secrets)
      await this.#put(`${own}/${path}`, await this.#readSecret(basename(path)));
    await mkdir(join(this.#folder, stateFolder), { recursive: true });
    // The folder above is whole: with this one file the edge sees all of it or nothing.
    this.#text = text;
    await this.announce();
    await this.#sweep(String(generation));
  }

  /** Writes the configuration, again where it was written: an edge that was busy with the one before looks once more. */
  async announce(): Promise<void> {
    await writeAtomically(join(this.#folder, configurationFile), Buffer.from(this.#text));
  }

  /** Whether the edge runs what was written last: it keeps a copy of the configuration that serves. */
  async isServed(): Promise<boolean> {
    if (this.#text === "") return false;
    const kept = join(this.#folder, stateFolder, "last-good");
    const served = await readFile(kept, "utf8").catch(() => "");
    return served === this.#text;
  }

  /** Nothing here outlives the Pod, so nothing is forced to a disk. */
  async #put(path: string, bytes: Uint8Array): Promise<void> {
    const file = join(this.#folder, path);
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(file, bytes, { mode: 0o600 });
  }

  /** Keeps this generation and the one before: the edge may still read that. */
  async #sweep(generation: string): Promise<void> {
    this.#kept = [generation, ...this.#kept.filter((name) => name !== generation)].slice(0, 2);
    const root = join(this.#folder, generations);
    for (const name of await readdir(root))
      if (!this.#kept.includes(name)) await rm(join(root, name), { recursive: true, force: true });
  }
}
