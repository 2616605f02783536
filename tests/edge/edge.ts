// A ghost-edge for one test, with ports and files of its own.

import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** A test; what it hands to `after` is done when it is over, last first. */
export type Test = (after: (end: () => Promise<void> | void) => void) => Promise<void>;
export type After = Parameters<Test>[0];

export const workspace = join(dirname(fileURLToPath(import.meta.url)), "../..");
const PATIENCE_MS = 20_000;

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** A folder that is gone after the test. */
export function folder(after: After): string {
  const made = mkdtempSync(join(tmpdir(), "ghost-edge-"));
  after(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

export type Configuration = Record<string, unknown>;

export class Edge {
  readonly folder: string;
  readonly metricsPort: number;
  readonly process: ChildProcess;
  said = "";
  #heard: () => void = () => {};
  #loads = 0;

  private constructor(at: string, metricsPort: number, child: ChildProcess) {
    this.folder = at;
    this.metricsPort = metricsPort;
    this.process = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (text: Buffer) => {
        this.said += text.toString();
        this.#heard();
      });
    }
    child.on("exit", () => this.#heard());
  }

  static async start(
    after: After,
    configuration: Configuration,
    at = folder(after),
  ): Promise<Edge> {
    const metricsPort = await freePort();
    writeFileSync(join(at, "edge.json"), text(metricsPort, configuration));
    const child = spawn(binary(), ["--config", join(at, "edge.json")], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    const edge = new Edge(at, metricsPort, child);
    after(() => edge.kill());
    await edge.until(() => edge.said.includes("ready generation="));
    return edge;
  }

  /** Writes another configuration and waits until it is in use or refused. */
  async reload(configuration: Configuration): Promise<void> {
    const written = text(this.metricsPort, {
      ...configuration,
      $schema: `load ${(this.#loads += 1)}`,
    });
    writeFileSync(join(this.folder, "edge.json"), written);
    this.process.kill("SIGHUP");
    // The file is watched as well: what counts is the word about these very bytes.
    const sum = createHash("sha256").update(written).digest("hex");
    await this.until(() => this.said.includes(sum));
  }

  /** Waits until something holds that the process's words may change. */
  async until(holds: () => boolean | Promise<boolean>): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS;
    while (!(await holds())) {
      if (Date.now() > deadline) throw new Error(`it never held:\n${this.said}`);
      if (this.process.exitCode !== null && !(await holds())) {
        throw new Error(`ghost-edge ended with ${this.process.exitCode}:\n${this.said}`);
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 50);
        this.#heard = (): void => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** One counter or gauge; 0 where there is none yet. */
  async metric(name: string): Promise<number> {
    const response = await fetch(`http://127.0.0.1:${this.metricsPort}/metrics`);
    const line = (await response.text()).split("\n").find((one) => one.startsWith(`${name} `));
    return Number(line?.slice(name.length + 1) ?? 0);
  }

  limit(kind: string): Promise<number> {
    return this.metric(`ghost_edge_limits_crossed_total{kind="${kind}"}`);
  }

  /** Sends a signal and waits for the end. */
  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<number | null> {
    const ended = once(this.process, "exit");
    this.process.kill(signal);
    await ended;
    return this.process.exitCode;
  }

  async kill(): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      const ended = once(this.process, "exit");
      this.process.kill("SIGKILL");
      await ended;
    }
    if (/panicked/.test(this.said)) throw new Error(`ghost-edge panicked:\n${this.said}`);
  }
}

export function binary(): string {
  return process.env["GHOST_EDGE"] ?? join(workspace, "target/debug/ghost-edge");
}

function text(metricsPort: number, configuration: Configuration): string {
  return JSON.stringify({
    metrics: { address: `127.0.0.1:${metricsPort}` },
    access_log: { enabled: false },
    admin: { enabled: false },
    workers: 2,
    ...configuration,
  });
}

/** A plain listener. */
export function plain(port: number, more: Configuration = {}): Configuration {
  return { name: `http-${port}`, protocol: "http", address: "127.0.0.1", port, ...more };
}

/** Everything goes to these backends. */
export function upstream(addresses: (number | string)[], more: Configuration = {}): Configuration {
  const backends = addresses.map((address) => ({
    address: typeof address === "number" ? `127.0.0.1:${address}` : address,
  }));
  return { all: { route: { path_prefix: "/" }, backends, ...more } };
}

type Pair = { cert: string; key: string };

/** An authority of its own. */
export function authority(at: string, name: string): Pair {
  return certificate(at, name, [`${name}.authority`]);
}

/** A certificate that an authority signed, for these names. */
export function issued(at: string, by: Pair, name: string, names: string[]): Pair {
  const [cert, key] = [join(at, `${name}.pem`), join(at, `${name}.key`)];
  const alternative = names.map((one) => `DNS:${one}`).join(",");
  const made = spawnSync("openssl", [
    "req",
    "-x509",
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:prime256v1",
    "-nodes",
    "-CA",
    by.cert,
    "-CAkey",
    by.key,
    "-keyout",
    key,
    "-out",
    cert,
    "-days",
    "30",
    "-subj",
    `/CN=${name}`,
    "-addext",
    `subjectAltName=${alternative}`,
    "-addext",
    "basicConstraints=critical,CA:FALSE",
  ]);
  if (made.status !== 0) throw new Error(`openssl: ${made.stderr.toString()}`);
  return { cert, key };
}

/** A certificate that signs itself, for these names. */
export function certificate(
  at: string,
  name: string,
  names: string[],
): { cert: string; key: string } {
  const [cert, key] = [join(at, `${name}.pem`), join(at, `${name}.key`)];
  const alternative = names.map((one) => `DNS:${one}`).join(",");
  const made = spawnSync("openssl", [
    "req",
    "-x509",
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:prime256v1",
    "-nodes",
    "-keyout",
    key,
    "-out",
    cert,
    "-days",
    "30",
    "-subj",
    `/CN=${name}`,
    "-addext",
    `subjectAltName=${alternative}`,
  ]);
  if (made.status !== 0) throw new Error(`openssl: ${made.stderr.toString()}`);
  return { cert, key };
}
