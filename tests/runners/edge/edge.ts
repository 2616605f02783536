// One ghost-edge for all case files: a Unix socket for each listener of a document, reloads by SIGHUP.

import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Config, Listener } from "../varnish/case.ts";
import type { Loaded } from "../varnish/engine.ts";

/** This version of HTTP, its client here, or an edge without such a listener has no way to say it. */
export class Unsayable extends Error {}

/** A listener that no document names. */
export const STRAY = "stray";
const stray = (listeners: Listener[]): Listener => ({
  name: STRAY,
  port: listeners.length === 0 ? 80 : 9,
});

export type EdgeSocket = { path: string; secure: boolean; port: number };

export class Edge {
  readonly folder: string;
  readonly #process: ChildProcess;
  #said = "";
  #heard: () => void = () => {};
  #listeners: Listener[] = [];
  #loads = 0;

  private constructor(folder: string, child: ChildProcess) {
    this.folder = folder;
    this.#process = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (text: Buffer) => {
        this.#said += text.toString();
        this.#heard();
      });
    }
    child.on("exit", () => this.#heard());
  }

  outside(name: string): string {
    return join(this.folder, name);
  }

  static async start(workspace: string): Promise<Edge> {
    const folder = await mkdtemp(join(tmpdir(), "ghost-edge-cases-"));
    const certificate = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"];
    const files = ["-nodes", "-keyout", join(folder, "key.pem"), "-out", join(folder, "cert.pem")];
    const made = spawnSync(
      "openssl",
      ["req", ...certificate, ...files, "-days", "2", "-subj", "/CN=edge"],
      { encoding: "utf8" },
    );
    if (made.status !== 0) throw new Error(`openssl makes no certificate:\n${made.stderr}`);
    await writeFile(join(folder, "edge.json"), configuration(folder, []));
    await writeFile(join(folder, "ghost.json"), JSON.stringify({ version: 1, routes: [] }));
    const binary = process.env["GHOST_EDGE"] ?? join(workspace, "target/debug/ghost-edge");
    const child = spawn(binary, ["--replay", "--config", join(folder, "edge.json")], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    const edge = new Edge(folder, child);
    await edge.#until(/ready generation=/);
    return edge;
  }

  /** Waits until the process has said something since the last time it was waited for. */
  async #until(what: RegExp): Promise<string> {
    const deadline = Date.now() + 30_000;
    for (;;) {
      const found = what.exec(this.#said);
      if (found !== null) {
        const before = this.#said;
        this.#said = this.#said.slice(found.index + found[0].length);
        return before;
      }
      if (this.#process.exitCode !== null || Date.now() > deadline) {
        throw new Error(`ghost-edge does not serve:\n${this.#said}`);
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 200);
        this.#heard = (): void => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** Puts a document into use. */
  async load(config: Config): Promise<Loaded> {
    const listeners = usable(config.listeners ?? []);
    this.#listeners = [...listeners, stray(listeners)];
    await writeFile(join(this.folder, "ghost.json"), JSON.stringify(config));
    const text = configuration(this.folder, listeners, (this.#loads += 1));
    await writeFile(join(this.folder, "edge.json"), text);
    this.#process.kill("SIGHUP");
    // Its files are watched as well: what counts is the word about these very bytes.
    const sum = createHash("sha256").update(text).digest("hex");
    const said = await this.#until(
      new RegExp(`configuration is in use[^\\n]*${sum}|configuration is refused[\\s\\S]*${sum}`),
    );
    const refused = /configuration is refused[\s\S]*/.exec(said);
    return refused === null ? { listeners } : { refused: refused[0], listeners: [] };
  }

  /** The socket of a listener. Where none is named, only a document without listeners has one. */
  socket(name: string | undefined): EdgeSocket {
    if (name === undefined && this.#listeners.length > 1)
      throw new Unsayable("nobody listens there");
    const listener =
      name === undefined
        ? this.#listeners.at(-1)
        : this.#listeners.find((one) => one.name === name);
    if (listener === undefined) throw new Unsayable("no HTTP there");
    const secure = (listener.protocol ?? "HTTP").toUpperCase() === "HTTPS";
    return { path: join(this.folder, `${listener.name}.sock`), secure, port: listener.port };
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode === null) {
      const ended = once(this.#process, "exit");
      this.#process.kill("SIGTERM");
      await ended;
    }
    await rm(this.folder, { recursive: true, force: true });
    if (/panicked/.test(this.#said)) throw new Error(`ghost-edge panicked:\n${this.#said}`);
  }
}

/** Listeners that can be listened on; an edge refuses a configuration with others, as a document alone does not. */
function usable(listeners: Listener[]): Listener[] {
  const taken = new Set<string>();
  return listeners.filter((listener: Listener & { hostname?: string }) => {
    const { name, port, protocol = "HTTP", hostname = "" } = listener;
    const place = `${port} ${hostname}`;
    const good = Number.isInteger(port) && port > 0 && port < 65_536 && !/\s/.test(hostname);
    if (!good || /^t/i.test(protocol) || taken.has(name) || taken.has(place)) return false;
    taken.add(name).add(place);
    return true;
  });
}

function configuration(folder: string, listeners: Listener[], count = 0): string {
  const tls = { cert: "cert.pem", key: "key.pem" };
  const made = [...listeners, stray(listeners)].map((listener) => {
    const { name, port, protocol = "HTTP", ...rest } = listener as Listener & { hostname?: string };
    const secure = protocol.toUpperCase() === "HTTPS";
    const address = `unix:${join(folder, `${name}.sock`)}`;
    return {
      name,
      port,
      address,
      protocol: secure ? "https" : "http",
      ...(rest.hostname === undefined ? {} : { hostname: rest.hostname }),
      proxy_protocol: { trusted: ["0.0.0.0/0"] },
      ...(secure ? { tls } : {}),
    };
  });
  return JSON.stringify({
    $schema: `load ${count}`,
    listeners: made,
    routes_file: "ghost.json",
    access_log: { enabled: false },
    metrics: { enabled: false },
    admin: { enabled: false },
    workers: 1,
  });
}
