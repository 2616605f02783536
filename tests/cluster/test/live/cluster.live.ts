// A real control plane and its node, asked whether they behave as Kubernetes does.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startCluster, type Cluster } from "@ghost-gateway/cluster";
import { describeDeployments } from "./deployments.ts";
import { describePods } from "./pods.ts";
import { describeServices } from "./services.ts";
import { shellImage } from "./workloads.ts";

let cluster: Cluster;

beforeAll(async () => {
  const say = (line: string) => process.stderr.write(`cluster: ${line}\n`);
  cluster = await startCluster({
    name: `live-${process.pid}`,
    images: { [shellImage]: { command: [] } },
    restartDelayMs: 500,
    say,
  });
});

afterAll(async () => {
  await cluster?.stop();
});

describe("the cluster", () => {
  test("is of the versions it was built from", async () => {
    const version = JSON.parse(await cluster.kubectl(["version", "-o", "json"])) as {
      clientVersion: { gitVersion: string };
      serverVersion: { gitVersion: string };
    };
    expect(version.serverVersion.gitVersion).toMatch(/^v1\.\d+\.\d+$/);
    expect(version.clientVersion.gitVersion).toBe(version.serverVersion.gitVersion);
  });

  test("has a ready node that renews its lease", async () => {
    const lease = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/node";
    const read = async () =>
      (await cluster.client.get<{ spec: { renewTime: string } }>(lease)).spec.renewTime;
    const first = await read();
    await expect.poll(read, { timeout: 60_000, interval: 200 }).not.toBe(first);
    expect(
      await cluster.kubectl(["wait", "--for=condition=Ready", "node", "--all", "--timeout=60s"]),
    ).toContain("met");
  });

  test("serves the Gateway API's experimental channel", async () => {
    const definition = [
      "get",
      "crd",
      "httproutes.gateway.networking.k8s.io",
      "-o",
      "jsonpath={.metadata.annotations}",
    ];
    const annotations = JSON.parse(await cluster.kubectl(definition)) as Record<string, string>;
    expect(annotations).toMatchObject({
      "gateway.networking.k8s.io/bundle-version": "v1.6.3",
      "gateway.networking.k8s.io/channel": "experimental",
    });
  });

  test("asks for rights: a service account without any is refused", async () => {
    const asked = ["auth", "can-i", "list", "pods", "--as=system:serviceaccount:default:default"];
    await expect(cluster.kubectl(asked)).rejects.toThrow("no");
  });
});

describeDeployments(() => cluster);
describeServices(() => cluster);
describePods(() => cluster);
