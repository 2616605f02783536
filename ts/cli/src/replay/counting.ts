/** One counter: its own tables and its own replay. */

import { loadCore } from "@ghost-gateway/core";
import type {
  CompileInput,
  Piece,
  ReplayOptions,
  ReplayReport,
  RouteTable,
} from "@ghost-gateway/core";

export interface CountingInput {
  readonly before: CompileInput;
  readonly after: CompileInput | null;
  readonly options: ReplayOptions;
}

export interface Counting {
  /** How many lines the piece has. */
  readonly feed: (piece: Piece) => number;
  readonly report: () => ReplayReport;
}

export function startCounting({ before, after, options }: CountingInput): Counting {
  const core = loadCore();
  const compile = (input: CompileInput): RouteTable => {
    const { table } = core.compile(input);
    // The same documents gave a table a moment ago.
    if (table === null) throw new Error("the configuration cannot be compiled again");
    return table;
  };
  const table = compile(before);
  const against = after === null ? undefined : compile(after);
  const replay = core.replay(options);
  return {
    feed: (piece) => replay.feed(piece, table, against),
    report: () => replay.report(),
  };
}
