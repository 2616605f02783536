/** Waits until no client session is open (row C6). Without a time limit of its own: whoever started us has one. */

import { setTimeout as delay } from "node:timers/promises";
import type { OnEvent } from "../events.js";

export interface DrainOptions {
  /** Open sessions now; undefined while that cannot be told. */
  readonly sessions: () => Promise<number | undefined>;
  readonly onEvent: OnEvent;
  /** Ends the wait. */
  readonly now: AbortSignal;
  /** Milliseconds between two looks. */
  readonly interval?: number;
}

/** Looks between two lines of progress. */
const quietLooks = 10;

/** True when every session has ended, false when the wait was cut short. */
export async function drain({
  sessions,
  onEvent,
  now,
  interval = 1000,
}: DrainOptions): Promise<boolean> {
  for (let look = 0; !now.aborted; look += 1) {
    const open = await sessions();
    if (open === 0) {
      onEvent({ type: "draining", message: "Drain complete, stopping varnishd", sessions: 0 });
      return true;
    }
    if (look % quietLooks === 0) onEvent(progress(open));
    await delay(interval, undefined, { signal: now }).catch(() => undefined);
  }
  return false;
}

function progress(open: number | undefined): Parameters<OnEvent>[0] {
  if (open === undefined)
    return { type: "draining", message: "Draining: varnishstat gives no number of open sessions" };
  return {
    type: "draining",
    message: `Draining: ${open} ${open === 1 ? "session is" : "sessions are"} open`,
    sessions: open,
  };
}
