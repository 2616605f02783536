/** Asks endpoints again and again, each at its pace and not too many at a time. What follows from results is the core's to say. */

import type { LivePlan } from "@ghost-gateway/core";
import { pause } from "../supervise/signals.js";
import { canProbe, probe } from "./probe.js";
import type { PlannedCheck, PlannedEndpoint } from "./probe.js";

export interface ProbeResult {
  readonly service: string;
  readonly endpoint: string;
  /** Why it does not count as alive; undefined where it does. */
  readonly reason: string | undefined;
  readonly seconds: number;
}

export interface ProberParts {
  readonly onResult: (result: ProbeResult) => void;
  /** Probes at a time, over all services; others wait for their turn. */
  readonly concurrency?: number;
  /** From 0 to 1. */
  readonly random?: () => number;
}

interface Probed {
  /** Equal for what is asked the same way. */
  readonly key: string;
  readonly over: AbortController;
}

export class Prober {
  readonly #parts: Required<ProberParts>;
  #probed: ReadonlyMap<string, Probed> = new Map();
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(parts: ProberParts) {
    this.#parts = { concurrency: 64, random: Math.random, ...parts };
    this.#free = this.#parts.concurrency;
  }

  /** How many endpoints are asked. */
  get size(): number {
    return this.#probed.size;
  }

  /** From now on these are asked. Those that were asked the same way before go on at their pace. */
  follow(checks: LivePlan["checks"]): void {
    const before = this.#probed;
    const now = new Map<string, Probed>();
    for (const check of checks.filter(canProbe)) {
      for (const endpoint of check.endpoints) {
        const name = `${check.service}\n${endpoint.endpoint}`;
        const key = JSON.stringify([check.protocol, check.check]);
        const known = before.get(name);
        now.set(name, known?.key === key ? known : this.#begin(key, check, endpoint));
      }
    }
    this.#probed = now;
    for (const [name, probed] of before) if (now.get(name) !== probed) probed.over.abort();
  }

  end(): void {
    this.follow([]);
  }

  #begin(key: string, check: PlannedCheck, endpoint: PlannedEndpoint): Probed {
    const over = new AbortController();
    void this.#ask(check, endpoint, over.signal);
    return { key, over };
  }

  async #ask(check: PlannedCheck, endpoint: PlannedEndpoint, over: AbortSignal): Promise<void> {
    const { random, onResult } = this.#parts;
    const { interval } = check.check;
    // The first ones are spread, so that many endpoints that come at once are not asked at once ever after.
    for (let wait = (random() * interval) / 10; ; wait = interval * (0.95 + random() / 10)) {
      await pause(wait, over);
      await this.#turn();
      const since = performance.now();
      const reason = over.aborted ? undefined : await probe(check, endpoint, over);
      this.#leave();
      if (over.aborted) return;
      const seconds = (performance.now() - since) / 1000;
      onResult({ service: check.service, endpoint: endpoint.endpoint, reason, seconds });
    }
  }

  async #turn(): Promise<void> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free += 1;
    else next();
  }
}
