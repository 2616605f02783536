// How long a container that keeps ending waits: not at all the first time, then twice as long each time. Pure.

const longest = 30;

export class BackOff {
  readonly #firstMs: number;
  #ended = 0;

  constructor(firstMs: number) {
    this.#firstMs = firstMs;
  }

  /** The pause before the next start, when the last run took `ranMs`. A long good run forgets the past. */
  next(ranMs: number): number {
    if (ranMs > this.#firstMs * longest * 2) this.#ended = 0;
    this.#ended += 1;
    if (this.#ended === 1) return 0;
    return Math.min(this.#firstMs * 2 ** (this.#ended - 2), this.#firstMs * longest);
  }
}
