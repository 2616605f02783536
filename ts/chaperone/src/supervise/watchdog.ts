/** Looks after an engine that serves: is its child there, does it answer, what can be thrown away. */

import type { AdminClient } from "../admin/client.js";
import { sweep } from "../apply/reload.js";
import type { LogLevel } from "../engine/log.js";
import type { VclLoader } from "../vcl/load.js";

export interface WatchdogParts {
  readonly client: AdminClient;
  readonly loader: Pick<VclLoader, "discardCold">;
  readonly controlSocket: string;
  /** Gets the state of the child process at every look. */
  readonly onChild: (state: string) => void;
  readonly notice: (level: Extract<LogLevel, "info" | "warn" | "error">, message: string) => void;
  /** Milliseconds between two looks. */
  readonly interval?: number;
  /** Milliseconds between two sweeps: the engine has no thread of its own to free what it no longer uses. */
  readonly sweepInterval?: number;
}

/** Until the function that comes back is called. */
export function watchEngine(parts: WatchdogParts): () => void {
  const { interval = 5000, sweepInterval = 60_000, notice, controlSocket } = parts;
  const look = lookAtEngine(parts);
  let isLooking = false;
  const looking = setInterval(() => {
    if (isLooking) return;
    isLooking = true;
    void look().finally(() => (isLooking = false));
  }, interval);
  const sweeping = setInterval(() => {
    void sweep(controlSocket).catch((error: unknown) => notice("warn", String(error)));
  }, sweepInterval);
  return () => {
    clearInterval(looking);
    clearInterval(sweeping);
  };
}

/**
 * One look. An engine whose command line hangs is told about and otherwise left alone: its child serves on, and ending it would
 * cost requests.
 */
export function lookAtEngine({
  client,
  loader,
  onChild,
  notice,
}: WatchdogParts): () => Promise<void> {
  let isSilent = false;
  return async () => {
    try {
      const state = await client.status();
      if (isSilent) notice("info", "varnishd takes orders again");
      isSilent = false;
      onChild(state);
      if (state === "stopped") {
        notice("error", "varnishd's child is stopped and is started again");
        await client.start();
      }
      await loader.discardCold(client);
    } catch (error) {
      if (!isSilent) notice("error", `varnishd takes no orders: ${String(error)}`);
      isSilent = true;
    }
  };
}
