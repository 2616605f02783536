// The engine's command line over its telnet port: challenge, answer, one command at a time.

import { createHash } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import type { Socket } from "node:net";

const authRequired = 107;
const ok = 200;

type Reply = { status: number; text: string };

export class Cli {
  readonly #socket: Socket;
  #waiting: ((reply: Reply) => void)[] = [];
  #bytes = Buffer.alloc(0);

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (piece: Buffer) => this.#read(piece));
  }

  static async open(port: number, secret: Buffer): Promise<Cli> {
    const socket = connect({ port, host: "127.0.0.1" });
    await once(socket, "connect");
    const cli = new Cli(socket);
    const banner = await cli.#reply();
    if (banner.status === authRequired) {
      const challenge = banner.text.slice(0, 32);
      const hash = createHash("sha256").update(`${challenge}\n`).update(secret);
      await cli.run(`auth ${hash.update(`${challenge}\n`).digest("hex")}`);
    }
    return cli;
  }

  /** Runs a command; its text, or an error when the engine refuses it. */
  async run(command: string): Promise<string> {
    const reply = this.#reply();
    this.#socket.write(`${command}\n`);
    const { status, text } = await reply;
    if (status !== ok) throw new Error(`${command}: ${status} ${text}`);
    return text;
  }

  close(): void {
    this.#socket.destroy();
  }

  #reply(): Promise<Reply> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** A line of 13 bytes with status and length, then the text and a line end. */
  #read(piece: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, piece]);
    for (;;) {
      const [, status, length] =
        /^(\d{3}) (\d+) *\n/.exec(this.#bytes.subarray(0, 13).toString()) ?? [];
      const end = 13 + Number(length) + 1;
      if (length === undefined || this.#bytes.length < end) return;
      const text = this.#bytes.subarray(13, end - 1).toString();
      this.#bytes = this.#bytes.subarray(end);
      this.#waiting.shift()?.({ status: Number(status), text });
    }
  }
}
