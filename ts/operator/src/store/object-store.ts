/** What the cluster holds, as far as we watch it, and what changed since someone last asked. */

import { keyOf } from "@ghost-gateway/kubernetes";
import type { Change, KubernetesObject, ObjectKey, ResourceName } from "@ghost-gateway/kubernetes";

/** Objects that are new or other than before, and those that are gone; each object once, in its latest state. */
export interface ChangeSet {
  readonly stored: readonly KubernetesObject[];
  readonly deleted: readonly KubernetesObject[];
}

interface Collection {
  objects: Map<ObjectKey, KubernetesObject>;
  isListed: boolean;
}

export class ObjectStore {
  readonly #collections: ReadonlyMap<ResourceName, Collection>;
  /** Objects as they were when the last change set was taken; undefined where there was none. */
  readonly #before = new Map<ResourceName, Map<ObjectKey, KubernetesObject | undefined>>();

  constructor(watched: readonly ResourceName[]) {
    this.#collections = new Map(
      watched.map((name) => [name, { objects: new Map(), isListed: false }]),
    );
  }

  /** Whether every collection was listed once: before that, what seems absent may only be unseen. */
  get isListed(): boolean {
    return [...this.#collections.values()].every(({ isListed }) => isListed);
  }

  /** Collections not listed yet, for messages. */
  get missing(): readonly ResourceName[] {
    return [...this.#collections].flatMap(([name, { isListed }]) => (isListed ? [] : [name]));
  }

  get(resource: ResourceName, key: ObjectKey): KubernetesObject | undefined {
    return this.#collection(resource).objects.get(key);
  }

  all(resource: ResourceName): Iterable<KubernetesObject> {
    return this.#collection(resource).objects.values();
  }

  take(resource: ResourceName, change: Change<KubernetesObject>): void {
    const collection = this.#collection(resource);
    if (change.type === "stored") this.#store(resource, collection, change.object);
    else if (change.type === "deleted") this.#delete(resource, collection, change.key);
    else this.#replace(resource, collection, change.objects);
  }

  /** What changed since the call before; an object that came and went in between is in neither list. */
  drain(): ChangeSet {
    const stored: KubernetesObject[] = [];
    const deleted: KubernetesObject[] = [];
    for (const [resource, before] of this.#before) {
      const { objects } = this.#collection(resource);
      for (const [key, old] of before) {
        const now = objects.get(key);
        if (now !== undefined) stored.push(now);
        else if (old !== undefined) deleted.push(old);
      }
    }
    this.#before.clear();
    return { stored, deleted };
  }

  #store(resource: ResourceName, { objects }: Collection, object: KubernetesObject): void {
    const key = keyOf(object);
    const held = objects.get(key);
    // Lists after a cut watch bring what we hold already.
    if (held !== undefined && isSameVersion(held, object)) return;
    this.#remember(resource, key, held);
    objects.set(key, object);
  }

  #delete(resource: ResourceName, { objects }: Collection, key: ObjectKey): void {
    const held = objects.get(key);
    if (held === undefined) return;
    this.#remember(resource, key, held);
    objects.delete(key);
  }

  #replace(
    resource: ResourceName,
    collection: Collection,
    listed: readonly KubernetesObject[],
  ): void {
    const keys = new Set(listed.map(keyOf));
    for (const key of collection.objects.keys())
      if (!keys.has(key)) this.#delete(resource, collection, key);
    for (const object of listed) this.#store(resource, collection, object);
    collection.isListed = true;
  }

  #remember(resource: ResourceName, key: ObjectKey, held: KubernetesObject | undefined): void {
    let before = this.#before.get(resource);
    if (before === undefined) this.#before.set(resource, (before = new Map()));
    if (!before.has(key)) before.set(key, held);
  }

  #collection(resource: ResourceName): Collection {
    const collection = this.#collections.get(resource);
    if (collection === undefined) throw new RangeError(`${resource} is not watched`);
    return collection;
  }
}

/** The same object in the same version; a new object of the same name has another UID. */
function isSameVersion(
  { metadata: a }: KubernetesObject,
  { metadata: b }: KubernetesObject,
): boolean {
  return (
    a.uid === b.uid && a.resourceVersion !== undefined && a.resourceVersion === b.resourceVersion
  );
}
