/** A compiled table, asked with objects. */

import type { RequestBatch } from "./batch.js";
import type { BoundTable } from "./binding.js";
import { answered } from "./engine.js";
import type { Engine } from "./engine.js";
import { CoreError } from "./error.js";
import type { CoreErrorCode } from "./error.js";
import type {
  Comparison,
  DecideOptions,
  Decision,
  Explanation,
  ListenerSummary,
  RequestInput,
  TableListing,
  TableSummary,
} from "./generated/types.js";

/** Routes and endpoints, ready to be asked. Never changes. */
export interface RouteTable extends Readonly<TableSummary> {
  /** Where a request goes, down to the endpoint. Throws `CoreError` for what is no request. */
  decide(request: RequestInput, options?: DecideOptions): Decision;
  /** The decision with every match that stood for it, and why each one lost. */
  explain(request: RequestInput, options?: DecideOptions): Explanation;
  /**
   * Decides all requests under the same options: `batchWords` numbers for each, `batchNone` for nothing. They are indices into
   * `listing().outcomes`, into its `rules`, of the match in the rule, and into the rule's `services`. A decision ends at the
   * service: whether it has an endpoint is a question for `decide`.
   */
  decideBatch(requests: RequestBatch, options?: DecideOptions): Uint32Array;
  /** Every class of requests that another table, of the same engine, answers differently. */
  compare(after: RouteTable): Comparison;
  /** What the numbers of a batch stand for. */
  listing(): TableListing;
  /** Gives the memory back; to ask afterwards is a `CoreError`. Without it the garbage collector does the same, later. */
  dispose(): void;
}

/** JSON of an argument; what has none is as wrong as what the core cannot read. */
function written(value: unknown, code: CoreErrorCode): string {
  try {
    // `undefined` and functions have no JSON; the core says what is wrong with null.
    return JSON.stringify(value) ?? "null";
  } catch (error) {
    throw new CoreError(code, `no JSON can be made of it: ${String(error)}`, { cause: error });
  }
}

function question(request: RequestInput, options: DecideOptions): [string, string] {
  return [written(request, "invalidRequest"), written(options, "invalidOptions")];
}

export class CompiledTable implements RouteTable {
  readonly generation: number | null;
  readonly endpointsGeneration: number | null;
  readonly endpointsFile: string | null;
  readonly routeCount: number;
  readonly listeners: ListenerSummary[];
  #bound: BoundTable | undefined;
  readonly #engine: Engine;

  constructor(engine: Engine, bound: BoundTable) {
    const summary = answered(bound.summary());
    this.generation = summary.generation;
    this.endpointsGeneration = summary.endpointsGeneration;
    this.endpointsFile = summary.endpointsFile;
    this.routeCount = summary.routeCount;
    this.listeners = summary.listeners;
    this.#bound = bound;
    this.#engine = engine;
  }

  decide(request: RequestInput, options: DecideOptions = {}): Decision {
    const [asked, under] = question(request, options);
    return answered(this.#ask((bound) => bound.decide(asked, under)));
  }

  explain(request: RequestInput, options: DecideOptions = {}): Explanation {
    const [asked, under] = question(request, options);
    return answered(this.#ask((bound) => bound.explain(asked, under)));
  }

  decideBatch(requests: RequestBatch, options: DecideOptions = {}): Uint32Array {
    const { block, layout } = requests.layOut();
    const under = written(options, "invalidOptions");
    return this.#ask((bound) => bound.decideBatch(block, layout, under));
  }

  compare(after: RouteTable): Comparison {
    const other = boundOf(after);
    return answered(this.#ask((bound) => bound.compare(other)));
  }

  listing(): TableListing {
    return answered(this.#ask((bound) => bound.listing()));
  }

  dispose(): void {
    const bound = this.#bound;
    this.#bound = undefined;
    // The memory of a broken engine is gone as a whole.
    if (!this.#engine.isBroken) bound?.free();
  }

  /** What the engine knows it by. */
  get bound(): BoundTable {
    const bound = this.#bound;
    if (bound === undefined) throw new CoreError("disposed", "the table was disposed of");
    return bound;
  }

  #ask<T>(call: (bound: BoundTable) => T): T {
    const { bound } = this;
    return this.#engine.call(() => call(bound));
  }
}

/** What the engine knows a table by; a table of another making is a `CoreError`. */
export function boundOf(table: RouteTable): BoundTable {
  if (table instanceof CompiledTable) return table.bound;
  throw new CoreError("invalidDocument", "the table was not compiled by this package");
}
