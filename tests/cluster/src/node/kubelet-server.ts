// The node's HTTPS side, for the API server alone: the logs of containers.

import { existsSync, readFileSync } from "node:fs";
import { once } from "node:events";
import { createServer, type Server } from "node:https";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Credentials } from "../control-plane/certificates.ts";
import { followLog, readLog, type LogQuery } from "./log-file.ts";

export interface ContainerLog {
  readonly path: string;
  /** Whether more may come. */
  readonly isWritten: () => boolean;
}

/** A container's log, when the node has such a container. */
export type FindLog = (
  namespace: string,
  pod: string,
  container: string,
  previous: boolean,
) => ContainerLog | undefined;

function integer(text: string | null): number | undefined {
  return text !== null && /^\d+$/.test(text) ? Number(text) : undefined;
}

function queryOf(parameters: URLSearchParams): LogQuery {
  const time = parameters.get("sinceTime");
  const seconds = integer(parameters.get("sinceSeconds"));
  const since =
    time === null
      ? seconds === undefined
        ? undefined
        : new Date(Date.now() - seconds * 1000)
      : new Date(time);
  const tail = integer(parameters.get("tailLines"));
  const limitBytes = integer(parameters.get("limitBytes"));
  const stream = parameters.get("stream");
  return {
    ...(since ? { since } : {}),
    ...(tail === undefined ? {} : { tail }),
    ...(limitBytes === undefined ? {} : { limitBytes }),
    timestamps: parameters.get("timestamps") === "true",
    stream: stream === "Stdout" || stream === "Stderr" ? stream : "All",
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  find: FindLog,
): Promise<void> {
  const url = new URL(request.url ?? "/", "https://node");
  const [, what, namespace, pod, container] = url.pathname.split("/").map(decodeURIComponent);
  if (request.method !== "GET" || what !== "containerLogs" || !namespace || !pod || !container) {
    response.writeHead(404).end("this node serves GET /containerLogs/NAMESPACE/POD/CONTAINER\n");
    return;
  }
  const log = find(namespace, pod, container, url.searchParams.get("previous") === "true");
  if (log === undefined) {
    response
      .writeHead(404)
      .end(`container "${container}" of pod "${namespace}/${pod}" is not here\n`);
    return;
  }
  if (!existsSync(log.path)) {
    response
      .writeHead(400)
      .end(`container "${container}" in pod "${pod}" has no log of that run\n`);
    return;
  }
  const query = queryOf(url.searchParams);
  const { text: soFar, end } = await readLog(log.path, query);
  response.writeHead(200, { "content-type": "text/plain" });
  response.write(soFar);
  if (url.searchParams.get("follow") === "true") {
    const gone = new AbortController();
    response.on("close", () => gone.abort());
    const more = followLog(log.path, end, query, log.isWritten, gone.signal);
    for await (const text of more) response.write(text);
  }
  response.end();
}

export async function serveKubelet(
  address: string,
  port: number,
  credentials: Credentials,
  find: FindLog,
): Promise<Server> {
  const server = createServer(
    {
      cert: readFileSync(credentials.node.certificate),
      key: readFileSync(credentials.node.key),
      ca: readFileSync(credentials.certificateAuthority),
      requestCert: true,
      rejectUnauthorized: true,
    },
    (request, response) => {
      answer(request, response, find).catch((error: unknown) => response.destroy(error as Error));
    },
  );
  server.listen(port, address);
  await once(server, "listening");
  return server;
}
