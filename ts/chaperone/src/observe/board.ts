/** What the parts of a chaperone tell of themselves, kept for status, readiness and metrics. */

import type { ListenAddress } from "../admin/replies.js";
import type { ReloadAnswer } from "../apply/answer.js";
import type { HistoryEntry } from "../apply/history.js";
import type { ApplyRecorder } from "../apply/recorder.js";
import type { Refused } from "../events.js";
import { Metrics } from "./metrics.js";
import type {
  ChaperoneState,
  ChaperoneStatus,
  NamesStatus,
  ProbesStatus,
  SourceStatus,
} from "./status.js";

/** Findings that the status holds; a document can have as many as it has lines. */
const mostDiagnostics = 100;

export class Board {
  readonly metrics: Metrics = new Metrics();
  #status: ChaperoneStatus;

  constructor(source: SourceStatus, startedAt: string) {
    this.#status = {
      version: 1,
      state: "starting",
      ready: false,
      pid: process.pid,
      startedAt,
      folder: "",
      source,
      engine: null,
      listeners: [],
      applied: null,
      held: false,
      refused: null,
      vcl: null,
      sessions: null,
      probes: { endpoints: 0, unhealthy: 0, worst: [] },
      names: { count: 0, failing: [] },
    };
  }

  get status(): ChaperoneStatus {
    return this.#status;
  }

  get recorder(): ApplyRecorder {
    const { applied, refreshed, refused, held } = this;
    return { applied, refreshed, refused, held };
  }

  get isReady(): boolean {
    return this.#status.ready;
  }

  livesIn(folder: string): void {
    this.#set({ folder });
  }

  /** Ready is who serves, and whose engine has a child to serve with. */
  became(state: ChaperoneState): void {
    this.#set({ state });
    this.#judgeReadiness();
  }

  engineStarted(engine: { pid: number; version: string; isAdopted: boolean; at: string }): void {
    const before = this.#status.engine;
    if (!engine.isAdopted) this.metrics.engineStarts.inc();
    this.#set({
      engine: {
        pid: engine.pid,
        version: engine.version,
        child: "running",
        startedAt: engine.at,
        restarts: before === null ? 0 : before.restarts + 1,
        childDeaths: before?.childDeaths ?? 0,
        adopted: engine.isAdopted,
      },
    });
    this.#judgeReadiness();
  }

  childIs(child: string): void {
    const { engine } = this.#status;
    if (engine !== null && engine.child !== child) this.#set({ engine: { ...engine, child } });
    this.#judgeReadiness();
  }

  childDied(): void {
    const { engine } = this.#status;
    this.metrics.childDeaths.inc();
    if (engine !== null)
      this.#set({ engine: { ...engine, child: "starting", childDeaths: engine.childDeaths + 1 } });
    this.#judgeReadiness();
  }

  listens(listeners: readonly ListenAddress[]): void {
    this.#set({ listeners });
  }

  readonly applied = (entry: HistoryEntry, answer: ReloadAnswer, took: number): void => {
    const { routes, endpoints, tookMs } = answer;
    const { number, appliedAt, origin, files } = entry;
    const { metrics } = this;
    metrics.reloads.inc();
    if (origin === "rollback") metrics.rollbacks.inc();
    metrics.reloadSeconds.observe(took / 1000);
    metrics.engineSeconds.observe(tookMs / 1000);
    metrics.routesGeneration.set(routes.generation ?? 0);
    metrics.endpointsGeneration.set(endpoints.generation ?? 0);
    metrics.routes.set(routes.count);
    metrics.quarantined.set(routes.quarantined.length);
    metrics.endpoints.set(endpoints.count);
    this.#set({
      applied: { number, appliedAt, origin, files, routes, endpoints, tookMs },
      refused: null,
    });
  };

  readonly refreshed = ({ endpoints, tookMs }: ReloadAnswer): void => {
    const { applied } = this.#status;
    this.metrics.reloads.inc();
    this.metrics.engineSeconds.observe(tookMs / 1000);
    this.metrics.endpoints.set(endpoints.count);
    if (applied !== null) this.#set({ applied: { ...applied, endpoints, tookMs } });
  };

  /** How endpoints and names do. */
  surrounded(probes: ProbesStatus, names: NamesStatus): void {
    this.metrics.probed.set(probes.endpoints);
    this.metrics.unhealthy.set(probes.unhealthy);
    this.metrics.failingNames.set(names.failing.length);
    this.#set({ probes, names });
  }

  readonly refused = ({ by, message, diagnostics }: Refused): void => {
    this.metrics.failures.inc({ cause: by });
    this.#set({
      refused: {
        at: new Date().toISOString(),
        by,
        message,
        diagnostics: diagnostics.slice(0, mostDiagnostics),
      },
    });
  };

  readonly held = (held: boolean): void => this.#set({ held });

  vclLoaded(name: string, user: string | null): void {
    this.metrics.vclReloads.inc();
    this.#set({ vcl: { name, user, loadedAt: new Date().toISOString(), refused: null } });
  }

  vclRefused(message: string): void {
    this.metrics.failures.inc({ cause: "vcl" });
    const { vcl } = this.#status;
    if (vcl !== null)
      this.#set({ vcl: { ...vcl, refused: { at: new Date().toISOString(), message } } });
  }

  draining(sessions: number | undefined): void {
    if (sessions !== undefined) this.metrics.sessions.set(sessions);
    this.#set({ sessions: sessions ?? null });
  }

  #set(change: Partial<ChaperoneStatus>): void {
    this.#status = { ...this.#status, ...change };
  }

  #judgeReadiness(): void {
    const { state, engine } = this.#status;
    const isUp = engine?.child === "running";
    const ready = state === "serving" && isUp;
    this.metrics.engineUp.set(isUp && state !== "restarting" ? 1 : 0);
    this.metrics.ready.set(ready ? 1 : 0);
    this.#set({ ready });
  }
}
