/** One API server, and who we are to it. */

import https from "node:https";
import http from "node:http";
import type { IncomingMessage, RequestOptions } from "node:http";
import { KubeConfig } from "@kubernetes/client-node";
import { ApiError, ConnectionError, readStatus } from "./error.js";

export interface ConnectionOptions {
  /** A kubeconfig's path. Else as kubectl finds it: $KUBECONFIG, ~/.kube/config, the service account of the Pod. */
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
}

export interface Call {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Absolute, without query. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>> | undefined;
  readonly body?: unknown;
  /** Of the body; `application/json` unless said. */
  readonly contentType?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Milliseconds until an answer is there as a whole. */
const answerTimeout = 60_000;
/** Milliseconds until the head of a stream is there. */
const streamTimeout = 30_000;
/** Bytes of an answer; a page of 500 objects at their limit of 1.5 MiB each would be more, and is an error. */
const answerLimit = 256 * 1024 * 1024;
/** Bytes of a refusal that are read. */
const refusalLimit = 64 * 1024;
const userAgent = "ghost";

export class Connection {
  readonly #config: KubeConfig;
  readonly #server: URL;
  #agent: { readonly of: unknown; readonly agent: http.Agent } | undefined;

  constructor(config: KubeConfig) {
    const cluster = config.getCurrentCluster();
    if (cluster === null)
      throw new ConnectionError("kubeconfig", "its current context names no cluster");
    this.#config = config;
    this.#server = new URL(cluster.server);
  }

  /** Throws a ConnectionError where no usable configuration is found. */
  static open({ kubeconfig, context }: ConnectionOptions = {}): Connection {
    const config = new KubeConfig();
    try {
      if (kubeconfig === undefined) config.loadFromDefault();
      else config.loadFromFile(kubeconfig);
    } catch (error) {
      throw new ConnectionError("kubeconfig", messageOf(error), { cause: error });
    }
    if (context !== undefined) {
      if (config.getContextObject(context) === null)
        throw new ConnectionError("kubeconfig", `there is no context ${JSON.stringify(context)}`);
      config.setCurrentContext(context);
    }
    return new Connection(config);
  }

  /** Where the server is, for messages. */
  get server(): string {
    return this.#server.origin;
  }

  /** The namespace of the current context, or of the Pod; `default` where neither says. */
  get namespace(): string {
    const context = this.#config.getContextObject(this.#config.getCurrentContext());
    return context?.namespace ?? "default";
  }

  /** Sends and reads the whole answer. Rejects with ApiError or ConnectionError. */
  async send<Answer>(call: Call): Promise<Answer> {
    const words = wordsOf(call);
    const limit = AbortSignal.timeout(answerTimeout);
    const signal = call.signal === undefined ? limit : AbortSignal.any([limit, call.signal]);
    const response = await this.#request(call, signal);
    const text = await readText(response, words, answerLimit);
    // The shape is the server's promise for this path; what tenants wrote into it is checked by its readers.
    return parse(text, words) as Answer;
  }

  /** Sends and gives the answer's body as it comes. Rejects with ApiError or ConnectionError until the head is there. */
  async stream(call: Call): Promise<IncomingMessage> {
    const headTimeout = new AbortController();
    const timer = setTimeout(() => headTimeout.abort(), streamTimeout);
    const signals = [headTimeout.signal, ...(call.signal === undefined ? [] : [call.signal])];
    try {
      return await this.#request(call, AbortSignal.any(signals));
    } finally {
      clearTimeout(timer);
    }
  }

  async #request(call: Call, signal: AbortSignal): Promise<IncomingMessage> {
    const words = wordsOf(call);
    const options = await this.#options(call, signal);
    const response = await exchange(this.#server, options, call.body, words);
    const code = response.statusCode ?? 0;
    if (code >= 200 && code < 300) return response;
    const text = await readText(response, words, refusalLimit);
    throw new ApiError(words, readStatus(code, bodyOf(text), response.headers["retry-after"]));
  }

  async #options(call: Call, signal: AbortSignal): Promise<RequestOptions> {
    const options: https.RequestOptions = {
      method: call.method,
      path: pathWithQuery(this.#server, call),
      headers: {
        accept: "application/json",
        "user-agent": userAgent,
        ...(call.body === undefined
          ? {}
          : { "content-type": call.contentType ?? "application/json" }),
      },
      signal,
    };
    try {
      await this.#config.applyToHTTPSOptions(options);
    } catch (error) {
      // Credentials that a plugin could not give, a scheme the library does not take.
      throw new ConnectionError(wordsOf(call), messageOf(error), { cause: error });
    }
    options.agent = this.#keepAlive(options.agent);
    return options;
  }

  /** The library's agents open a connection for each request. Ours keep them, with the same credentials and proxy. */
  #keepAlive(given: https.RequestOptions["agent"]): http.Agent {
    if (this.#agent !== undefined && this.#agent.of === given) return this.#agent.agent;
    const agent =
      given instanceof https.Agent && given.constructor === https.Agent
        ? new https.Agent({ ...given.options, keepAlive: true, maxSockets: 64, scheduling: "lifo" })
        : (given as http.Agent);
    this.#agent = { of: given, agent };
    return agent;
  }
}

function exchange(
  server: URL,
  options: RequestOptions,
  body: unknown,
  words: string,
): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const text = body === undefined ? undefined : JSON.stringify(body);
  const speak = server.protocol === "http:" ? http.request : https.request;
  const request = speak(server, options, resolve);
  request.on("error", (error) => {
    reject(new ConnectionError(words, messageOf(error), { cause: error }));
  });
  // Node frames no body of a DELETE by itself: the next request on the connection would begin in the middle of it.
  if (text !== undefined) request.setHeader("content-length", Buffer.byteLength(text));
  request.end(text);
  return promise;
}

function pathWithQuery(server: URL, { path, query = {} }: Call): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) parameters.set(name, value);
  const base = server.pathname.replace(/\/$/, "");
  return parameters.size === 0 ? `${base}${path}` : `${base}${path}?${parameters.toString()}`;
}

async function readText(response: IncomingMessage, words: string, limit: number): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  try {
    for await (const piece of response as AsyncIterable<Buffer>) {
      size += piece.length;
      if (size > limit)
        throw new ConnectionError(words, `the answer is larger than ${limit} bytes`);
      pieces.push(piece);
    }
  } catch (error) {
    if (error instanceof ConnectionError) throw error;
    throw new ConnectionError(words, messageOf(error), { cause: error });
  }
  return Buffer.concat(pieces).toString("utf8");
}

function parse(text: string, words: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ConnectionError(words, "the answer is not JSON", { cause: error });
  }
}

/** A refusal's body; proxies on the way refuse in HTML. */
function bodyOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return { message: text.slice(0, 200) };
  }
}

function wordsOf({ method, path }: Call): string {
  return `${method} ${path}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
