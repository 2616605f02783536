/**
 * The chaperone's own small HTTP servers: health and status, metrics, and the socket that takes orders.
 *
 * Nothing here is for clients of the sites. On TCP everything but health answers only to names of this machine, since a page in a
 * browser can make a name of its own point here; orders need the token, or the right to open the socket.
 */

import { timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { chmod, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { isIP } from "node:net";

/** An answer of text or of JSON. */
export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly type?:
    | "text/plain; charset=utf-8"
    | "application/json"
    | "text/plain; version=0.0.4; charset=utf-8";
}

/** A path with its method, and what is done there. Gets the query. */
export interface Endpoint {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly answer: (query: URLSearchParams) => Answer | Promise<Answer>;
  /** Who may ask. `anybody` by default. */
  readonly access?: "anybody" | "thisMachine" | "order";
}

export interface ServedEndpoints {
  /** Where it is, as `address:port` or a path. */
  readonly address: string;
  readonly close: () => Promise<void>;
}

/** Requests at the same time; a metrics scrape takes longest. */
const mostConnections = 64;
/** Milliseconds for a request's head. */
const headTimeout = 5000;

export function jsonAnswer(value: unknown, status = 200): Answer {
  return { status, body: `${JSON.stringify(value)}\n`, type: "application/json" };
}

export function textAnswer(body: string, status = 200): Answer {
  return { status, body: `${body}\n` };
}

/** Serves on TCP. Rejects where the address is taken. `token` is asked for orders. */
export async function serveTcp(
  { host, port }: { readonly host: string; readonly port: number },
  endpoints: readonly Endpoint[],
  token: string,
): Promise<ServedEndpoints> {
  const server = makeServer((request) => findEndpoint(endpoints, request, token));
  server.listen(port, host);
  await once(server, "listening");
  const address = server.address();
  const bound = typeof address === "object" && address !== null ? address.port : port;
  return {
    address: `${host.includes(":") ? `[${host}]` : host}:${bound}`,
    close: () => end(server),
  };
}

/** Serves on a Unix socket that only our own user may open: whoever does may give orders. */
export async function serveSocket(
  path: string,
  endpoints: readonly Endpoint[],
): Promise<ServedEndpoints> {
  await rm(path, { force: true });
  const server = makeServer((request) => findEndpoint(endpoints, request, undefined));
  // The folder keeps strangers out until the mode is set.
  server.listen(path);
  await once(server, "listening");
  await chmod(path, 0o600);
  return {
    address: path,
    close: async () => {
      await end(server);
      await rm(path, { force: true });
    },
  };
}

type Find = (request: IncomingMessage) => Endpoint | Answer;

function makeServer(find: Find): Server {
  const server = createServer(
    { headersTimeout: headTimeout, requestTimeout: headTimeout },
    (request, response) => {
      const found = find(request);
      const answered = "answer" in found ? ask(found, request) : Promise.resolve(found);
      void answered.then((answer) => respond(request, response, answer));
    },
  );
  server.maxConnections = mostConnections;
  server.on("clientError", (_error, socket) => socket.destroy());
  return server;
}

async function ask(endpoint: Endpoint, request: IncomingMessage): Promise<Answer> {
  try {
    return await endpoint.answer(urlOf(request).searchParams);
  } catch (error) {
    return jsonAnswer(
      { ok: false, message: error instanceof Error ? error.message : String(error) },
      500,
    );
  }
}

function respond(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  const { status, body, type = "text/plain; charset=utf-8" } = answer;
  response.writeHead(status, {
    "content-type": type,
    "content-length": Buffer.byteLength(body),
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  });
  response.end(request.method === "HEAD" ? undefined : body);
  // No endpoint takes a body.
  request.resume();
}

/** `token` is undefined on the socket. */
function findEndpoint(
  endpoints: readonly Endpoint[],
  request: IncomingMessage,
  token: string | undefined,
): Endpoint | Answer {
  const { pathname } = urlOf(request);
  const here = endpoints.filter(({ path }) => path === pathname);
  if (here.length === 0) return textAnswer("not found", 404);
  const method = request.method === "HEAD" ? "GET" : request.method;
  const endpoint = here.find((one) => one.method === method);
  if (endpoint === undefined) return textAnswer("method not allowed", 405);
  return token === undefined ? endpoint : (denial(endpoint, request, token) ?? endpoint);
}

function denial(
  { access = "anybody" }: Endpoint,
  request: IncomingMessage,
  token: string,
): Answer | undefined {
  if (access === "anybody") return undefined;
  if (!namesThisMachine(request.headers.host))
    return textAnswer("this name is not served here", 421);
  if (access === "order" && !holdsToken(request.headers.authorization, token))
    return textAnswer("the token of the run folder is needed: Authorization: Bearer TOKEN", 401);
  return undefined;
}

function namesThisMachine(host: string | undefined): boolean {
  const name = (host ?? "").replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1");
  return name === "localhost" || isIP(name) !== 0;
}

/** Takes the same time for every wrong token. */
function holdsToken(header: string | undefined, token: string): boolean {
  const given = Buffer.from(/^Bearer (.+)$/.exec(header ?? "")?.[1] ?? "");
  const wanted = Buffer.from(token);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

function urlOf(request: IncomingMessage): URL {
  const target = request.url ?? "/";
  return (
    URL.parse(target.startsWith("/") ? `http://localhost${target}` : target) ??
    new URL("http://localhost/")
  );
}

async function end(server: Server): Promise<void> {
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections();
  await closed;
}
