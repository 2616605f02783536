/**
 * Judgements that are kept: each is made by looking at other objects, the looks are noted, and it
 * is made again only when the object itself or something it looked at has changed.
 */

import type { Find } from "./store.js";

/** How many names are remembered to be shared; beyond it they are begun anew. */
const mostPlaces = 100_000;

/** Notes what the judgement that is being made looks at. */
export class Reads {
  readonly #places = new Map<string, string>();
  #current: Set<string> | undefined;

  /** The table, with every look noted as `name/key`. Also a look that finds nothing counts. */
  noting<T>(name: string, table: Find<T>): Find<T> {
    return {
      get: (key) => {
        this.#current?.add(this.#place(name, key));
        return table.get(key);
      },
    };
  }

  // Many look at the same: the names they note are one text each.
  #place(name: string, key: string): string {
    const place = `${name}/${key}`;
    const known = this.#places.get(place);
    if (known !== undefined) return known;
    if (this.#places.size >= mostPlaces) this.#places.clear();
    this.#places.set(place, place);
    return place;
  }

  /** Runs a judgement and tells what it looked at. */
  during<T>(judge: () => T): { readonly value: T; readonly reads: readonly string[] } {
    const reads = new Set<string>();
    this.#current = reads;
    try {
      return { value: judge(), reads: [...reads] };
    } finally {
      this.#current = undefined;
    }
  }
}

interface Kept<Input, Model> {
  readonly input: Input;
  readonly reads: readonly string[];
  readonly model: Model;
}

/** What judgements are made of: something by key, in the order of the keys. */
export interface Inputs<Input> extends Find<Input> {
  keys(): readonly string[];
}

/** Judgements of one kind of object, by key. */
export class Judgements<Input, Model> {
  readonly #kept = new Map<string, Kept<Input, Model>>();
  /** Who has looked at something, by `name/key`. */
  readonly #readers = new Map<string, Set<string>>();
  readonly #positions = new Map<string, number>();
  #keys: readonly string[] | undefined;
  #models: readonly Model[] = [];

  /** In the order of the inputs. */
  get models(): readonly Model[] {
    return this.#models;
  }

  /**
   * Judges what has changed. `touched` holds the names, `name/key`, of all that has changed; those
   * of the inputs begin with `kind`.
   */
  *update(
    kind: string,
    inputs: Inputs<Input>,
    touched: ReadonlySet<string>,
    reads: Reads,
    judge: (input: Input) => Model,
  ): Generator<void> {
    const stale = this.#stale(`${kind}/`, touched);
    for (const key of stale) {
      const input = inputs.get(key);
      this.#forget(key);
      if (input === undefined) continue;
      const made = reads.during(() => judge(input));
      this.#kept.set(key, { input, reads: made.reads, model: made.value });
      for (const read of made.reads) this.#reader(read).add(key);
      yield;
    }
    if (inputs.keys() !== this.#keys) this.#list(inputs.keys());
    else if (stale.size > 0) this.#relist(stale);
  }

  #stale(prefix: string, touched: ReadonlySet<string>): Set<string> {
    const stale = new Set<string>();
    for (const place of touched) {
      if (place.startsWith(prefix)) stale.add(place.slice(prefix.length));
      for (const key of this.#readers.get(place) ?? []) stale.add(key);
    }
    return stale;
  }

  #forget(key: string): void {
    for (const read of this.#kept.get(key)?.reads ?? []) {
      const readers = this.#readers.get(read);
      readers?.delete(key);
      if (readers?.size === 0) this.#readers.delete(read);
    }
    this.#kept.delete(key);
  }

  #reader(read: string): Set<string> {
    const known = this.#readers.get(read);
    if (known !== undefined) return known;
    const made = new Set<string>();
    this.#readers.set(read, made);
    return made;
  }

  #list(keys: readonly string[]): void {
    const models: Model[] = [];
    this.#positions.clear();
    for (const key of keys) {
      const kept = this.#kept.get(key);
      if (kept === undefined) continue;
      this.#positions.set(key, models.length);
      models.push(kept.model);
    }
    this.#keys = keys;
    this.#models = models;
  }

  #relist(stale: ReadonlySet<string>): void {
    const models = [...this.#models];
    for (const key of stale) {
      const position = this.#positions.get(key);
      const kept = this.#kept.get(key);
      if (position !== undefined && kept !== undefined) models[position] = kept.model;
    }
    this.#models = models;
  }
}

/** A list made of another, item by item; what stands where it stood is not even looked up. */
export class Mapped<Item extends object, Made> {
  readonly #known = new WeakMap<Item, Made>();
  readonly #make: (item: Item) => Made;
  #items: readonly Item[] = [];
  #made: readonly Made[] = [];

  constructor(make: (item: Item) => Made) {
    this.#make = make;
  }

  /** Pauses each `perStep` items. */
  *update(items: readonly Item[], perStep: number): Generator<void, readonly Made[]> {
    if (items === this.#items) return this.#made;
    const before = this.#items;
    const made = before.length === items.length ? [...this.#made] : Array<Made>(items.length);
    for (let index = 0; index < items.length; index += 1) {
      const item = items[index] as Item;
      if (before[index] === item) {
        made[index] = this.#made[index] as Made;
        continue;
      }
      made[index] = this.#get(item);
      if (index % perStep === perStep - 1) yield;
    }
    this.#items = items;
    this.#made = made;
    return made;
  }

  #get(item: Item): Made {
    const known = this.#known.get(item);
    if (known !== undefined) return known;
    const made = this.#make(item);
    this.#known.set(item, made);
    return made;
  }
}

/** An index of judgements that others look at: what differs from before is noted as touched. */
export class Index<T> implements Find<T> {
  #current: ReadonlyMap<string, T> = new Map();
  readonly #name: string;
  readonly #isSame: (left: T, right: T) => boolean;

  constructor(name: string, isSame: (left: T, right: T) => boolean = Object.is) {
    this.#name = name;
    this.#isSame = isSame;
  }

  get(key: string): T | undefined {
    return this.#current.get(key);
  }

  entries(): Iterable<readonly [string, T]> {
    return this.#current;
  }

  /** Takes over a new state; values that are the same as before stay the very same. */
  replace(next: ReadonlyMap<string, T>, touched: Set<string>): void {
    const after = new Map<string, T>();
    for (const [key, value] of next) {
      const known = this.#current.get(key);
      const isSame = known !== undefined && this.#isSame(known, value);
      after.set(key, isSame ? known : value);
      if (!isSame) touched.add(`${this.#name}/${key}`);
    }
    for (const key of this.#current.keys()) if (!next.has(key)) touched.add(`${this.#name}/${key}`);
    this.#current = after;
  }
}

/** Whether two lists hold the very same things. */
export function isSameList(left: readonly unknown[], right: readonly unknown[]): boolean {
  return left.length === right.length && left.every((item, index) => item === right[index]);
}
