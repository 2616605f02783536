/** How many client sessions are open, from the engine's counters. Pure. */

import type { EngineCounter } from "../observe/counters.js";

/** Pattern of the counters for varnishstat. */
export const sessionCounters = "MEMPOOL.sess*.live";

/**
 * Sum of `MEMPOOL.sess*.live`: sessions that exist now. (`MAIN.sess_conn` only grows.) Undefined where there is no such counter,
 * which is the case while the child is away.
 */
export function countSessions(counters: readonly EngineCounter[]): number | undefined {
  const live = counters.filter(({ name }) => /^MEMPOOL\.sess\d+\.live$/.test(name));
  return live.length === 0 ? undefined : live.reduce((sum, { value }) => sum + value, 0);
}
