/** Two origins, a document, ghost-chaperone with a real engine, and load: what every fault happens to. */

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { tmpdir } from "node:os";
import { Ledger } from "../../ts/cli/src/demo/ledger.ts";
import { startOrigin } from "../../ts/cli/src/demo/origin.ts";
import type { Origin } from "../../ts/cli/src/demo/origin.ts";
import { Chaperone, managerOf } from "./chaperone.ts";
import { Load } from "./load.ts";

const root = resolve(import.meta.dirname, "../..");

export interface Engine {
  readonly name: string;
  /** Root folder of an engine that is not installed. */
  readonly root?: string;
}

export class Stage {
  readonly folder: string;
  readonly file: string;
  readonly run: string;
  readonly vcl: string;
  readonly ledger = new Ledger();
  readonly origins: { readonly blue: Origin; readonly green: Origin };
  readonly chaperone: Chaperone;
  readonly load: Load;
  readonly #words: readonly string[];
  readonly #environment: NodeJS.ProcessEnv;

  static async open(engine: Engine, policy: "refuse" | "quarantine" = "refuse"): Promise<Stage> {
    const folder = await mkdtemp(join(tmpdir(), "ghost-chaos-"));
    await chmod(folder, 0o711);
    const ledger = new Ledger();
    const start = (service: string): Promise<Origin> =>
      startOrigin({
        service,
        onRequest: (id, by) => ledger.arrived(id, by),
        faultFor: () => undefined,
      });
    const origins = { blue: await start("blue"), green: await start("green") };
    const file = join(folder, "ghost.json");
    const vcl = join(folder, "user.vcl");
    await writeFile(vcl, "vcl 4.1;\n");
    const run = join(folder, "run");
    const port = await freePort();
    const words = [
      "-c",
      file,
      "--run-folder",
      run,
      "--vcl",
      vcl,
      "--on-error",
      policy,
      "--cache-size",
      "32m",
      "--listen",
      `127.0.0.1:${port}`,
      "--health",
      "off",
      "--metrics",
      "off",
      ...(await programs(engine, folder)),
    ];
    const environment = libraries(engine);
    const load = new Load(port, ledger);
    const parts = { folder, file, run, vcl, ledger, origins, words, environment, load };
    const stage = new Stage(parts);
    await stage.edit(["blue"]);
    stage.chaperone.start();
    await stage.chaperone.next("ready");
    return stage;
  }

  private constructor(parts: {
    folder: string;
    file: string;
    run: string;
    vcl: string;
    ledger: Ledger;
    origins: Stage["origins"];
    words: readonly string[];
    environment: NodeJS.ProcessEnv;
    load: Load;
  }) {
    this.folder = parts.folder;
    this.file = parts.file;
    this.run = parts.run;
    this.vcl = parts.vcl;
    this.ledger = parts.ledger;
    this.origins = parts.origins;
    this.#words = parts.words;
    this.#environment = parts.environment;
    this.load = parts.load;
    this.chaperone = new Chaperone(this.#words, this.#environment);
  }

  /** The document for these services, in equal parts. */
  document(services: readonly ("blue" | "green")[], extra: readonly object[] = []): string {
    return JSON.stringify({
      version: 1,
      routes: [
        { name: "chaos", rules: [{ backends: services.map((service) => ({ service })) }] },
        ...extra,
      ],
      services: Object.fromEntries(
        services.map((service) => [
          service,
          { endpoints: [{ address: "127.0.0.1", port: this.origins[service].port }] },
        ]),
      ),
    });
  }

  /** Writes the document as editors do, and says so to the ledger. */
  async edit(
    services: readonly ("blue" | "green")[],
    extra: readonly object[] = [],
  ): Promise<void> {
    this.ledger.edited(services, performance.now());
    await this.write(this.document(services, extra));
  }

  async write(text: string): Promise<void> {
    await writeFile(`${this.file}.new`, text);
    await rename(`${this.file}.new`, this.file);
  }

  /** Edits and waits for the acknowledgement. */
  async change(services: readonly ("blue" | "green")[]): Promise<void> {
    const from = this.chaperone.lines.length;
    await this.edit(services);
    await this.chaperone.next("reloaded", from);
    this.ledger.acknowledged(performance.now());
  }

  get manager(): number {
    return managerOf(this.run);
  }

  /** A counter of the engine. */
  counter(name: string): number {
    const program = this.#words[this.#words.indexOf("--varnishstat") + 1] ?? "varnishstat";
    const word = this.#words.includes("--varnishstat") ? program : "varnishstat";
    const text = execFileSync(word, ["-n", join(this.run, "engine"), "-j", "-f", name], {
      encoding: "utf8",
    });
    const { counters } = JSON.parse(text);
    return counters[name]?.value ?? 0;
  }

  async close(): Promise<void> {
    await this.load.stop();
    await this.chaperone.kill("SIGTERM").catch(() => undefined);
    try {
      process.kill(this.manager, "SIGKILL");
    } catch {
      // It has ended, as it should.
    }
    await Promise.all([this.origins.blue.close(), this.origins.green.close()]);
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Arguments that name the engine's programs. */
async function programs({ root: engineRoot }: Engine, folder: string): Promise<string[]> {
  if (engineRoot === undefined) return [];
  const names = ["varnishd", "varnishstat"];
  for (const name of names) {
    const script = `#!/bin/sh\nexec ${join(import.meta.dirname, "in-root")} ${resolve(engineRoot)} ${folder} ${name} "$@"\n`;
    await writeFile(join(folder, name), script, { mode: 0o755 });
  }
  return names.flatMap((name) => [`--${name}`, join(folder, name)]);
}

/** The VMOD that was built against the engine's headers. */
function libraries({ root: engineRoot }: Engine): NodeJS.ProcessEnv {
  if (engineRoot === undefined) return {};
  const library = join(root, "target/engines", basename(engineRoot), "vmod/libvmod_ghost.so");
  if (!existsSync(library)) throw new Error(`${library} is not built: make matrix`);
  return { GHOST_VMOD: library, GHOST_VCL: join(root, "crates/ghost-vmod/vcl/ghost.vcl") };
}

async function freePort(): Promise<number> {
  const { createServer } = await import("node:net");
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
