// Origins at the very addresses of the endpoints; they record what arrives.

import { createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { join } from "node:path";

import type { Config, Endpoint, Filter } from "./case.ts";
import { readMessage } from "./message.ts";
import type { Head } from "./message.ts";

/** A request, the endpoint it came to, and the headers that were sent back. */
export type Arrival = { endpoint: string; head: Head; sent: string[] };

/** What an origin says in every header that some filter of the document removes. */
export const FROM_ORIGIN = "from the origin";

function endpointsOf(config: Config): Partial<Endpoint>[] {
  return Object.values(config.services ?? {}).flatMap((service) => service.endpoints ?? []);
}

/** Names of response headers that a filter removes. */
export function removedBy(filters: Filter[] | undefined): string[] {
  return (filters ?? [])
    .flatMap((filter) => filter.responseHeaderModifier?.remove ?? [])
    .map((name) => name.toLowerCase());
}

function removedAnywhere(config: Config): Set<string> {
  const rules = (config.routes ?? []).flatMap((route) => route.rules ?? []);
  const ofBackends = rules.flatMap((rule) => rule.backends ?? []);
  return new Set([...rules, ...ofBackends].flatMap(({ filters }) => removedBy(filters)));
}

/** A folder by the name that the engine knows, and what its files are called here. */
export type SharedFolder = { folder: string; outside(name: string): string };

/** One server for each port takes the connections to all addresses; Unix sockets are moved into the shared folder. */
export class Origins {
  readonly #arrivals: Arrival[] = [];
  readonly #servers: Server[] = [];
  readonly #sockets = new Set<Socket>();
  readonly #moved = new Map<string, string>();
  #removed: string[] = [];

  static async start(shared: SharedFolder, config: Config): Promise<Origins> {
    const origins = new Origins();
    origins.#removed = [...removedAnywhere(config)];
    const endpoints = endpointsOf(config);
    const ports = new Set(endpoints.map(({ port }) => port).filter(isPort));
    for (const port of ports) {
      await origins.#listen({ port, host: "::" }, (socket) =>
        nameOf(socket.address() as AddressInfo),
      );
    }
    const paths = new Set(endpoints.map(({ address }) => address).filter(isUnixAddress));
    for (const address of paths) {
      const name = `origin-${origins.#moved.size}.sock`;
      origins.#moved.set(address, `unix:${join(shared.folder, name)}`);
      await origins.#listen({ path: shared.outside(name) }, () => address);
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
      this.#arrivals.push({ endpoint, head, sent: this.#removed });
      const extra = this.#removed.map((name) => `${name}: ${FROM_ORIGIN}`);
      const lines = ["HTTP/1.1 200 OK", "Content-Length: 0", "Connection: close", ...extra];
      socket.end(`${lines.join("\r\n")}\r\n\r\n`);
    } catch {
      socket.destroy();
    }
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

function isPort(port: unknown): port is number {
  return typeof port === "number" && Number.isInteger(port) && port > 0 && port < 65_536;
}

function isUnixAddress(address: unknown): address is string {
  return typeof address === "string" && address.startsWith("unix:/");
}

/** As Ghost writes endpoints. */
function nameOf({ address, port }: AddressInfo): string {
  const plain = address.startsWith("::ffff:") ? address.slice("::ffff:".length) : address;
  return plain.includes(":") ? `[${plain}]:${port}` : `${plain}:${port}`;
}
