// What is left of a cluster whose starter was killed, and of one that was stopped: nothing.

import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { existsSync, globSync, readFileSync, readlinkSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { startCluster } from "@ghost-gateway/cluster";
import { eventually } from "./eventually.ts";

const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const folderOf = (name: string) =>
  fileURLToPath(new URL(`../../../../target/cluster/${name}`, import.meta.url));
let child: ChildProcess | undefined;

afterEach(() => {
  child?.kill("SIGKILL");
});

/** Starts a cluster as `make cluster` does and resolves when it is ready. */
async function begin(name: string): Promise<ChildProcess> {
  const began = Date.now();
  const started = spawn(process.execPath, [main, name], { stdio: ["ignore", "pipe", "pipe"] });
  child = started;
  let said = "";
  started.stderr.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  await new Promise<void>((resolve, reject) => {
    createInterface({ input: started.stdout }).once("line", () => resolve());
    started.once("exit", () => reject(new Error(said)));
  });
  process.stderr.write(
    `${name}: from start to ready in ${((Date.now() - began) / 1000).toFixed(1)} s\n`,
  );
  return started;
}

/** The network namespace of the cluster, by its controller manager, whose arguments name the cluster's folder. */
function namespaceOf(name: string): string {
  for (const process of globSync("/proc/[0-9]*")) {
    try {
      const isOurs = readFileSync(`${process}/cmdline`, "utf8").includes(
        `${folderOf(name)}/kubeconfig`,
      );
      if (isOurs) return readlinkSync(`${process}/ns/net`);
    } catch {
      // It ended while we looked.
    }
  }
  throw new Error(`no process of cluster ${name} was found`);
}

/** Every process that lives in a network namespace. */
function processesIn(namespace: string): string[] {
  return globSync("/proc/[0-9]*").filter((process) => {
    try {
      return readlinkSync(`${process}/ns/net`) === namespace;
    } catch {
      return false;
    }
  });
}

function links(): string[] {
  const shown = JSON.parse(execFileSync("ip", ["-json", "link", "show"], { encoding: "utf8" }));
  return (shown as { ifname: string }[]).map(({ ifname }) => ifname);
}

/** The link of a cluster, known by the address in its kubeconfig. */
function linkOf(name: string): string {
  const [, number] =
    /https:\/\/10\.(\d+)\./.exec(readFileSync(`${folderOf(name)}/kubeconfig`, "utf8")) ?? [];
  return `cluster${number}`;
}

function expectNothing(namespace: string, link: string): void {
  expect(processesIn(namespace)).toEqual([]);
  expect(links()).not.toContain(link);
  // What the cluster mounts is in its own mount namespace, under /run/cluster.
  expect(readFileSync("/proc/self/mounts", "utf8")).not.toContain("/run/cluster");
}

test("a cluster whose starter is killed leaves no process, link or mount, and its name can be used again", async () => {
  const name = `killed-${process.pid}`;
  const starter = await begin(name);
  const link = linkOf(name);
  const namespace = namespaceOf(name);
  // The agent, etcd, the API server and the controllers.
  expect(processesIn(namespace).length).toBeGreaterThanOrEqual(4);
  expect(links()).toContain(link);
  starter.kill("SIGKILL");
  await eventually(async () => expectNothing(namespace, link));
  const again = await startCluster({ name });
  await again.stop();
  expect(existsSync(folderOf(name))).toBe(false);
});

test("an interrupted cluster cleans up, and two stand side by side", async () => {
  const name = `first-${process.pid}`;
  const starter = await begin(name);
  const link = linkOf(name);
  const namespace = namespaceOf(name);
  const second = await startCluster({ name: `second-${process.pid}` });
  expect(linkOf(second.name)).not.toBe(link);
  await expect(startCluster({ name })).rejects.toThrow("is running");
  const ended = new Promise((resolve) => {
    starter.once("exit", resolve);
  });
  starter.kill("SIGINT");
  expect(await ended).toBe(0);
  await eventually(async () => expectNothing(namespace, link));
  expect(existsSync(folderOf(name))).toBe(false);
  await second.kubectl(["get", "nodes"]);
  await second.stop();
});
