/**
 * Which process a number means. Numbers are given again; a number with the time the process started is not.
 *
 * Linux only, as varnishd with its run folder is here: `/proc/PID/stat`.
 */

import { readFile } from "node:fs/promises";

export interface ProcessIdentity {
  readonly pid: number;
  /** In ticks since the machine started (proc(5), field 22). */
  readonly startTime: number;
}

/** The process with this number now; undefined where there is none, or only what is left of one. */
export async function identify(pid: number): Promise<ProcessIdentity | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  const startTime = text === undefined ? undefined : readStartTime(text);
  return startTime === undefined ? undefined : { pid, startTime };
}

/** Whether this very process still runs. */
export async function isRunning({ pid, startTime }: ProcessIdentity): Promise<boolean> {
  return (await identify(pid))?.startTime === startTime;
}

/** From the text of `/proc/PID/stat`; undefined for a zombie. The name in it may hold spaces and brackets. */
export function readStartTime(text: string): number | undefined {
  const [state, ...fields] = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const startTime = Number(fields[18]);
  const isGone = state === undefined || state === "Z" || state === "X";
  return isGone || !Number.isSafeInteger(startTime) ? undefined : startTime;
}
