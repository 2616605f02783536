/** How long to wait before an engine that ended is started again. Pure. */

/** Milliseconds. The first time at once: most ends are accidents. */
const pauses = [0, 100, 250, 500, 1000, 2000, 4000, 8000, 16_000, 30_000];
/** Ends in a row that count: an engine that comes up and serves is not kept waiting longer than two seconds. */
const countedEnds = 6;
/** Milliseconds of serving after which earlier ends are forgotten. */
const calm = 60_000;

export interface Backoff {
  /** Ends in a row of engines that served. */
  readonly ends: number;
  /** Starts in a row that failed since. */
  readonly failures: number;
}

export const noEnds: Backoff = { ends: 0, failures: 0 };

/** After the end of an engine that served for `served` milliseconds. */
export function afterEnd({ ends }: Backoff, served: number): Backoff {
  return { ends: served >= calm ? 1 : Math.min(ends + 1, countedEnds), failures: 0 };
}

/** After a start that failed. */
export function afterFailure({ ends, failures }: Backoff): Backoff {
  return { ends, failures: failures + 1 };
}

export function pauseOf({ ends, failures }: Backoff): number {
  const step = Math.min(Math.max(ends + failures, 1), pauses.length);
  return pauses[step - 1] ?? 0;
}
