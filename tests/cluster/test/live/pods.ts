import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { Cluster } from "@ghost-gateway/cluster";
import { eventually } from "./eventually.ts";
import { layoutImage } from "./layout-image.ts";
import { isReady, namespaceObject, pod, pods, scriptPod } from "./workloads.ts";

const stay = "trap 'exit 0' TERM; sleep 1000 & wait";

function scratch(): string {
  const folder = mkdtempSync(`${tmpdir()}/cluster-test-`);
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function describePods(cluster: () => Cluster): void {
  describe("Pods", () => {
    const namespace = "pods";

    beforeAll(async () => {
      await cluster().apply([namespaceObject(namespace)]);
      await cluster().kubectl(["-n", namespace, "wait", "--for=create", "serviceaccount/default"]);
    });
    const run = async (name: string, ...command: string[]) =>
      await cluster().execute(`${namespace}/${name}`, "main", command);
    const untilReady = async (name: string) =>
      await eventually(async () => {
        const found = await pod(cluster(), namespace, name);
        expect(isReady(found)).toBe(true);
        return found;
      });
    const secret = (name: string, data: Record<string, string>) => ({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name, namespace },
      stringData: data,
    });

    test("wait for the Secret they mount, and see it change without a moment of neither", async () => {
      const volumeMounts = [{ name: "keys", mountPath: "/keys" }];
      const volumes = [{ name: "keys", secret: { secretName: "keys" } }];
      await cluster().apply([scriptPod(namespace, "reader", stay, { volumeMounts }, { volumes })]);
      await eventually(async () => {
        const events = [
          "-n",
          namespace,
          "get",
          "events",
          "--field-selector=reason=FailedMount",
          "-o",
          "name",
        ];
        expect(await cluster().kubectl(events)).toContain("reader");
      });
      expect((await pod(cluster(), namespace, "reader")).status.phase).toBe("Pending");
      await cluster().apply([secret("keys", { one: "first", both: "first" })]);
      await untilReady("reader");
      expect((await run("reader", "cat", "/keys/one", "/keys/both")).output).toBe("firstfirst");
      // Reads both files through one state of the volume, again and again, and ends when the new state is seen.
      const watcher = `while :; do
        state=$(readlink /keys/..data) && text=$(cat /keys/$state/one /keys/$state/both 2>/dev/null) || continue
        case $text in firstfirst) sleep 0.01 ;; secondsecond) exit 0 ;; *) echo "$text"; exit 1 ;; esac
      done`;
      const watched = run("reader", "sh", "-c", watcher);
      await cluster().apply([secret("keys", { one: "second", both: "second" })]);
      expect(await watched).toEqual({ code: 0, output: "" });
      expect((await run("reader", "cat", "/keys/one")).output).toBe("second");
    });

    test("get ConfigMaps, fields and a token of their own", async () => {
      const config = {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: "settings", namespace },
        data: { a: "1" },
      };
      const env = [
        { name: "A", valueFrom: { configMapKeyRef: { name: "settings", key: "a" } } },
        { name: "B", value: "$(A)2" },
        { name: "ADDRESS", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
        {
          name: "LIMIT",
          valueFrom: { resourceFieldRef: { resource: "limits.memory", divisor: "1Mi" } },
        },
      ];
      const resources = { limits: { memory: "64Mi" } };
      const volumeMounts = [{ name: "settings", mountPath: "/settings" }];
      const volumes = [
        {
          name: "settings",
          configMap: { name: "settings", items: [{ key: "a", path: "deep/a" }] },
        },
      ];
      await cluster().apply([
        config,
        scriptPod(namespace, "fields", stay, { env, resources, volumeMounts }, { volumes }),
      ]);
      const { status } = await untilReady("fields");
      const printed = await run(
        "fields",
        "sh",
        "-c",
        'echo "$A $B $ADDRESS $LIMIT"; cat /settings/deep/a',
      );
      expect(printed.output).toBe(`1 12 ${status.podIP} 64\n1`);
      const account = "/var/run/secrets/kubernetes.io/serviceaccount";
      const ask = `curl --silent --fail --cacert ${account}/ca.crt -H "authorization: Bearer $(cat ${account}/token)" \
        -H 'content-type: application/json' -d '{"apiVersion":"authentication.k8s.io/v1","kind":"SelfSubjectReview"}' \
        https://$KUBERNETES_SERVICE_HOST:$KUBERNETES_SERVICE_PORT/apis/authentication.k8s.io/v1/selfsubjectreviews`;
      expect((await run("fields", "sh", "-c", ask)).output).toContain(
        `system:serviceaccount:${namespace}:default`,
      );
    });

    test("run init containers first, and containers side by side with what they share", async () => {
      const volumeMounts = [{ name: "shared", mountPath: "/shared" }];
      const script = (name: string, text: string) => ({
        name,
        image: "test/shell:1",
        command: ["sh", "-c", text],
        volumeMounts,
      });
      const spec = {
        volumes: [{ name: "shared", emptyDir: {} }],
        initContainers: [
          script("first", "echo 1 >> /shared/order"),
          { ...script("companion", `echo c >> /shared/order; ${stay}`), restartPolicy: "Always" },
          script("second", "echo 2 >> /shared/order"),
        ],
        containers: [
          script("main", `cat /shared/order; hostname; ${stay}`),
          script(
            "other",
            `curl --silent --retry 50 --retry-connrefused http://127.0.0.1:8000; ${stay}`,
          ),
        ],
      };
      await cluster().apply([scriptPod(namespace, "several", "", {}, spec)]);
      await untilReady("several");
      await eventually(async () => {
        const log = await cluster().kubectl(["-n", namespace, "logs", "several", "-c", "main"]);
        expect(log).toMatch(/^1\n(c\n)?2\n(c\n)?several\n$/);
      });
    });

    test("run as the user they ask for, on a root they may not write", async () => {
      const securityContext = {
        runAsUser: 4242,
        runAsGroup: 4343,
        runAsNonRoot: true,
        readOnlyRootFilesystem: true,
        allowPrivilegeEscalation: false,
        capabilities: { drop: ["ALL"] },
      };
      const volumeMounts = [{ name: "room", mountPath: "/room" }];
      const spec = {
        volumes: [{ name: "room", emptyDir: {} }],
        securityContext: { fsGroup: 5151 },
      };
      await cluster().apply([
        scriptPod(namespace, "plain", stay, { securityContext, volumeMounts }, spec),
      ]);
      await untilReady("plain");
      const script =
        "id -u; id -g; id -G; touch /room/a && stat -c %g /room/a; touch /a 2>/dev/null || echo refused; grep CapBnd /proc/self/status";
      expect((await run("plain", "sh", "-c", script)).output).toBe(
        "4242\n4343\n4343 5151\n5151\nrefused\nCapBnd:\t0000000000000000\n",
      );
    });

    test("are not started as root when they ask not to be", async () => {
      await cluster().apply([
        scriptPod(namespace, "rootless", stay, { securityContext: { runAsNonRoot: true } }),
      ]);
      await eventually(async () => {
        const [container] =
          (await pod(cluster(), namespace, "rootless")).status.containerStatuses ?? [];
        expect(container?.state.waiting?.reason).toBe("CreateContainerConfigError");
      });
    });

    test("may end in their own time while the grace period lasts", async () => {
      const folder = scratch();
      const volumeMounts = [{ name: "outside", mountPath: "/outside" }];
      const script = `trap 'echo told > /outside/told; until test -e /outside/go; do sleep 0.05; done; echo done > /outside/done; exit 0' TERM
        while :; do sleep 0.05; done`;
      const spec = {
        volumes: [{ name: "outside", hostPath: { path: folder } }],
        terminationGracePeriodSeconds: 600,
      };
      await cluster().apply([scriptPod(namespace, "patient", script, { volumeMounts }, spec)]);
      await untilReady("patient");
      await cluster().kubectl(["-n", namespace, "delete", "pod", "patient", "--wait=false"]);
      await eventually(async () => expect(existsSync(`${folder}/told`)).toBe(true));
      expect((await pod(cluster(), namespace, "patient")).metadata.deletionTimestamp).toBeDefined();
      writeFileSync(`${folder}/go`, "");
      await eventually(async () =>
        expect(await pods(cluster(), namespace, "app=patient")).toEqual([]),
      );
      expect(readFileSync(`${folder}/done`, "utf8")).toBe("done\n");
    });

    test("are killed when the grace period is over", async () => {
      const folder = scratch();
      const volumeMounts = [{ name: "outside", mountPath: "/outside" }];
      const script = "trap 'echo told > /outside/told' TERM; while :; do sleep 0.05; done";
      const spec = {
        volumes: [{ name: "outside", hostPath: { path: folder } }],
        terminationGracePeriodSeconds: 1,
      };
      await cluster().apply([scriptPod(namespace, "stubborn", script, { volumeMounts }, spec)]);
      await untilReady("stubborn");
      await cluster().kubectl(["-n", namespace, "delete", "pod", "stubborn"]);
      expect(await pods(cluster(), namespace, "app=stubborn")).toEqual([]);
      expect(readFileSync(`${folder}/told`, "utf8")).toBe("told\n");
    });

    test("show their logs: whole, the last lines, since a time", async () => {
      await cluster().apply([
        scriptPod(namespace, "talking", `echo one; echo two >&2; echo three; ${stay}`),
      ]);
      await untilReady("talking");
      const logs = async (...args: string[]) =>
        await cluster().kubectl(["-n", namespace, "logs", "talking", ...args]);
      await eventually(async () =>
        expect((await logs()).split("\n").toSorted()).toEqual(["", "one", "three", "two"]),
      );
      expect((await logs("--tail=1")).split("\n")).toHaveLength(2);
      expect(await logs("--since-time=2100-01-01T00:00:00Z")).toBe("");
      expect(await logs("--timestamps", "--tail=1")).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z \w+\n$/);
    });

    test("show their logs as they come, until they end", async () => {
      const script = "echo begun; until test -e /tmp/go; do sleep 0.05; done; echo ended";
      await cluster().apply([
        scriptPod(namespace, "followed", script, {}, { restartPolicy: "Never" }),
      ]);
      await untilReady("followed");
      const followed = cluster().kubectl(["-n", namespace, "logs", "--follow", "followed"]);
      await run("followed", "touch", "/tmp/go");
      expect(await followed).toBe("begun\nended\n");
    });

    test("come from a folder with an OCI layout, layer over layer", async () => {
      const folder = scratch();
      mkdirSync(`${folder}/layout`);
      layoutImage(`${folder}/layout`);
      await cluster().images.add({ "test/layers": { layout: `${folder}/layout` } });
      const container = { image: "test/layers:any", command: undefined };
      await cluster().apply([
        scriptPod(namespace, "layered", "", container, { restartPolicy: "Never" }),
      ]);
      await eventually(async () => {
        expect((await pod(cluster(), namespace, "layered")).status.phase).toBe("Succeeded");
      });
      // Its own files only, the second layer's version of one, and nothing of what the second layer removes.
      expect(await cluster().kubectl(["-n", namespace, "logs", "layered"])).toBe(
        "new\nabsent\n65532\nfrom the image\n",
      );
    });

    test("wait for an image that nobody has given yet", async () => {
      await cluster().apply([scriptPod(namespace, "early", stay, { image: "test/later:1" })]);
      await eventually(async () => {
        const [container] =
          (await pod(cluster(), namespace, "early")).status.containerStatuses ?? [];
        expect(container?.state.waiting?.reason).toBe("ErrImagePull");
      });
      await cluster().images.add({ "test/later:1": { command: ["sh"] } });
      await untilReady("early");
    });
  });
}
