/** The engine's commands, typed. A refusal is an AdminError with the engine's own words. */

import type { AdminConnection } from "./connection.js";
import { AdminError } from "./error.js";
import {
  readBackendList,
  readChildState,
  readListenAddresses,
  readParameter,
  readVclList,
} from "./replies.js";
import type { ListedBackend, ListenAddress, LoadedVcl } from "./replies.js";
import { commandLine, commandWithText } from "./words.js";

/** Milliseconds to wait for an answer. */
export interface AdminTimeouts {
  readonly command: number;
  /** A VCL goes through the C compiler, which takes seconds on a busy machine. */
  readonly compile: number;
}

export const defaultTimeouts: AdminTimeouts = { command: 10_000, compile: 120_000 };

const statusOk = 200;

export class AdminClient {
  readonly #connection: AdminConnection;
  readonly #timeouts: AdminTimeouts;

  constructor(connection: AdminConnection, timeouts: AdminTimeouts = defaultTimeouts) {
    this.#connection = connection;
    this.#timeouts = timeouts;
  }

  async ping(): Promise<void> {
    await this.#ask(["ping"]);
  }

  /** Starts the child process; the VCL in use goes to work in it. */
  async start(): Promise<void> {
    await this.#ask(["start"], this.#timeouts.compile);
  }

  /** Ends the child process. */
  async stop(): Promise<void> {
    await this.#ask(["stop"], this.#timeouts.compile);
  }

  /** State of the child process: `running`, `stopped`, `starting`, `stopping`. */
  async status(): Promise<string> {
    return readChildState(await this.#ask(["status"]));
  }

  /** Compiles and loads a VCL file. The refusal holds the compiler's message. */
  async vclLoad(name: string, file: string): Promise<void> {
    await this.#ask(["vcl.load", name, file], this.#timeouts.compile);
  }

  /** Compiles and loads VCL text. */
  async vclInline(name: string, text: string): Promise<void> {
    await this.#send(commandWithText(["vcl.inline", name], text), this.#timeouts.compile);
  }

  async vclUse(name: string): Promise<void> {
    await this.#ask(["vcl.use", name], this.#timeouts.compile);
  }

  /** Forgets a VCL that is not in use. May wait for idle connections of its backends. */
  async vclDiscard(name: string): Promise<void> {
    await this.#ask(["vcl.discard", name], this.#timeouts.compile);
  }

  async vclList(): Promise<LoadedVcl[]> {
    return readVclList(await this.#ask(["vcl.list", "-j"]));
  }

  async backendList(): Promise<ListedBackend[]> {
    return readBackendList(await this.#ask(["backend.list", "-j"]));
  }

  async parameter(name: string): Promise<string | number> {
    return readParameter(await this.#ask(["param.show", "-j", name]));
  }

  async setParameter(name: string, value: string): Promise<void> {
    await this.#ask(["param.set", name, value]);
  }

  /** The sockets that are open, with the ports the system gave where port 0 was asked for. */
  async listenAddresses(): Promise<ListenAddress[]> {
    return readListenAddresses(await this.#ask(["debug.listen_address"]));
  }

  close(): void {
    this.#connection.close();
  }

  #ask(words: readonly string[], timeout: number = this.#timeouts.command): Promise<string> {
    return this.#send(commandLine(words), timeout);
  }

  async #send(command: string, timeout: number): Promise<string> {
    const { status, text } = await this.#connection.send(command, timeout);
    if (status !== statusOk) throw new AdminError("refused", text.trim(), status);
    return text;
  }
}
