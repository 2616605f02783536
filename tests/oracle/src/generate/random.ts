/** A small generator of random numbers, written out so that a seed means the same everywhere and for ever. */

/** xoshiro128** 1.1 (Blackman and Vigna), seeded by splitmix32. */
export class Random {
  #state: [number, number, number, number];

  constructor(seed: number) {
    let mixed = seed >>> 0;
    const next = (): number => {
      mixed = (mixed + 0x9e3779b9) >>> 0;
      let word = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
      word = Math.imul(word ^ (word >>> 15), 0x735a2d97);
      return (word ^ (word >>> 15)) >>> 0;
    };
    this.#state = [next(), next(), next(), next()];
  }

  /** 32 random bits. */
  bits(): number {
    let [a, b, c, d] = this.#state;
    const scrambled = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotate(d, 11);
    this.#state = [a, b, c, d];
    return scrambled;
  }

  /** An integer from 0 up to `end`. */
  below(end: number): number {
    return Math.floor((this.bits() / 2 ** 32) * end);
  }

  /** An integer from `least` to `most`. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }

  /** True in `percent` of 100. */
  chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  /** One of a list, which is not empty. */
  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  /** Each entry with the same chance. */
  some<T>(list: readonly T[], percent: number): T[] {
    return list.filter(() => this.chance(percent));
  }

  /** The same entries in another order (Fisher and Yates). */
  shuffled<T>(list: readonly T[]): T[] {
    const order = [...list];
    for (let last = order.length - 1; last > 0; last--) {
      const other = this.below(last + 1);
      [order[last], order[other]] = [order[other] as T, order[last] as T];
    }
    return order;
  }

  /** A list of `count` made by `make`. */
  list<T>(count: number, make: (index: number) => T): T[] {
    return Array.from({ length: count }, (_, index) => make(index));
  }

  /** The value, or nothing, as a property that may be spread. */
  maybe<K extends string, T>(percent: number, key: K, make: () => T): Partial<Record<K, T>> {
    return this.chance(percent) ? ({ [key]: make() } as Record<K, T>) : {};
  }
}

function rotate(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}
