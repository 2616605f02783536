// One varnishd for all case files: a socket for each listener name there is, reloads through the control socket.

import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Case, CaseFile, Config, Listener } from "./case.ts";

export type SocketAddress = { host: string; port: number };

export type Loaded = { refused?: string; listeners: Listener[] };

/** A listener that no document names. */
const STRAY = "stray";
const FIRST_PORT = 20_000;

const documentOfNothing = { version: 1, routes: [] };

export class Engine {
  readonly folder: string;
  readonly #process: ChildProcess;
  readonly #ports: Map<string, number>;
  #said = "";

  private constructor(folder: string, process: ChildProcess, ports: Map<string, number>) {
    this.folder = folder;
    this.#process = process;
    this.#ports = ports;
    for (const stream of [process.stdout, process.stderr]) {
      stream?.on("data", (text: Buffer) => (this.#said += text.toString()));
    }
  }

  static async start(workspace: string, files: CaseFile[]): Promise<Engine> {
    const folder = await mkdtemp(join(tmpdir(), "ghost-cases-"));
    await chmod(folder, 0o755);
    const names = new Set([
      STRAY,
      ...files.flatMap(({ config }) => (config.listeners ?? []).map(({ name }) => name)),
    ]);
    const ports = new Map([...names].map((name, index) => [name, FIRST_PORT + index]));
    const library = join(
      process.env["GHOST_VMOD_OUT"] ?? join(workspace, "target/vmod"),
      "libvmod_ghost.so",
    );
    await writeFile(join(folder, "ghost.json"), JSON.stringify(documentOfNothing));
    await writeFile(join(folder, "main.vcl"), vcl(library, join(folder, "ghost.json")));
    const listeners = [...ports].flatMap(([name, port]) => ["-a", `${name}=127.0.0.1:${port}`]);
    const options = [
      "-j",
      "none",
      "-F",
      "-n",
      join(folder, "work"),
      "-f",
      join(folder, "main.vcl"),
      "-s",
      "malloc,32m",
    ];
    const parameters = [
      "-p",
      `vcl_path=${join(workspace, "crates/ghost-vmod/vcl")}`,
      "-p",
      "thread_pool_min=20",
    ];
    const control = ["-a", `ghost=${join(folder, "ghost.sock")},mode=0600`];
    const child = spawn("varnishd", [...options, ...parameters, ...listeners, ...control], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    const engine = new Engine(folder, child, ports);
    await engine.#ready();
    return engine;
  }

  async #ready(): Promise<void> {
    const deadline = Date.now() + 30_000;
    while (this.#process.exitCode === null && Date.now() < deadline) {
      const answer = await this.#control("sweep").catch(() => undefined);
      if (answer?.status === 200) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`varnishd does not serve:\n${this.#said}`);
  }

  /** Puts a document into use. Tells what the engine says when it refuses it, and which listeners it takes. */
  async load(config: Config): Promise<Loaded> {
    await writeFile(join(this.folder, "ghost.json"), JSON.stringify(config));
    const { status, body } = await this.#control("reload");
    if (status !== 200) return { refused: body, listeners: [] };
    const answer: { diagnostics: { path: string; severity: string }[] } = JSON.parse(body);
    const errors = answer.diagnostics
      .filter(({ severity }) => severity === "error")
      .map(({ path }) => path);
    const isBroken = (index: number): boolean =>
      errors.some((path) => path.startsWith(`listeners[${index}]`));
    return { listeners: (config.listeners ?? []).filter((_, index) => !isBroken(index)) };
  }

  #control(what: string): Promise<{ status: number; body: string }> {
    return new Promise((resolve, reject) => {
      const options = {
        socketPath: join(this.folder, "ghost.sock"),
        path: `/.varnish-ghost/${what}`,
        agent: false,
      };
      const asked = request(options, (response) => {
        let body = "";
        response.on("data", (text: Buffer) => (body += text.toString()));
        response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
        response.on("error", reject);
      });
      asked.on("error", reject);
      asked.end();
    });
  }

  address(listener: string | undefined): SocketAddress {
    const port = this.#ports.get(listener ?? STRAY) ?? this.#ports.get(STRAY) ?? 0;
    return { host: "127.0.0.1", port };
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode === null) {
      const ended = once(this.#process, "exit");
      this.#process.kill("SIGTERM");
      await ended;
    }
    if (/panic|Child .* died/i.test(this.#said))
      throw new Error(`varnishd's child died:\n${this.#said}`);
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** The listener of a case: the one it names, or the one on the URL's scheme and port. */
export function listenerFor(listeners: Listener[], one: Case): string | undefined {
  if (one.listener !== undefined) return one.listener;
  const [, scheme = "http", authority = ""] =
    /^(https?):\/\/([^/?#]*)/i.exec(one.request.url) ?? [];
  const secure = scheme.toLowerCase() === "https";
  const port = Number(/:(\d+)$/.exec(authority)?.[1] ?? (secure ? 443 : 80));
  const takes = (listener: Listener): boolean =>
    listener.port === port &&
    (listener.protocol ?? "HTTP").toUpperCase() === (secure ? "HTTPS" : "HTTP");
  return listeners.find(takes)?.name;
}

/** Everything is passed, so that no case sees what another one left in the cache. */
function vcl(library: string, document: string): string {
  return `vcl 4.1;
import ghost from "${library}";
sub vcl_init { new router = ghost.router("${document}"); }
sub vcl_recv {
	router.fix_draw(req.http.Ghost-Test-Draw);
	unset req.http.Ghost-Test-Draw;
}
sub vcl_synth { set resp.http.Ghost-Test-Decision = router.decision(); }
include "ghost.vcl";
sub vcl_recv { return (pass); }
sub vcl_backend_response { set beresp.http.Ghost-Test-Fetch = router.decision(); }
sub vcl_deliver { set resp.http.Ghost-Test-Decision = router.decision(); }
`;
}
