/** Command line of varnishd. Pure: every path and address comes in, words come out. */

import type { EngineListener } from "./listeners.js";
import { socketName } from "./names.js";

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
  /** How varnishd gives up rights (`-j`); its own choice by default. */
  readonly jail?: string;
  /** Further arguments, as checked by {@link extraArguments}. */
  readonly extra?: readonly string[];
}

/** Options that are ours to give: with another value the chaperone could not run the engine. */
const ownOptions = new Set(["n", "f", "b", "T", "M", "S", "F", "d", "C", "V", "x", "I", "P", "j"]);

/**
 * Arguments that a user adds, such as `-p default_ttl=10`. The result is a problem in words when it is text.
 *
 * Each must be an option of its own with its value behind it, so that nothing can be smuggled into the place of another's value.
 */
export function extraArguments(words: readonly string[]): readonly string[] | string {
  for (let at = 0; at < words.length; at += 2) {
    const [option = "", value] = words.slice(at, at + 2);
    const letter = /^-([A-Za-z])$/.exec(option)?.[1];
    if (letter === undefined)
      return `${JSON.stringify(option)} is no option of varnishd: write -p NAME=VALUE`;
    if (ownOptions.has(letter)) return `${option} is set by the chaperone`;
    if (letter === "a") return "-a is set by the listeners of the document and --listen";
    if (value === undefined) return `${option} needs a value`;
  }
  return words;
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
    // varnishd takes this one in the first place only.
    plan.jail === undefined ? [] : ["-j", plan.jail],
    ["-F"],
    ["-n", plan.workDirectory],
    ["-f", ""],
    // Orders are taken from us alone: no second door for them.
    ["-T", "none"],
    ["-M", plan.adminAddress],
    ["-S", plan.secretFile],
    ...plan.listeners.map(({ name, address }) => ["-a", `${socketName(name)}=${address}`]),
    // The manager opens it as the user who starts it, and 0600 keeps everybody else out.
    ["-a", `${controlListener}=${plan.controlSocket},mode=0600`],
    ["-s", `default,${plan.cacheSize}`],
    ["-p", `thread_pool_stack=${workerStack}`],
    ["-p", `cli_limit=${longestAnswer}`],
    plan.extra ?? [],
  ].flat();
}
