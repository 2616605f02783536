/** Keeps what is stored in step with what the translation says, status by status. */

import type { ObjectStatus } from "@ghost-gateway/gateway-api";
import type { ObjectStore } from "../store/object-store.js";
import { resourceOfKind, writeStatus } from "../status/write.js";
import type { StatusWriterOptions } from "../status/write.js";

/** Writes at a time: enough to hide the way to the API server, few enough to leave it to others. */
const abreast = 8;

export class StatusKeeper {
  readonly #options: StatusWriterOptions;
  readonly #store: ObjectStore;
  /** The status each object was last brought to. The translation gives the same object while it says the same. */
  readonly #done = new Map<string, ObjectStatus>();

  constructor(options: StatusWriterOptions, store: ObjectStore) {
    this.#options = options;
    this.#store = store;
  }

  /**
   * Writes what is new. One status that cannot be written keeps none of the others back; rejects at the end with the
   * first reason. Gives the number of writes.
   */
  async bring(statuses: readonly ObjectStatus[], touched: ReadonlySet<string>): Promise<number> {
    const left = statuses.filter((status) => this.#isNew(status, touched));
    this.#forget(statuses);
    const failures: unknown[] = [];
    let writes = 0;
    const work = async (): Promise<void> => {
      for (let status = left.pop(); status !== undefined; status = left.pop()) {
        try {
          if (await this.#bringOne(status)) writes += 1;
        } catch (error) {
          failures.push(error);
        }
      }
    };
    await Promise.all(Array.from({ length: abreast }, work));
    if (failures.length > 0) throw failures[0];
    return writes;
  }

  /** An object that was touched may have lost the status we gave it: a rival may have written over it. */
  #isNew(status: ObjectStatus, touched: ReadonlySet<string>): boolean {
    const key = identityOf(status);
    return touched.has(key) || this.#done.get(key) !== status;
  }

  async #bringOne(status: ObjectStatus): Promise<boolean> {
    const key = status.namespace === "" ? status.name : `${status.namespace}/${status.name}`;
    const seen = this.#store.get(resourceOfKind[status.kind], key);
    if (seen === undefined) return false;
    const isWritten = await writeStatus(this.#options, seen, status);
    this.#done.set(identityOf(status), status);
    return isWritten;
  }

  #forget(statuses: readonly ObjectStatus[]): void {
    if (this.#done.size <= statuses.length * 2 + 1000) return;
    const living = new Set(statuses.map(identityOf));
    for (const key of this.#done.keys()) if (!living.has(key)) this.#done.delete(key);
  }
}

/** `Kind/namespace/name`, as the translation names objects. */
export function identityOf(object: {
  readonly kind?: string;
  readonly namespace?: string;
  readonly name: string;
}): string {
  return [object.kind, object.namespace, object.name].filter(Boolean).join("/");
}
