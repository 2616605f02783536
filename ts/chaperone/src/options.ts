/** What a chaperone is told. */

import type { Core } from "@ghost-gateway/core";
import type { ErrorPolicy } from "./apply/verdict.js";
import type { StopRequests } from "./drain/signals.js";
import type { ListenOption } from "./engine/listeners.js";
import type { VmodFiles } from "./engine/vmod.js";
import type { OnEvent } from "./events.js";
import type { ReadSource } from "./follow.js";
import type { SourceLocation } from "./sources/source.js";

export interface ChaperoneOptions {
  readonly source: SourceLocation | CustomSource;
  /** What an error in a readable document means. */
  readonly policy: ErrorPolicy;
  readonly listen: readonly ListenOption[];
  readonly vmod: VmodFiles;
  /** The user's VCL. */
  readonly vcl?: string;
  /** Folder to make the run folder in; the system's temporary folder by default. */
  readonly runParent?: string;
  /** The run folder itself: it lasts, with its history, and an engine left behind in it is taken over. */
  readonly runFolder?: string;
  /** The program; `varnishd` by default. */
  readonly varnishd?: string;
  /** The program; `varnishstat` by default. */
  readonly varnishstat?: string;
  /** File that gets a line of JSON for each request. */
  readonly accessLog?: string;
  /** The program; `varnishncsa` by default. */
  readonly varnishncsa?: string;
  /** Size of the cache in memory; 256m by default. */
  readonly cacheSize?: string;
  /** How varnishd gives up rights (`-j`). */
  readonly jail?: string;
  /** Further arguments of varnishd, as checked by `extraArguments`. */
  readonly extraArguments?: readonly string[];
  /** Serves health, status and drain on TCP. */
  readonly health?: TcpAddress;
  /** Serves `/healthz` and `/readyz`, and nothing else: for a pod's own address. */
  readonly podHealth?: TcpAddress;
  /** Serves metrics on TCP. */
  readonly metrics?: TcpAddress;
  /** An address of these that is taken is told and gone without; else the start ends with it. */
  readonly isObservationOptional?: boolean;
  /** Networks that names of services may lead to although they are refused otherwise, in CIDR notation. */
  readonly allowedTargets?: readonly string[];
  /** Servers that are asked for names, `address[:port]`; those of the system by default. */
  readonly nameServers?: readonly string[];
  readonly stop: StopRequests;
  /** Gets called with what looks at everything again at once; for SIGHUP. */
  readonly onReload?: (reload: () => Promise<void>) => void;
  readonly onEvent: OnEvent;
  readonly core?: Core;
}

/** A source that is no file: it is read when `watch` says that something may have changed. */
export interface CustomSource {
  readonly kind: "custom";
  /** For the status. */
  readonly name: string;
  readonly read: ReadSource;
  /** Calls `onChange` after changes until the signal is aborted. Resolves once the watch stands. */
  readonly watch: (onChange: () => void, signal: AbortSignal) => Promise<void>;
}

export interface TcpAddress {
  readonly host: string;
  readonly port: number;
}

/** Reads `[ADDRESS:]PORT`; loopback by default. Undefined where it is neither. */
export function parseTcpAddress(text: string): TcpAddress | undefined {
  const match = /^(?:(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9.-]+)):)?(\d{1,5})$/.exec(text);
  if (match === null || Number(match[3]) > 65_535) return undefined;
  return { host: match[1] ?? match[2] ?? "127.0.0.1", port: Number(match[3]) };
}
