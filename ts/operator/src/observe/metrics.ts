/** What the operator counts about itself. */

import { Counter, Gauge, Histogram, Registry } from "@prometheus-io/client";
import type { OperatorEvent } from "../reconcile/operator.js";

export class OperatorMetrics {
  readonly #registry = new Registry();
  readonly #leading = new Gauge({
    name: "ghost_operator_leading",
    help: "1 while this operator holds the lease.",
    registers: [this.#registry],
  });
  readonly #reconciles = new Histogram({
    name: "ghost_operator_reconcile_seconds",
    help: "Seconds from taking a change set to the last write it led to.",
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [this.#registry],
  });
  readonly #failures = new Counter({
    name: "ghost_operator_reconcile_failures_total",
    help: "Runs that left something undone; each is taken up again.",
    registers: [this.#registry],
  });
  readonly #statusWrites = new Counter({
    name: "ghost_operator_status_writes_total",
    help: "Statuses written.",
    registers: [this.#registry],
  });
  readonly #watchFailures = new Counter({
    name: "ghost_operator_watch_failures_total",
    help: "Watches and lists that ended with an error, by resource.",
    labelNames: ["resource"],
    registers: [this.#registry],
  });

  leads(isLeading: boolean): void {
    this.#leading.set(isLeading ? 1 : 0);
  }

  take(event: OperatorEvent): void {
    if (event.type === "reconciled") {
      this.#reconciles.observe(event.tookMs / 1000);
      this.#statusWrites.inc(event.statusWrites);
    } else if (event.type === "failed") {
      this.#failures.inc();
    } else if (event.state.phase === "waiting") {
      this.#watchFailures.inc({ resource: event.resource });
    }
  }

  /** In the text format that scrapers read. */
  async text(): Promise<string> {
    return this.#registry.metrics();
  }
}
