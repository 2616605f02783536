/** Leads while the Lease is ours, and not a moment longer. */

import type { Clock } from "../clock.js";
import type { Connection } from "../connection.js";
import { ApiError } from "../error.js";
import type { KubernetesObject } from "../objects.js";
import { create, get, replace } from "../operations.js";
import { resources } from "../resource.js";
import { defaultElectionTimes, held, judge, released, sight } from "./election.js";
import type { ElectionTimes, LeaseSpec, Sighting } from "./election.js";

interface Lease extends KubernetesObject {
  readonly spec?: LeaseSpec;
}

/** A term of office. */
export interface Term {
  /** Rises with each holder. */
  readonly fencing: number;
  /** Aborted when the lease is lost or given back: write nothing after. */
  readonly signal: AbortSignal;
}

export interface ElectorOptions {
  readonly connection: Connection;
  readonly namespace: string;
  readonly name: string;
  /** Ours alone, in every life: a Pod's name and a random part. */
  readonly identity: string;
  readonly clock: Clock;
  readonly times?: ElectionTimes;
  /** Another holds the lease. */
  readonly onFollow: (holder: string) => void;
  readonly onError: (error: Error) => void;
}

/**
 * Waits for the lease, runs `lead` for one term, gives the lease back. Resolves when `lead` does, when `signal` is aborted,
 * or when the lease was lost; then `isLost` is true and the caller should end, for a fresh start knows nothing stale.
 */
export async function leadOnce(
  options: ElectorOptions,
  lead: (term: Term) => Promise<void>,
  signal: AbortSignal,
): Promise<{ readonly isLost: boolean }> {
  const office = new Office(options);
  const fencing = await office.obtain(signal);
  if (fencing === undefined) return { isLost: false };
  const term = new AbortController();
  const keeping = office.keep(term.signal);
  const ended = lead({ fencing, signal: AbortSignal.any([term.signal, signal, office.lost]) });
  try {
    await Promise.race([ended, keeping]);
    if (office.lost.aborted) await ended;
  } finally {
    term.abort();
    await keeping;
    if (!office.lost.aborted) await office.giveBack();
  }
  return { isLost: office.lost.aborted };
}

class Office {
  readonly #options: ElectorOptions;
  readonly #times: ElectionTimes;
  readonly #lost = new AbortController();
  #sighting: Sighting | undefined;
  #stored: Lease | undefined;
  #renewed = 0;

  constructor(options: ElectorOptions) {
    this.#options = options;
    this.#times = options.times ?? defaultElectionTimes;
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** The term's fencing number, or undefined when `signal` came first. */
  async obtain(signal: AbortSignal): Promise<number | undefined> {
    const { clock, onError } = this.#options;
    while (!signal.aborted) {
      try {
        const outcome = await this.#try(signal);
        if (outcome.type === "held") return outcome.fencing;
      } catch (error) {
        if (!signal.aborted) onError(asError(error));
      }
      await clock.sleep(this.#times.retryAfter * (1 + clock.random() / 5), signal);
    }
    return undefined;
  }

  /** Renews until `signal`; ends early, with `lost` aborted, when another took the lease or we were silent too long. */
  async keep(signal: AbortSignal): Promise<void> {
    const { clock, onError } = this.#options;
    for (;;) {
      await clock.sleep(this.#times.retryAfter, signal);
      if (signal.aborted) return;
      try {
        const outcome = await this.#try(this.#deadline());
        if (outcome.type === "other") return this.#lost.abort();
      } catch (error) {
        onError(asError(error));
      }
      if (clock.now() - this.#renewed >= this.#times.giveUpAfter) return this.#lost.abort();
    }
  }

  async giveBack(): Promise<void> {
    const { connection, clock, onError } = this.#options;
    if (this.#stored?.spec === undefined) return;
    try {
      const spec = released(this.#stored.spec, clock.date());
      await replace(connection, resources.leases, { ...this.#stored, spec });
    } catch (error) {
      onError(asError(error));
    }
  }

  /** Aborts a renewal that would come back after we have to be silent. */
  #deadline(): AbortSignal {
    const left = this.#renewed + this.#times.giveUpAfter - this.#options.clock.now();
    return AbortSignal.timeout(Math.max(1, Math.floor(left)));
  }

  /** One look, and one write where it is ours to write. */
  async #try(signal: AbortSignal): Promise<Outcome> {
    const { connection, namespace, name, identity, clock, onFollow } = this.#options;
    const began = clock.now();
    const lease = await get<Lease>(connection, resources.leases, { namespace, name }, signal);
    if (lease !== undefined) {
      this.#sighting = sight(this.#sighting, lease.spec ?? {}, clock.now());
      const verdict = judge(this.#sighting, identity, clock.now());
      if (verdict.type === "follow") {
        onFollow(verdict.holder);
        return { type: "other" };
      }
    }
    return this.#write(lease, began, signal);
  }

  /** Counts from when the try began: the server may have stored it at once and answered late. */
  async #write(lease: Lease | undefined, began: number, signal: AbortSignal): Promise<Outcome> {
    const { connection, namespace, name, identity, clock } = this.#options;
    const spec = held(lease?.spec, identity, clock.date(), this.#times.leaseSeconds);
    try {
      this.#stored =
        lease === undefined
          ? await create<Lease>(
              connection,
              resources.leases,
              { metadata: { namespace, name }, spec },
              signal,
            )
          : await replace<Lease>(
              connection,
              resources.leases,
              { ...lease, spec },
              undefined,
              signal,
            );
    } catch (error) {
      if (error instanceof ApiError && error.isConflict) return { type: "conflict" };
      throw error;
    }
    this.#renewed = began;
    return { type: "held", fencing: spec.leaseTransitions ?? 0 };
  }
}

type Outcome =
  | { readonly type: "held"; readonly fencing: number }
  /** Another holds the lease. */
  | { readonly type: "other" }
  /** Someone wrote between our look and our write: look again. */
  | { readonly type: "conflict" };

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
