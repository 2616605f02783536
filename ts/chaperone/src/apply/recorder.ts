/** Told what became of documents, for status and metrics. */

import type { Refused } from "../events.js";
import type { ReloadAnswer } from "./answer.js";
import type { HistoryEntry } from "./history.js";

export interface ApplyRecorder {
  /** The engine acknowledged documents. `took` in milliseconds, from the first look at the source on. */
  readonly applied: (entry: HistoryEntry, answer: ReloadAnswer, took: number) => void;
  /** The same for endpoints alone, as probes and names have changed them. */
  readonly refreshed: (answer: ReloadAnswer) => void;
  readonly refused: (refused: Refused) => void;
  /** Whether the source's present content is held back, after a rollback. */
  readonly held: (isHeld: boolean) => void;
}

export const noRecorder: ApplyRecorder = {
  applied: () => undefined,
  refreshed: () => undefined,
  refused: () => undefined,
  held: () => undefined,
};
