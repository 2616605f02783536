/** ghost-chaperone as a process that can be killed, with its events. */

import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** A line of the log. */
export interface Line {
  readonly event: string;
  readonly msg: string;
  readonly level: string;
  readonly [field: string]: unknown;
}

const binary = fileURLToPath(new URL("../../ts/chaperone/bin/ghost-chaperone.js", import.meta.url));

export class Chaperone {
  readonly #words: readonly string[];
  readonly #environment: NodeJS.ProcessEnv;
  #child: ChildProcess | undefined;
  #closed: Promise<unknown> = Promise.resolve();
  lines: Line[] = [];
  #wake: (() => void)[] = [];

  constructor(words: readonly string[], environment: NodeJS.ProcessEnv) {
    this.#words = words;
    this.#environment = environment;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  start(): void {
    const child = spawn(process.execPath, [binary, ...this.#words], {
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, ...this.#environment },
    });
    this.#child = child;
    this.#closed = once(child, "close");
    createInterface(child.stdout).on("line", (line) => {
      this.lines.push(JSON.parse(line));
      for (const resolve of this.#wake.splice(0)) resolve();
    });
    void this.#closed.then(() => {
      for (const resolve of this.#wake.splice(0)) resolve();
    });
  }

  /** The first line of an event behind line number `from`. */
  async next(event: string, from = 0, deadline = 60_000): Promise<Line> {
    const late = performance.now() + deadline;
    for (;;) {
      const found = this.lines.slice(from).find((line) => line.event === event);
      if (found !== undefined) return found;
      if (this.#child?.exitCode !== null)
        throw new Error(`ghost-chaperone ended: ${JSON.stringify(this.lines.slice(-5))}`);
      if (performance.now() > late)
        throw new Error(
          `no "${event}" for ${deadline} ms: ${JSON.stringify(this.lines.slice(-5))}`,
        );
      await Promise.race([
        new Promise<void>((resolve) => this.#wake.push(resolve)),
        new Promise((resolve) => setTimeout(resolve, 1000)),
      ]);
    }
  }

  async kill(signal: NodeJS.Signals): Promise<void> {
    this.#child?.kill(signal);
    await this.#closed;
  }
}

/** Process id of the engine's manager, from the run folder. */
export function managerOf(folder: string): number {
  return JSON.parse(readFileSync(join(folder, "engine.json"), "utf8")).pid;
}

/** Process id of the engine's child. */
export function childOf(manager: number): number | undefined {
  const [first] = readFileSync(`/proc/${manager}/task/${manager}/children`, "utf8")
    .trim()
    .split(" ");
  return first === undefined || first === "" ? undefined : Number(first);
}

/** Memory in use, in KiB. */
export function memoryOf(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
}
