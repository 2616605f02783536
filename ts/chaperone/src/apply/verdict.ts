/**
 * Whether what a source gave is to be served, judged with the core that will serve it. Pure.
 */

import type { CompileInput, Core, Diagnostic, ListenerSummary } from "@ghost-gateway/core";
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
  return judging(core, policy)(reading);
}

/** What the core found in routes, kept for as long as they stay the same. */
interface KnownRoutes {
  readonly routes: Uint8Array;
  readonly file: string;
  readonly compiled: Compiled | undefined;
}

interface Compiled {
  readonly generation: number | null;
  readonly listeners: readonly ListenerSummary[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Endpoints are judged by themselves: nothing of what the core says about them depends on the routes. */
const noRoutes = Buffer.from('{"version":1,"routes":[],"endpointsFile":"endpoints.json"}');

/** A judge that remembers: endpoints come and go far more often than routes, which are compiled only when they differ. */
export function judging(core: Core, policy: ErrorPolicy): (reading: Reading) => Verdict {
  let known: KnownRoutes | undefined;
  return (reading) => {
    const { documents } = reading;
    if (documents === null) return { kind: "refused", diagnostics: reading.diagnostics };
    const { routes, file, endpoints, endpointsFile } = documents;
    if (known === undefined || known.file !== file || Buffer.compare(known.routes, routes) !== 0)
      known = { routes, file, compiled: undefined };
    const found: Diagnostic[] = [];
    if (endpoints !== undefined) {
      const name = endpointsFile ?? "endpoints.json";
      const alone = compile(core, { routes: noRoutes, file, endpoints, endpointsFile: name });
      if (alone === undefined)
        return {
          kind: "refused",
          diagnostics: [...reading.diagnostics, ...findings(core, documents)],
        };
      found.push(...alone.diagnostics);
    }
    known = { ...known, compiled: known.compiled ?? compile(core, { routes, file }) };
    const { compiled } = known;
    const own =
      compiled === undefined ? findings(core, documents) : [...compiled.diagnostics, ...found];
    const diagnostics = [...reading.diagnostics, ...reading.place(own)];
    const isRefused =
      policy === "refuse" && diagnostics.some(({ severity }) => severity === "error");
    if (compiled === undefined || isRefused) return { kind: "refused", diagnostics };
    const { generation, listeners } = compiled;
    return { kind: "good", documents, generation, listeners, diagnostics };
  };
}

/** Undefined where a document cannot be read at all. */
function compile(core: Core, input: CompileInput): Compiled | undefined {
  const { table, diagnostics } = core.compile(input);
  if (table === null) return undefined;
  const { generation, listeners } = table;
  // The engine compiles its own; this one has said what was to be known.
  table.dispose();
  return { generation, listeners, diagnostics };
}

/** All findings in documents of which one cannot be read. */
function findings(
  core: Core,
  { routes, file, endpoints, endpointsFile }: Documents,
): readonly Diagnostic[] {
  const { table, diagnostics } = core.compile({
    routes,
    file,
    ...(endpoints === undefined ? {} : { endpoints }),
    ...(endpointsFile === undefined ? {} : { endpointsFile }),
  });
  table?.dispose();
  return diagnostics;
}
