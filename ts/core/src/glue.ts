/** Types of `wasm/ghost_wasm.js`, which is made without any; package.json joins the two. */

import type { Glue } from "./browser.js";

export declare const initSync: Glue["initSync"];
export declare const version: Glue["version"];
export declare const check: Glue["check"];
export declare const Compilation: Glue["Compilation"];
export declare const LiveEndpoints: Glue["LiveEndpoints"];
export declare const loggedRequests: Glue["loggedRequests"];
export declare const Replay: Glue["Replay"];
export declare const checkEdge: Glue["checkEdge"];
