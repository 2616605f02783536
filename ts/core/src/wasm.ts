/** Loads the WebAssembly module from beside this package's code. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Binding } from "./binding.js";

/** What wasm-bindgen writes. */
interface Glue extends Binding {
  initSync(source: { module: Uint8Array }): void;
  /** A new instance of the same module; everything made by the old one is stale. */
  __wbg_reset_state(this: void): void;
}

const require = createRequire(import.meta.url);
let glue: Glue | undefined;

/** The binding on a new instance: a module that trapped once must not be used again. */
export function loadWasm(): Binding {
  if (glue !== undefined) {
    const { __wbg_reset_state: reset } = glue;
    reset();
    return glue;
  }
  const loaded: Glue = require("../wasm/ghost_wasm.js");
  loaded.initSync({ module: readFileSync(new URL("../wasm/ghost_wasm_bg.wasm", import.meta.url)) });
  glue = loaded;
  return glue;
}
