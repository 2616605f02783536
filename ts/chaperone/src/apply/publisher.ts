/**
 * Puts documents into use: written for the engine, reloaded, acknowledged. Holds the last good ones and puts them back on disk
 * when the engine refuses, since a child that starts anew reads what is there.
 */

import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Documents } from "../sources/reading.js";
import type { Workspace } from "../engine/workspace.js";
import type { ReloadAnswer } from "./answer.js";
import type { LiveDocuments } from "./live.js";
import { sha256 } from "./history.js";
import type { StoredContents } from "./history.js";
import { NoAnswer, reload } from "./reload.js";
import { stampDocument } from "./stamp.js";
import { writeAtomically } from "./write.js";

/** Documents as they lie on disk for the engine. */
export interface Written extends StoredContents {
  /** Whether the routes have a generation of ours, for want of their own. */
  readonly isCounted: boolean;
}

/** The part of a workspace that documents go through. */
export type DocumentFolder = Pick<
  Workspace,
  "routesFile" | "endpointsName" | "controlSocket" | "share"
>;

export class Publisher {
  readonly #workspace: DocumentFolder;
  /** The generation given last to a document that has none of its own. */
  #generation: number;
  #good: Written | undefined;
  /** Routes as their writer wrote them, and as they lie on disk: what did not change is not written again. */
  #stamped:
    | { readonly from: Buffer; readonly routes: Buffer; readonly isCounted: boolean }
    | undefined;
  readonly #live: Pick<LiveDocuments, "serve">;
  /** What is on disk now. */
  #onDisk: StoredContents | undefined;

  /** `generation` is the one given last in this folder. Without `live` documents are served as they are. */
  constructor(
    workspace: DocumentFolder,
    generation = 0,
    live: Pick<LiveDocuments, "serve"> = { serve: (contents) => contents },
  ) {
    this.#workspace = workspace;
    this.#generation = generation;
    this.#live = live;
  }

  /** The documents in use, without what is known of endpoints now. */
  get good(): Written | undefined {
    return this.#good;
  }

  /** The same as the engine has them. */
  get served(): StoredContents | undefined {
    return this.#onDisk;
  }

  /** Lays documents ready for an engine that is about to start. */
  async prepare(documents: Documents, generation: number | null): Promise<void> {
    await this.resume(this.#stamp(documents, generation));
  }

  /** The same for documents that were served before. */
  async resume(written: Written): Promise<void> {
    await this.#write(written);
    this.#good = written;
  }

  /** Makes the running engine use the documents. `ok` is false where it refused and the last good ones stay. Rejects with NoAnswer. */
  publish(documents: Documents, generation: number | null): Promise<ReloadAnswer> {
    return this.#put(this.#stamp(documents, generation));
  }

  /** Makes the running engine use routes that were served before, with the endpoints of now where both have them apart. */
  async restore({ routes, endpoints }: StoredContents, isCounted: boolean): Promise<ReloadAnswer> {
    const now = this.#good?.endpoints;
    const generation = isCounted ? (this.#generation += 1) : undefined;
    const stamped = stampDocument(routes, generation === undefined ? {} : { generation });
    this.#stamped = undefined;
    return this.#put({
      routes: stamped,
      endpoints: endpoints === undefined ? undefined : (now ?? endpoints),
      isCounted,
    });
  }

  /** Asks the engine for what it has, and makes sure that this is what was written last. */
  acknowledge(): Promise<ReloadAnswer> {
    if (this.#onDisk === undefined) throw new Error("nothing was written yet");
    return this.#reload(this.#onDisk);
  }

  /** Makes the engine use what is known of endpoints now; undefined where that is what it has. Rejects with NoAnswer. */
  async refresh(): Promise<ReloadAnswer | undefined> {
    if (this.#good === undefined) return undefined;
    const before = this.#onDisk?.endpoints;
    const served = await this.#write(this.#good);
    const isSame = served.endpoints === before || before?.equals(served.endpoints ?? noBytes);
    return isSame === true ? undefined : this.#reload(served);
  }

  async #put(written: Written): Promise<ReloadAnswer> {
    const served = await this.#write(written);
    try {
      const answer = await this.#reload(served);
      if (answer.ok) this.#good = written;
      return answer;
    } finally {
      // Refused: the last good documents go back on disk.
      if (this.#good !== written && this.#good !== undefined) await this.#write(this.#good);
    }
  }

  #stamp({ routes, file, endpoints }: Documents, generation: number | null): Written {
    const isCounted = generation === null;
    const hasFile = endpoints !== undefined;
    if (this.#stamped?.from.equals(routes) !== true) {
      const stamped = stampDocument(routes, {
        file,
        ...(isCounted ? { generation: (this.#generation += 1) } : {}),
        ...(hasFile ? { endpointsFile: this.#workspace.endpointsName } : {}),
      });
      this.#stamped = { from: Buffer.from(routes), routes: stamped, isCounted };
    }
    const { routes: stamped } = this.#stamped;
    return { routes: stamped, endpoints: hasFile ? Buffer.from(endpoints) : undefined, isCounted };
  }

  async #write(written: Written): Promise<StoredContents> {
    const served = this.#live.serve(written);
    const { routes, endpoints } = served;
    const { routesFile, endpointsName, share } = this.#workspace;
    const readable = (path: string): Promise<void> => share(path, "file");
    const before = this.#onDisk;
    this.#onDisk = undefined;
    // Endpoints first: routes may name services that only the new endpoints have.
    if (endpoints !== undefined && before?.endpoints?.equals(endpoints) !== true)
      await writeAtomically(join(dirname(routesFile), endpointsName), endpoints, readable);
    if (before?.routes.equals(routes) !== true) await writeAtomically(routesFile, routes, readable);
    this.#onDisk = served;
    return served;
  }

  async #reload({ routes, endpoints }: StoredContents): Promise<ReloadAnswer> {
    const answer = await insist(() => reload(this.#workspace.controlSocket));
    if (!answer.ok) return answer;
    if (answer.routes.sha256 !== sha256(routes))
      throw new NoAnswer("the engine acknowledged other routes than were written for it");
    if (endpoints !== undefined && answer.endpoints.sha256 !== sha256(endpoints))
      throw new NoAnswer("the engine acknowledged other endpoints than were written for it");
    return answer;
  }
}

const noBytes = Buffer.alloc(0);

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
