// Starts a cluster and speaks for it: the programmatic face of this package.

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync, rmSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { ApiClient } from "./api/client.ts";
import { buildPrograms, type Programs } from "./build/programs.ts";
import { claimFolder, claimRange } from "./claim.ts";
import { apiServerPort } from "./control-plane/control-plane.ts";
import type { Order, Report } from "./inside/protocol.ts";
import { run } from "./network/commands.ts";
import { rangesOf, type ClusterRanges } from "./network/ranges.ts";
import type { ImageTable } from "./node/image.ts";
import { conformanceImages } from "./conformance-images.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const inside = fileURLToPath(new URL("inside/main.ts", import.meta.url));
const uplink = "uplink";
/** What an orderly stop may take before the inside is killed. */
const patienceMs = 20_000;

export interface ClusterOptions {
  /** Lower-case letters, digits and dashes. Clusters of different names run side by side. */
  readonly name: string;
  /** Beside the images of the conformance suite. */
  readonly images?: ImageTable;
  /** The pause before a container's second restart; 10 s by default, as with kubelet. */
  readonly restartDelayMs?: number;
  /** Progress, a line at a time. */
  readonly say?: (line: string) => void;
}

export interface Cluster {
  readonly name: string;
  /** A file for KUBECONFIG; its user may do everything. */
  readonly kubeconfig: string;
  /** Logs of the control plane and of every container. */
  readonly folder: string;
  /** Pods, Services and load balancers have these addresses; all are reached from this machine. */
  readonly ranges: ClusterRanges;
  readonly client: ApiClient;
  readonly programs: Programs;
  /** Rejects when the cluster ends without having been stopped. */
  readonly lost: Promise<never>;
  /** Runs kubectl and gives what it prints; rejects with what it complains of. */
  readonly kubectl: (args: readonly string[], input?: string) => Promise<string>;
  /** Server-side apply of YAML or JSON text, or of objects. */
  readonly apply: (manifests: string | readonly object[]) => Promise<void>;
  readonly images: { readonly add: (table: ImageTable) => Promise<void> };
  /** Runs a command in a container of `namespace/pod`. */
  readonly execute: (
    pod: string,
    container: string,
    command: readonly string[],
  ) => Promise<{ readonly code: number; readonly output: string }>;
  /** Ends everything and removes the cluster's folder. */
  readonly stop: () => Promise<void>;
}

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** The process inside, and the conversation with it. */
class Inside {
  readonly child: ChildProcess;
  readonly entered: Promise<void>;
  readonly ready: Promise<void>;
  readonly lost: Promise<never>;
  readonly #waiting = new Map<number, Waiting>();
  #asked = 0;
  #isStopping = false;

  constructor(folder: string, say: (line: string) => void) {
    const log = openSync(`${folder}/logs/node.log`, "a");
    // Should this process die, the kernel kills `unshare`, then its child, and with that all that is inside.
    const namespaces = [
      "--net",
      "--mount",
      "--pid",
      "--ipc",
      "--fork",
      "--kill-child=KILL",
      "--mount-proc",
    ];
    const command = [
      "--pdeathsig",
      "KILL",
      "--",
      "unshare",
      ...namespaces,
      "--",
      process.execPath,
      inside,
    ];
    this.child = spawn("setpriv", command, { stdio: ["pipe", "pipe", log], cwd: "/" });
    closeSync(log);
    const entered = Promise.withResolvers<void>();
    const ready = Promise.withResolvers<void>();
    const lost = Promise.withResolvers<never>();
    this.entered = entered.promise;
    this.ready = ready.promise;
    this.lost = lost.promise;
    for (const promise of [this.entered, this.ready, this.lost]) promise.catch(() => undefined);
    const fail = (error: Error) => {
      for (const one of [entered, ready, lost, ...this.#waiting.values()]) one.reject(error);
    };
    this.child.stdin?.on("error", () => undefined);
    this.child.on("error", fail);
    this.child.on("exit", (code, signal) => {
      if (this.#isStopping) return;
      const tail = readFileSync(`${folder}/logs/node.log`, "utf8").slice(-2000);
      fail(new Error(`the cluster ended (${signal ?? `exit ${code}`})\n${tail}`));
    });
    const stdout = this.child.stdout;
    if (!stdout) throw new Error("the inside of the cluster has no output");
    createInterface({ input: stdout }).on("line", (line) => {
      const report = JSON.parse(line) as Report;
      if (report.kind === "entered") entered.resolve();
      else if (report.kind === "progress") say(report.line);
      else if (report.kind === "ready") ready.resolve();
      else if (report.kind === "failed") fail(new Error(report.message));
      else this.#answer(report);
    });
  }

  order(order: Order): void {
    this.child.stdin?.write(`${JSON.stringify(order)}\n`);
  }

  async ask(make: (id: number) => Order): Promise<unknown> {
    this.#asked += 1;
    const id = this.#asked;
    const answered = new Promise<unknown>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
    });
    this.order(make(id));
    return await answered;
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, "exit");
    this.child.stdin?.end();
    const killer = setTimeout(() => this.child.kill("SIGKILL"), patienceMs);
    await ended;
    clearTimeout(killer);
  }

