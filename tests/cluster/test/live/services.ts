import { createSocket } from "node:dgram";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, test } from "vitest";
import type { Cluster } from "@ghost-gateway/cluster";
import { eventually } from "./eventually.ts";
import {
  deployment,
  echoContainer,
  echoImage,
  isReady,
  namespaceObject,
  pod,
  pods,
  scriptPod,
  service,
  slices,
} from "./workloads.ts";

interface ServiceView {
  readonly spec: { readonly clusterIP: string };
  readonly status: {
    readonly loadBalancer: { readonly ingress?: readonly { readonly ip: string }[] };
  };
}

async function echo(address: string): Promise<string> {
  const response = await fetch(`http://${address}/`, { headers: { connection: "close" } });
  return ((await response.json()) as { pod: string }).pod;
}

async function askOverUdp(address: string, port: number, text: string): Promise<string> {
  const socket = createSocket("udp4");
  const answered = Promise.withResolvers<string>();
  socket.on("message", (message) => answered.resolve(message.toString()));
  socket.on("error", (error) => answered.reject(error));
  socket.send(text, port, address);
  try {
    return await Promise.race([answered.promise, sleep(1000, "no answer", { ref: false })]);
  } finally {
    socket.close();
  }
}

export function describeServices(cluster: () => Cluster): void {
  describe("Services", () => {
    const namespace = "services";

    beforeAll(async () => {
      await cluster().apply([namespaceObject(namespace)]);
      await cluster().kubectl(["-n", namespace, "wait", "--for=create", "serviceaccount/default"]);
      await cluster().apply([
        deployment(namespace, "echo", 3, echoContainer()),
        service(namespace, "echo", {
          type: "LoadBalancer",
          ports: [{ port: 80, targetPort: 3000 }],
        }),
      ]);
    });
    const view = async (name: string) =>
      await cluster().client.get<ServiceView>(`/api/v1/namespaces/${namespace}/services/${name}`);

    test("answer at their cluster address and at their load balancer's, from every ready pod", async () => {
      const address = await eventually(async () => {
        const found = await pods(cluster(), namespace, "app=echo");
        expect(found.filter(isReady)).toHaveLength(3);
        const { status } = await view("echo");
        expect(status.loadBalancer.ingress).toHaveLength(1);
        return status.loadBalancer.ingress?.[0]?.ip ?? "";
      });
      const names = (await pods(cluster(), namespace, "app=echo")).map(
        ({ metadata }) => metadata.name,
      );
      for (const front of [address, (await view("echo")).spec.clusterIP]) {
        const answered = new Set<string>();
        await eventually(async () => {
          answered.add(await echo(front));
          expect([...answered].toSorted()).toEqual(names.toSorted());
        });
      }
    });

    test("are reached from pods by name, and a pod reaches itself through one", async () => {
      const found = await eventually(async () => {
        const [first] = await pods(cluster(), namespace, "app=echo");
        expect(first && isReady(first)).toBe(true);
        return first?.metadata.name ?? "";
      });
      const url = `http://echo.${namespace}`;
      const answered = new Set<string>();
      await eventually(async () => {
        const command = ["curl", "--silent", "--fail", "--max-time", "5", url];
        const { code, output } = await cluster().execute(`${namespace}/${found}`, "echo", command);
        expect({ code, output }).toMatchObject({ code: 0 });
        answered.add((JSON.parse(output) as { pod: string }).pod);
        expect(answered).toContain(found);
      });
      const unknown = ["getent", "hosts", `nobody.${namespace}.svc.cluster.local`];
      expect((await cluster().execute(`${namespace}/${found}`, "echo", unknown)).code).toBe(2);
    });

    test("follow readiness: no ready pod, no answer", async () => {
      const readinessProbe = {
        exec: { command: ["test", "-e", "/tmp/ready"] },
        periodSeconds: 1,
        failureThreshold: 1,
      };
      const container = { ...echoContainer(), readinessProbe };
      await cluster().apply([
        deployment(namespace, "gated", 1, container),
        service(namespace, "gated", { ports: [{ port: 80, targetPort: 3000 }] }),
      ]);
      const name = await eventually(async () => {
        const [only] = await pods(cluster(), namespace, "app=gated");
        expect(only?.status.phase).toBe("Running");
        return only?.metadata.name ?? "";
      });
      const { clusterIP } = (await view("gated")).spec;
      const isOffered = async (ready: boolean) =>
        await eventually(async () => {
          const endpoints = (await slices(cluster(), namespace, "gated")).flatMap(
            (slice) => slice.endpoints ?? [],
          );
          expect(endpoints.map(({ conditions }) => conditions.ready)).toEqual([ready]);
        });
      await isOffered(false);
      await expect(echo(clusterIP)).rejects.toThrow("fetch failed");
      await cluster().execute(`${namespace}/${name}`, "gated", ["touch", "/tmp/ready"]);
      await isOffered(true);
      await eventually(async () => expect(await echo(clusterIP)).toBe(name));
      await cluster().execute(`${namespace}/${name}`, "gated", ["rm", "/tmp/ready"]);
      await isOffered(false);
      await eventually(async () => await expect(echo(clusterIP)).rejects.toThrow("fetch failed"));
    });

    test("carry datagrams", async () => {
      const env = [
        { name: "UDP_ECHO_SERVER", value: "1" },
        { name: "POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
        { name: "NAMESPACE", value: namespace },
        { name: "SERVICE_NAME", value: "datagrams" },
      ];
      await cluster().apply([
        deployment(namespace, "datagrams", 1, { image: echoImage, env }),
        service(namespace, "datagrams", {
          ports: [{ port: 5300, targetPort: 8080, protocol: "UDP" }],
        }),
      ]);
      const { clusterIP } = (await view("datagrams")).spec;
      await eventually(async () =>
        expect(await askOverUdp(clusterIP, 5300, "hello")).toContain("datagrams-"),
      );
    });

    test("give a load balancer the address it asks for, when it can be had", async () => {
      const wanted = cluster().ranges.loadBalancers.replace(/\d+\.0\/18$/, "190.7");
      const ports = [{ port: 80, targetPort: 3000 }];
      await cluster().apply([
        service(namespace, "wanted", { type: "LoadBalancer", loadBalancerIP: wanted, ports }),
        service(namespace, "unusable", {
          type: "LoadBalancer",
          loadBalancerIP: "192.0.2.200",
          ports,
        }),
      ]);
      await eventually(async () => {
        expect((await view("wanted")).status.loadBalancer.ingress).toMatchObject([{ ip: wanted }]);
      });
      await eventually(async () => {
        const events = [
          "-n",
          namespace,
          "get",
          "events",
          "--field-selector=reason=AddressNotAvailable",
          "-o",
          "name",
        ];
        expect(await cluster().kubectl(events)).toContain("unusable");
      });
      expect((await view("unusable")).status.loadBalancer.ingress).toBeUndefined();
    });

    test("keep a terminating pod that still serves, until another is ready", async () => {
      const script =
        "trap 'until test -e /tmp/go; do sleep 0.1; done; exit 0' TERM; while :; do sleep 0.1; done";
      const spec = { terminationGracePeriodSeconds: 60 };
      await cluster().apply([
        scriptPod(namespace, "leaving", script, {}, spec),
        service(namespace, "leaving", { ports: [{ port: 80 }] }),
      ]);
      await eventually(async () =>
        expect(isReady(await pod(cluster(), namespace, "leaving"))).toBe(true),
      );
      await cluster().kubectl(["-n", namespace, "delete", "pod", "leaving", "--wait=false"]);
      await eventually(async () => {
        const [slice] = await slices(cluster(), namespace, "leaving");
        expect(slice?.endpoints?.[0]?.conditions).toEqual({
          ready: false,
          serving: true,
          terminating: true,
        });
      });
      await cluster().execute(`${namespace}/leaving`, "main", ["touch", "/tmp/go"]);
      await eventually(async () =>
        expect(await pods(cluster(), namespace, "app=leaving")).toEqual([]),
      );
    });
  });
}
