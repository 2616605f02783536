/**
 * Puts documents into use: written for the engine, reloaded, acknowledged. Holds the last good ones and puts them back on disk
 * when the engine refuses, since a child that starts anew reads what is there.
 */

import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Documents } from "../sources/reading.js";
import type { Workspace } from "../engine/workspace.js";
import type { ReloadAnswer } from "./answer.js";
import { NoAnswer, reload } from "./reload.js";
import { stampDocument } from "./stamp.js";
import { writeAtomically } from "./write.js";

/** Documents as they lie on disk for the engine. */
interface Written {
  readonly routes: Buffer;
  readonly endpoints: Buffer | undefined;
}

/** The part of a workspace that documents go through. */
export type DocumentFolder = Pick<
  Workspace,
  "routesFile" | "endpointsName" | "controlSocket" | "share"
>;

export class Publisher {
  readonly #workspace: DocumentFolder;
  /** The generation given last to a document that has none of its own. */
  #generation = 0;
  #good: Written | undefined;

  constructor(workspace: DocumentFolder) {
    this.#workspace = workspace;
  }

  /** Lays documents ready for an engine that is about to start. */
  async prepare(documents: Documents, generation: number | null): Promise<void> {
    const written = this.#stamp(documents, generation);
    await this.#write(written);
    this.#good = written;
  }

  /** Makes the running engine use the documents. `ok` is false where it refused and the last good ones stay. Rejects with NoAnswer. */
  async publish(documents: Documents, generation: number | null): Promise<ReloadAnswer> {
    const written = this.#stamp(documents, generation);
    await this.#write(written);
    try {
      const answer = await this.#reload(written);
      if (answer.ok) this.#good = written;
      return answer;
    } finally {
      if (this.#good !== written) await this.#restore();
    }
  }

  /** Asks the engine for what it has, and makes sure that this is what was written last. */
  acknowledge(): Promise<ReloadAnswer> {
    if (this.#good === undefined) throw new Error("nothing was written yet");
    return this.#reload(this.#good);
  }

  /** Puts the last good documents back on disk. */
  async #restore(): Promise<void> {
    if (this.#good !== undefined) await this.#write(this.#good);
  }

  #stamp({ routes, endpoints }: Documents, generation: number | null): Written {
    const hasFile = endpoints !== undefined;
    const stamped = stampDocument(routes, {
      ...(generation === null ? { generation: (this.#generation += 1) } : {}),
      ...(hasFile ? { endpointsFile: this.#workspace.endpointsName } : {}),
    });
    return { routes: stamped, endpoints: hasFile ? Buffer.from(endpoints) : undefined };
  }

  async #write({ routes, endpoints }: Written): Promise<void> {
    const { routesFile, endpointsName, share } = this.#workspace;
    const readable = (path: string): Promise<void> => share(path, "file");
    // Endpoints first: routes may name services that only the new endpoints have.
    if (endpoints !== undefined)
      await writeAtomically(join(dirname(routesFile), endpointsName), endpoints, readable);
    await writeAtomically(routesFile, routes, readable);
  }

  async #reload(written: Written): Promise<ReloadAnswer> {
    const answer = await insist(() => reload(this.#workspace.controlSocket));
    const expected = createHash("sha256").update(written.routes).digest("hex");
    if (answer.ok && answer.routes.sha256 !== expected)
      throw new NoAnswer("the engine acknowledged other routes than were written for it");
    return answer;
  }
}

/** Milliseconds before each further try: a child that has died is away for about a second. */
const pauses = [100, 300, 1000, 3000];

/** Tries again while the engine gives no answer. Rejects with the last NoAnswer. */
async function insist(work: () => Promise<ReloadAnswer>): Promise<ReloadAnswer> {
  for (const pause of pauses) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      await delay(pause);
    }
  }
  return work();
}
