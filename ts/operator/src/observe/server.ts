/** Health and metrics over HTTP. Tells how the operator does, and takes no orders. */

import { once } from "node:events";
import { createServer } from "node:http";
import type { RequestListener, Server } from "node:http";

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Bytes of a request's head, and milliseconds it may take: whoever asks here has little to say. */
const limits = { maxHeaderSize: 8192, requestTimeout: 5000, headersTimeout: 5000 };

/** `[HOST:]PORT`; loopback by default. Undefined for what is neither. */
export function readAddress(text: string): Address | undefined {
  const [, bracketed, host, port] =
    /^(?:(?:\[([0-9A-Fa-f:.]+)\]|([\w.-]+)):)?(\d{1,5})$/.exec(text) ?? [];
  if (port === undefined || Number(port) > 65_535) return undefined;
  return { host: bracketed ?? host ?? "127.0.0.1", port: Number(port) };
}

/** Answers by path; everything else is 404. */
export async function serve(
  { host, port }: Address,
  answers: Readonly<
    Record<string, () => Promise<{ readonly status: number; readonly body: string }>>
  >,
): Promise<Server> {
  const listener: RequestListener = (request, response) => {
    const answer = request.method === "GET" ? answers[request.url ?? ""] : undefined;
    if (answer === undefined) {
      response.writeHead(404).end();
      return;
    }
    answer().then(
      ({ status, body }) => response.writeHead(status, { "content-type": "text/plain" }).end(body),
      () => response.writeHead(500).end(),
    );
  };
  const server = createServer(limits, listener);
  server.maxConnections = 64;
  server.listen(port, host);
  await once(server, "listening");
  return server;
}
