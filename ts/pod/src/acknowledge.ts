/** Says on our own Pod which generation it serves. The operator believes nothing else. */

import { mergePatch, resources } from "@ghost-gateway/kubernetes";
import type { Clock, Connection } from "@ghost-gateway/kubernetes";

const annotation = "ghost-gateway.io/acknowledged-generation";

export interface AcknowledgeOptions {
  readonly connection: Connection;
  /** Our own. */
  readonly pod: { readonly namespace: string; readonly name: string };
  readonly clock: Clock;
  readonly onProblem: (message: string) => void;
}

/** Milliseconds between tries: the API server may be away for as long as it likes, and traffic goes on. */
const patience = 1000;

export class Acknowledgements {
  readonly #options: AcknowledgeOptions;
  #wanted: number | undefined;
  #told: number | undefined;
  #isTelling = false;

  constructor(options: AcknowledgeOptions) {
    this.#options = options;
  }

  /** The engine serves this generation. Tells the newest one, as soon as it can be told. */
  tell(generation: number, signal: AbortSignal): void {
    this.#wanted = generation;
    if (!this.#isTelling) void this.#follow(signal);
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const { connection, pod, clock, onProblem } = this.#options;
    this.#isTelling = true;
    while (!signal.aborted && this.#wanted !== this.#told) {
      const generation = this.#wanted;
      try {
        const patch = { metadata: { annotations: { [annotation]: String(generation) } } };
        await mergePatch(connection, resources.pods, pod, patch);
        this.#told = generation;
      } catch (error) {
        onProblem(error instanceof Error ? error.message : String(error));
        await clock.sleep(patience, signal);
      }
    }
    this.#isTelling = false;
  }
}
