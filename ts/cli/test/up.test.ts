/** `ghostctl up` from end to end, and the demo. */

import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { Agent, createServer, request } from "node:http";
import { chmod, readdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { ghostctl, program, repository, temporaryFolder } from "./run.js";

const patience = 40_000;

/** A program that runs on, with everything it says. */
class Spoken {
  readonly child: ChildProcess;
  readonly exit: Promise<number | null>;
  text = "";
  #wake: (() => void)[] = [];

  constructor(words: readonly string[], folder: string) {
    this.child = spawn(process.execPath, [program, ...words], {
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on("data", (piece: Buffer) => {
        this.text += piece.toString("utf8");
        for (const resolve of this.#wake.splice(0)) resolve();
      });
    this.exit = new Promise((resolve) => this.child.once("close", resolve));
    onTestFinished(async () => {
      if (this.child.exitCode === null) this.child.kill("SIGTERM");
      if (this.child.exitCode === null) this.child.kill("SIGTERM");
      await this.exit;
    });
  }

  /** The first match in what was said, now or later. */
  async says(pattern: RegExp): Promise<RegExpExecArray> {
    // So that a test that waits in vain shows what was said instead.
    const late = setTimeout(() => this.child.kill("SIGKILL"), patience);
    return this.#find(pattern).finally(() => clearTimeout(late));
  }

  async #find(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.text);
      if (match !== null) return match;
      const ended = await Promise.race([
        new Promise<void>((resolve) => this.#wake.push(resolve)),
        this.exit.then(() => true),
      ]);
      if (ended === true && !pattern.test(this.text))
        throw new Error(`it ended without saying ${pattern}:\n${this.text}`);
    }
  }
}

async function origin(name: string): Promise<number> {
  const server = createServer((_request, response) => response.end(name)).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

function document(port: number): string {
  return JSON.stringify(
    {
      version: 1,
      routes: [
        { name: "shop", hostnames: ["shop.example"], rules: [{ backends: [{ service: "s" }] }] },
      ],
      services: { s: { endpoints: [{ address: "127.0.0.1", port }] } },
    },
    null,
    2,
  );
}

async function ask(url: string, host: string): Promise<string> {
  const [response] = await once(
    request(url, { headers: { host }, agent: new Agent() }).end(),
    "response",
  );
  let body = "";
  for await (const piece of response) body += String(piece);
  return `${response.statusCode} ${body}`;
}

test("start, request, edit, broken edit, SIGTERM", async () => {
  const [blue, green] = [await origin("blue"), await origin("green")];
  const folder = await temporaryFolder();
  const file = join(folder, "ghost.json");
  const edit = async (text: string): Promise<void> => {
    await writeFile(`${file}~`, text);
    await rename(`${file}~`, file);
  };
  await edit(document(blue));
  // varnishd's users must be able to enter.
  await chmod(folder, 0o711);
  const up = new Spoken(
    ["up", "--listen", "127.0.0.1:0", "--run-folder", join(folder, "run")],
    folder,
  );
  const [, url = ""] = await up.says(
    /serving (\S+) \(listener http\)\nwith generation 1: 1 route, 1 endpoint \(/,
  );
  expect(await ask(`${url}/1`, "shop.example")).toBe("200 blue");

  await edit(document(green));
  await up.says(/reloaded generation 2: 1 route, 1 endpoint \(/);
  expect(await ask(`${url}/2`, "shop.example")).toBe("200 green");

  await edit(document(blue).replace('"service": "s"', '"service": "t"'));
  await up.says(
    /refused the configuration has 1 error; what served before serves on\nghost\.json:13:26: error\[GH0114\] there is no service "t"\n.*\n.*\n.*"service": "t"/,
  );
  expect(await ask(`${url}/3`, "shop.example")).toBe("200 green");
  expect(await ask(`${url}/4`, "other.example")).toMatch(/^404 /);

  up.child.kill("SIGTERM");
  expect(await up.exit).toBe(0);
  expect(up.text).toMatch(
    /Starting connection draining, health check now failing\nDrain complete, stopping varnishd\nvarnishd has stopped\n$/,
  );
  // What is left is the history and what the next one needs; nobody owns it.
  const left = await readdir(join(folder, "run"));
  expect(left).toContain("generations");
  for (const name of ["chaperone.json", "chaperone.sock", "engine.json"])
    expect(left).not.toContain(name);
});

test("manifests: a route that cannot be used is told, the others are served", async () => {
  const port = await origin("cart");
  const folder = await temporaryFolder();
  const gateway = `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: edge, namespace: shop }
spec: { gatewayClassName: ghost, listeners: [{ name: http, port: 80, protocol: HTTP }] }
---
apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { ports: [{ port: 80 }] }
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: cart-1, namespace: shop, labels: { kubernetes.io/service-name: cart } }
addressType: IPv4
ports: [{ port: ${port} }]
endpoints: [{ addresses: ["127.0.0.1"] }]
`;
  const route = (name: string, path: string): string => `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: ${name}, namespace: shop }
spec:
  parentRefs: [{ name: edge }]
  hostnames: ["${name}.example"]
  rules: [{ matches: [{ path: { type: RegularExpression, value: "${path}" } }], backendRefs: [{ name: cart, port: 80 }] }]
`;
  await writeFile(join(folder, "gateway.yaml"), gateway);
  await writeFile(join(folder, "good.yaml"), route("good", "/.*"));
  const up = new Spoken(["up", "-f", folder, "--listen", "http=127.0.0.1:0"], folder);
  const [, url = ""] = await up.says(/serving (\S+) \(listener http\)\nwith generation 1: 1 route/);
  expect(await ask(`${url}/`, "good.example")).toBe("200 cart");
  await writeFile(join(folder, "worse.yaml"), route("worse", "(?=x)"));
  await up.says(/reloaded generation 2: .* 1 quarantined.*\n\S+worse\.yaml:8:\d+: error\[GH0107\]/);
  expect(await ask(`${url}/again`, "good.example")).toBe("200 cart");
});

test("a configuration with errors is not started with", async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "ghost.json"), '{"version": 1, "routes": [{}]}');
  const { code, out, err } = await ghostctl(["up"], { folder });
  expect([code, out]).toEqual([1, ""]);
  expect(err).toMatch(/^refused the configuration has 1 error\nghost\.json:1:27: error\[GH0006\]/);
});

test("an engine that is not there", async () => {
  const { code, err } = await ghostctl([
    "up",
    "-c",
    "examples/ghost.json",
    "--varnishd",
    "/nowhere/varnishd",
  ]);
  expect([code, err]).toEqual([
    3,
    "error /nowhere/varnishd cannot be started: there is no such program; install Varnish (apt-get install varnish)\n",
  ]);
});

test("the demo agrees with itself", async () => {
  const { code, out } = await ghostctl(["demo", "--requests", "1000"]);
  expect([code, out.match(/^ok /gm)?.length]).toEqual([0, 4]);
  expect(out).toMatch(/\nEverything agreed\n$/);
});

test("the demo finds seeded faults", async () => {
  const { code, out } = await ghostctl(["demo", "--requests", "1000", "--inject-fault"], {
    folder: repository,
  });
  expect(code).toBe(1);
  expect(out).toMatch(/\n {2}lost +1\n {2}duplicated +1\n {2}answered by the wrong service +1\n/);
  expect(out.match(/^NOT SO: /gm)?.length).toBe(1);
});
