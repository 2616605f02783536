/** Runs ghost-chaperone as the program it is, so that it can be killed. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import type { ChaperoneEvent } from "../src/events.js";
import { readEvent } from "../src/log.js";
import { builtVmod } from "./engine.js";
import { EventQueue } from "./events.js";
import type { EventOf } from "./events.js";

export interface RunningProgram {
  readonly pid: number;
  readonly events: readonly ChaperoneEvent[];
  /** The first event of a type that was not asked for yet. Rejects when the program ends before. */
  readonly next: <Type extends ChaperoneEvent["type"]>(type: Type) => Promise<EventOf<Type>>;
  readonly kill: (signal: NodeJS.Signals) => void;
  readonly exit: Promise<number | NodeJS.Signals>;
  readonly errors: () => string;
}

const binary = fileURLToPath(new URL("../bin/ghost-chaperone.js", import.meta.url));

/** Starts the program; it is ended with the test, an engine that it left behind is not. */
export function startProgram(
  words: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): RunningProgram {
  const { library, vcl } = builtVmod();
  const child = spawn(process.execPath, [binary, ...words], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, GHOST_VMOD: library, GHOST_VCL: vcl, ...environment },
  });
  const queue = new EventQueue();
  const { events } = queue;
  let errors = "";
  child.stderr.on("data", (text: Buffer) => (errors += text.toString()));
  createInterface(child.stdout).on("line", (line) => {
    if (line.startsWith("{")) queue.push(readEvent(line));
  });
  const exit = once(child, "close").then(([code, signal]) => code ?? signal);
  const ended = exit.then((code): never => {
    throw new Error(
      `ghost-chaperone ended with ${code}: ${errors}${JSON.stringify(events.slice(-5))}`,
    );
  });
  ended.catch(() => undefined);
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await exit;
  });
  const next: RunningProgram["next"] = (type) => queue.next(type, ended);
  return {
    pid: child.pid ?? 0,
    events,
    next,
    kill: (signal) => void child.kill(signal),
    exit,
    errors: () => errors,
  };
}
