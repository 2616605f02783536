/** A loaded engine: every call goes through here, so that what it throws is a `CoreError` and a broken one is noticed. */

import type { Binding, EngineName, Json } from "./binding.js";
import { CoreError, coreErrorFrom } from "./error.js";

export class Engine {
  readonly name: EngineName;
  readonly #binding: Binding;
  #isBroken = false;

  constructor(name: EngineName, binding: Binding) {
    this.name = name;
    this.#binding = binding;
  }

  /** Whether it must not be called any more: WebAssembly cannot unwind, so a bug leaves its memory half changed. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  call<T>(ask: (binding: Binding) => T): T {
    if (this.#isBroken) {
      throw new CoreError(
        "internal",
        "the engine broke in an earlier call; load the core and compile again",
      );
    }
    try {
      return ask(this.#binding);
    } catch (thrown) {
      const error = thrown instanceof CoreError ? thrown : coreErrorFrom(thrown);
      this.#isBroken = error.code === "internal" && this.name === "wasm";
      throw error;
    }
  }
}

/** What an engine answered. Its type is generated from the Rust type that was serialized, so nothing is checked again. */
export function answered<T>(json: Json<T>): T {
  const value: T = JSON.parse(json);
  return value;
}
