/** Delivers documents to Gateways' Pods, each time with a higher generation, and only when they changed. */

import { isDeepStrictEqual } from "node:util";
import { publish } from "@ghost-gateway/kubernetes";
import type { Connection, Delivery, Documents } from "@ghost-gateway/kubernetes";

interface Delivered {
  readonly documents: Documents;
  readonly generation: number;
}

export class DeliveryKeeper {
  readonly #connection: Connection;
  readonly #fencing: number;
  readonly #delivered = new Map<string, Delivered>();

  constructor(connection: Connection, fencing: number) {
    this.#connection = connection;
    this.#fencing = fencing;
  }

  /** The generation that holds these documents. Rejects with FencedOff, ApiError or ConnectionError. */
  async bring(delivery: Delivery, documents: Documents): Promise<number> {
    const key = `${delivery.namespace}/${delivery.name}`;
    const before = this.#delivered.get(key);
    if (before !== undefined && isDeepStrictEqual(before.documents, documents))
      return before.generation;
    const publication = { documents, fencing: this.#fencing };
    const { generation } = await publish(this.#connection, delivery, publication);
    this.#delivered.set(key, { documents, generation });
    return generation;
  }

  forget(living: ReadonlySet<string>): void {
    for (const key of this.#delivered.keys()) if (!living.has(key)) this.#delivered.delete(key);
  }
}
