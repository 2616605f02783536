/** Time and chance as arguments, so that tests hold both. */

import { setTimeout as delay } from "node:timers/promises";

export interface Clock {
  /** Milliseconds that only rise; their start means nothing. */
  now(): number;
  /** The calendar's time. */
  date(): Date;
  /** In [0, 1). */
  random(): number;
  /** Resolves after `milliseconds`; at once when `signal` is or gets aborted. Does not reject. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  date: () => new Date(),
  random: () => Math.random(),
  sleep: (milliseconds, signal) =>
    delay(milliseconds, undefined, { signal }).then(
      () => undefined,
      () => undefined,
    ),
};
