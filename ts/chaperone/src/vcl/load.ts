/** Writes VCL where the engine can read it, has it compiled, and puts it into use; those before are forgotten when they are cold. */

import { createHash } from "node:crypto";
import { copyFile, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeAtomically } from "../apply/write.js";
import type { AdminClient } from "../admin/client.js";
import { AdminError } from "../admin/error.js";
import type { Workspace } from "../engine/workspace.js";
import { gatherVcl, UnreadableVcl } from "./gather.js";
import type { Gathered } from "./gather.js";
import { mainVcl } from "./preamble.js";
import type { VclOptions } from "./preamble.js";

/** The engine's compiler does not take the VCL. The message is the compiler's, about the user's own file. */
export class VclRefused extends Error {
  override readonly name: string = "VclRefused";
}

export interface VclSource {
  /** ghost.vcl */
  readonly ghost: string;
  readonly user?: string;
}

/** Names of ours are this and a number. */
const namePrefix = "ghost_";

export class VclLoader {
  readonly #workspace: Workspace;
  readonly #source: VclSource;
  #count = 0;
  #used: string | undefined;
  /** Folder of its files, by name. */
  #folder = "";
  /** Of what was loaded or refused last: the same is not compiled again. */
  #digest = "";
  #originals: ReadonlyMap<string, string> = new Map();

  constructor(workspace: Workspace, source: VclSource) {
    this.#workspace = workspace;
    this.#source = source;
  }

  /** Name of the VCL in use. */
  get used(): string | undefined {
    return this.#used;
  }

