// The Kubernetes API over HTTPS and JSON: requests with typed errors, and watches as a stream of events.

import { Agent, request as httpsRequest, type RequestOptions } from "node:https";
import type { IncomingMessage } from "node:http";
import { createInterface } from "node:readline";
import { json, text } from "node:stream/consumers";

export interface Connection {
  readonly address: string;
  readonly port: number;
  readonly certificateAuthority: string;
  readonly token: string;
}

export interface Call {
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly signal?: AbortSignal;
}

/** An answer of the API server other than 2xx, with the reason it gave. */
export class ApiError extends Error {
  readonly status: number;
  readonly reason: string;

  constructor(call: string, status: number, body: string) {
    let reason = "";
    let message = body.slice(0, 500);
    try {
      const parsed = JSON.parse(body) as { reason?: string; message?: string };
      reason = parsed.reason ?? "";
      message = parsed.message ?? message;
    } catch {
      // Not every answer is a Status object: the text stands as it is.
    }
    super(`${call}: ${status} ${message}`);
    this.name = "ApiError";
    this.status = status;
    this.reason = reason;
  }
}

export function isApiError(error: unknown, status: number): boolean {
  return error instanceof ApiError && error.status === status;
}

export type WatchType = "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";

export interface WatchEvent {
  readonly type: WatchType;
  readonly object: unknown;
}

/** A watch that says nothing, not even a bookmark (one a minute), for this long is taken for dead. */
const silenceMs = 180_000;

export class ApiClient {
  readonly #connection: Connection;
  readonly #agent: Agent;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#agent = new Agent({ keepAlive: true, ca: connection.certificateAuthority });
  }

  async call<T>(method: string, path: string, call: Call = {}): Promise<T> {
    const response = await this.#send(method, path, call);
    return (await json(response)) as T;
  }

  async get<T>(path: string, query?: Readonly<Record<string, string>>): Promise<T> {
    return await this.call<T>("GET", path, query ? { query } : {});
  }

  async post<T>(path: string, body: unknown): Promise<T> {
    return await this.call<T>("POST", path, { body });
  }

  /** A JSON merge patch (RFC 7386). */
  async patch<T>(path: string, body: unknown): Promise<T> {
    return await this.call<T>("PATCH", path, {
      body,
      contentType: "application/merge-patch+json",
    });
  }

  /** Answers that are not JSON: /readyz, logs. */
  async text(path: string, query?: Readonly<Record<string, string>>): Promise<string> {
    return await text(await this.#send("GET", path, query ? { query } : {}));
  }

  async *watch(path: string, call: Call): AsyncGenerator<WatchEvent> {
    const response = await this.#send("GET", path, {
      ...call,
      query: { ...call.query, watch: "1" },
    });
    response.setTimeout(silenceMs, () =>
      response.destroy(new Error(`watch of ${path} fell silent`)),
    );
    const lines = createInterface({ input: response, crlfDelay: Infinity });
    const ended = new Promise<never>((_, reject) => {
      response.once("error", reject);
    });
    ended.catch(() => undefined);
    const iterator = lines[Symbol.asyncIterator]();
    for (;;) {
      const next = await Promise.race([iterator.next(), ended]);
      if (next.done === true) return;
      if (next.value !== "") yield JSON.parse(next.value) as WatchEvent;
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  async #send(method: string, path: string, call: Call): Promise<IncomingMessage> {
    const query = new URLSearchParams(call.query).toString();
    const body = call.body === undefined ? undefined : JSON.stringify(call.body);
    const options: RequestOptions = {
      method,
      agent: this.#agent,
      host: this.#connection.address,
      port: this.#connection.port,
      path: query === "" ? path : `${path}?${query}`,
      headers: {
        authorization: `Bearer ${this.#connection.token}`,
        accept: "application/json",
        ...(body === undefined
          ? {}
          : {
              "content-type": call.contentType ?? "application/json",
              "content-length": Buffer.byteLength(body),
            }),
      },
      ...(call.signal ? { signal: call.signal } : {}),
    };
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      httpsRequest(options, resolve).on("error", reject).end(body);
    });
    const status = response.statusCode ?? 0;
    if (status >= 200 && status < 300) return response;
    throw new ApiError(`${method} ${path}`, status, await text(response));
  }
}
