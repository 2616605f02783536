/** Keeps what a Gateway needs there, and as it was made. */

import { apply, resources } from "@ghost-gateway/kubernetes";
import type { Connection, ResourceName } from "@ghost-gateway/kubernetes";
import type { OwnedObject } from "../infrastructure/objects.js";
import { managedBy, managedByLabel } from "../infrastructure/names.js";
import type { ObjectStore } from "../store/object-store.js";

/** Resources whose objects are ours alone, watched by our label: what is changed there is repaired. */
export const ownedResources: readonly ResourceName[] = [
  "serviceAccounts",
  "roles",
  "roleBindings",
  "deployments",
  "podDisruptionBudgets",
  "pods",
];
export const ownedSelector = `${managedByLabel}=${managedBy}`;

export class InfrastructureKeeper {
  readonly #connection: Connection;
  readonly #store: ObjectStore;
  /** What was applied, as text, and the version it got. */
  readonly #applied = new Map<
    string,
    { readonly text: string; readonly version: string | undefined }
  >();

  constructor(connection: Connection, store: ObjectStore) {
    this.#connection = connection;
    this.#store = store;
  }

  /** Applies what is not there as wanted. Rejects with ApiError or ConnectionError. */
  async bring(objects: readonly OwnedObject[]): Promise<void> {
    for (const { resource, object } of objects) {
      const { namespace = "", name } = object.metadata;
      const key = `${resource}/${namespace}/${name}`;
      const text = JSON.stringify(object);
      if (this.#isThere(key, resource, `${namespace}/${name}`, text)) continue;
      const stored = await apply(this.#connection, resources[resource], object, managedBy);
      this.#applied.set(key, { text, version: stored.metadata.resourceVersion });
    }
  }

  /**
   * Whether what we applied is what is stored. A version that is not ours may be a status alone; to apply the same once
   * more then changes nothing, and tells us the version to expect.
   */
  #isThere(key: string, resource: ResourceName, at: string, text: string): boolean {
    const applied = this.#applied.get(key);
    if (applied?.text !== text) return false;
    const stored = this.#store.get(resource, at);
    return stored !== undefined && stored.metadata.resourceVersion === applied.version;
  }
}
