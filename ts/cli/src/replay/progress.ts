/** A line that is written over: how far a log is read, how fast, and how long it will take. */

import type { Io } from "../io.js";
import type { Log } from "./log.js";

const width = 24;
/** Milliseconds between two looks. */
const interval = 100;

export interface Progress {
  /** Tells how many lines are done. */
  readonly tick: (lines: number) => void;
  /** Wipes the line. */
  readonly end: () => void;
}

/** Writes nothing where nobody watches. */
export function showProgress(log: Log, io: Io): Progress {
  if (!io.isWatched) return { tick: () => undefined, end: () => undefined };
  const began = performance.now();
  let last = 0;
  return {
    tick: (lines) => {
      const now = performance.now();
      if (now - last < interval) return;
      last = now;
      io.err.write(`\r\u001b[K${describe(log, lines, (now - began) / 1000)}`);
    },
    end: () => io.err.write("\r\u001b[K"),
  };
}

export function describe(log: Pick<Log, "size" | "taken">, lines: number, seconds: number): string {
  const rate = `${short(lines)} lines, ${short(lines / Math.max(seconds, 0.001))}/s`;
  const { size } = log;
  if (size === undefined || size === 0) return rate;
  const share = Math.min(1, log.taken() / size);
  const full = Math.round(share * width);
  const bar = `${"█".repeat(full)}${"░".repeat(width - full)}`;
  const left = share === 0 ? "" : `, ${time((seconds * (1 - share)) / share)} left`;
  return `${bar} ${Math.floor(share * 100)} %  ${rate}${left}`;
}

function short(number: number): string {
  if (number >= 1e6) return `${(number / 1e6).toFixed(1)} M`;
  return number >= 1e3 ? `${(number / 1e3).toFixed(0)} k` : number.toFixed(0);
}

function time(seconds: number): string {
  const whole = Math.ceil(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
