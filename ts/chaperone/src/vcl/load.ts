/** Writes VCL where the engine can read it, has it compiled, and puts it into use; the one before is forgotten. */

import { copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { AdminClient } from "../admin/client.js";
import { AdminError } from "../admin/error.js";
import type { Workspace } from "../engine/workspace.js";
import { mainVcl } from "./preamble.js";
import type { VclFiles, VclOptions } from "./preamble.js";

/** The engine's compiler does not take the VCL. The message is the compiler's, about the user's own file. */
export class VclRefused extends Error {
  override readonly name: string = "VclRefused";
}

export interface VclSource {
  /** ghost.vcl */
  readonly ghost: string;
  readonly user?: string;
}

export class VclLoader {
  readonly #workspace: Workspace;
  readonly #source: VclSource;
  #count = 0;
  #used: string | undefined;

  constructor(workspace: Workspace, source: VclSource) {
    this.#workspace = workspace;
    this.#source = source;
  }

  /** Loads and uses the VCL as its files are now. Rejects with VclRefused; then the one in use stays. */
  async load(client: AdminClient, options: VclOptions = { closing: false }): Promise<void> {
    const name = `ghost_${(this.#count += 1)}`;
    const file = join(this.#workspace.vclFolder, `${name}.vcl`);
    await writeFile(file, mainVcl(await this.#copy(), options));
    await this.#workspace.share(file, "file");
    try {
      await client.vclLoad(name, file);
    } catch (error) {
      throw error instanceof AdminError && error.reason === "refused"
        ? this.#refusal(error)
        : error;
    }
    await client.vclUse(name);
    // At the end of the engine's life there is nothing to make room for.
    if (this.#used !== undefined && !options.closing) await client.vclDiscard(this.#used);
    this.#used = name;
  }

  /** The engine's compiler runs as a user who may not be able to read the originals. */
  async #copy(): Promise<VclFiles> {
    const { routesFile } = this.#workspace;
    const ghost = await this.#copyIn(this.#source.ghost, "ghost.vcl");
    const { user } = this.#source;
    return {
      routes: routesFile,
      ghost,
      ...(user === undefined ? {} : { user: await this.#copyIn(user, "user.vcl") }),
    };
  }

  async #copyIn(path: string, name: string): Promise<string> {
    const copy = join(this.#workspace.vclFolder, name);
    await copyFile(path, copy);
    await this.#workspace.share(copy, "file");
    return copy;
  }

  #refusal(error: AdminError): VclRefused {
    const { ghost, user } = this.#source;
    const folder = this.#workspace.vclFolder;
    const message = error.message
      .replaceAll(join(folder, "ghost.vcl"), ghost)
      .replaceAll(join(folder, "user.vcl"), user ?? "user.vcl");
    return new VclRefused(message, { cause: error });
  }
}
