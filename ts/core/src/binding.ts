/** What both engines export: JSON text in and out, bytes for documents. */

import type {
  CheckReport,
  Decision,
  Diagnostic,
  Explanation,
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
  listing(): Json<TableListing>;
  summary(): Json<TableSummary>;
  free(): void;
}

export interface BoundCompilation {
  diagnostics(): Json<Diagnostic[]>;
  table(): BoundTable | null | undefined;
  free(): void;
}

export interface Binding {
  version(): string;
  check(document: Uint8Array, file: string): Json<CheckReport>;
  readonly Compilation: new (
    routes: Uint8Array,
    file: string,
    endpoints: Uint8Array | undefined,
    endpointsFile: string,
  ) => BoundCompilation;
}
