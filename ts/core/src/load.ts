/** Chooses an engine and loads it, when it is first asked for. */

import type { Binding, EngineName } from "./binding.js";
import { coreOver } from "./core.js";
import type { Core } from "./core.js";
import { Engine } from "./engine.js";
import { CoreError } from "./error.js";
import { loadNative } from "./native.js";
import { loadWasm } from "./wasm.js";

const loaders: Record<EngineName, () => Binding> = { napi: loadNative, wasm: loadWasm };
const loaded = new Map<EngineName, { engine: Engine; core: Core }>();
/** Known after the first try, so that asking again costs nothing. */
let isNativeMissing = false;

/** One engine; the same core each time, until it breaks. */
function load(name: EngineName): Core {
  const known = loaded.get(name);
  if (known !== undefined && !known.engine.isBroken) return known.core;
  try {
    const engine = new Engine(name, loaders[name]());
    const core = coreOver(engine);
    loaded.set(name, { engine, core });
    return core;
  } catch (reason) {
    throw new CoreError("unavailable", `the ${name} engine cannot be loaded: ${String(reason)}`, {
      cause: reason,
    });
  }
}

/** What GHOST_CORE asks for. */
function wanted(): EngineName | undefined {
  const name = process.env["GHOST_CORE"];
  if (name === undefined || name === "") return undefined;
  if (name === "napi" || name === "wasm") return name;
  throw new CoreError("unavailable", `GHOST_CORE is "${name}"; it must be napi or wasm`);
}

/**
 * The core by the engine named here, else by the environment variable GHOST_CORE, else the native addon where it is
 * installed and WebAssembly elsewhere. Both give the same answers. Throws `CoreError` `unavailable`.
 */
export function loadCore(engine: EngineName | undefined = wanted()): Core {
  if (engine !== undefined) return load(engine);
  if (isNativeMissing) return load("wasm");
  try {
    return load("napi");
  } catch {
    isNativeMissing = true;
    return load("wasm");
  }
}
