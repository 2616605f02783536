/** What `GET /status` answers. Described in README.md; others read it. */

import type { Diagnostic } from "@ghost-gateway/core";
import type { AppliedDocument, Quarantined } from "../apply/answer.js";
import type { HistoryEntry } from "../apply/history.js";

export type ChaperoneState = "starting" | "serving" | "restarting" | "draining" | "stopped";

export interface ChaperoneStatus {
  readonly version: 1;
  readonly state: ChaperoneState;
  /** What `/readyz` says. */
  readonly ready: boolean;
  readonly pid: number;
  readonly startedAt: string;
  /** The run folder. */
  readonly folder: string;
  readonly source: SourceStatus;
  readonly engine: EngineStatus | null;
  readonly listeners: readonly ListenerStatus[];
  readonly applied: AppliedStatus | null;
  /** After a rollback: the source's content of now is held back. */
  readonly held: boolean;
  /** What was not used last; null once something newer is. */
  readonly refused: RefusedStatus | null;
  readonly vcl: VclStatus | null;
  /** Open sessions, while draining. */
  readonly sessions: number | null;
  /** What probes have found; all nought where no service asks for any. */
  readonly probes: ProbesStatus;
  /** What DNS has said; all nought where no service has a name. */
  readonly names: NamesStatus;
}

export interface ProbesStatus {
  /** Endpoints that are probed. */
  readonly endpoints: number;
  /** Of these, those that get no requests. */
  readonly unhealthy: number;
  /** A hundred of the unhealthy ones at most. */
  readonly worst: readonly UnhealthyEndpoint[];
}

export interface UnhealthyEndpoint {
  readonly service: string;
  readonly endpoint: string;
  readonly since: string;
  /** What came of the last probe. */
  readonly reason: string;
}

export interface NamesStatus {
  readonly count: number;
  /** The last good addresses of these are used on, where there were any. */
  readonly failing: readonly { readonly hostname: string; readonly reason: string }[];
}

export interface SourceStatus {
  readonly kind: string;
  readonly paths: readonly string[];
}

export interface EngineStatus {
  readonly pid: number;
  readonly version: string;
  /** State of the child process, as the engine calls it. */
  readonly child: string;
  readonly startedAt: string;
  /** How often the manager had to be started again. */
  readonly restarts: number;
  /** How often the manager had to start a new child. */
  readonly childDeaths: number;
  /** Whether it was taken over from a chaperone before. */
  readonly adopted: boolean;
}

export interface ListenerStatus {
  readonly name: string;
  readonly address: string;
  /** Absent for a Unix socket. */
  readonly port?: number;
}

export interface AppliedStatus {
  readonly number: number;
  readonly appliedAt: string;
  readonly origin: HistoryEntry["origin"];
  readonly files: readonly string[];
  readonly routes: AppliedDocument & { readonly quarantined: readonly Quarantined[] };
  readonly endpoints: AppliedDocument;
  /** Milliseconds that the engine took. */
  readonly tookMs: number;
}

export interface RefusedStatus {
  readonly at: string;
  readonly by: "source" | "core" | "engine";
  readonly message: string;
  readonly diagnostics: readonly Diagnostic[];
}

export interface VclStatus {
  readonly name: string;
  /** The user's file. */
  readonly user: string | null;
  readonly loadedAt: string;
  /** A newer content of it that did not compile. */
  readonly refused: { readonly at: string; readonly message: string } | null;
}
