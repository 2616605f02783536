/** docs/kubernetes.md as its reader follows it: each block of commands, in order, in a cluster where nothing is installed. */

import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startCluster } from "@ghost-gateway/cluster";
import type { Cluster } from "@ghost-gateway/cluster";
import { ghostImages } from "@ghost-gateway/conformance";

const root = fileURLToPath(new URL("../../../..", import.meta.url));
const page = readFileSync(`${root}docs/kubernetes.md`, "utf8");
const blocks = [...page.matchAll(/^## (.*)$|^```sh\n([\s\S]*?)^```$/gm)].reduce<
  { readonly title: string; readonly commands: string }[]
>((found, [, heading, commands]) => {
  const title = heading ?? found.at(-1)?.title ?? "";
  return [...found, { title, commands: commands ?? "" }];
}, []);

let cluster: Cluster;

beforeAll(async () => {
  const say = (line: string): boolean => process.stderr.write(`cluster: ${line}\n`);
  cluster = await startCluster({ name: `docs-${process.pid}`, images: ghostImages, say });
});

afterAll(async () => {
  await cluster?.stop();
});

async function run(commands: string): Promise<string> {
  const path = `${dirname(cluster.programs.path("kubectl"))}:${process.env["PATH"]}`;
  const env = { ...process.env, PATH: path, KUBECONFIG: cluster.kubeconfig };
  const { stdout } = await promisify(execFile)("bash", ["-euo", "pipefail", "-c", commands], {
    cwd: root,
    env,
  });
  return stdout;
}

test.each(blocks.filter(({ commands }) => commands !== ""))("$title", async ({ commands }) => {
  await expect(run(commands)).resolves.toBeDefined();
});

test("nothing is left behind", async () => {
  const ours = "clusterrole,clusterrolebinding,gatewayclass,namespace";
  const left = await cluster.kubectl(["get", ours, "-o", "name"]);
  expect(left).not.toMatch(/ghost/);
  const label = ["-l", "app.kubernetes.io/managed-by=ghost-operator", "-o", "name"];
  const kinds = "deployment,service,secret,configmap,serviceaccount,role,rolebinding";
  const owned = (): Promise<string> => cluster.kubectl(["get", kinds, "-A", ...label]);
  await expect.poll(owned, { timeout: 90_000, interval: 200 }).toBe("");
});
