/** The chaperone of a Pod with ghost-edge: brings the edge its files, and says on the Pod what the edge serves. */

import type { TcpAddress } from "@ghost-gateway/chaperone";
import type { Clock, Connection } from "@ghost-gateway/kubernetes";
import { Acknowledgements } from "../acknowledge.js";
import { deliverySource } from "../delivery-source.js";
import type { DeliveryPlace } from "../delivery-source.js";
import { GenerationFolder } from "./generation.js";
import { isEdgeReady, serveHealth } from "./health.js";
import { observedAt } from "./place.js";
import { secretReader } from "./secret.js";

export interface EdgePodOptions {
  readonly connection: Connection;
  readonly clock: Clock;
  readonly place: DeliveryPlace;
  readonly pod: { readonly namespace: string; readonly name: string };
  /** Shared with the edge, which reads `edge.json` in it. */
  readonly folder: string;
  readonly podHealth?: TcpAddress;
  readonly onEvent: (event: EdgePodEvent) => void;
}

export type EdgePodEvent =
  | { readonly type: "written"; readonly generation: number }
  | { readonly type: "served"; readonly generation: number; readonly tookMs: number }
  | { readonly type: "problem"; readonly message: string };

/** Milliseconds between two looks at what the edge serves, and until a generation that could not be written is tried again. */
const look = 50;
const patience = 1000;
/** Milliseconds until an edge that does not serve a generation is shown it again: it may have looked away when it came. */
const firstReminder = 1500;
const longestReminder = 30_000;

/** Runs until `signal` is aborted. */
export async function runEdgePod(options: EdgePodOptions, signal: AbortSignal): Promise<void> {
  const { connection, clock, place, pod, folder, podHealth, onEvent } = options;
  const onProblem = (message: string): void => onEvent({ type: "problem", message });
  const work = new EdgeWork(options, new GenerationFolder(folder, secretReader(connection, place)));
  const health =
    podHealth === undefined
      ? undefined
      : await serveHealth(podHealth, {
          "/healthz": () => true,
          "/startupz": () => work.isWritten,
          "/readyz": async () => work.hasServed && (await isEdgeReady(observedAt)),
        });
  const source = deliverySource({ connection, place, clock, onProblem });
  const acknowledgements = new Acknowledgements({ connection, pod, clock, onProblem });
  const changes = new Wake();
  // Before the first documents there is nothing to write, and perhaps never will be: the end must not wait for them.
  void source.watch(() => changes.ring(), signal).then(() => changes.ring());
  while (!signal.aborted) {
    await changes.wait(signal);
    if (signal.aborted) break;
    const { texts } = await source.read();
    const generation = source.generation();
    if (signal.aborted || generation === undefined) break;
    try {
      await work.write(generation, texts);
    } catch (error) {
      onProblem(error instanceof Error ? error.message : String(error));
      await clock.sleep(patience, signal);
      changes.ring();
      continue;
    }
    if (await work.untilServed(generation, () => changes.isRung, signal))
      acknowledgements.tell(generation, signal);
  }
  health?.close();
  health?.closeAllConnections();
}

class EdgeWork {
  readonly #options: EdgePodOptions;
  readonly #folder: GenerationFolder;
  isWritten = false;
  hasServed = false;

  constructor(options: EdgePodOptions, folder: GenerationFolder) {
    this.#options = options;
    this.#folder = folder;
  }

  async write(generation: number, documents: ReadonlyMap<string, Uint8Array>): Promise<void> {
    await this.#folder.write(generation, documents);
    this.isWritten = true;
    this.#options.onEvent({ type: "written", generation });
  }

  /** False where another generation has come before this one was served. */
  async untilServed(
    generation: number,
    isOver: () => boolean,
    signal: AbortSignal,
  ): Promise<boolean> {
    const { clock, onEvent } = this.#options;
    const began = clock.now();
    let pause = firstReminder;
    let reminder = began + pause;
    while (!signal.aborted) {
      if (await this.#folder.isServed()) {
        this.hasServed = true;
        onEvent({ type: "served", generation, tookMs: clock.now() - began });
        return true;
      }
      if (isOver()) return false;
      if (clock.now() > reminder) {
        await this.#folder.announce();
        pause = Math.min(pause * 2, longestReminder);
        reminder = clock.now() + pause;
      }
      await clock.sleep(look, signal);
    }
    return false;
  }
}

/** Rings once, however often it is rung before somebody waits. */
class Wake {
  #bell = Promise.withResolvers<void>();
  isRung = false;

  ring(): void {
    this.isRung = true;
    this.#bell.resolve();
  }

  async wait(signal: AbortSignal): Promise<void> {
    signal.addEventListener("abort", () => this.#bell.resolve(), { once: true });
    await this.#bell.promise;
    this.#bell = Promise.withResolvers<void>();
    this.isRung = false;
  }
}
