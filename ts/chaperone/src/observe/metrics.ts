/** The chaperone's own counters, gauges and histograms. The engine's counters are in counters.ts. */

import { Counter, Gauge, Histogram, Registry } from "@prometheus-io/client";

/** Why something was not used. */
export type FailureCause = "source" | "core" | "engine" | "vcl";

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Every metric begins with `chaperone_`. */
export class Metrics {
  readonly registry: Registry = new Registry();
  readonly reloads: Counter = this.#counter(
    "reloads_total",
    "Documents that the engine acknowledged",
  );
  readonly failures: Counter<"cause"> = new Counter({
    name: "chaperone_reload_failures_total",
    help: "Documents or VCL that were not used, by who refused them",
    labelNames: ["cause"],
    registers: [this.registry],
  });
  readonly vclReloads: Counter = this.#counter(
    "vcl_reloads_total",
    "VCL that was loaded and put into use",
  );
  readonly rollbacks: Counter = this.#counter(
    "rollbacks_total",
    "Returns to an entry of the history",
  );
  readonly engineStarts: Counter = this.#counter("engine_starts_total", "Starts of varnishd");
  readonly childDeaths: Counter = this.#counter(
    "engine_child_deaths_total",
    "Ends of varnishd's child that nobody asked for",
  );
  readonly disagreements: Counter = this.#counter(
    "self_check_disagreements_total",
    "Requests that the engine answered otherwise than the core decides",
  );
  readonly routesGeneration: Gauge = this.#gauge(
    "routes_generation",
    "Generation of the routes in use",
  );
  readonly endpointsGeneration: Gauge = this.#gauge(
    "endpoints_generation",
    "Generation of the endpoints in use",
  );
  readonly routes: Gauge = this.#gauge("routes", "Routes in use");
  readonly quarantined: Gauge = this.#gauge(
    "quarantined_routes",
    "Routes that are left out or answer 500",
  );
  readonly endpoints: Gauge = this.#gauge("endpoints", "Endpoints in use");
  readonly engineUp: Gauge = this.#gauge("engine_up", "Whether varnishd's child runs");
  readonly ready: Gauge = this.#gauge("ready", "Whether readiness is given");
  readonly sessions: Gauge = this.#gauge("draining_sessions", "Open sessions while draining");
  readonly reloadSeconds: Histogram = new Histogram({
    name: "chaperone_reload_duration_seconds",
    help: "From the first look at a changed source to the engine's acknowledgement",
    buckets: seconds,
    registers: [this.registry],
  });
  readonly engineSeconds: Histogram = new Histogram({
    name: "chaperone_engine_reload_duration_seconds",
    help: "The engine's part of a reload",
    buckets: seconds,
    registers: [this.registry],
  });

  readonly probes: Counter<"result"> = new Counter({
    name: "chaperone_probes_total",
    help: "Probes of endpoints, by what came of them",
    labelNames: ["result"],
    registers: [this.registry],
  });
  readonly probeSeconds: Histogram = new Histogram({
    name: "chaperone_probe_duration_seconds",
    help: "From the beginning of a probe to its result",
    buckets: seconds,
    registers: [this.registry],
  });
  readonly probed: Gauge = this.#gauge("probed_endpoints", "Endpoints that are probed");
  readonly unhealthy: Gauge = this.#gauge(
    "unhealthy_endpoints",
    "Endpoints that get no requests because probes failed",
  );
  readonly failingNames: Gauge = this.#gauge(
    "failing_names",
    "Names that DNS gives no usable address for",
  );

  constructor() {
    for (const result of ["passed", "failed"]) this.probes.inc({ result }, 0);
    for (const cause of ["source", "core", "engine", "vcl"]) this.failures.inc({ cause }, 0);
  }

  /** In Prometheus' text format. */
  text(): Promise<string> {
    return this.registry.metrics();
  }

  #counter(name: string, help: string): Counter {
    return new Counter({ name: `chaperone_${name}`, help, registers: [this.registry] });
  }

  #gauge(name: string, help: string): Gauge {
    return new Gauge({ name: `chaperone_${name}`, help, registers: [this.registry] });
  }
}
