/** The engine's commands, typed. A refusal is an AdminError with the engine's own words. */

import type { CommandLine } from "./connection.js";
import { AdminError } from "./error.js";
import {
  readBackendList,
  readBanList,
  readChildState,
  readCommandNames,
  readListenAddresses,
  readParameter,
  readParameters,
  readStorageList,
  readVclList,
  readVersion,
} from "./replies.js";
import type {
  Ban,
  ListedBackend,
  ListenAddress,
  LoadedVcl,
  Parameter,
  Storage,
} from "./replies.js";
import { commandLine, commandWithText } from "./words.js";

/** Milliseconds to wait for an answer. */
export interface AdminTimeouts {
  readonly command: number;
  /** A VCL goes through the C compiler, which takes seconds on a busy machine. */
  readonly compile: number;
}

export const defaultTimeouts: AdminTimeouts = { command: 10_000, compile: 120_000 };

const statusOk = 200;
/** The engine's "cannot": what was asked for is not there. */
const statusCannot = 300;

export type VclState = "auto" | "cold" | "warm";

export class AdminClient {
  readonly #line: CommandLine;
  readonly #timeouts: AdminTimeouts;

  constructor(line: CommandLine, timeouts: AdminTimeouts = defaultTimeouts) {
    this.#line = line;
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

  /** Makes a VCL cold, to free what it holds, or warm. */
  async vclState(name: string, state: VclState): Promise<void> {
    await this.#ask(["vcl.state", name, state], this.#timeouts.compile);
  }

  /** Gives a VCL a second name, which other VCLs can hand requests to. */
  async vclLabel(label: string, name: string): Promise<void> {
    await this.#ask(["vcl.label", label, name]);
  }

  async vclList(): Promise<LoadedVcl[]> {
    return readVclList(await this.#ask(["vcl.list", "-j"]));
  }

  async backendList(): Promise<ListedBackend[]> {
    return readBackendList(await this.#ask(["backend.list", "-j"]));
  }

  /**
   * Objects that match are not served any more. A condition is a field, an operator and a value, such as
   * `["req.url", "~", "^/shop/"]`; all of them must hold. Each stays one word, so that no value becomes a condition.
   */
  async ban(
    conditions: readonly (readonly [field: string, operator: string, value: string])[],
  ): Promise<void> {
    const words = conditions.flatMap((one, index) => (index === 0 ? one : ["&&", ...one]));
    const unsafe = words.find((word) => !/^[\x21-\x7e]+$/.test(word) || /["\\#]|<</.test(word));
    if (unsafe !== undefined)
      throw new AdminError(
        "protocol",
        `${JSON.stringify(unsafe)} cannot stand in a ban: the engine's manager does not hand on quotes, so spaces, quotes, backslashes and # are written as . or [.] in an expression`,
      );
    // Written as they are: quotes around them would not survive the way to the child.
    await this.#send(`ban ${words.join(" ")}\n`, this.#timeouts.command);
  }

  async banList(): Promise<Ban[]> {
    return readBanList(await this.#ask(["ban.list", "-j"]));
  }

  /** The last panic of a child; undefined where there was none. */
  async panic(): Promise<string | undefined> {
    const { status, text } = await this.#line.send(
      commandLine(["panic.show"]),
      this.#timeouts.command,
    );
    if (status === statusCannot) return undefined;
    if (status !== statusOk) throw new AdminError("refused", text.trim(), status);
    return text;
  }

  async clearPanic(): Promise<void> {
    await this.#ask(["panic.clear"]);
  }

  async storageList(): Promise<Storage[]> {
    return readStorageList(await this.#ask(["storage.list", "-j"]));
  }

  /** Such as `varnish-7.1.1`. */
  async version(): Promise<string> {
    return readVersion(await this.#ask(["banner"]));
  }

  /** Names of the commands this engine has. */
  async commands(): Promise<string[]> {
    return readCommandNames(await this.#ask(["help", "-j"]));
  }

  /**
   * A command of the group `tls.cert`, such as `["load", "name", "/path.pem"]` or `["commit"]`, in its own words. Rejects with
   * "unsupported" where the engine ends no TLS.
   */
  async tlsCertificate(words: readonly [verb: string, ...rest: string[]]): Promise<string> {
    const [verb, ...rest] = words;
    const name = `tls.cert.${verb}`;
    if (!(await this.commands()).includes(name))
      throw new AdminError("unsupported", `this engine has no command ${name}: it ends no TLS`);
    return this.#ask([name, ...rest]);
  }

  async parameters(): Promise<Parameter[]> {
    return readParameters(await this.#ask(["param.show", "-j"]));
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
    this.#line.close();
  }

  #ask(words: readonly string[], timeout: number = this.#timeouts.command): Promise<string> {
    return this.#send(commandLine(words), timeout);
  }

  async #send(command: string, timeout: number): Promise<string> {
    const { status, text } = await this.#line.send(command, timeout);
    if (status !== statusOk) throw new AdminError("refused", text.trim(), status);
    return text;
  }
}
