/** An HTTP server that plays an API server's part line by line: for answers a real one gives only in trouble. */

import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { KubeConfig } from "@kubernetes/client-node";
import { Connection } from "../src/connection.js";

/** What it does with one request. */
export type Act = (request: IncomingMessage, response: ServerResponse) => void;

export class ScriptedServer {
  /** `GET /path?query` of each request, in order. */
  readonly requests: string[] = [];
  readonly #acts: Act[];
  readonly #server: Server;

  private constructor(acts: readonly Act[]) {
    this.#acts = [...acts];
    this.#server = createServer((request, response) => {
      this.requests.push(`${request.method} ${decodeURIComponent(request.url ?? "")}`);
      const act = this.#acts.shift();
      if (act === undefined) response.writeHead(500).end("the script is over");
      else act(request, response);
    });
  }

  static async start(acts: readonly Act[]): Promise<ScriptedServer> {
    const server = new ScriptedServer(acts);
    server.#server.listen(0, "127.0.0.1");
    await once(server.#server, "listening");
    return server;
  }

  connection(): Connection {
    const { port } = this.#server.address() as AddressInfo;
    const config = new KubeConfig();
    config.loadFromClusterAndUser(
      { name: "scripted", server: `http://127.0.0.1:${port}`, skipTLSVerify: true },
      { name: "anyone" },
    );
    return new Connection(config);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }
}

export interface Pod {
  readonly apiVersion: "v1";
  readonly kind: "Pod";
  readonly metadata: {
    readonly namespace: string;
    readonly name: string;
    readonly resourceVersion: string;
  };
}

export function pod(name: string, version: number): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { namespace: "a", name, resourceVersion: `${version}` },
  };
}

export function listOf(version: number, pods: readonly Pod[], token?: string): Act {
  const metadata = {
    resourceVersion: `${version}`,
    ...(token === undefined ? {} : { continue: token }),
  };
  return (_, response) => response.end(JSON.stringify({ kind: "PodList", metadata, items: pods }));
}

export function refusal(code: number, headers: Record<string, string> = {}): Act {
  const status = { kind: "Status", code, reason: "Scripted", message: "as the script says" };
  return (_, response) => response.writeHead(code, headers).end(JSON.stringify(status));
}

/** Sends the lines, and ends the body; or cuts, or stays silent. */
export function watch(
  lines: readonly (object | string)[],
  end: "end" | "cut" | "silent" = "end",
): Act {
  return (_, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.flushHeaders();
    for (const line of lines)
      response.write(typeof line === "string" ? line : `${JSON.stringify(line)}\n`);
    if (end === "end") response.end();
    // What was written is on its way before the connection goes.
    if (end === "cut") response.write("", () => response.socket?.destroySoon());
  };
}

export function event(type: "ADDED" | "MODIFIED" | "DELETED", object: Pod): object {
  return { type, object };
}

export function bookmark(version: number): object {
  return { type: "BOOKMARK", object: { kind: "Pod", metadata: { resourceVersion: `${version}` } } };
}
