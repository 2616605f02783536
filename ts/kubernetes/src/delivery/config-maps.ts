/** Shards and index as ConfigMaps. */

import { BundleError, readIndex } from "./bundle.js";
import type { Index, Shard } from "./bundle.js";
import type { KubernetesObject, OwnerReference } from "../objects.js";

export interface ConfigMap extends KubernetesObject {
  readonly immutable?: boolean;
  readonly data?: Readonly<Record<string, string>>;
  readonly binaryData?: Readonly<Record<string, string>>;
}

/** Whose documents these are. */
export interface Delivery {
  readonly namespace: string;
  /** Of the index; shards are named after it. */
  readonly name: string;
  /** On every ConfigMap. */
  readonly labels: Readonly<Record<string, string>>;
  /** With whose end all this ends. */
  readonly owner?: OwnerReference;
}

const indexKey = "index.json";
const shardKey = "shard";
/** Tells index and shards apart among a Gateway's ConfigMaps. */
export const partLabel = "ghost-gateway.io/delivery";

/** The hash is cut to 128 bits: names of objects end at 253 characters, and what a shard holds is verified whole. */
export function shardName({ name }: Pick<Delivery, "name">, sha256: string): string {
  return `${name}-${sha256.slice(0, 32)}`;
}

export function shardConfigMap(delivery: Delivery, { sha256, bytes }: Shard): ConfigMap {
  return {
    metadata: metadataOf(delivery, shardName(delivery, sha256), "shard"),
    immutable: true,
    binaryData: { [shardKey]: Buffer.from(bytes).toString("base64") },
  };
}

export function indexConfigMap(delivery: Delivery, index: Index): ConfigMap {
  return {
    metadata: metadataOf(delivery, delivery.name, "index"),
    data: { [indexKey]: JSON.stringify(index) },
  };
}

/** Throws a BundleError where the ConfigMap holds none. */
export function indexOf(configMap: ConfigMap): Index {
  const text = configMap.data?.[indexKey];
  if (text === undefined)
    throw new BundleError(`ConfigMap ${configMap.metadata.name} has no ${indexKey}`);
  return readIndex(text);
}

/** Throws a BundleError where the ConfigMap holds none. */
export function shardBytesOf(configMap: ConfigMap): Uint8Array {
  const text = configMap.binaryData?.[shardKey];
  if (text === undefined)
    throw new BundleError(`ConfigMap ${configMap.metadata.name} has no ${shardKey}`);
  return Buffer.from(text, "base64");
}

function metadataOf(
  { namespace, labels, owner }: Delivery,
  name: string,
  part: "index" | "shard",
): KubernetesObject["metadata"] {
  return {
    namespace,
    name,
    labels: { ...labels, [partLabel]: part },
    ...(owner === undefined ? {} : { ownerReferences: [owner] }),
  };
}
