// Origins at the very addresses of the endpoints; they record what arrives.

import { createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { join } from "node:path";

import type { Config, Expectation } from "./case.ts";
import { readMessage } from "./message.ts";
import type { Head } from "./message.ts";

export type Arrival = { endpoint: string; head: Head };

type Endpoint = { address: string; port?: number };

export function endpointsOf(config: Config): Endpoint[] {
  return Object.values(config.services ?? {}).flatMap((service) => service.endpoints ?? []);
}

/** One server for each port takes the connections to all addresses; Unix sockets are moved into `folder`. */
export class Origins {
  readonly #arrivals: Arrival[] = [];
  readonly #servers: Server[] = [];
  readonly #sockets = new Set<Socket>();
  readonly #moved = new Map<string, string>();
  #extra: string[] = [];

  static async start(folder: string, endpoints: Endpoint[]): Promise<Origins> {
    const origins = new Origins();
    const ports = new Set(endpoints.flatMap(({ port }) => (port === undefined ? [] : [port])));
    for (const port of ports) {
      await origins.#listen({ port, host: "::" }, (socket) =>
        nameOf(socket.address() as AddressInfo),
      );
    }
    const paths = new Set(
      endpoints.map(({ address }) => address).filter((address) => address.startsWith("unix:")),
    );
    for (const address of paths) {
      const path = join(folder, `origin-${origins.#moved.size}.sock`);
      origins.#moved.set(address, `unix:${path}`);
      await origins.#listen({ path }, () => address);
    }
    return origins;
  }

  async #listen(
    where: { port: number; host: string } | { path: string },
    name: (socket: Socket) => string,
  ): Promise<void> {
    const server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
      socket.on("error", () => socket.destroy());
      void this.#serve(socket, name(socket));
    });
    this.#servers.push(server);
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(where, resolve);
    });
  }

  async #serve(socket: Socket, endpoint: string): Promise<void> {
    try {
      const head = await readMessage(socket, () => true);
      this.#arrivals.push({ endpoint, head });
      const lines = ["HTTP/1.1 200 OK", "Content-Length: 0", "Connection: close", ...this.#extra];
      socket.end(`${lines.join("\r\n")}\r\n\r\n`);
    } catch {
      socket.destroy();
    }
  }

  /** Headers that a filter is expected to remove must come from somewhere. */
  expect(expected: Expectation): void {
    const removed = (expected.responseHeaders ?? []).filter(([, value]) => value === null);
    this.#extra = removed.map(([name]) => `${name}: from the origin`);
  }

  /** What arrived since this was last asked. */
  take(): Arrival[] {
    return this.#arrivals.splice(0);
  }

  /** The document with Unix sockets where they are. */
  rewrite(config: Config): Config {
    if (this.#moved.size === 0) return config;
    const moved = (_key: string, value: unknown): unknown =>
      typeof value === "string" ? (this.#moved.get(value) ?? value) : value;
    const rewritten: Config = JSON.parse(JSON.stringify(config), moved);
    return rewritten;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(
      this.#servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve()))),
    );
  }
}

/** As Ghost writes endpoints. */
function nameOf({ address, port }: AddressInfo): string {
  const plain = address.startsWith("::ffff:") ? address.slice("::ffff:".length) : address;
  return plain.includes(":") ? `[${plain}]:${port}` : `${plain}:${port}`;
}
