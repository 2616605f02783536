/**
 * Whether what a source gave is to be served, judged with the core that will serve it. Pure.
 */

import type { Core, Diagnostic, ListenerSummary } from "@ghost-gateway/core";
import type { Documents, Reading } from "../sources/reading.js";

/**
 * What an error in a readable document means. `refuse`: nothing of it is served and the last good one stays, as people expect
 * who edit a file. `quarantine`: the routes with errors are left out or answer 500 and all others are served, as the Gateway
 * API asks, where the routes of a document come from many hands.
 */
export type ErrorPolicy = "refuse" | "quarantine";

/** To be served. */
export interface GoodVerdict {
  readonly kind: "good";
  readonly documents: Documents;
  /** The routes document's own; null where it has none. */
  readonly generation: number | null;
  readonly listeners: readonly ListenerSummary[];
  readonly diagnostics: readonly Diagnostic[];
}

export interface RefusedVerdict {
  readonly kind: "refused";
  readonly diagnostics: readonly Diagnostic[];
}

export type Verdict = GoodVerdict | RefusedVerdict;

export function judge(reading: Reading, core: Core, policy: ErrorPolicy): Verdict {
  const { documents } = reading;
  if (documents === null) return { kind: "refused", diagnostics: reading.diagnostics };
  const { routes, file, endpoints, endpointsFile } = documents;
  const compiled = core.compile({
    routes,
    file,
    ...(endpoints === undefined ? {} : { endpoints }),
    ...(endpointsFile === undefined ? {} : { endpointsFile }),
  });
  const diagnostics = [...reading.diagnostics, ...reading.place(compiled.diagnostics)];
  const { table } = compiled;
  const isRefused = policy === "refuse" && diagnostics.some(({ severity }) => severity === "error");
  if (table === null || isRefused) return { kind: "refused", diagnostics };
  const { generation, listeners } = table;
  // The engine compiles its own; this one has said what was to be known.
  table.dispose();
  return { kind: "good", documents, generation, listeners, diagnostics };
}
