// Real servers behind the edge: nginx, HAProxy, Go.

import { equal } from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";

import { Edge, folder, freePort, plain, upstream, workspace } from "./edge.ts";
import type { After, Configuration, Test } from "./edge.ts";
import { ask } from "./forwarding.ts";

async function serving(port: number): Promise<void> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const socket = connect(port, "127.0.0.1");
    const came = await Promise.race([
      once(socket, "connect").then(() => true),
      once(socket, "error").then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (came) return;
    if (Date.now() > deadline) throw new Error(`nobody listens on ${port}`);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}

function run(after: After, command: string, words: string[]): void {
  const child = spawn(command, words, { stdio: "ignore" });
  after(async () => {
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  });
}

export async function nginx(after: After): Promise<number> {
  const [at, port, inner] = [folder(after), await freePort(), await freePort()];
  writeFileSync(
    join(at, "nginx.conf"),
    `
daemon off; error_log stderr; pid ${at}/pid; worker_processes 1;
events { worker_connections 512; }
http {
  access_log off; client_max_body_size 0; client_body_temp_path ${at}/body; proxy_temp_path ${at}/proxy; fastcgi_temp_path ${at}/f; uwsgi_temp_path ${at}/u; scgi_temp_path ${at}/s;
  # The outer server reads the whole body before the inner one answers.
  server { listen 127.0.0.1:${port}; location / { proxy_set_header Host $http_host; proxy_pass http://127.0.0.1:${inner}; } }
  server { listen 127.0.0.1:${inner}; location / { return 200 "nginx $request_method $request_uri $http_host\\n"; } }
}`,
  );
  run(after, "nginx", ["-c", join(at, "nginx.conf"), "-p", at]);
  await serving(port);
  return port;
}

export async function haproxy(after: After): Promise<number> {
  const [at, port] = [folder(after), await freePort()];
  writeFileSync(
    join(at, "haproxy.cfg"),
    `
defaults
  mode http
  # The whole body is read before the answer.
  option http-buffer-request
  timeout http-request 10s
  timeout client 10s
  timeout server 10s
  timeout connect 1s
frontend f
  bind 127.0.0.1:${port}
  bind 127.0.0.1:${await freePort()} proto h2
  http-request return status 200 content-type text/plain lf-string "haproxy %[method] %[url] %[req.hdr(host)]\\n"
`,
  );
  run(after, "haproxy", ["-f", join(at, "haproxy.cfg"), "-db"]);
  await serving(port);
  return port;
}

async function edgeTo(after: After, port: number, more: Configuration = {}): Promise<number> {
  const listen = await freePort();
  await Edge.start(after, { listeners: [plain(listen)], upstream: upstream([port], more) });
  return listen;
}

export const backends: Record<string, Test> = {
  "nginx behind the edge": async (after) => {
    const port = await edgeTo(after, await nginx(after));
    const headers = { host: "shop.example" };
    equal(
      (await ask(port, { path: "/a%2Fb?c=d", headers })).bytes.toString(),
      "nginx GET /a%2Fb?c=d shop.example\n",
    );
    equal(
      (await ask(port, { path: "/x", method: "DELETE", headers })).bytes.toString(),
      "nginx DELETE /x shop.example\n",
    );
  },

  "HAProxy behind the edge": async (after) => {
    const port = await edgeTo(after, await haproxy(after));
    const headers = { host: "shop.example" };
    equal(
      (await ask(port, { path: "/a?b", headers })).bytes.toString(),
      "haproxy GET /a?b shop.example\n",
    );
  },

  "a Go server behind the edge, over HTTP/1.1 and over HTTP/2": async (after) => {
    const [at, port] = [folder(after), await freePort()];
    const built = spawnSync("go", ["build", "-o", join(at, "origin"), "./origin"], {
      cwd: join(workspace, "tests/edge/go"),
      encoding: "utf8",
    });
    equal(built.status, 0, built.stderr);
    run(after, join(at, "origin"), [`127.0.0.1:${port}`]);
    await serving(port);
    for (const [protocol, version] of [
      ["http1", "HTTP/1.1"],
      ["h2c", "HTTP/2.0"],
    ] as const) {
      const through = await edgeTo(after, port, { protocol });
      const response = await ask(
        through,
        { path: "/go", method: "POST", headers: { TE: "trailers" } },
        "body",
      );
      equal(response.bytes.toString(), `${version} POST /go 4\n`);
    }
  },
};
