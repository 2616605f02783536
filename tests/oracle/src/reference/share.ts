/** Shares by weight: who gets a draw. Knows nothing of backends or endpoints. */

/** A number from 0 up to 1 as a 64-bit binary fraction. */
export type Draw = bigint;

const ONE = 1n << 64n;

/** A double below 1 has at most 53 significant bits, so the product is exact. */
export function drawFromUnit(unit: number): Draw {
  return BigInt(Math.floor(unit * Number(ONE)));
}

export interface Share<T> {
  readonly taken: T;
  /** What of the draw is left for the next choice. */
  readonly rest: Draw;
}

/**
 * Entries lie side by side on a line as long as their weights; the draw points at a place on it. Null where all
 * weights are 0: such entries get nothing (BackendRef.weight).
 */
export function shareOf<T>(
  entries: readonly T[],
  weight: (one: T) => number,
  draw: Draw,
): Share<T> | null {
  const total = entries.reduce((sum, one) => sum + BigInt(weight(one)), 0n);
  const place = draw * total;
  let end = 0n;
  for (const taken of entries) {
    end += BigInt(weight(taken));
    if (end > place / ONE) return { taken, rest: place % ONE };
  }
  return null;
}
