/** How long to wait before the next try. */

export interface BackoffLimits {
  /** Milliseconds of the first wait's ceiling. */
  readonly first: number;
  /** Milliseconds no wait exceeds, but for what a server asks. */
  readonly most: number;
}

export const defaultBackoff: BackoffLimits = { first: 200, most: 30_000 };

/**
 * Milliseconds before try number `failures + 1`: half of a doubling ceiling, and up to the other half by `random`, so
 * that a thousand clients of one broken server do not come back together. A server's own wish is a lower bound.
 */
export function backoff(
  failures: number,
  random: number,
  askedSeconds: number | undefined,
  { first, most }: BackoffLimits = defaultBackoff,
): number {
  const ceiling = Math.min(most, first * 2 ** Math.min(failures - 1, 20));
  const wait = ceiling / 2 + (ceiling / 2) * random;
  return Math.max(wait, (askedSeconds ?? 0) * 1000);
}
