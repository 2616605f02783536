// Writes a pod's status when it changes: one request at a time, the newest picture, nothing when nothing changed.

import { setTimeout as sleep } from "node:timers/promises";
import { ApiError, type ApiClient } from "../api/client.ts";
import type { Condition } from "../api/objects.ts";
import { statusOf, type PodPicture } from "./pod-status.ts";

const retryMs = 200;
const strategicMerge = "application/strategic-merge-patch+json";

interface WithConditions {
  readonly conditions: readonly Condition[];
}

export class StatusWriter {
  readonly #client: ApiClient;
  readonly #picture: () => PodPicture;
  #conditions: readonly Condition[] = [];
  #written = "";
  #isStale = false;
  #writing: Promise<void> | undefined;

  constructor(client: ApiClient, picture: () => PodPicture) {
    this.#client = client;
    this.#picture = picture;
  }

  changed(): void {
    this.#isStale = true;
    this.#writing ??= this.#write().finally(() => {
      this.#writing = undefined;
    });
  }

  /** Resolves when what is now has been written, or can no longer be. */
  async flushed(): Promise<void> {
    while (this.#writing) await this.#writing;
  }

  async #write(): Promise<void> {
    while (this.#isStale) {
      this.#isStale = false;
      const picture = this.#picture();
      const status = statusOf(picture, this.#conditions, new Date().toISOString());
      const text = JSON.stringify(status);
      if (text === this.#written) continue;
      const { name, namespace, uid } = picture.pod.metadata;
      try {
        await this.#client.call("PATCH", `/api/v1/namespaces/${namespace}/pods/${name}/status`, {
          // The identity is a precondition: another pod of that name is none of ours.
          body: { metadata: { uid }, status },
          contentType: strategicMerge,
        });
        this.#written = text;
        this.#conditions = (status as WithConditions).conditions;
      } catch (error) {
        const isGone = error instanceof ApiError && [404, 409].includes(error.status);
        if (isGone) return;
        this.#isStale = true;
        await sleep(retryMs);
      }
    }
  }
}
