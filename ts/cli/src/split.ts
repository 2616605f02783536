/** How often each service and endpoint is chosen when a request comes many times. */

import type { DecideOptions, Decision, RequestInput, RouteTable } from "@ghost-gateway/core";

export interface Part {
  /** `service`, or what is answered instead. */
  readonly outcome: string;
  readonly endpoint: string | null;
  readonly count: number;
}

/** Draws are spread evenly, so that the counts are the shares themselves and the same each time. Most frequent first. */
export function splitOf(
  table: RouteTable,
  request: RequestInput,
  options: DecideOptions,
  times: number,
): Part[] {
  const parts = new Map<string, { outcome: string; endpoint: string | null; count: number }>();
  for (let index = 0; index < times; index += 1) {
    const decision = table.decide(request, { ...options, draw: (index + 0.5) / times });
    const outcome = outcomeOf(decision);
    const key = `${outcome} ${decision.endpoint}`;
    const part = parts.get(key) ?? { outcome, endpoint: decision.endpoint, count: 0 };
    part.count += 1;
    parts.set(key, part);
  }
  return [...parts.values()].toSorted((left, right) => right.count - left.count);
}

/** Where a decision leads, in one word or two. */
export function outcomeOf({ action, service, status, location, why }: Decision): string {
  if (action === "forward") return service ?? "";
  return action === "redirect" ? `${status} ${location}` : `${status} ${why}`;
}
