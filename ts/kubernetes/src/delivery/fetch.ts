/** Reads a bundle as its index says. */

import type { Connection } from "../connection.js";
import { get } from "../operations.js";
import { resources } from "../resource.js";
import { BundleError, join, shardsNamed } from "./bundle.js";
import type { Documents, Index } from "./bundle.js";
import { shardBytesOf, shardName } from "./config-maps.js";
import type { ConfigMap } from "./config-maps.js";

/** Keeps the shards of the last bundle, so that a change fetches what changed. */
export class BundleReader {
  readonly #connection: Connection;
  readonly #namespace: string;
  readonly #name: string;
  #shards: ReadonlyMap<string, Uint8Array> = new Map();

  constructor(connection: Connection, namespace: string, name: string) {
    this.#connection = connection;
    this.#namespace = namespace;
    this.#name = name;
  }

  /**
   * The documents of `index`. Rejects with a BundleError where a shard is missing or damaged: either a newer index is on
   * its way, or the writer has to write again; what was read before stays good.
   */
  async read(index: Index, signal: AbortSignal): Promise<Documents> {
    const shards = new Map<string, Uint8Array>();
    for (const sha256 of shardsNamed(index))
      shards.set(sha256, this.#shards.get(sha256) ?? (await this.#fetch(sha256, signal)));
    const documents = join(index, shards);
    this.#shards = shards;
    return documents;
  }

  async #fetch(sha256: string, signal: AbortSignal): Promise<Uint8Array> {
    const at = { namespace: this.#namespace, name: shardName({ name: this.#name }, sha256) };
    const configMap = await get<ConfigMap>(this.#connection, resources.configMaps, at, signal);
    if (configMap === undefined)
      throw new BundleError(`shard ${at.namespace}/${at.name} is missing`);
    return shardBytesOf(configMap);
  }
}
