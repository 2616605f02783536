// Secrets and ConfigMaps as pods refer to them.

import type { Collection } from "../api/collection.ts";
import type { ConfigMap, Secret } from "../api/objects.ts";

export interface Stores {
  readonly secrets: Collection<Secret>;
  readonly configMaps: Collection<ConfigMap>;
}

export type StoreKind = "secret" | "configMap";

/** A Secret, a ConfigMap or one of their keys that a pod needs and that is not there (yet). */
export class MissingReference extends Error {
  constructor(kind: StoreKind, name: string, key?: string) {
    super(`${kind} "${name}" ${key === undefined ? "not found" : `has no key "${key}"`}`);
    this.name = "MissingReference";
  }
}

/** All entries of an object as bytes; nothing when there is no such object. */
export function entriesOf(
  stores: Stores,
  kind: StoreKind,
  namespace: string,
  name: string,
): ReadonlyMap<string, Buffer> | undefined {
  const key = `${namespace}/${name}`;
  const encoded: [string, Buffer][] = [];
  if (kind === "secret") {
    const secret = stores.secrets.get(key);
    if (!secret) return undefined;
    for (const [entry, value] of Object.entries(secret.data ?? {})) {
      encoded.push([entry, Buffer.from(value, "base64")]);
    }
  } else {
    const configMap = stores.configMaps.get(key);
    if (!configMap) return undefined;
    for (const [entry, value] of Object.entries(configMap.data ?? {})) {
      encoded.push([entry, Buffer.from(value)]);
    }
    for (const [entry, value] of Object.entries(configMap.binaryData ?? {})) {
      encoded.push([entry, Buffer.from(value, "base64")]);
    }
  }
  return new Map(encoded);
}
