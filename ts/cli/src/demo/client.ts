/** Sends requests over connections that stay open, a bounded number at a time. */

import { Agent, request } from "node:http";
import type { IncomingHttpHeaders } from "node:http";
import type { RequestInput } from "@ghost-gateway/core";
import type { Echo } from "./origin.js";

/** An answer as it came. */
export interface Received {
  /** 0: none came. */
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** What the origin said of itself; undefined where the body is not an origin's. */
  readonly echo: Partial<Echo> | undefined;
}

const timeout = 30_000;

export class Client {
  readonly #port: number;
  readonly #agent: Agent;

  /** `connections` at most to 127.0.0.1. */
  constructor(port: number, connections: number) {
    this.#port = port;
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /** Sends a request for an absolute URL to the gateway. Never rejects: no answer is an answer of status 0. */
  send({ method, url, headers = [] }: RequestInput): Promise<Received> {
    const { host, target } = splitUrl(url);
    return new Promise((resolve) => {
      const fail = (): void => resolve({ status: 0, headers: {}, echo: undefined });
      const sent = request(
        {
          host: "127.0.0.1",
          port: this.#port,
          agent: this.#agent,
          method,
          path: target,
          headers: { host, ...Object.fromEntries(headers) },
          timeout,
        },
        (response) => {
          const pieces: Buffer[] = [];
          response.on("data", (piece: Buffer) => pieces.push(piece));
          response.on("error", fail);
          response.on("end", () =>
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              echo: readEcho(Buffer.concat(pieces).toString("utf8")),
            }),
          );
        },
      );
      sent.on("timeout", () => sent.destroy());
      sent.on("error", fail);
      sent.end();
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** Taken apart byte by byte: a URL object would write host and path in its own way. */
function splitUrl(url: string): { host: string; target: string } {
  const [, host = "", target = ""] = /^http:\/\/([^/?]*)(.*)$/.exec(url) ?? [];
  return { host, target: target.startsWith("/") ? target : `/${target}` };
}

function readEcho(body: string): Partial<Echo> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Runs `work` with numbers from 0 on, `width` at a time, until `isDone` says so. */
export async function inParallel(
  width: number,
  isDone: (number: number) => boolean,
  work: (number: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (!isDone(next)) await work(next++);
  };
  await Promise.all(Array.from({ length: width }, worker));
}
