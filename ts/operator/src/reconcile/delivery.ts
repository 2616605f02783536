/** Delivers documents to Gateways' Pods, each time with a higher generation, and only when they changed. */

import type { GatewayTranslation } from "@ghost-gateway/gateway-api";
import { publish } from "@ghost-gateway/kubernetes";
import type { Connection, Delivery } from "@ghost-gateway/kubernetes";

interface Delivered {
  /** The translation gives the same one while it says the same. */
  readonly ir: GatewayTranslation["ir"];
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
  async bring(delivery: Delivery, { ir, documents }: GatewayTranslation): Promise<number> {
    const key = `${delivery.namespace}/${delivery.name}`;
    const before = this.#delivered.get(key);
    if (before?.ir === ir) return before.generation;
    const written = new Map([
      ["routes.json", bytesOf(documents.routes)],
      ["endpoints.json", bytesOf(documents.endpoints)],
    ]);
    const publication = { documents: written, fencing: this.#fencing };
    const { generation } = await publish(this.#connection, delivery, publication);
    this.#delivered.set(key, { ir, generation });
    return generation;
  }

  forget(living: ReadonlySet<string>): void {
    for (const key of this.#delivered.keys()) if (!living.has(key)) this.#delivered.delete(key);
  }
}

function bytesOf(document: object): Uint8Array {
  return Buffer.from(`${JSON.stringify(document)}\n`);
}
