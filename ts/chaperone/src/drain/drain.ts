/** Waits until no client session is open (row C6). Without a time limit of its own: whoever started us has one. */

import { execFile } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import type { OnEvent } from "../events.js";
import { withSystemFolders } from "../engine/process.js";
import { countSessions } from "./sessions.js";

export interface DrainOptions {
  /** Open sessions now; undefined while that cannot be told. */
  readonly sessions: () => Promise<number | undefined>;
  readonly onEvent: OnEvent;
  /** Ends the wait. */
  readonly now: AbortSignal;
  /** Milliseconds between two looks. */
  readonly interval?: number;
}

/** Looks between two lines of progress. */
const quietLooks = 10;

/** True when every session has ended, false when the wait was cut short. */
export async function drain({
  sessions,
  onEvent,
  now,
  interval = 1000,
}: DrainOptions): Promise<boolean> {
  for (let look = 0; !now.aborted; look += 1) {
    const open = await sessions();
    if (open === 0) {
      onEvent({ type: "draining", message: "Drain complete, stopping varnishd", sessions: 0 });
      return true;
    }
    if (look % quietLooks === 0) onEvent(progress(open));
    await delay(interval, undefined, { signal: now }).catch(() => undefined);
  }
  return false;
}

function progress(open: number | undefined): Parameters<OnEvent>[0] {
  if (open === undefined)
    return { type: "draining", message: "Draining: varnishstat gives no number of open sessions" };
  return {
    type: "draining",
    message: `Draining: ${open} ${open === 1 ? "session is" : "sessions are"} open`,
    sessions: open,
  };
}

const run = promisify(execFile);

/** Asks varnishstat for the open sessions of the engine with this working directory. */
export async function openSessions(workDirectory: string): Promise<number | undefined> {
  const words = ["-n", workDirectory, "-j", "-f", "MEMPOOL.sess*.live"];
  const answer = await run("varnishstat", words, {
    timeout: 5000,
    env: withSystemFolders(process.env),
  }).catch(() => ({ stdout: "" }));
  return countSessions(answer.stdout);
}
