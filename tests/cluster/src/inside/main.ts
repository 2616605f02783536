// The inside of a cluster, in namespaces of its own for network, mounts and processes, of which this is the first process.
// Nothing made here is visible outside, and all of it ends with this process: programs, bridges, mounts, rules.

import { mkdir } from "node:fs/promises";
import { createInterface } from "node:readline";
import { makeCredentials } from "../control-plane/certificates.ts";
import { startControlPlane, type ControlPlane } from "../control-plane/control-plane.ts";
import { run } from "../network/commands.ts";
import { makeNodeNetwork } from "../network/node-network.ts";
import { rangesOf } from "../network/ranges.ts";
import { NodeAgent } from "../node/agent.ts";
import { untilUsable } from "./usable.ts";
import { nodeName, type Order, type Report, type StartOrder } from "./protocol.ts";

/** In memory, and gone with the mount namespace. */
const dataFolder = "/run/cluster";

let controlPlane: ControlPlane | undefined;
let agent: NodeAgent | undefined;
let isStopping = false;

function report(message: Report): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

function say(line: string): void {
  report({ kind: "progress", line });
}

function fail(error: unknown): void {
  if (isStopping) return;
  report({ kind: "failed", message: error instanceof Error ? error.message : String(error) });
  void stop();
}

async function makeMounts(): Promise<void> {
  await run("mount", ["-t", "tmpfs", "-o", "mode=755", "tmpfs", "/run"]);
  for (const folder of ["/run/netns", dataFolder]) await mkdir(folder, { recursive: true });
  // The runtime looks which kind of cgroups there are, and does not know every mixture; it uses none.
  await run("mount", ["-t", "cgroup2", "cgroup2", "/sys/fs/cgroup"]);
}

async function start(order: StartOrder): Promise<void> {
  const { folder, name, images, restartDelayMs, programs, kubeconfig } = order;
  const ranges = rangesOf(order.range);
  const secrets = `${dataFolder}/secrets`;
  await mkdir(secrets, { mode: 0o700 });
  const [credentials] = await Promise.all([
    makeCredentials(secrets, nodeName, ranges.node, [ranges.node, ranges.apiServer]),
    makeNodeNetwork(ranges, order.uplink),
  ]);
  controlPlane = await startControlPlane(
    { name, folder, dataFolder, programs, ranges, credentials, kubeconfig },
    say,
  );
  controlPlane.lost.catch(fail);
  const { client } = controlPlane;
  [agent] = await Promise.all([
    NodeAgent.start({
      client,
      ranges,
      credentials,
      nodeName,
      images,
      dataFolder,
      restartDelayMs,
      say,
      imageFolder: `${folder}/images`,
      logFolder: `${folder}/logs/pods`,
    }),
    untilUsable(client, order),
  ]);
  report({ kind: "ready" });
}

async function obey(order: Order): Promise<void> {
  if (order.kind === "start") {
    await start(order).catch(fail);
    return;
  }
  const { id } = order;
  try {
    if (!agent) throw new Error("the cluster is not ready");
    if (order.kind === "addImages") {
      agent.addImages(order.images);
      report({ kind: "answer", id });
    } else {
      const result = await agent.execute(order.pod, order.container, order.command);
      report({ kind: "answer", id, result });
    }
  } catch (error) {
    report({ kind: "answer", id, error: String(error) });
  }
}

async function stop(): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  await agent?.stop().catch((error: unknown) => say(String(error)));
  await controlPlane?.stop();
  process.exit(0);
}

// An interrupt at the terminal reaches every process of the group; the starter decides.
process.on("SIGINT", () => undefined);
process.on("SIGTERM", () => void stop());
const orders = createInterface({ input: process.stdin });
orders.on("line", (line) => void obey(JSON.parse(line) as Order));
orders.on("close", () => void stop());
await makeMounts();
report({ kind: "entered" });
