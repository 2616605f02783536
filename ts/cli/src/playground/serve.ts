/** The playground's files on a port of this machine. Every answer is one of the files listed at the start; nothing is asked of the disk by a request's name. */

import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, relative } from "node:path";

interface File {
  readonly type: string;
  readonly bytes: Uint8Array;
}

export interface Served {
  /** `http://127.0.0.1:8081/`. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

/** Beside what the page itself forbids: no frame may hold it, no type may be guessed. */
const headers = {
  "cache-control": "no-cache",
  "content-security-policy": "frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

/** Serves a folder on an address. Rejects where the folder cannot be read or the address not be had. */
export async function serveFolder(folder: string, host: string, port: number): Promise<Served> {
  const files = await readFolder(folder);
  const server = createServer(
    { maxHeaderSize: 8192, requestTimeout: 10_000 },
    (request, response) => answer(files, request, response),
  );
  server.maxConnections = 64;
  server.listen(port, host);
  await once(server, "listening");
  const address = server.address() as AddressInfo;
  const name = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return {
    url: `http://${name}:${address.port}/`,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

async function readFolder(folder: string): Promise<ReadonlyMap<string, File>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = new Map<string, File>();
  for (const entry of entries.filter((one) => one.isFile())) {
    const path = join(entry.parentPath, entry.name);
    const type = types[extname(entry.name)] ?? "application/octet-stream";
    files.set(`/${relative(folder, path)}`, { type, bytes: await readFile(path) });
  }
  const index = files.get("/index.html");
  if (index !== undefined) files.set("/", index);
  return files;
}

function answer(
  files: ReadonlyMap<string, File>,
  { method, url = "" }: IncomingMessage,
  response: ServerResponse,
): void {
  if (method !== "GET" && method !== "HEAD") {
    response.writeHead(405, { ...headers, allow: "GET, HEAD" }).end();
    return;
  }
  const file = files.get(url.split("?", 1)[0] ?? "");
  if (file === undefined) {
    response.writeHead(404, headers).end();
    return;
  }
  const { type, bytes } = file;
  response.writeHead(200, { ...headers, "content-type": type, "content-length": bytes.length });
  response.end(method === "HEAD" ? undefined : bytes);
}
