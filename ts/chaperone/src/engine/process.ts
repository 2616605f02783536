/** The varnishd process: started, its log read line by line, its end awaited. Knows nothing of what it is told to do. */

import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";

/** How the process ended. */
export interface EngineExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface EngineProcess {
  readonly pid: number;
  /** Settles when the process has ended and its log is read. */
  readonly exited: Promise<EngineExit>;
  readonly kill: (signal: NodeJS.Signals) => void;
}

/** Starts varnishd. Rejects when there is no such program; `onLine` gets each line of its log. */
export async function startEngine(
  command: string,
  words: readonly string[],
  onLine: (line: string) => void,
): Promise<EngineProcess> {
  // A group of its own: Ctrl-C at the terminal is for us, and we drain before the engine ends.
  const child = spawn(command, words, {
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
    env: withSystemFolders(process.env),
  });
  for (const stream of [child.stdout, child.stderr]) createInterface(stream).on("line", onLine);
  const exited = new Promise<EngineExit>((resolve) =>
    child.once("close", (code, signal) => resolve({ code, signal })),
  );
  return { pid: await spawned(child), exited, kill: (signal) => void child.kill(signal) };
}

/** varnishd is a program for administrators, whose folders are not in everybody's PATH. */
export function withSystemFolders(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return {
    ...environment,
    PATH: [environment["PATH"], "/usr/local/sbin", "/usr/sbin"].filter((part) => part).join(":"),
  };
}

function spawned(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("spawn", () => resolve(child.pid ?? 0));
    child.once("error", reject);
  });
}
