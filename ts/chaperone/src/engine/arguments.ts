/** Command line of varnishd. Pure: every path and address comes in, words come out. */

import type { EngineListener } from "./listeners.js";

/** Everything varnishd is told when it starts. */
export interface EnginePlan {
  /** Working directory (`-n`), absolute. */
  readonly workDirectory: string;
  /** `address:port` that varnishd calls for its orders (`-M`). */
  readonly adminAddress: string;
  readonly secretFile: string;
  readonly listeners: readonly EngineListener[];
  /** Path of the Unix socket that takes control requests. */
  readonly controlSocket: string;
  /** Size of the cache in memory, as varnishd writes sizes. */
  readonly cacheSize: string;
}

/** The engine's listener whose requests are control requests and never routed. */
export const controlListener = "ghost";

// Workers run the VMOD's filters and the user's VCL on this; the engine's own 80k leaves little room for both.
const workerStack = "256k";
// The longest answer of the command line: `backend.list -j` of 10,000 backends takes 2 MB.
const longestAnswer = "32m";

/** Arguments for varnishd in the foreground, without a VCL: that is loaded by command, so that its errors come as answers. */
export function engineArguments(plan: EnginePlan): string[] {
  return [
    ["-F"],
    ["-n", plan.workDirectory],
    ["-f", ""],
    // Orders are taken from us alone: no second door for them.
    ["-T", "none"],
    ["-M", plan.adminAddress],
    ["-S", plan.secretFile],
    ...plan.listeners.map(({ name, address }) => ["-a", `${name}=${address}`]),
    // The manager opens it as the user who starts it, and 0600 keeps everybody else out.
    ["-a", `${controlListener}=${plan.controlSocket},mode=0600`],
    ["-s", `default,${plan.cacheSize}`],
    ["-p", `thread_pool_stack=${workerStack}`],
    ["-p", `cli_limit=${longestAnswer}`],
  ].flat();
}
