/** Keeps the addresses of names: asks again when an answer ends, and keeps the last good one while DNS fails. */

import type { LivePlan } from "@ghost-gateway/core";
import { pause } from "../supervise/signals.js";
import type { Lookup } from "./lookup.js";

export interface NamesParts {
  readonly lookup: Lookup;
  /** Whether an address may be used. */
  readonly isAllowed: (address: string) => boolean;
  /** Gets the addresses of a service after each answer. */
  readonly onAddresses: (service: string, addresses: readonly string[]) => void;
  /** Told when a name fails, and when it answers again: `reason` is undefined then. */
  readonly onFailure: (hostname: string, reason: string | undefined) => void;
  readonly times?: NameTimes;
}

/** Milliseconds. */
export interface NameTimes {
  /** However short an answer holds, it is not asked for more often. */
  readonly least: number;
  /** However long an answer holds, it is asked for again by then. */
  readonly most: number;
}

/** Addresses of one name that are used; more are left out. */
const mostAddresses = 256;

interface Kept {
  readonly over: AbortController;
  services: ReadonlySet<string>;
  /** The last good ones. */
  addresses: readonly string[] | undefined;
  reason: string | undefined;
}

export class Names {
  readonly #parts: NamesParts & { readonly times: NameTimes };
  readonly #kept = new Map<string, Kept>();

  constructor(parts: NamesParts) {
    this.#parts = { times: { least: 5000, most: 300_000 }, ...parts };
  }

  get size(): number {
    return this.#kept.size;
  }

  /** Names that DNS gives no usable address for now. */
  get failing(): { readonly hostname: string; readonly reason: string }[] {
    return [...this.#kept].flatMap(([hostname, { reason }]) =>
      reason === undefined ? [] : [{ hostname, reason }],
    );
  }

  /** From now on these are kept. */
  follow(names: LivePlan["names"]): void {
    const wanted = Map.groupBy(names, ({ hostname }) => hostname);
    for (const [hostname, { over }] of this.#kept) {
      if (wanted.has(hostname)) continue;
      over.abort();
      this.#kept.delete(hostname);
    }
    for (const [hostname, asking] of wanted) {
      const services = new Set(asking.map(({ service }) => service));
      const known = this.#kept.get(hostname);
      if (known === undefined) this.#begin(hostname, services);
      else this.#join(known, services);
    }
  }

  end(): void {
    this.follow([]);
  }

  #begin(hostname: string, services: ReadonlySet<string>): void {
    const over = new AbortController();
    const kept: Kept = { over, services, addresses: undefined, reason: undefined };
    this.#kept.set(hostname, kept);
    void this.#keep(hostname, kept);
  }

  /** A service that comes to a known name need not wait for DNS. */
  #join(known: Kept, services: ReadonlySet<string>): void {
    const joining = [...services].filter((service) => !known.services.has(service));
    known.services = services;
    const { addresses } = known;
    if (addresses === undefined || joining.length === 0) return;
    queueMicrotask(() => {
      for (const service of joining) this.#parts.onAddresses(service, addresses);
    });
  }

  async #keep(hostname: string, kept: Kept): Promise<void> {
    const { signal } = kept.over;
    const { least, most } = this.#parts.times;
    let failures = 0;
    while (!signal.aborted) {
      const seconds = await this.#look(hostname, kept);
      failures = seconds === undefined ? failures + 1 : 0;
      const wait = seconds === undefined ? least * 2 ** Math.min(failures - 1, 3) : seconds * 1000;
      await pause(Math.min(Math.max(wait, least), most), signal);
    }
  }

  /** Seconds for which the answer holds; undefined where there is none to use. */
  async #look(hostname: string, kept: Kept): Promise<number | undefined> {
    const { lookup, isAllowed, onAddresses, onFailure } = this.#parts;
    try {
      const { addresses, ttl } = await lookup(hostname);
      const usable = addresses.filter(isAllowed).slice(0, mostAddresses);
      if (usable.length === 0) throw new Error(`${addresses.join(", ")} may not be used`);
      if (kept.over.signal.aborted) return ttl;
      kept.addresses = usable;
      if (kept.reason !== undefined) onFailure(hostname, undefined);
      kept.reason = undefined;
      for (const service of kept.services) onAddresses(service, usable);
      return ttl;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const isNew = kept.reason !== reason && !kept.over.signal.aborted;
      kept.reason = reason;
      if (isNew) onFailure(hostname, reason);
      return undefined;
    }
  }
}
