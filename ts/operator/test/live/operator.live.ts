/** The operator as it is installed, in a real cluster: what it makes, says, repairs and survives. */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startCluster } from "@ghost-gateway/cluster";
import type { Cluster } from "@ghost-gateway/cluster";
import { ghostImages, installGhost } from "@ghost-gateway/conformance";
import { ask } from "./ask.ts";
import { certificate, echo, gateway, route } from "./manifests.ts";

const api = "/apis/gateway.networking.k8s.io/v1";
const gateways = `${api}/namespaces/default/gateways`;
const routes = `${api}/namespaces/default/httproutes`;
const patience = { timeout: 90_000, interval: 100 };

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
}
interface Stored {
  readonly metadata: { readonly name: string; readonly uid: string };
  readonly status?: {
    readonly conditions?: readonly Condition[];
    readonly addresses?: readonly { readonly value: string }[];
    readonly parents?: readonly {
      readonly controllerName: string;
      readonly conditions: readonly Condition[];
    }[];
  };
}

let cluster: Cluster;

beforeAll(async () => {
  const say = (line: string): boolean => process.stderr.write(`cluster: ${line}\n`);
  cluster = await startCluster({
    name: `operator-${process.pid}`,
    images: ghostImages,
    restartDelayMs: 500,
    say,
  });
  await installGhost(cluster);
  await cluster.apply(echo);
  await cluster.apply([certificate("shop", "shop.example")]);
  const tls = "tls: { certificateRefs: [{ name: shop }] }";
  const https = `{ name: https, port: 443, protocol: HTTPS, hostname: shop.example, ${tls} }`;
  await cluster.apply(
    gateway("edge", "ghost", `{ name: http, port: 80, protocol: HTTP }, ${https}`),
  );
  await cluster.apply(route("shop", "edge", "shop.example"));
});

afterAll(async () => {
  await cluster?.stop();
});

async function read(path: string): Promise<Stored> {
  return cluster.client.get<Stored>(path);
}

/** The reason of a Gateway's condition Programmed, or `True`. */
async function programmed(name: string): Promise<string | undefined> {
  const { status } = await read(`${gateways}/${name}`);
  const condition = status?.conditions?.find(({ type }) => type === "Programmed");
  return condition?.status === "True" ? "True" : condition?.reason;
}

async function addressOf(name: string): Promise<string> {
  await expect.poll(() => programmed(name), patience).toBe("True");
  const { status } = await read(`${gateways}/${name}`);
  return status?.addresses?.[0]?.value ?? "";
}

async function statusOf(address: string, url: string): Promise<number> {
  return (await ask(address, url)).status;
}

describe("a Gateway", () => {
  test("that is Programmed serves its routes, over HTTP and HTTPS", async () => {
    const address = await addressOf("edge");
    // Programmed is about the Gateway: the route may be in the next generation.
    await expect.poll(() => statusOf(address, "http://shop.example/"), patience).toBe(200);
    expect((await ask(address, "https://shop.example/")).pod).toMatch(/^echo-/);
    expect(await statusOf(address, "http://other.example/")).toBe(404);
  });

  test("shows a certificate that was renewed, and loses no request for it", async () => {
    const address = await addressOf("edge");
    const before = (await ask(address, "https://shop.example/")).fingerprint;
    await cluster.apply([certificate("shop", "shop.example")]);
    const statuses = new Set<number>();
    await expect
      .poll(async () => {
        const { status, fingerprint } = await ask(address, "https://shop.example/");
        statuses.add(status);
        return fingerprint !== before;
      }, patience)
      .toBe(true);
    expect([...statuses]).toEqual([200]);
  });

  test("serves all other routes beside one with a broken pattern", async () => {
    const address = await addressOf("edge");
    const broken = 'matches: [{ path: { type: RegularExpression, value: "/(" } }],';
    await cluster.apply(route("broken", "edge", "broken.example", broken));
    await cluster.apply(route("later", "edge", "later.example"));
    await expect.poll(() => statusOf(address, "http://later.example/"), patience).toBe(200);
    expect(await statusOf(address, "http://shop.example/")).toBe(200);
    await cluster.kubectl(["delete", "httproute", "broken"]);
  });

  test("does not call a listener served that is not", async () => {
    const udp = "{ name: dns, port: 53, protocol: UDP }";
    await cluster.apply(
      gateway("mixed", "ghost", `{ name: http, port: 80, protocol: HTTP }, ${udp}`),
    );
    await addressOf("mixed");
    const { status } = await cluster.client.get<{
      status: { listeners: { name: string; conditions: Condition[] }[] };
    }>(`${gateways}/mixed`);
    const said = status.listeners.map(({ name, conditions }) => [
      name,
      conditions.find(({ type }) => type === "Programmed")?.status,
    ]);
    expect(said).toEqual([
      ["http", "True"],
      ["dns", "False"],
    ]);
  });

  test("takes all that was made for it with it", async () => {
    await cluster.kubectl(["delete", "gateway", "mixed"]);
    const kinds = "deployment,service,secret,configmap,serviceaccount,role,rolebinding,pod";
    const label = "gateway.networking.k8s.io/gateway-name=mixed";
    const left = async (): Promise<string> =>
      (await cluster.kubectl(["get", kinds, "-l", label, "-o", "name"])).trim();
    await expect.poll(left, patience).toBe("");
  });
});

