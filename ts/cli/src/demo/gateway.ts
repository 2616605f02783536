/** `ghostctl up` as a child process: started, edited, listened to, ended. */

import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { ChaperoneEvent, OnEvent } from "@ghost-gateway/chaperone";
import { readEvent, writeAtomically } from "@ghost-gateway/chaperone";

type EventOf<Type extends ChaperoneEvent["type"]> = Extract<
  ChaperoneEvent,
  { readonly type: Type }
>;

/** Milliseconds to wait for an event: varnishd compiles VCL when it starts, on machines that may be busy. */
const patience = 60_000;

export class Gateway {
  readonly #child: ChildProcess;
  readonly #file: string;
  readonly #exited: Promise<number | null>;
  #onEvent: OnEvent = () => {};
  /** The last words of a child that failed. */
  #words = "";

  /** Starts `ghostctl up` for a document, on a port that the system gives. */
  constructor(file: string) {
    const program = fileURLToPath(new URL("../../bin/ghostctl.js", import.meta.url));
    const words = [program, "up", "-c", file, "--listen", "127.0.0.1:0", "-o", "json"];
    // A group of its own, so that Ctrl-C reaches it once, through us.
    this.#child = spawn(process.execPath, words, {
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    this.#file = file;
    this.#child.stderr?.on("data", (piece: Buffer) => (this.#words += piece.toString("utf8")));
    this.#exited = new Promise((resolve) => this.#child.once("close", resolve));
    if (this.#child.stdout !== null)
      createInterface(this.#child.stdout).on("line", (text) => this.#take(text));
  }

  /** Settles when the engine serves; gives its port. */
  async ready(): Promise<number> {
    const { listeners } = await this.#next("ready");
    return listeners[0]?.port ?? 0;
  }

  /** Replaces the document; settles with the engine's acknowledgement, or with the refusal. */
  async edit(document: string): Promise<EventOf<"reloaded"> | EventOf<"refused">> {
    const answered = this.#next("reloaded", "refused");
    await writeAtomically(this.#file, Buffer.from(document));
    return answered;
  }

  /** Passes every event on. */
  listen(onEvent: OnEvent): void {
    this.#onEvent = onEvent;
  }

  /** Asks it to drain and stop; once more: at once. */
  stop(): void {
    this.#child.kill("SIGTERM");
  }

  /** Its exit code, when it has ended. */
  get exited(): Promise<number | null> {
    return this.#exited;
  }

  #take(text: string): void {
    const event = readEvent(text);
    if (event.type === "notice" || event.type === "refused") this.#words += `${event.message}\n`;
    this.#onEvent(event);
  }

  async #next<Type extends ChaperoneEvent["type"]>(
    ...types: readonly Type[]
  ): Promise<EventOf<Type>> {
    const found = new Promise<EventOf<Type>>((resolve) => {
      this.#onEvent = (event) => {
        if (isOneOf(event, types)) resolve(event);
      };
    });
    const ended = this.#exited.then((code) =>
      Promise.reject(new Error(`ghostctl up ended with ${code}:\n${this.#words}`)),
    );
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () =>
          reject(
            new Error(`ghostctl up said nothing of ${types.join(" or ")} for ${patience / 1000} s`),
          ),
        patience,
      );
    });
    return Promise.race([found, ended, late]).finally(() => clearTimeout(timer));
  }
}

function isOneOf<Type extends ChaperoneEvent["type"]>(
  event: ChaperoneEvent,
  types: readonly Type[],
): event is EventOf<Type> {
  return types.some((type) => type === event.type);
}