  /** Files that the VCL in use, or the last one that was refused, came from. */
  get files(): readonly string[] {
    return [...this.#originals.values()];
  }

  /** An engine that was started anew holds no VCL. */
  forget(): void {
    this.#used = undefined;
  }

  /** Takes over what an engine has loaded that runs already. True when that is what would be loaded now. */
  async adopt(client: AdminClient): Promise<boolean> {
    const listed = (await client.vclList()).filter(({ name }) => name.startsWith(namePrefix));
    const numbers = listed.map(({ name }) => Number(name.slice(namePrefix.length)));
    this.#count = Math.max(0, ...numbers.filter((number) => Number.isSafeInteger(number)));
    this.#used = listed.find(({ status }) => status === "active")?.name;
    this.#folder = this.#used ?? "";
    const { name, folder, digest } = await this.#write({ closing: false });
    await rm(folder, { recursive: true, force: true });
    this.#count -= 1;
    this.#digest = digest;
    const loaded = await readFile(this.#record, "utf8").catch(() => "");
    return name !== this.#used && loaded === `${String(this.#used)} ${digest}\n`;
  }

  /** Loads the VCL when its files differ from what is in use. False where they do not. Rejects as `load` does. */
  async reload(client: AdminClient): Promise<boolean> {
    const { folder, digest } = await this.#write({ closing: false });
    await rm(folder, { recursive: true, force: true });
    if (digest === this.#digest) return false;
    this.#digest = digest;
    await this.load(client);
    return true;
  }

  /** Loads the files that were in use last, as they were then. False where there are none. */
  async loadLast(client: AdminClient): Promise<boolean> {
    const [last = ""] = (await readFile(this.#record, "utf8").catch(() => "")).split(" ");
    const main = join(this.#workspace.vclFolder, last, "main.vcl");
    if (last === "" || (await readFile(main).catch(() => undefined)) === undefined) return false;
    const name = `${namePrefix}${(this.#count += 1)}`;
    await client.vclLoad(name, main);
    await client.vclUse(name);
    this.#used = name;
    this.#folder = last;
    return true;
  }

  /** Loads and uses the VCL as its files are now. Rejects with VclRefused; then the one in use stays. */
  async load(client: AdminClient, options: VclOptions = { closing: false }): Promise<void> {
    const { name, folder, main, digest } = await this.#write(options);
    if (!options.closing) this.#digest = digest;
    try {
      await client.vclLoad(name, main);
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error instanceof AdminError && error.reason === "refused"
        ? this.#refusal(error, folder)
        : error;
    }
    await client.vclUse(name);
    const before = this.#used;
    this.#used = name;
    this.#folder = name;
    // At the end of the engine's life there is nothing to make room for.
    if (options.closing) return;
    await writeAtomically(this.#record, Buffer.from(`${name} ${digest}\n`));
    if (before !== undefined) await client.vclState(before, "cold").catch(ignoreRefusal);
    await this.discardCold(client);
  }

  /**
   * Discards VCLs of ours that are cold. One that still has tasks, or idle connections, is left to the next time: the engine's
   * command line stands still while it waits for them.
   */
  async discardCold(client: AdminClient): Promise<void> {
    const held = new Set([this.#folder]);
    for (const { name, status, temperature, busy } of await client.vclList()) {
      const isOurs = name.startsWith(namePrefix) && name !== this.#used;
      if (isOurs && status === "available" && temperature === "cold" && busy === 0)
        await client.vclDiscard(name).catch(ignoreRefusal);
      else held.add(name);
    }
    const { vclFolder } = this.#workspace;
    for (const name of await readdir(vclFolder))
      if (name.startsWith(namePrefix) && !held.has(name))
        await rm(join(vclFolder, name), { recursive: true, force: true });
  }

  /** Says which VCL the engine has in use, and what it was made of. */
  get #record(): string {
    return join(this.#workspace.vclFolder, "loaded");
  }

  async #write(options: VclOptions): Promise<Written> {
    const { name, folder } = await this.#newFolder();
    await this.#workspace.share(folder, "folder");
    const { ghost, user } = this.#source;
    const ghostCopy = join(folder, "ghost.vcl");
    await copyFile(ghost, ghostCopy);
    await this.#workspace.share(ghostCopy, "file");
    const gathered = user === undefined ? undefined : await this.#gather(user, folder);
    const text = mainVcl(
      {
        routes: this.#workspace.routesFile,
        ghost: ghostCopy,
        ...(gathered === undefined ? {} : { user: gathered.main }),
      },
      options,
    );
    const main = join(folder, "main.vcl");
    await writeFile(main, text);
    await this.#workspace.share(main, "file");
    const files = [main, ghostCopy, ...(gathered?.originals.keys() ?? [])];
    return { name, folder, main, digest: await digestOf(files, folder) };
  }

  /** With a number that neither this engine nor one before has used here. */
  async #newFolder(): Promise<{ name: string; folder: string }> {
    for (;;) {
      const name = `${namePrefix}${(this.#count += 1)}`;
      const folder = join(this.#workspace.vclFolder, name);
      if (await isMade(folder)) return { name, folder };
    }
  }

  async #gather(user: string, folder: string): Promise<Gathered> {
    this.#originals = new Map([[user, user]]);
    const share = (path: string): Promise<void> => this.#workspace.share(path, "file");
    try {
      const gathered = await gatherVcl(user, { folder, share });
      this.#originals = gathered.originals;
      return gathered;
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error instanceof UnreadableVcl
        ? new VclRefused(error.message, { cause: error })
        : error;
    }
  }

  #refusal(error: AdminError, folder: string): VclRefused {
    let message = error.message.replaceAll(join(folder, "ghost.vcl"), this.#source.ghost);
    for (const [copy, original] of this.#originals) message = message.replaceAll(copy, original);
    return new VclRefused(message, { cause: error });
  }
}

interface Written {
  readonly name: string;
  readonly folder: string;
  readonly main: string;
  /** Equal for equal VCL. */
  readonly digest: string;
}

/** False where it is there already. */
async function isMade(folder: string): Promise<boolean> {
  try {
    await mkdir(folder);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

/** Without the folder's own name, which is in the includes. */
async function digestOf(files: readonly string[], folder: string): Promise<string> {
  const hash = createHash("sha256");
  for (const file of files)
    hash.update((await readFile(file, "latin1")).replaceAll(folder, "")).update("\0");
  return hash.digest("hex");
}

/** The engine knows better; what is left over is tried again later. */
function ignoreRefusal(error: unknown): void {
  if (!(error instanceof AdminError)) throw error;
}
