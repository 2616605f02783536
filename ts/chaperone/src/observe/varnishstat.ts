/** Asks varnishstat for the counters of an engine. */

import { execFile } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { withSystemFolders } from "../engine/process.js";
import { counterValue, readCounters } from "./counters.js";
import type { EngineCounter } from "./counters.js";

const run = promisify(execFile);
/** Milliseconds for an answer. */
const timeout = 5000;
/** 10,000 backends have 200,000 counters of about 150 bytes. */
const longestAnswer = 64 << 20;

export class StatsCollector {
  readonly #program: string;
  readonly #workDirectory: string;
  /** What is being asked for: people who ask at the same time get the same answer. */
  #asked: Promise<readonly EngineCounter[]> | undefined;

  /** `workDirectory` is that of the engine (`-n`). */
  constructor(workDirectory: string, program = "varnishstat") {
    this.#workDirectory = workDirectory;
    this.#program = program;
  }

  /** Every counter now; none while the child is away. Does not reject. */
  async all(): Promise<readonly EngineCounter[]> {
    this.#asked ??= this.#ask([]).finally(() => (this.#asked = undefined));
    return this.#asked;
  }

  /** The counters whose names match a pattern of varnishstat's, such as `MEMPOOL.sess*.live`. */
  matching(pattern: string): Promise<readonly EngineCounter[]> {
    return this.#ask(["-f", pattern]);
  }

  /** One counter, such as `MAIN.client_req`; undefined while the child is away, or where there is none. */
  async value(name: string): Promise<number | undefined> {
    return counterValue(await this.matching(name), name);
  }

  /** One counter again and again, every `interval` milliseconds, until the signal is aborted. */
  async *watch(
    name: string,
    interval: number,
    signal: AbortSignal,
  ): AsyncGenerator<number | undefined> {
    while (!signal.aborted) {
      yield await this.value(name);
      await delay(interval, undefined, { signal }).catch(() => undefined);
    }
  }

  async #ask(words: readonly string[]): Promise<readonly EngineCounter[]> {
    const answer = await run(this.#program, ["-n", this.#workDirectory, "-j", ...words], {
      timeout,
      maxBuffer: longestAnswer,
      env: withSystemFolders(process.env),
    }).catch(() => ({ stdout: "" }));
    return readCounters(answer.stdout);
  }
}
