/** Counters at work on one log: here, or in threads. */

import { Worker } from "node:worker_threads";
import type { ReplayReport } from "@ghost-gateway/core";
import { startCounting } from "./counting.js";
import type { CountingInput } from "./counting.js";
import type { Piece } from "./log.js";

export interface Crew {
  /** Resolves when the next piece may come. */
  readonly feed: (piece: Piece) => Promise<void>;
  /** The counts of all, when all is done. */
  readonly finish: () => Promise<ReplayReport[]>;
  /** Lines of each piece that is done, by its number. */
  readonly lines: readonly number[];
}

/** Pieces that a thread may have waiting. */
const waiting = 2;

export function startCrew(input: CountingInput, workers: number): Crew {
  return workers === 1 ? alone(input) : together(input, workers);
}

function alone(input: CountingInput): Crew {
  const counting = startCounting(input);
  const lines: number[] = [];
  return {
    lines,
    feed: async (piece) => {
      lines[piece.number] = counting.feed(piece);
    },
    finish: async () => [counting.report()],
  };
}

interface Member {
  readonly worker: Worker;
  pending: number;
  readonly report: Promise<ReplayReport>;
}

function together(input: CountingInput, workers: number): Crew {
  const lines: number[] = [];
  let wake: (() => void) | undefined;
  const members = Array.from({ length: workers }, () => {
    const member = startMember(input, (number, count) => {
      lines[number] = count;
      wake?.();
    });
    return member;
  });
  let failure: Error | undefined;
  for (const { report } of members)
    report.catch((error: unknown) => {
      failure = error instanceof Error ? error : new Error(String(error));
      wake?.();
    });
  const free = async (): Promise<Member> => {
    for (;;) {
      if (failure !== undefined) throw failure;
      const least = members.reduce((one, other) => (other.pending < one.pending ? other : one));
      if (least.pending < waiting) return least;
      // eslint-disable-next-line no-await-in-loop -- it waits for room
      await new Promise<void>((resolve) => (wake = resolve));
    }
  };
  return {
    lines,
    feed: async ({ bytes, number, offset }) => {
      const member = await free();
      member.pending += 1;
      // Copied into memory of its own, which is handed over whole.
      const own = new Uint8Array(bytes);
      member.worker.postMessage({ bytes: own, number, offset }, [own.buffer]);
    },
    finish: async () => {
      for (const { worker } of members) worker.postMessage(null);
      return Promise.all(members.map(({ report }) => report));
    },
  };
}

type FromWorker =
  | { readonly number: number; readonly lines: number }
  | { readonly report: ReplayReport };

function startMember(
  input: CountingInput,
  onPiece: (number: number, lines: number) => void,
): Member {
  const worker = new Worker(new URL("worker.js", import.meta.url), { workerData: input });
  const { promise, resolve, reject } = Promise.withResolvers<ReplayReport>();
  const member: Member = { worker, pending: 0, report: promise };
  worker.on("message", (message: FromWorker) => {
    if ("report" in message) {
      resolve(message.report);
      return;
    }
    member.pending -= 1;
    onPiece(message.number, message.lines);
  });
  worker.on("error", reject);
  worker.on("exit", (code) => reject(new Error(`a worker ended with ${code}`)));
  return member;
}
