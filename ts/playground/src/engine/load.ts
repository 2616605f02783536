/** Fetches the core and starts it. */

import { instantiate } from "@ghost-gateway/core/browser";
import type { Core } from "@ghost-gateway/core/browser";
import * as glue from "@ghost-gateway/core/glue";
import moduleUrl from "@ghost-gateway/core/ghost_wasm_bg.wasm?url";

/** Rejects with an Error that says what did not come. */
export async function loadCore(): Promise<Core> {
  const response = await fetch(moduleUrl);
  if (!response.ok) throw new Error(`the core could not be fetched: ${response.status}`);
  return instantiate(glue, new Uint8Array(await response.arrayBuffer()));
}
