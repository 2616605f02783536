/** What both engines export: JSON text in and out, bytes for documents. */

import type {
  CheckReport,
  Comparison,
  Decision,
  Diagnostic,
  EdgeReport,
  Explanation,
  LivePlan,
  ReplayReport,
  RequestInput,
  TableListing,
  TableSummary,
} from "./generated/types.js";

export type EngineName = "napi" | "wasm";

declare const meaning: unique symbol;

/** Text that holds a `T` in JSON. */
export type Json<T> = string & { readonly [meaning]?: T };

export interface BoundTable {
  decide(request: string, options: string): Json<Decision>;
  explain(request: string, options: string): Json<Explanation>;
  decideBatch(block: Uint8Array, layout: Uint32Array, options: string): Uint32Array;
  compare(after: BoundTable): Json<Comparison>;
  listing(): Json<TableListing>;
  summary(): Json<TableSummary>;
  free(): void;
}

export interface BoundCompilation {
  diagnostics(): Json<Diagnostic[]>;
  table(): BoundTable | null | undefined;
  free(): void;
}

export interface BoundReplay {
  feed(table: BoundTable, bytes: Uint8Array, number: number, offset: number): number;
  feedBoth(
    table: BoundTable,
    against: BoundTable,
    bytes: Uint8Array,
    number: number,
    offset: number,
  ): number;
  report(): Json<ReplayReport>;
}

export interface BoundLiveEndpoints {
  setRoutes(document: Uint8Array, file: string): boolean;
  setEndpoints(document: Uint8Array | undefined, file: string): boolean;
  isAsked(): boolean;
  plan(): Json<LivePlan>;
  observe(service: string, endpoint: string, passed: boolean, now: number): boolean;
  resolve(service: string, addresses: string): boolean;
  document(): string;
}

export interface Binding {
  version(): string;
  check(document: Uint8Array, file: string): Json<CheckReport>;
  checkEdge(
    document: Uint8Array,
    format: string,
    file: string,
    surroundings: string,
  ): Json<EdgeReport>;
  readonly Compilation: new (
    routes: Uint8Array,
    file: string,
    endpoints: Uint8Array | undefined,
    endpointsFile: string,
  ) => BoundCompilation;
  loggedRequests(bytes: Uint8Array, options: string): Json<RequestInput[]>;
  readonly LiveEndpoints: new () => BoundLiveEndpoints;
  readonly Replay: new (options: string) => BoundReplay;
}
