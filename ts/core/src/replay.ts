/** Logs decided again, piece by piece. */

import type { BoundReplay } from "./binding.js";
import { answered } from "./engine.js";
import type { Engine } from "./engine.js";
import { CoreError } from "./error.js";
import type { ReplayOptions, ReplayReport } from "./generated/types.js";
import { boundOf } from "./table.js";
import type { RouteTable } from "./table.js";

/** A piece of a log that ends where a request does. */
export interface Piece {
  readonly bytes: Uint8Array;
  /** Which piece it is; examples carry it. */
  readonly number: number;
  /** Bytes of the log before it. Draws come from there, so that it does not matter how a log is cut. */
  readonly offset: number;
}

/** A log on its way through one table, or through two that are compared. Memory does not grow with the log. */
export interface Replay {
  /** Decides every request of a piece; how many lines it has. */
  feed(piece: Piece, table: RouteTable, against?: RouteTable): number;
  /** What came of it so far. Its words are those of `RouteTable.decideBatch`. */
  report(): ReplayReport;
}

export class BoundedReplay implements Replay {
  readonly #engine: Engine;
  readonly #bound: BoundReplay;

  constructor(engine: Engine, options: ReplayOptions) {
    let written: string;
    try {
      written = JSON.stringify(options);
    } catch (error) {
      throw new CoreError("invalidOptions", `no JSON can be made of it: ${String(error)}`, {
        cause: error,
      });
    }
    this.#engine = engine;
    this.#bound = engine.call((binding) => new binding.Replay(written));
  }

  feed({ bytes, number, offset }: Piece, table: RouteTable, against?: RouteTable): number {
    const [one, other] = [boundOf(table), against && boundOf(against)];
    return this.#engine.call(() =>
      other === undefined
        ? this.#bound.feed(one, bytes, number, offset)
        : this.#bound.feedBoth(one, other, bytes, number, offset),
    );
  }

  report(): ReplayReport {
    return answered(this.#engine.call(() => this.#bound.report()));
  }
}
