/** Finds out how endpoints do, by probes and DNS, and has what serves follow. */

import type { LivePlan } from "@ghost-gateway/core";
import type { LiveDocuments } from "../apply/live.js";
import type { OnEvent } from "../events.js";
import { Prober } from "../health/prober.js";
import type { ProbeResult } from "../health/prober.js";
import { dnsLookup } from "../names/lookup.js";
import { Names } from "../names/names.js";
import { targetPolicy } from "../names/targets.js";
import type { Board } from "../observe/board.js";
import type { UnhealthyEndpoint } from "../observe/status.js";
import type { ChaperoneOptions } from "../options.js";

/** Unhealthy endpoints that the status lists. */
const mostListed = 100;

export interface SurroundingsParts {
  readonly live: LiveDocuments;
  readonly board: Board;
  readonly options: Pick<ChaperoneOptions, "allowedTargets" | "nameServers">;
  readonly onEvent: OnEvent;
  /** More is known than what is served. */
  readonly onChange: () => void;
}

export class Surroundings {
  readonly #parts: SurroundingsParts;
  readonly #prober: Prober;
  readonly #names: Names;
  readonly #unhealthy = new Map<string, UnhealthyEndpoint>();

  constructor(parts: SurroundingsParts) {
    const { allowedTargets = [], nameServers } = parts.options;
    this.#parts = parts;
    this.#prober = new Prober({ onResult: (result) => this.#take(result) });
    this.#names = new Names({
      lookup: dnsLookup(nameServers),
      isAllowed: targetPolicy(allowedTargets),
      onAddresses: (service, addresses) => this.#resolved(service, addresses),
      onFailure: (hostname, reason) => this.#tellName(hostname, reason),
    });
  }

  /** Follows what services ask for until the end. */
  begin(): void {
    this.#parts.live.onPlan = (plan) => this.#follow(plan);
  }

  end(): void {
    this.#parts.live.onPlan = () => undefined;
    this.#prober.end();
    this.#names.end();
  }

  #follow(plan: LivePlan): void {
    this.#prober.follow(plan.checks);
    this.#names.follow(plan.names);
    const listed = plan.checks.flatMap(({ service, endpoints }) =>
      endpoints.map(({ endpoint }) => `${service}\n${endpoint}`),
    );
    const living = new Set(listed);
    for (const key of this.#unhealthy.keys()) if (!living.has(key)) this.#unhealthy.delete(key);
    this.#show();
  }

  #take({ service, endpoint, reason, seconds }: ProbeResult): void {
    const { live, board, onChange } = this.#parts;
    board.metrics.probes.inc({ result: reason === undefined ? "passed" : "failed" });
    board.metrics.probeSeconds.observe(seconds);
    if (!live.observe(service, endpoint, reason === undefined)) return;
    const key = `${service}\n${endpoint}`;
    if (reason === undefined) this.#unhealthy.delete(key);
    else {
      const since = new Date().toISOString();
      this.#unhealthy.set(key, { service, endpoint, since, reason });
    }
    const state = reason === undefined ? "is healthy again" : `is unhealthy: ${reason}`;
    this.#notice(reason === undefined, `endpoint ${endpoint} of service ${service} ${state}`);
    this.#show();
    onChange();
  }

  #resolved(service: string, addresses: readonly string[]): void {
    if (this.#parts.live.resolve(service, addresses)) this.#parts.onChange();
    this.#show();
  }

  #tellName(hostname: string, reason: string | undefined): void {
    const words = reason === undefined ? "resolves again" : `cannot be resolved: ${reason}`;
    this.#notice(reason === undefined, `${hostname} ${words}`);
    this.#show();
  }

  #notice(isGood: boolean, message: string): void {
    this.#parts.onEvent({ type: "notice", level: isGood ? "info" : "warn", message });
  }

  #show(): void {
    const worst = [...this.#unhealthy.values()].slice(0, mostListed);
    this.#parts.board.surrounded(
      { endpoints: this.#prober.size, unhealthy: this.#unhealthy.size, worst },
      { count: this.#names.size, failing: this.#names.failing },
    );
  }
}
