/** @ghost-gateway/core: the routing core that serves, callable from TypeScript. */

export { batchNone, batchWords, RequestBatch } from "./batch.js";
export type { EngineName } from "./binding.js";
export type { Compilation, CompileInput, Core, EdgeFormat } from "./core.js";
export { CoreError } from "./error.js";
export type { CoreErrorCode } from "./error.js";
export type * from "./generated/types.js";
export type { LiveEndpoints } from "./live.js";
export { loadCore } from "./load.js";
export type { Piece, Replay } from "./replay.js";
export type { RouteTable } from "./table.js";
