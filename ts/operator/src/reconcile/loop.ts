/** When to work: at once on the first change, then as often as `rest` lets, one run at a time. */

import type { Clock } from "@ghost-gateway/kubernetes";
import { backoff } from "@ghost-gateway/kubernetes";

export interface LoopOptions {
  readonly clock: Clock;
  /** Milliseconds between the end of a run and the next: what comes meanwhile is one change set. */
  readonly rest: number;
  /** One run. Rejects when something is left to be done; it is called again after a growing wait. */
  readonly run: (signal: AbortSignal) => Promise<void>;
  readonly onError: (error: unknown, milliseconds: number) => void;
}

export class Loop {
  readonly #options: LoopOptions;
  #wake = Promise.withResolvers<void>();
  #isAsked = false;

  constructor(options: LoopOptions) {
    this.#options = options;
  }

  /** There is something to do. Cheap, at any time. */
  ask(): void {
    if (this.#isAsked) return;
    this.#isAsked = true;
    this.#wake.resolve();
  }

  /** Runs until `signal` is aborted. */
  async follow(signal: AbortSignal): Promise<void> {
    const { clock, rest } = this.#options;
    const ended = new Promise<void>((resolve) => {
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
    let failures = 0;
    while (!signal.aborted) {
      await Promise.race([this.#wake.promise, ended]);
      if (signal.aborted) return;
      this.#isAsked = false;
      this.#wake = Promise.withResolvers<void>();
      const failure = await this.#run(signal);
      failures = failure === undefined ? 0 : failures + 1;
      await clock.sleep(failure === undefined ? rest : this.#wait(failure, failures), signal);
    }
  }

  async #run(signal: AbortSignal): Promise<Failure | undefined> {
    try {
      await this.#options.run(signal);
      return undefined;
    } catch (reason) {
      this.ask();
      return { reason };
    }
  }

  #wait({ reason }: Failure, failures: number): number {
    const { clock, onError } = this.#options;
    const milliseconds = backoff(failures, clock.random(), undefined);
    onError(reason, milliseconds);
    return milliseconds;
  }
}

interface Failure {
  readonly reason: unknown;
}
