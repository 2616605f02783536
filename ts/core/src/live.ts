/** What is learnt about endpoints while they serve: health by probes, addresses by names. */

import type { BoundLiveEndpoints } from "./binding.js";
import { answered } from "./engine.js";
import type { Engine } from "./engine.js";
import type { LivePlan } from "./generated/types.js";

/** Documents, and what whoever probes and resolves has told since. Routes are never changed by it. */
export interface LiveEndpoints {
  /** Takes routes in; false where they cannot be read, and those before stay. */
  setRoutes(document: Uint8Array, file: string): boolean;
  /** Takes an endpoints document in, or that there is none; false where it cannot be read, and the one before stays. */
  setEndpoints(document: Uint8Array | undefined, file: string): boolean;
  /** Whether a service asks for anything; where none does the documents serve as they are. */
  readonly isAsked: boolean;
  /** What is to be probed and resolved. */
  plan(): LivePlan;
  /** Takes the result of a probe at `now`, in milliseconds of a clock that only rises; whether the endpoint's state changed. */
  observe(service: string, endpoint: string, passed: boolean, now: number): boolean;
  /** Takes the addresses of a service's name; whether they are others than before. */
  resolve(service: string, addresses: readonly string[]): boolean;
  /** The endpoints document to serve. */
  document(): Uint8Array;
}

export class BoundedLiveEndpoints implements LiveEndpoints {
  readonly #engine: Engine;
  readonly #bound: BoundLiveEndpoints;

  constructor(engine: Engine) {
    this.#engine = engine;
    this.#bound = engine.call((binding) => new binding.LiveEndpoints());
  }

  setRoutes(document: Uint8Array, file: string): boolean {
    return this.#engine.call(() => this.#bound.setRoutes(document, file));
  }

  setEndpoints(document: Uint8Array | undefined, file: string): boolean {
    return this.#engine.call(() => this.#bound.setEndpoints(document, file));
  }

  get isAsked(): boolean {
    return this.#engine.call(() => this.#bound.isAsked());
  }

  plan(): LivePlan {
    return answered(this.#engine.call(() => this.#bound.plan()));
  }

  observe(service: string, endpoint: string, passed: boolean, now: number): boolean {
    return this.#engine.call(() => this.#bound.observe(service, endpoint, passed, now));
  }

  resolve(service: string, addresses: readonly string[]): boolean {
    const list = JSON.stringify(addresses);
    return this.#engine.call(() => this.#bound.resolve(service, list));
  }

  document(): Uint8Array {
    return new TextEncoder().encode(this.#engine.call(() => this.#bound.document()));
  }
}
