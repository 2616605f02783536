/** What kubelet may ask of this Pod, and nothing else. */

import { once } from "node:events";
import { createServer, get } from "node:http";
import type { Server } from "node:http";
import type { TcpAddress } from "@ghost-gateway/chaperone";

/** Milliseconds for a request's head, and for the edge's answer. */
const patience = 5000;
const edgePatience = 800;

export type Question = () => Promise<boolean> | boolean;

/** Answers 200 where the question is answered yes, 503 where no. Rejects where the address is taken. */
export async function serveHealth(
  { host, port }: TcpAddress,
  questions: Readonly<Record<string, Question>>,
): Promise<Server> {
  const server = createServer({ headersTimeout: patience, requestTimeout: patience });
  server.maxConnections = 64;
  server.on("request", (request, response) => {
    const question = Object.hasOwn(questions, request.url ?? "")
      ? questions[request.url ?? ""]
      : undefined;
    const answer = (status: number, body: string): void => {
      response.writeHead(status, { "content-type": "text/plain; charset=utf-8" });
      response.end(body);
    };
    if (question === undefined) {
      answer(404, "not found\n");
      return;
    }
    void (async () => {
      const isYes = await question();
      answer(isYes ? 200 : 503, isYes ? "ok\n" : "not yet\n");
    })();
  });
  server.listen(port, host);
  await once(server, "listening");
  return server;
}

/** Whether the edge takes connections. */
export async function isEdgeReady(address: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const request = get(`http://${address}/readyz`, { timeout: edgePatience }, (response) => {
    response.resume();
    resolve(response.statusCode === 200);
  });
  request.on("timeout", () => request.destroy());
  request.on("error", () => resolve(false));
  request.on("close", () => resolve(false));
  return promise;
}
