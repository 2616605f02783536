/**
 * Every request of the demo, counted at both ends: what the client sent and got, what the origins saw, and which services the
 * configuration allowed in that time. Pure; time is a number that only grows.
 */

/** What a client got for a request; `service` and `id` are what the answer says of itself. */
export interface Answered {
  readonly status: number;
  readonly service: string | undefined;
  readonly id: string | undefined;
}

interface Entry {
  readonly id: string;
  readonly started: number;
  readonly ended: number;
  readonly answered: Answered;
}

/** A configuration and the time in which it may have been in force: from the edit until its successor was acknowledged. */
interface Reign {
  readonly allowed: ReadonlySet<string>;
  readonly from: number;
  until: number;
}

export interface Audit {
  readonly requests: number;
  /** Got no good answer, or none that an origin knows of. */
  readonly lost: number;
  /** Reached origins more than once. */
  readonly duplicated: number;
  /** Answered by a service that nothing in force during the request allowed, or with somebody else's answer. */
  readonly wrong: number;
  /** Requests in whose time exactly one configuration was in force: nothing is excused for them. */
  readonly strict: number;
  /** Ids of some that are bad. */
  readonly examples: readonly string[];
}

const shownExamples = 5;

export class Ledger {
  readonly #entries: Entry[] = [];
  /** Services that saw a request, by its id. */
  readonly #arrivals: Map<string, string[]> = new Map();
  readonly #reigns: Reign[] = [];

  /** An edit that allows these services is about to be made. */
  edited(allowed: Iterable<string>, now: number): void {
    this.#reigns.push({ allowed: new Set(allowed), from: now, until: Infinity });
  }

  /** The engine acknowledged the last edit: those before it are over. */
  acknowledged(now: number): void {
    for (const reign of this.#reigns.slice(0, -1)) reign.until = Math.min(reign.until, now);
  }

  /** An origin saw a request. */
  arrived(id: string, service: string): void {
    const services = this.#arrivals.get(id);
    if (services === undefined) this.#arrivals.set(id, [service]);
    else services.push(service);
  }

  /** A client's request is over. */
  ended(id: string, started: number, ended: number, answered: Answered): void {
    this.#entries.push({ id, started, ended, answered });
  }

  audit(): Audit {
    const lost = this.#entries.filter((entry) => this.#isLost(entry));
    const duplicated = this.#entries.filter(({ id }) => (this.#arrivals.get(id)?.length ?? 0) > 1);
    const wrong = this.#entries.filter((entry) => !this.#isLost(entry) && this.#isWrong(entry));
    return {
      requests: this.#entries.length,
      lost: lost.length,
      duplicated: new Set(duplicated.map(({ id }) => id)).size,
      wrong: wrong.length,
      strict: this.#entries.filter((entry) => this.#inForce(entry).length === 1).length,
      examples: [...lost, ...duplicated, ...wrong].slice(0, shownExamples).map(({ id }) => id),
    };
  }

  #isLost({ id, answered }: Entry): boolean {
    return answered.status !== 200 || !this.#arrivals.has(id);
  }

  #isWrong(entry: Entry): boolean {
    const { id, answered } = entry;
    const seenBy = this.#arrivals.get(id) ?? [];
    const isAllowed = this.#inForce(entry).some(({ allowed }) =>
      seenBy.every((service) => allowed.has(service)),
    );
    return (
      answered.id !== id ||
      answered.service === undefined ||
      !seenBy.includes(answered.service) ||
      !isAllowed
    );
  }

  #inForce({ started, ended }: Entry): Reign[] {
    return this.#reigns.filter(({ from, until }) => from <= ended && until >= started);
  }
}
