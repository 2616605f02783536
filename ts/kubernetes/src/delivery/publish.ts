/** Writes a bundle: shards first, the index last, what nobody names any more at the end. */

import { isDeepStrictEqual } from "node:util";
import type { Connection } from "../connection.js";
import { ApiError } from "../error.js";
import { apply, create, get, remove, replace } from "../operations.js";
import { resources } from "../resource.js";
import { listAll } from "../watch/pages.js";
import { cut, shardsNamed } from "./bundle.js";
import type { Documents, Index, Shard } from "./bundle.js";
import { indexConfigMap, indexOf, partLabel, shardConfigMap, shardName } from "./config-maps.js";
import type { ConfigMap, Delivery } from "./config-maps.js";

/** A later holder of the lease has written: this one must write no more. */
export class FencedOff extends Error {
  override readonly name = "FencedOff";
}

export interface Publication {
  readonly documents: Documents;
  /** Of the lease under which we write. */
  readonly fencing: number;
}

/**
 * Publishes documents under the next generation, and gives the index; that of before where they are published already.
 * Readers see the bundle before or the new one, never a mixture: until the index is written nobody looks at the new shards,
 * and the shards of the index before stay until the next publication. Rejects with FencedOff, ApiError or ConnectionError.
 */
export async function publish(
  connection: Connection,
  delivery: Delivery,
  { documents, fencing }: Publication,
): Promise<Index> {
  const at = { namespace: delivery.namespace, name: delivery.name };
  const stored = await get<ConfigMap>(connection, resources.configMaps, at);
  const before = stored === undefined ? undefined : readable(stored);
  if (before !== undefined && before.fencing > fencing)
    throw new FencedOff(
      `${at.namespace}/${at.name} was written under lease ${before.fencing}, ours is ${fencing}`,
    );
  const { index, shards } = cut(documents, (before?.generation ?? 0) + 1, fencing);
  if (before !== undefined && isSame(before, index)) return before;
  const held = before === undefined ? new Set<string>() : shardsNamed(before);
  for (const shard of shards.values())
    if (!held.has(shard.sha256)) await writeShard(connection, delivery, shard);
  await writeIndex(connection, delivery, index, stored);
  await sweep(connection, delivery, new Set([...held, ...shards.keys()]));
  return index;
}

/** Whether both hold the same documents in the same shards. */
function isSame(before: Index, after: Index): boolean {
  return isDeepStrictEqual(before.documents, after.documents);
}

/** Over the index we read: where another wrote in between, its Conflict tells. */
async function writeIndex(
  connection: Connection,
  delivery: Delivery,
  index: Index,
  stored: ConfigMap | undefined,
): Promise<void> {
  const wanted = indexConfigMap(delivery, index);
  if (stored === undefined) {
    await create(connection, resources.configMaps, wanted);
    return;
  }
  const { resourceVersion } = stored.metadata;
  const metadata = {
    ...wanted.metadata,
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
  };
  await replace(connection, resources.configMaps, { ...wanted, metadata });
}

/** A shard that is there already holds the same, for its name says what it holds; a damaged one is made anew. */
async function writeShard(connection: Connection, delivery: Delivery, shard: Shard): Promise<void> {
  const wanted = shardConfigMap(delivery, shard);
  try {
    await apply(connection, resources.configMaps, wanted, "ghost-operator");
  } catch (error) {
    // 422: the one that is there is immutable and holds something else.
    if (!(error instanceof ApiError) || error.status.code !== 422) throw error;
    const { namespace, name } = wanted.metadata;
    await remove(connection, resources.configMaps, { namespace, name });
    await create(connection, resources.configMaps, wanted);
  }
}

/** Removes shards that neither this index nor the one before names. */
async function sweep(
  connection: Connection,
  delivery: Delivery,
  named: ReadonlySet<string>,
): Promise<void> {
  const keep = new Set([...named].map((sha256) => shardName(delivery, sha256)));
  const { namespace } = delivery;
  const labels = { ...delivery.labels, [partLabel]: "shard" };
  const labelSelector = Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(",");
  const selection = { resource: resources.configMaps, namespace, labelSelector };
  const { objects } = await listAll<ConfigMap>(connection, selection, new AbortController().signal);
  for (const { metadata } of objects) {
    const { name, uid } = metadata;
    if (!keep.has(name))
      await remove(connection, resources.configMaps, { namespace, name }, { uid });
  }
}

/** An index we cannot read is written over. */
function readable(configMap: ConfigMap): Index | undefined {
  try {
    return indexOf(configMap);
  } catch {
    return undefined;
  }
}
