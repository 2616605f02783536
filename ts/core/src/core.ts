/** The core as objects, over either engine. Converts; every answer is the engine's. */

import type { Binding, EngineName } from "./binding.js";
import { answered } from "./engine.js";
import type { Engine } from "./engine.js";
import { CoreError } from "./error.js";
import type {
  CheckReport,
  Diagnostic,
  EdgeReport,
  EdgeSurroundings,
  ReplayOptions,
  RequestInput,
} from "./generated/types.js";
import { BoundedLiveEndpoints } from "./live.js";
import type { LiveEndpoints } from "./live.js";
import { BoundedReplay } from "./replay.js";
import type { Replay } from "./replay.js";
import { CompiledTable } from "./table.js";
import type { RouteTable } from "./table.js";

/** Documents as bytes, with the names that findings carry. */
export interface CompileInput {
  readonly routes: Uint8Array;
  readonly file: string;
  readonly endpoints?: Uint8Array;
  /** Absent: `endpoints.json`. */
  readonly endpointsFile?: string;
}

/** How a configuration of ghost-edge is written. */
export type EdgeFormat = "yaml" | "toml" | "json";

export interface Compilation {
  /** `null` when a document cannot be read at all: keep the last good table. */
  readonly table: RouteTable | null;
  readonly diagnostics: Diagnostic[];
}

/** The routing core that serves, as a library. */
export interface Core {
  readonly engine: EngineName;
  readonly version: string;
  /** Everything that is wrong with a routing document, or probably not meant, all at once. */
  check(document: Uint8Array, file: string): CheckReport;
  /**
   * Everything that is wrong with a configuration of ghost-edge. What lies outside the file is only judged where
   * `surroundings` says what it is; the report's `wanted` lists what was not said.
   */
  checkEdge(
    document: Uint8Array,
    format: EdgeFormat,
    file: string,
    surroundings?: EdgeSurroundings,
  ): EdgeReport;
  /** A table to ask. Reports what is wrong, but not what is only doubtful: that takes `check`. */
  compile(input: CompileInput): Compilation;
  /** The requests in lines of a log; what is no request is left out. */
  loggedRequests(log: Uint8Array, options?: ReplayOptions): RequestInput[];
  /** Begins to learn about endpoints; nothing is known yet. */
  liveEndpoints(): LiveEndpoints;
  /** Begins to decide the requests of a log. Throws `CoreError` for a format that cannot be read. */
  replay(options?: ReplayOptions): Replay;
}

function bytes(document: Uint8Array, name: string): Uint8Array {
  if (Object.prototype.toString.call(document) === "[object Uint8Array]") return document;
  throw new CoreError("invalidDocument", `${name} must be given as a Uint8Array`);
}

export function coreOver(engine: Engine): Core {
  return {
    engine: engine.name,
    version: engine.call((binding) => binding.version()),
    check: (document, file) =>
      answered(engine.call((binding) => binding.check(bytes(document, "the document"), file))),
    checkEdge: (document, format, file, surroundings = {}) => {
      const [text, given] = [bytes(document, "the document"), JSON.stringify(surroundings)];
      return answered(engine.call((binding) => binding.checkEdge(text, format, file, given)));
    },
    compile: (input) => engine.call((binding) => compile(engine, binding, input)),
    loggedRequests: (log, options = {}) =>
      answered(
        engine.call((binding) =>
          binding.loggedRequests(bytes(log, "the log"), JSON.stringify(options)),
        ),
      ),
    liveEndpoints: () => new BoundedLiveEndpoints(engine),
    replay: (options = {}) => new BoundedReplay(engine, options),
  };
}

function compile(engine: Engine, binding: Binding, input: CompileInput): Compilation {
  const { routes, file, endpoints, endpointsFile = "endpoints.json" } = input;
  const lists = endpoints && bytes(endpoints, "endpoints");
  const compilation = new binding.Compilation(bytes(routes, "routes"), file, lists, endpointsFile);
  const table = compilation.table();
  const diagnostics = answered(compilation.diagnostics());
  compilation.free();
  return { table: table ? new CompiledTable(engine, table) : null, diagnostics };
}
