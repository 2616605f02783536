// The varnishd under test, the origin behind it (another varnishd, which answers by itself), and what the child costs.

import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import {
  chmod,
  copyFile,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rm,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { Cli } from "./cli.ts";

const workspace = join(dirname(fileURLToPath(import.meta.url)), "../../..");

export const ports = { front: 20_000, origin: 20_001, cli: 20_002 };

export class Stage {
  readonly folder: string;
  readonly #processes: ChildProcess[];
  readonly cli: Cli;

  private constructor(folder: string, processes: ChildProcess[], cli: Cli) {
    this.folder = folder;
    this.#processes = processes;
    this.cli = cli;
  }

  static async start(): Promise<Stage> {
    const folder = await mkdtemp(join(tmpdir(), "ghost-bench-"));
    await chmod(folder, 0o755);
    const built = process.env["GHOST_VMOD_OUT"] ?? join(workspace, "target/vmod");
    await copyFile(join(built, "libvmod_ghost.so"), join(folder, "libvmod_ghost.so"));
    await copyFile(join(workspace, "crates/ghost-vmod/vcl/ghost.vcl"), join(folder, "ghost.vcl"));
    await writeFile(join(folder, "secret"), "bench\n");
    const idle = 'vcl 4.1; backend none none; sub vcl_recv { return (synth(200, "idle")); }\n';
    const origin =
      'vcl 4.1; backend none none; sub vcl_recv { return (synth(200)); } sub vcl_synth { set resp.http.Cache-Control = "max-age=3600"; set resp.body = "0123456789"; return (deliver); }\n';
    await Promise.all([
      writeFile(join(folder, "idle.vcl"), idle),
      writeFile(join(folder, "origin.vcl"), origin),
      mkdir(join(folder, "work")),
      mkdir(join(folder, "origin")),
    ]);
    const tuning = ["thread_pools=1", "thread_pool_min=60", "thread_pool_max=60"];
    const engine = (name: string, port: number, more: string[]): ChildProcess =>
      spawn(
        "varnishd",
        [
          "-F",
          "-j",
          "none",
          "-n",
          join(folder, name),
          "-s",
          "malloc,256m",
          "-a",
          `http=127.0.0.1:${port}`,
          ...tuning.flatMap((one) => ["-p", one]),
          ...more,
        ],
        { stdio: ["ignore", "ignore", "inherit"] },
      );
    const parameters = [
      `vcl_path=${folder}`,
      "cli_timeout=900",
      "cli_limit=1m",
      "vcc_err_unref=off",
      "backend_idle_timeout=1",
    ];
    const control = ["-a", `ghost=${join(folder, "ghost.sock")},mode=0600`];
    const cliPort = ["-T", `127.0.0.1:${ports.cli}`, "-S", join(folder, "secret")];
    const more = [
      ...control,
      ...cliPort,
      "-f",
      join(folder, "idle.vcl"),
      ...parameters.flatMap((one) => ["-p", one]),
    ];
    const processes = [
      engine("origin", ports.origin, ["-f", join(folder, "origin.vcl")]),
      engine("work", ports.front, more),
    ];
    const cli = await answered(async () => {
      const opened = await Cli.open(ports.cli, await readFile(join(folder, "secret")));
      await opened.run("ping");
      return opened;
    });
    for (const port of [ports.front, ports.origin])
      await answered(() => fetch(`http://127.0.0.1:${port}/`).then((response) => response.text()));
    return new Stage(folder, processes, cli);
  }

  file(name: string): string {
    return join(this.folder, name);
  }

  /** The processor time of the child so far, in nanoseconds: that of all its threads, which never end. */
  async processorTime(): Promise<number> {
    const folder = `/proc/${await this.#worker()}/task`;
    const threads = await readdir(folder);
    const times = await Promise.all(
      threads.map((thread) => readFile(`${folder}/${thread}/schedstat`, "utf8").catch(() => "0")),
    );
    return times.reduce((sum, text) => sum + Number(text.split(" ")[0]), 0);
  }

  async #worker(): Promise<string> {
    const pid = this.#processes[1]?.pid;
    return (await readFile(`/proc/${pid}/task/${pid}/children`, "utf8")).trim().split(" ")[0] ?? "";
  }

  async stop(): Promise<void> {
    this.cli.close();
    for (const child of this.#processes) {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    }
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Asks until there is an answer. */
async function answered<T>(ask: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
