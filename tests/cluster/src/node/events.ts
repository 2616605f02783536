// Events: what the node has to say about an object, for `kubectl describe`.

import { randomBytes } from "node:crypto";
import type { ApiClient } from "../api/client.ts";
import type { KubernetesObject } from "../api/objects.ts";

const component = "node";

export class EventRecorder {
  readonly #client: ApiClient;

  constructor(client: ApiClient) {
    this.#client = client;
  }

  warn(object: KubernetesObject, kind: string, reason: string, message: string): void {
    void this.#record(object, kind, "Warning", reason, message);
  }

  note(object: KubernetesObject, kind: string, reason: string, message: string): void {
    void this.#record(object, kind, "Normal", reason, message);
  }

  async #record(
    { metadata }: KubernetesObject,
    kind: string,
    type: "Normal" | "Warning",
    reason: string,
    message: string,
  ): Promise<void> {
    const { name, namespace = "default", uid } = metadata;
    const now = new Date().toISOString();
    const event = {
      metadata: { name: `${name}.${randomBytes(8).toString("hex")}`, namespace },
      involvedObject: { kind, apiVersion: "v1", name, namespace, uid },
      source: { component },
      type,
      reason,
      message: message.slice(0, 1024),
      firstTimestamp: now,
      lastTimestamp: now,
      count: 1,
    };
    try {
      await this.#client.post(`/api/v1/namespaces/${namespace}/events`, event);
    } catch {
      // An event is a comment: its namespace may be on the way out, and nothing depends on it.
    }
  }
}