  #answer({ id, result, error }: Extract<Report, { kind: "answer" }>): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve(result);
    else waiting?.reject(new Error(error));
  }
}

function check({ name }: ClusterOptions): void {
  if (!/^[a-z0-9][a-z0-9-]{0,30}$/.test(name)) {
    throw new Error(`"${name}" is no name for a cluster: lower-case letters, digits and dashes`);
  }
  if (process.getuid?.() !== 0) {
    throw new Error("a cluster makes network namespaces and mounts; run this as root");
  }
}

export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  check(options);
  const { name, images = {}, restartDelayMs = 10_000, say = () => undefined } = options;
  const programs = await buildPrograms(say);
  const folder = `${root}target/cluster/${name}`;
  claimFolder(folder);
  const kubeconfig = `${folder}/kubeconfig`;
  const node = new Inside(folder, say);
  const remove = async () => {
    await node.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await node.entered;
    const range = await claimRange(node.child.pid ?? 0, uplink);
    node.order({
      kind: "start",
      name,
      range,
      uplink,
      folder,
      kubeconfig,
      restartDelayMs,
      images: { ...conformanceImages(programs), ...images },
      programs: {
        etcd: programs.path("etcd"),
        apiServer: programs.path("kube-apiserver"),
        controllers: programs.path("kube-controller-manager"),
        kubectl: programs.path("kubectl"),
      },
      customResources: programs.customResources,
    });
    await node.ready;
    return speakFor(options, node, {
      programs,
      folder,
      kubeconfig,
      ranges: rangesOf(range),
      remove,
    });
  } catch (error) {
    await node.stop();
    throw error;
  }
}

interface Parts extends Pick<Cluster, "programs" | "folder" | "kubeconfig" | "ranges"> {
  readonly remove: () => Promise<void>;
}

interface Kubeconfig {
  readonly clusters: readonly [{ cluster: { "certificate-authority-data": string } }];
  readonly users: readonly [{ user: { token: string } }];
}

function clientOf({ kubeconfig, ranges }: Parts): ApiClient {
  const config = JSON.parse(readFileSync(kubeconfig, "utf8")) as Kubeconfig;
  const authority = config.clusters[0].cluster["certificate-authority-data"];
  return new ApiClient({
    address: ranges.node,
    port: apiServerPort,
    certificateAuthority: Buffer.from(authority, "base64").toString(),
    token: config.users[0].user.token,
  });
}

function speakFor({ name }: ClusterOptions, node: Inside, parts: Parts): Cluster {
  const { programs, folder, kubeconfig, ranges, remove } = parts;
  const client = clientOf(parts);
  const kubectl: Cluster["kubectl"] = async (args, input = "") =>
    await run(programs.path("kubectl"), ["--kubeconfig", kubeconfig, ...args], input);
  return {
    name,
    folder,
    kubeconfig,
    ranges,
    client,
    programs,
    kubectl,
    lost: node.lost,
    apply: async (manifests) => {
      const text =
        typeof manifests === "string"
          ? manifests
          : JSON.stringify({ apiVersion: "v1", kind: "List", items: manifests });
      await kubectl(["apply", "--server-side", "--force-conflicts", "-f", "-"], text);
    },
    images: {
      add: async (table) => {
        await node.ask((id) => ({ kind: "addImages", id, images: table }));
      },
    },
    execute: async (pod, container, command) => {
      const answer = await node.ask((id) => ({ kind: "execute", id, pod, container, command }));
      return answer as { code: number; output: string };
    },
    stop: async () => {
      client.close();
      await remove();
    },
  };
}
