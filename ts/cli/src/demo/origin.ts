/** A real HTTP backend that says who it is and what it was asked. */

import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";

/** What an origin answers, as JSON. */
export interface Echo {
  readonly service: string;
  readonly id: string | undefined;
  readonly method: string;
  readonly url: string;
  readonly host: string | undefined;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** What an origin does wrong for one request. */
export type Fault =
  /** Answers in this name. */
  | { readonly kind: "impersonate"; readonly service: string }
  /** Breaks off in the middle of the answer's head. */
  | { readonly kind: "breakOff" };

export interface OriginOptions {
  /** Key of the service it stands for. */
  readonly service: string;
  /** Told about every request that has an id. */
  readonly onRequest: (id: string, service: string) => void;
  readonly faultFor: (id: string) => Fault | undefined;
}

export interface Origin {
  readonly service: string;
  readonly port: number;
  readonly close: () => Promise<void>;
}

/** Name of the header that numbers requests. */
export const idHeader = "x-request-id";

/** Longer than the demo, so that no connection ends while the engine sends a request on it. */
const keepAlive = 300_000;

export async function startOrigin(options: OriginOptions): Promise<Origin> {
  const server = createServer({ keepAliveTimeout: keepAlive }, (request, response) =>
    answer(options, request, response),
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { service: options.service, port: portOf(server), close: () => close(server) };
}

function answer(
  { service, onRequest, faultFor }: OriginOptions,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const header = request.headers[idHeader];
  const id = typeof header === "string" ? header : undefined;
  if (id !== undefined) onRequest(id, service);
  const fault = id === undefined ? undefined : faultFor(id);
  if (fault?.kind === "breakOff") return void request.socket.end("HTTP/1.1 20");
  const { method = "", url = "", headers } = request;
  const echo: Echo = {
    service: fault?.service ?? service,
    id,
    method,
    url,
    host: headers.host,
    headers,
  };
  // Where a request goes is chosen when it is fetched, so nothing may come from the cache here.
  response.writeHead(200, { "content-type": "application/json", "cache-control": "no-store" });
  response.end(JSON.stringify(echo));
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function close(server: Server): Promise<void> {
  server.close();
  server.closeAllConnections();
  await once(server, "close");
}
