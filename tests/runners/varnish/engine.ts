// One varnishd for all case files: a socket for each listener name there is, reloads through the control socket.

import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chmod, copyFile, cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
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

/** Where another engine is unpacked; empty for the machine's own. */
const root = process.env["GHOST_ENGINE_ROOT"] ?? "";

export class Engine {
  /** A folder that the engine sees too, by this name. */
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

  static async start(workspace: string, files: CaseFile[], tuning: string[] = []): Promise<Engine> {
    const outside = await mkdtemp(join(root, tmpdir(), "ghost-cases-"));
    const folder = outside.slice(root.length);
    await chmod(outside, 0o755);
    const names = new Set([
      STRAY,
      ...files.flatMap(({ config }) => (config.listeners ?? []).map(({ name }) => name)),
    ]);
    const ports = new Map([...names].map((name, index) => [name, FIRST_PORT + index]));
    const built = process.env["GHOST_VMOD_OUT"] ?? join(workspace, "target/vmod");
    const library = join(folder, "libvmod_ghost.so");
    await copyFile(join(built, "libvmod_ghost.so"), join(root, library));
    await cp(join(workspace, "crates/ghost-vmod/vcl"), join(outside, "vcl"), { recursive: true });
    await writeFile(join(outside, "ghost.json"), JSON.stringify(documentOfNothing));
    await writeFile(join(outside, "main.vcl"), vcl(library, join(folder, "ghost.json")));
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
      `vcl_path=${join(folder, "vcl")}`,
      "-p",
      "thread_pool_min=20",
      ...tuning.flatMap((parameter) => ["-p", parameter]),
    ];
    const control = ["-a", `ghost=${join(folder, "ghost.sock")},mode=0600`];
    const [program, ...first] = command();
    const child = spawn(program, [...first, ...options, ...parameters, ...listeners, ...control], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    const engine = new Engine(folder, child, ports);
    await engine.#ready();
    return engine;
  }

  /** Process id of the child that serves. */
  async worker(): Promise<number> {
    const { pid } = this.#process;
    const children = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8");
    return Number(children.trim().split(" ")[0]);
  }

  /** Frees what a reload left. How many backends there are, and how many of them wait to be deleted. */
  async sweep(): Promise<{ inUse: number; waiting: number }> {
    const { status, body } = await this.#control("sweep");
    if (status !== 200) throw new Error(`sweep gave ${status}: ${body}`);
    const answer: { backends: { inUse: number; waiting: number } } = JSON.parse(body);
    return answer.backends;
  }

  /** A file in the folder, as it is called outside of the engine's root. */
  outside(name: string): string {
    return join(root, this.folder, name);
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
    await writeFile(this.outside("ghost.json"), JSON.stringify(config));
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
        socketPath: this.outside("ghost.sock"),
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
    await rm(this.outside(""), { recursive: true, force: true });
  }
}

/** How the engine is started. */
function command(): [string, ...string[]] {
  if (root === "") return ["varnishd"];
  const isVinyl = existsSync(join(root, "usr/sbin/vinyld"));
  return ["chroot", root, isVinyl ? "vinyld" : "varnishd"];
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
