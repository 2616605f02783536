/** How many sessions are open, from `varnishstat -j`. Pure. */

/**
 * Sum of `MEMPOOL.sess*.live`: client sessions that exist now. (`MAIN.sess_conn` only grows.) Undefined where the text holds no
 * such counter, which is the case while the child is away.
 */
export function countSessions(text: string): number | undefined {
  const counters = Object.entries(readCounters(text)).filter(([name]) =>
    /^MEMPOOL\.sess\d+\.live$/.test(name),
  );
  if (counters.length === 0) return undefined;
  return counters.reduce((sum, [, counter]) => sum + readValue(counter), 0);
}

function readCounters(text: string): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return {};
  }
  if (typeof value !== "object" || value === null) return {};
  // Before Varnish 6.5 the counters stood at the top.
  const counters = "counters" in value ? value.counters : value;
  return typeof counters === "object" && counters !== null ? counters : {};
}

function readValue(counter: unknown): number {
  const value =
    typeof counter === "object" && counter !== null && "value" in counter ? counter.value : 0;
  return typeof value === "number" ? value : 0;
}