describe("the operator", () => {
  test("leaves what another controller says of a route as it is", async () => {
    const { status } = await read(`${routes}/shop`);
    const rival = {
      parentRef: { name: "elsewhere" },
      controllerName: "example.net/rival",
      conditions: [
        {
          type: "Accepted",
          status: "True",
          reason: "Accepted",
          message: "",
          lastTransitionTime: "2026-01-01T00:00:00Z",
        },
      ],
    };
    const parents = [rival, ...(status?.parents ?? [])];
    await cluster.client.patch(`${routes}/shop/status`, { status: { parents } });
    await cluster.kubectl([
      "patch",
      "httproute",
      "shop",
      "--type=json",
      "-p",
      addHost("new.example"),
    ]);
    const address = await addressOf("edge");
    await expect.poll(() => statusOf(address, "http://new.example/"), patience).toBe(200);
    const said = (await read(`${routes}/shop`)).status?.parents ?? [];
    expect(said.map(({ controllerName }) => controllerName).toSorted()).toEqual([
      "example.net/rival",
      "ghost-gateway.io/controller",
    ]);
    expect(
      said.find(({ controllerName }) => controllerName === rival.controllerName),
    ).toMatchObject(rival);
  });

  test("repairs what was changed or taken away", async () => {
    const name = "edge-ghost";
    const uid = async (): Promise<string> =>
      (await read(`/api/v1/namespaces/default/services/${name}`)).metadata.uid;
    const before = await uid();
    await cluster.kubectl(["delete", "service", name]);
    await cluster.kubectl(["delete", "role", name]);
    const args =
      '[{"op":"replace","path":"/spec/template/spec/containers/0/args","value":["version"]}]';
    await cluster.kubectl(["patch", "deployment", name, "--type=json", "-p", args]);
    await expect.poll(() => uid().catch(() => before), patience).not.toBe(before);
    const argument = ["-o", "jsonpath={.spec.template.spec.containers[0].args[0]}"];
    await expect
      .poll(() => cluster.kubectl(["get", "deployment", name, ...argument]), patience)
      .toBe("--config");
    expect(await cluster.kubectl(["get", "role", name, "-o", "name"])).toContain(name);
    const address = await addressOf("edge");
    await expect
      .poll(() => statusOf(address, "http://shop.example/").catch(() => 0), patience)
      .toBe(200);
  });

  test("that leads may be killed: the other takes over, and traffic does not notice", async () => {
    const address = await addressOf("edge");
    const holder = async (): Promise<string> => {
      const at = ["get", "lease", "ghost-operator", "-n", "ghost-system"];
      return cluster.kubectl([...at, "-o", "jsonpath={.spec.holderIdentity}"]);
    };
    const leader = await holder();
    const pod = leader.replace(/-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, "");
    const now = ["--grace-period=0", "--force"];
    await cluster.kubectl(["delete", "pod", pod, "-n", "ghost-system", ...now]);
    await cluster.apply(route("after", "edge", "after.example"));
    const statuses = new Set<number>();
    await expect
      .poll(async () => {
        statuses.add(await statusOf(address, "http://shop.example/"));
        return statusOf(address, "http://after.example/");
      }, patience)
      .toBe(200);
    expect([...statuses]).toEqual([200]);
    const heir = await holder();
    expect(heir).not.toBe("");
    expect(heir).not.toBe(leader);
  });
});

describe("GatewayClassParameters", () => {
  test("say how Pods look, and a class that names some waits for them", async () => {
    const parametersRef =
      "{ group: ghost-gateway.io, kind: GatewayClassParameters, name: plain, namespace: default }";
    await cluster.apply(`
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: { name: plain }
spec: { controllerName: ghost-gateway.io/controller, parametersRef: ${parametersRef} }
`);
    const accepted = async (): Promise<string | undefined> => {
      const { status } = await read(`${api}/gatewayclasses/plain`);
      return status?.conditions?.find(({ type }) => type === "Accepted")?.reason;
    };
    await expect.poll(accepted, patience).toBe("InvalidParameters");
    await cluster.apply(`
apiVersion: ghost-gateway.io/v1alpha1
kind: GatewayClassParameters
metadata: { name: plain, namespace: default }
spec: { dataPlane: Varnish, replicas: 2, varnishd: { storage: 64Mi } }
`);
    await expect.poll(accepted, patience).toBe("Accepted");
    await cluster.apply(gateway("plain", "plain", "{ name: http, port: 80, protocol: HTTP }"));
    await cluster.apply(route("plain", "plain", "plain.example"));
    const address = await addressOf("plain");
    await expect.poll(() => statusOf(address, "http://plain.example/"), patience).toBe(200);
    const ready = ["get", "deployment", "plain-ghost", "-o", "jsonpath={.status.readyReplicas}"];
    await expect.poll(() => cluster.kubectl(ready), patience).toBe("2");
  });
});

function addHost(host: string): string {
  return JSON.stringify([{ op: "add", path: "/spec/hostnames/-", value: host }]);
}
