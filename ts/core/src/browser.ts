/** The core in a browser: the same WebAssembly module, given by whoever has fetched it. */

import type { Binding } from "./binding.js";
import { coreOver } from "./core.js";
import type { Core } from "./core.js";
import { Engine } from "./engine.js";

/** What wasm-bindgen writes, as `@ghost-gateway/core/glue` exports it. */
export interface Glue extends Binding {
  initSync(source: { module: Uint8Array }): void;
}

/** Instantiates the module. One instance a page: when its core breaks, the page is to be loaded again. */
export function instantiate(glue: Glue, module: Uint8Array): Core {
  glue.initSync({ module });
  return coreOver(new Engine("wasm", glue));
}

export { CoreError } from "./error.js";
export type { Core, RouteTable } from "./index.js";
export type * from "./generated/types.js";
