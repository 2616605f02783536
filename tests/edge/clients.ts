// Real clients in front of the edge: curl, Go, Chromium. Node is the client of every other test.

import { equal, match } from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

import { chromium } from "playwright-core";

import { Edge, certificate, folder, freePort, upstream, workspace } from "./edge.ts";
import type { After, Test } from "./edge.ts";
import { backend } from "./forwarding.ts";

const execute = promisify(execFile);

async function secure(after: After): Promise<{ port: number; cert: string }> {
  const at = folder(after);
  const origin = await backend(after, (asked, answer) => {
    answer.setHeader("content-type", "text/html");
    answer.end(`hello from ${asked.url}\n`);
  });
  const [port, pair] = [await freePort(), certificate(at, "localhost", ["localhost"])];
  const listener = { name: "https", protocol: "https", address: "127.0.0.1", port, tls: pair };
  await Edge.start(after, { listeners: [listener], upstream: upstream([origin.port]) }, at);
  return { port, cert: pair.cert };
}

export const clients: Record<string, Test> = {
  "curl over HTTP/1.1 and HTTP/2": async (after) => {
    const { port, cert } = await secure(after);
    for (const [flag, version] of [
      ["--http1.1", "1.1"],
      ["--http2", "2"],
    ] as const) {
      const words = [
        "-sS",
        flag,
        "--cacert",
        cert,
        "-w",
        "%{http_version}",
        `https://localhost:${port}/curl`,
      ];
      equal((await execute("curl", words)).stdout, `hello from /curl\n${version}`);
    }
  },

  "Go's net/http over HTTP/1.1 and HTTP/2": async (after) => {
    const { port, cert } = await secure(after);
    const built = join(folder(after), "client");
    const made = spawnSync("go", ["build", "-o", built, "./client"], {
      cwd: join(workspace, "tests/edge/go"),
      encoding: "utf8",
    });
    equal(made.status, 0, made.stderr);
    for (const [version, proto] of [
      ["1", "HTTP/1.1"],
      ["2", "HTTP/2.0"],
    ] as const) {
      const { stdout } = await execute(built, [cert, version, `https://localhost:${port}/go`]);
      equal(stdout, `${proto} 200 hello from /go\n`.repeat(3));
    }
  },

  "Chromium over HTTP/2": async (after) => {
    const { port } = await secure(after);
    const flags = [
      "--no-sandbox",
      "--disable-gpu",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ];
    const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: flags });
    after(() => browser.close());
    const page = await browser.newPage({ ignoreHTTPSErrors: true });
    const response = await page.goto(`https://localhost:${port}/chromium`);
    equal(response?.status(), 200);
    match(await page.content(), /hello from \/chromium/);
    const protocol = await page.evaluate(
      "performance.getEntriesByType('navigation')[0].nextHopProtocol",
    );
    equal(protocol, "h2");
  },
};
