/**
 * Where the engine calls (`-M`), for as long as it lives.
 *
 * varnishd calls again when its connection ends, after one second and then ever more rarely, up to every ten. So a hung answer, or
 * the end of the program that gave orders before, costs a connection and not the engine: the door stays open on the same port.
 */

import { once } from "node:events";
import { createServer } from "node:net";
import type { Server, Socket } from "node:net";
import { AdminConnection } from "./connection.js";
import type { CommandLine } from "./connection.js";
import { AdminError } from "./error.js";
import type { Answer } from "./frame.js";

/** Callers that are asked who they are at the same time; any local program can call. */
const mostStrangers = 8;
/** Milliseconds for a caller to say who it is. */
const greetingTimeout = 10_000;

interface Waiter {
  readonly resolve: (connection: AdminConnection) => void;
  readonly reject: (error: AdminError) => void;
  readonly timer: NodeJS.Timeout;
}

export class AdminLine implements CommandLine {
  readonly #server: Server;
  readonly #secret: Buffer;
  readonly #strangers: Set<Socket> = new Set();
  #connection: AdminConnection | undefined;
  #waiting: Waiter[] = [];
  #isClosed = false;

  /** Opens a port on loopback: any, or the one that an engine that runs already knows. */
  static async open(secret: Buffer, port = 0): Promise<AdminLine> {
    const server = createServer();
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    return new AdminLine(server, secret);
  }

  private constructor(server: Server, secret: Buffer) {
    this.#server = server;
    this.#secret = secret;
    server.on("connection", (socket) => this.#greet(socket));
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  }

  /** `address:port` for the engine's option `-M`. */
  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** Resolves once an engine that takes the secret is connected. `timeout` in milliseconds. */
  async connected(timeout: number): Promise<void> {
    await this.#current(timeout);
  }

  /** Waits for a connection where there is none. A command whose connection ends fails with "closed" and is not sent again. */
  readonly send = async (command: string, timeout: number): Promise<Answer> => {
    const connection = await this.#current(timeout);
    return connection.send(command, timeout);
  };

  /** Ends the connection and takes no further one. */
  readonly close = (): void => {
    this.#isClosed = true;
    this.#server.close();
    for (const socket of this.#strangers) socket.destroy();
    this.#connection?.close();
    const error = new AdminError("closed", "the line to the engine was closed");
    for (const { reject, timer } of this.#waiting.splice(0)) {
      clearTimeout(timer);
      reject(error);
    }
  };

  #current(timeout: number): Promise<AdminConnection> {
    if (this.#connection !== undefined) return Promise.resolve(this.#connection);
    if (this.#isClosed)
      return Promise.reject(new AdminError("closed", "the line to the engine was closed"));
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting = this.#waiting.filter((waiter) => waiter.timer !== timer);
        reject(new AdminError("timeout", `the engine did not call within ${timeout} ms`));
      }, timeout);
      this.#waiting.push({ resolve, reject, timer });
    });
  }

  #greet(socket: Socket): void {
    if (this.#strangers.size >= mostStrangers) {
      socket.destroy();
      return;
    }
    this.#strangers.add(socket);
    socket.once("close", () => this.#strangers.delete(socket));
    const connection = new AdminConnection(socket);
    connection.authenticate(this.#secret, greetingTimeout).then(
      () => {
        this.#strangers.delete(socket);
        this.#take(connection);
      },
      // It has closed itself.
      () => undefined,
    );
  }

  /** The engine holds one connection: a new one means that the one before is gone, whether we have noticed or not. */
  #take(connection: AdminConnection): void {
    this.#connection?.close();
    this.#connection = connection;
    void connection.closed.then(() => {
      if (this.#connection === connection) this.#connection = undefined;
    });
    for (const { resolve, timer } of this.#waiting.splice(0)) {
      clearTimeout(timer);
      resolve(connection);
    }
  }
}
