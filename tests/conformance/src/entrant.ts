// What the suite is run against: how it is installed in a cluster, and with which flags the suite then runs.

import type { Cluster, ImageTable } from "@ghost-gateway/cluster";
import type { SuiteList } from "./board.ts";
import type { Implementation } from "./suite.ts";

export interface Entrant {
  readonly implementation: Implementation;
  /** Images of its pods. */
  readonly images?: ImageTable;
  /** Resolves when its GatewayClass is accepted. */
  readonly install: (cluster: Cluster) => Promise<void>;
  readonly flags: (list: SuiteList) => readonly string[];
  /** Resolves when something is seen that must be seen during the run; the signal ends the watch. */
  readonly witness?: (cluster: Cluster, signal: AbortSignal) => Promise<string>;
  /** Folder in tests/conformance where its score is kept; absent for a run that is not compared. */
  readonly kept?: string;
  /** For an entrant that cannot pass: what the suite says where it stops. */
  readonly stopsAt?: RegExp;
}
