// A kind's objects as the API server has them: listed once, then followed by a watch, listed again when the watch is lost.

import { EventEmitter } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { ApiError, type ApiClient } from "./client.ts";
import { keyOf, type KubernetesObject } from "./objects.ts";

interface List<T> {
  readonly metadata: { readonly resourceVersion: string };
  readonly items?: readonly T[];
}

interface Changes<T> {
  changed: [object: T];
  removed: [object: T];
  /** After the first list and after every change: for readers that look at the whole. */
  settled: [];
}

export class Collection<T extends KubernetesObject> extends EventEmitter<Changes<T>> {
  readonly #client: ApiClient;
  readonly #path: string;
  readonly #objects = new Map<string, T>();
  #version = "";

  constructor(client: ApiClient, path: string) {
    super();
    this.setMaxListeners(0);
    this.#client = client;
    this.#path = path;
  }

  get(key: string): T | undefined {
    return this.#objects.get(key);
  }

  all(): T[] {
    return [...this.#objects.values()];
  }

  /** Resolves after the first list; goes on following until the signal fires. */
  async start(signal: AbortSignal): Promise<void> {
    await this.#list();
    void this.#follow(signal);
  }

  async #list(): Promise<void> {
    const list = await this.#client.get<List<T>>(this.#path);
    const fresh = new Map((list.items ?? []).map((object) => [keyOf(object), object]));
    for (const [key, object] of this.#objects) {
      const now = fresh.get(key);
      if (now?.metadata.uid !== object.metadata.uid) this.#remove(object);
    }
    for (const object of fresh.values()) this.#put(object);
    this.#version = list.metadata.resourceVersion;
    this.emit("settled");
  }

  async #follow(signal: AbortSignal): Promise<void> {
    let mustList = false;
    while (!signal.aborted) {
      try {
        if (mustList) await this.#list();
        mustList = true;
        const query = { allowWatchBookmarks: "true", resourceVersion: this.#version };
        for await (const event of this.#client.watch(this.#path, { query, signal })) {
          if (event.type === "ERROR") throw new Error("the watch ended with an error");
          this.#apply(event.type, event.object as T);
        }
        // An orderly end, as the API server makes now and then: the version is recent, so the watch can go on from it.
        mustList = false;
      } catch (error) {
        const wasRefused = error instanceof ApiError && error.status !== 410;
        if (!signal.aborted) await sleep(wasRefused ? 1000 : 100);
      }
    }
  }

  #apply(type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK", object: T): void {
    this.#version = object.metadata.resourceVersion;
    if (type === "BOOKMARK") return;
    if (type === "DELETED") {
      this.#remove(object);
    } else {
      const known = this.#objects.get(keyOf(object));
      if (known && known.metadata.uid !== object.metadata.uid) this.#remove(known);
      this.#put(object);
    }
    this.emit("settled");
  }

  #put(object: T): void {
    const known = this.#objects.get(keyOf(object));
    if (known?.metadata.resourceVersion === object.metadata.resourceVersion) return;
    this.#objects.set(keyOf(object), object);
    this.emit("changed", object);
  }

  #remove(object: T): void {
    this.#objects.delete(keyOf(object));
    this.emit("removed", object);
  }
}
