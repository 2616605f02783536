/**
 * One connection of the engine to us: the engine calls (`-M`), we prove the secret, then commands go one by one.
 *
 * Knows framing and authentication; which commands there are is the client's matter, and who calls when is the line's.
 */

import type { Socket } from "node:net";
import { answerChallenge } from "./challenge.js";
import { AdminError } from "./error.js";
import { AnswerReader } from "./frame.js";
import type { Answer } from "./frame.js";
import { commandLine } from "./words.js";

const statusOk = 200;
const statusAuthenticate = 107;

interface Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: AdminError) => void;
  readonly timer: NodeJS.Timeout;
}

/** Takes commands and gives the engine's answers. */
export interface CommandLine {
  /** Sends a command and gives its answer, whatever its status. `timeout` in milliseconds. Rejects with an AdminError. */
  readonly send: (command: string, timeout: number) => Promise<Answer>;
  readonly close: () => void;
}

/** A connection, to be authenticated. */
export class AdminConnection implements CommandLine {
  readonly #socket: Socket;
  readonly #reader: AnswerReader = new AnswerReader();
  /** Commands on their way, oldest first: answers come in the order of the commands. */
  readonly #waiting: Waiting[] = [];
  #failure: AdminError | undefined;
  /** Settles when the connection is gone. */
  readonly closed: Promise<AdminError>;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.closed = new Promise((resolve) => {
      socket.once("close", () =>
        resolve(this.#fail(new AdminError("closed", "the engine closed the connection"))),
      );
    });
    socket.on("data", (bytes) => this.#take(bytes));
    // "close" follows and tells everybody who waits.
    socket.on("error", (error) => this.#fail(new AdminError("closed", error.message)));
  }

  /** Waits for the challenge and answers it. `timeout` in milliseconds. */
  async authenticate(secret: Buffer, timeout: number): Promise<void> {
    const greeting = await this.#answer(timeout);
    if (greeting.status !== statusAuthenticate)
      throw this.#fail(
        new AdminError("authentication", "the peer asked for no authentication", greeting.status),
      );
    const answer = await this.send(
      commandLine(["auth", answerChallenge(greeting.text, secret)]),
      timeout,
    );
    if (answer.status !== statusOk)
      throw this.#fail(
        new AdminError("authentication", "the engine does not accept the secret", answer.status),
      );
  }

  /** Sends a command and gives its answer, whatever its status. `timeout` in milliseconds. */
  send(command: string, timeout: number): Promise<Answer> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    const answer = this.#answer(timeout);
    this.#socket.write(command);
    return answer;
  }

  /** Ends the connection; commands on their way fail with "closed". */
  close(): void {
    this.#fail(new AdminError("closed", "the connection was closed"));
  }

  #answer(timeout: number): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => this.#fail(new AdminError("timeout", `the engine gave no answer for ${timeout} ms`)),
        timeout,
      );
      this.#waiting.push({ resolve, reject, timer });
    });
  }

  #take(bytes: Buffer): void {
    try {
      for (const answer of this.#reader.push(bytes)) this.#deliver(answer);
    } catch (error) {
      this.#fail(error instanceof AdminError ? error : new AdminError("protocol", String(error)));
    }
  }

  #deliver(answer: Answer): void {
    const waiting = this.#waiting.shift();
    if (waiting === undefined)
      throw new AdminError("protocol", "the engine answered without being asked");
    clearTimeout(waiting.timer);
    waiting.resolve(answer);
  }

  /** The first failure stays: it is the cause of the others. */
  #fail(error: AdminError): AdminError {
    this.#failure ??= error;
    for (const { reject, timer } of this.#waiting.splice(0)) {
      clearTimeout(timer);
      reject(this.#failure);
    }
    this.#socket.destroy();
    return this.#failure;
  }
}
