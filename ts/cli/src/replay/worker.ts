/** Decides pieces of a log in a thread of its own. */

import { parentPort, workerData } from "node:worker_threads";
import { startCounting } from "./counting.js";
import type { CountingInput } from "./counting.js";

/** To a worker: a piece, or null for the report. */
export type ToWorker = {
  readonly bytes: Uint8Array;
  readonly number: number;
  readonly offset: number;
} | null;

const port = parentPort;
if (port !== null) {
  // eslint-disable-next-line typescript/no-unsafe-type-assertion -- crew.ts is the only one that starts this file
  const counting = startCounting(workerData as CountingInput);
  port.on("message", (piece: ToWorker) => {
    if (piece === null) {
      port.postMessage({ report: counting.report() });
      port.close();
      return;
    }
    port.postMessage({ number: piece.number, lines: counting.feed(piece) });
  });
}
