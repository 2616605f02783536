import { beforeAll, describe, expect, test } from "vitest";
import type { Cluster } from "@ghost-gateway/cluster";
import { eventually } from "./eventually.ts";
import {
  deployment,
  echoContainer,
  isReady,
  namespaceObject,
  pods,
  scriptPod,
  pod,
} from "./workloads.ts";

export function describeDeployments(cluster: () => Cluster): void {
  describe("Deployments", () => {
    const namespace = "deployments";

    beforeAll(async () => {
      await cluster().apply([namespaceObject(namespace)]);
      await cluster().kubectl(["-n", namespace, "wait", "--for=create", "serviceaccount/default"]);
    });

    async function ready(count: number, label: string): Promise<readonly string[]> {
      return await eventually(async () => {
        const found = await pods(cluster(), namespace, label);
        expect(found.map(isReady)).toEqual(Array.from({ length: count }, () => true));
        return found.map(({ metadata }) => metadata.name).toSorted();
      });
    }

    test("pods carry names that end in two hashes, and know them", async () => {
      await cluster().apply([deployment(namespace, "named", 2, echoContainer())]);
      const names = await ready(2, "app=named");
      for (const found of await pods(cluster(), namespace, "app=named")) {
        const { name } = found.metadata;
        // As the suite's tests of weights read them.
        expect(name).toMatch(/^named-[0-9a-z]+-[0-9a-z]{5}$/);
        expect(names).toContain(name);
        const answer = (await (await fetch(`http://${found.status.podIP}:3000/`)).json()) as object;
        expect(answer).toMatchObject({ pod: name, namespace });
      }
    });

    test("a change rolls to new pods", async () => {
      await cluster().apply([deployment(namespace, "rolling", 2, echoContainer())]);
      const before = await ready(2, "app=rolling");
      const changed = { ...echoContainer(), workingDir: "/tmp" };
      await cluster().apply([deployment(namespace, "rolling", 2, changed)]);
      await cluster().kubectl([
        "-n",
        namespace,
        "rollout",
        "status",
        "deployment/rolling",
        "--timeout=80s",
      ]);
      const after = await ready(2, "app=rolling");
      expect(after.filter((name) => before.includes(name))).toEqual([]);
    });

    test("a change that never gets ready leaves the old pods at work", async () => {
      await cluster().apply([deployment(namespace, "stuck", 2, echoContainer())]);
      const before = await ready(2, "app=stuck");
      const broken = {
        ...echoContainer(),
        readinessProbe: { exec: { command: ["false"] }, periodSeconds: 1 },
      };
      await cluster().apply([deployment(namespace, "stuck", 2, broken)]);
      await eventually(async () => {
        const found = await pods(cluster(), namespace, "app=stuck");
        expect(found).toHaveLength(3);
        expect(found.find((one) => !isReady(one))?.status.phase).toBe("Running");
      });
      const stillReady = (await pods(cluster(), namespace, "app=stuck")).filter(isReady);
      expect(stillReady.map(({ metadata }) => metadata.name).toSorted()).toEqual(before);
    });

    test("a deleted pod is replaced", async () => {
      await cluster().apply([deployment(namespace, "healed", 1, echoContainer())]);
      const [before = ""] = await ready(1, "app=healed");
      await cluster().kubectl(["-n", namespace, "delete", "pod", before]);
      const [after] = await ready(1, "app=healed");
      expect(after).not.toBe(before);
    });

    test("a container that ends is started again, then with growing pauses", async () => {
      await cluster().apply([scriptPod(namespace, "crashing", "echo run; exit 3")]);
      await eventually(async () => {
        const { status } = await pod(cluster(), namespace, "crashing");
        const [container] = status.containerStatuses ?? [];
        expect(container?.state.waiting?.reason).toBe("CrashLoopBackOff");
        expect(container?.restartCount).toBeGreaterThanOrEqual(1);
        expect(container?.lastState.terminated?.exitCode).toBe(3);
      });
      const previous = ["-n", namespace, "logs", "crashing", "--previous"];
      expect(await eventually(async () => await cluster().kubectl(previous))).toBe("run\n");
    });

    test("a failing liveness probe restarts its container", async () => {
      const probe = {
        exec: { command: ["test", "!", "-e", "/tmp/sick"] },
        periodSeconds: 1,
        failureThreshold: 1,
      };
      const script = "trap 'exit 0' TERM; sleep 1000 & wait";
      await cluster().apply([scriptPod(namespace, "sick", script, { livenessProbe: probe })]);
      await eventually(async () =>
        expect(isReady(await pod(cluster(), namespace, "sick"))).toBe(true),
      );
      await cluster().execute(`${namespace}/sick`, "main", ["touch", "/tmp/sick"]);
      await eventually(async () => {
        const [container] =
          (await pod(cluster(), namespace, "sick")).status.containerStatuses ?? [];
        expect(container).toMatchObject({ restartCount: 1, ready: true });
      });
    });
  });
}
