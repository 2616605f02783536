/** Requests without end over connections that stay open; each is in the ledger of client and origins. */

import { Agent, request } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import type { Ledger } from "../../ts/cli/src/demo/ledger.ts";

/** Requests under way at the same time. */
export const width = 16;

/** Milliseconds until a client that was turned away knocks again. */
const knockPause = 10;
const timeout = 30_000;

interface Answer {
  readonly status: number;
  readonly service: string | undefined;
  readonly id: string | undefined;
}

/** The connection was refused: nothing was sent, so nothing can be lost. */
type TurnedAway = "turnedAway";

export class Load {
  readonly #port: number;
  readonly #ledger: Ledger;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: width });
  #isOver = false;
  #workers: Promise<unknown> = Promise.resolve();
  #count = 0;
  /** Knocks at a closed door. */
  turnedAway = 0;
  /** When the last good answer came. */
  lastGood = performance.now();
  #waiting: (() => void)[] = [];

  constructor(port: number, ledger: Ledger) {
    this.#port = port;
    this.#ledger = ledger;
  }

  get count(): number {
    return this.#count;
  }

  start(): void {
    this.#workers = Promise.all(Array.from({ length: width }, () => this.#work()));
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#workers;
    this.#agent.destroy();
  }

  /** Resolves when this many more requests have ended. */
  async more(count: number): Promise<void> {
    const wanted = this.#count + count;
    while (this.#count < wanted) await this.#next();
  }

  /** Milliseconds until the first good answer to a request that begins from now on. */
  async recovery(): Promise<number> {
    const since = performance.now();
    for (;;) {
      const answer = await this.#send(`recovery-${this.#count}-${Math.random()}`, new Agent());
      if (answer !== "turnedAway" && answer.status === 200) return performance.now() - since;
      await delay(knockPause);
    }
  }

  #next(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  async #work(): Promise<void> {
    while (!this.#isOver) await this.#one(`r${(this.#count += 1)}`);
  }

  async #one(id: string): Promise<void> {
    for (;;) {
      const started = performance.now();
      const answer = await this.#send(id, this.#agent);
      if (answer === "turnedAway") {
        this.turnedAway += 1;
        await delay(knockPause);
        continue;
      }
      const ended = performance.now();
      this.#ledger.ended(id, started, ended, answer);
      if (answer.status === 200) this.lastGood = ended;
      for (const resolve of this.#waiting.splice(0)) resolve();
      return;
    }
  }

  #send(id: string, agent: Agent): Promise<Answer | TurnedAway> {
    return new Promise((resolve) => {
      const fail = (error: NodeJS.ErrnoException): void =>
        resolve(
          error.code === "ECONNREFUSED"
            ? "turnedAway"
            : { status: 0, service: undefined, id: undefined },
        );
      const headers = { host: "chaos.example", "x-request-id": id };
      // Few paths: the engine keeps a note for each answer that may not be cached.
      const path = `/${id.length}/${id.slice(-2)}`;
      const sent = request(
        { host: "127.0.0.1", port: this.#port, agent, path, headers, timeout },
        (response) => {
          const pieces: Buffer[] = [];
          response.on("data", (piece: Buffer) => pieces.push(piece));
          response.on("error", fail);
          response.on("end", () =>
            resolve(answerOf(response.statusCode ?? 0, Buffer.concat(pieces))),
          );
        },
      );
      sent.on("timeout", () => sent.destroy());
      sent.on("error", fail);
      sent.end();
    });
  }
}

function answerOf(status: number, body: Buffer): Answer {
  try {
    const { service, id } = JSON.parse(body.toString("utf8"));
    return { status, service, id };
  } catch {
    return { status, service: undefined, id: undefined };
  }
}
