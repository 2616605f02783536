// A program of the control plane: its output goes to a file, and its unexpected end ends the cluster with that file's tail.

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";

/** What it may take to end in good order before it is killed. */
const patienceMs = 5000;

export class ControlPlaneProcess {
  readonly name: string;
  /** Rejects when the program ends without having been asked to. */
  readonly lost: Promise<never>;
  readonly #child: ChildProcess;
  #isStopping = false;

  constructor(name: string, program: string, args: readonly string[], log: string) {
    this.name = name;
    const output = openSync(log, "a");
    this.#child = spawn(program, args, { stdio: ["ignore", output, output] });
    closeSync(output);
    this.lost = new Promise((_, reject) => {
      this.#child.once("error", reject);
      this.#child.once("exit", (code, signal) => {
        if (this.#isStopping) return;
        const tail = readFileSync(log, "utf8").split("\n").slice(-20).join("\n");
        reject(
          new Error(`${name} ended (${signal ?? `exit ${code}`}); its log ends with\n${tail}`),
        );
      });
    });
    this.lost.catch(() => undefined);
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, "exit");
    this.#child.kill("SIGTERM");
    const killer = setTimeout(() => this.#child.kill("SIGKILL"), patienceMs);
    await ended;
    clearTimeout(killer);
  }
}
