/**
 * Keeps a picture of a collection: lists once, then watches, and lists again when the watch cannot go on.
 *
 * The library's informer stops for good at any error it does not know, asks for no bookmarks, and takes unreadable
 * events for nothing. Here every end of a watch leads to another watch or another list, after a wait that grows.
 */

import { backoff, defaultBackoff } from "../backoff.js";
import type { BackoffLimits } from "../backoff.js";
import type { Clock } from "../clock.js";
import type { Connection } from "../connection.js";
import { ApiError, ConnectionError, readStatus } from "../error.js";
import { keyOf } from "../objects.js";
import type { KubernetesObject, ObjectKey } from "../objects.js";
import { collectionOf, listAll } from "./pages.js";
import type { Selection } from "./pages.js";
import { isOlder } from "./resource-version.js";
import { silenceGuard } from "./silence.js";
import { readEvent, readLines } from "./stream.js";

export type Change<Kind> =
  /** This is everything; what is not among it is gone. */
  | { readonly type: "replaced"; readonly objects: readonly Kind[] }
  | { readonly type: "stored"; readonly object: Kind }
  | { readonly type: "deleted"; readonly key: ObjectKey; readonly object: Kind };

export type ReflectorState =
  | { readonly phase: "listing" }
  | { readonly phase: "watching" }
  | { readonly phase: "waiting"; readonly error: Error; readonly milliseconds: number };

export interface ReflectorOptions<Kind> {
  readonly connection: Connection;
  readonly selection: Selection;
  readonly clock: Clock;
  /** Called in the order of the server's versions. Must not throw. */
  readonly onChange: (change: Change<Kind>) => void;
  readonly onState: (state: ReflectorState) => void;
  readonly limits?: Partial<ReflectorLimits>;
}

export interface ReflectorLimits {
  readonly backoff: BackoffLimits;
  /** Milliseconds without a byte after which a watch counts as dead. Servers send a bookmark about each minute. */
  readonly silence: number;
  /** Seconds a watch lasts at least; the server ends it between this and twice this, so that ends do not coincide. */
  readonly watchSeconds: number;
}

const defaultLimits: ReflectorLimits = {
  backoff: defaultBackoff,
  silence: 150_000,
  watchSeconds: 300,
};

/** Runs until `signal` is aborted. Does not reject for anything the server does. */
export async function reflect<Kind extends KubernetesObject>(
  options: ReflectorOptions<Kind>,
  signal: AbortSignal,
): Promise<void> {
  const reflector = new Reflector(options);
  let failures = 0;
  while (!signal.aborted) {
    try {
      await reflector.follow(signal, () => (failures = 0));
    } catch (error) {
      if (signal.aborted) return;
      failures += 1;
      await reflector.wait(asError(error), failures, signal);
    }
  }
}

class Reflector<Kind extends KubernetesObject> {
  readonly #options: ReflectorOptions<Kind>;
  readonly #limits: ReflectorLimits;
  /** Version each object has in the picture, to tell an event that comes late. */
  readonly #versions = new Map<ObjectKey, string | undefined>();
  /** Where the watch goes on; undefined when only a list helps. */
  #resourceVersion: string | undefined;

  constructor(options: ReflectorOptions<Kind>) {
    this.#options = options;
    this.#limits = { ...defaultLimits, ...options.limits };
  }

  /** One list if needed, then one watch to its end. */
  async follow(signal: AbortSignal, onProgress: () => void): Promise<void> {
    this.#resourceVersion ??= await this.#list(signal);
    try {
      await this.#watch(this.#resourceVersion, signal, onProgress);
    } catch (error) {
      if (needsList(error)) this.#resourceVersion = undefined;
      throw error;
    }
  }

  async wait(error: Error, failures: number, signal: AbortSignal): Promise<void> {
    const asked = error instanceof ApiError ? error.status.retryAfterSeconds : undefined;
    const { clock, onState } = this.#options;
    const milliseconds = backoff(failures, clock.random(), asked, this.#limits.backoff);
    onState({ phase: "waiting", error, milliseconds });
    await clock.sleep(milliseconds, signal);
  }

  async #list(signal: AbortSignal): Promise<string> {
    const { connection, selection, onChange, onState } = this.#options;
    onState({ phase: "listing" });
    const { objects, resourceVersion } = await listAll<Kind>(connection, selection, signal);
    this.#versions.clear();
    for (const object of objects)
      this.#versions.set(keyOf(object), object.metadata.resourceVersion);
    onChange({ type: "replaced", objects });
    return resourceVersion;
  }

  async #watch(from: string, signal: AbortSignal, onProgress: () => void): Promise<void> {
    const { connection, selection, clock, onState } = this.#options;
    const { path, query } = collectionOf(selection);
    const words = `watch ${path}`;
    const guard = silenceGuard(this.#limits.silence, words, signal);
    try {
      const body = await connection.stream({
        method: "GET",
        path,
        query: { ...query, ...watchQuery(from, this.#limits.watchSeconds, clock.random()) },
        signal: guard.signal,
      });
      onState({ phase: "watching" });
      for await (const line of readLines(guard.watch(body), words)) {
        this.#take(readEvent<Kind>(line, words), words);
        onProgress();
      }
    } catch (error) {
      throw guard.reason() ?? error;
    } finally {
      guard.end();
    }
  }

  #take(event: ReturnType<typeof readEvent<Kind>>, words: string): void {
    if (event.type === "ERROR") throw new ApiError(words, readStatus(500, event.status, undefined));
    if (event.type === "BOOKMARK") {
      this.#resourceVersion = event.resourceVersion;
      return;
    }
    const { object } = event;
    const key = keyOf(object);
    const { resourceVersion } = object.metadata;
    if (isOlder(resourceVersion, this.#versions.get(key)))
      throw new ReorderedEvents(
        words,
        `${key} came in version ${resourceVersion} after a later one`,
      );
    this.#resourceVersion = resourceVersion ?? this.#resourceVersion;
    this.#pass(event.type, key, object);
  }

  #pass(type: "ADDED" | "MODIFIED" | "DELETED", key: ObjectKey, object: Kind): void {
    if (type === "DELETED") {
      this.#versions.delete(key);
      this.#options.onChange({ type: "deleted", key, object });
    } else {
      this.#versions.set(key, object.metadata.resourceVersion);
      this.#options.onChange({ type: "stored", object });
    }
  }
}

/** Someone between us and the server mixes its events up: what it holds is unknown. */
class ReorderedEvents extends ConnectionError {}

/**
 * After a refusal with 410, an event we could not read, or events out of order, what the server holds is unknown. A cut
 * connection is none of these: the version reached says where to go on.
 */
function needsList(error: unknown): boolean {
  if (error instanceof ApiError) return error.isGone || error.status.code === 400;
  return (
    error instanceof ReorderedEvents ||
    (error instanceof ConnectionError && error.cause instanceof SyntaxError)
  );
}

function watchQuery(from: string, seconds: number, random: number): Record<string, string> {
  return {
    watch: "true",
    allowWatchBookmarks: "true",
    resourceVersion: from,
    timeoutSeconds: Math.ceil(seconds * (1 + random)).toString(),
  };
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
