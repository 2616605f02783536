// A cluster without any gateway: a class that its status calls accepted and that nobody serves. It takes the suite as far as
// it can come without an implementation: base manifests applied, echo pods ready, Gateways waiting for ever.

import { setTimeout as sleep } from "node:timers/promises";
import type { Cluster } from "@ghost-gateway/cluster";
import type { Entrant } from "./entrant.ts";

const className = "gateway-conformance";
const podsOfBase = 23;

async function install(cluster: Cluster): Promise<void> {
  const apiVersion = "gateway.networking.k8s.io/v1";
  const spec = { controllerName: "example.net/nobody" };
  await cluster.apply([{ apiVersion, kind: "GatewayClass", metadata: { name: className }, spec }]);
  const condition = {
    type: "Accepted",
    status: "True",
    reason: "Accepted",
    message: "by hand, for a run without a gateway",
    observedGeneration: 1,
    lastTransitionTime: new Date().toISOString(),
  };
  await cluster.client.patch(`/apis/${apiVersion}/gatewayclasses/${className}/status`, {
    status: { conditions: [condition] },
  });
}

interface PodList {
  readonly items: readonly {
    readonly metadata: { readonly namespace: string };
    readonly status: {
      readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    };
  }[];
}

/** The pods of the base manifests: with them the suite waits for Gateways alone. */
async function untilPodsReady(cluster: Cluster, signal: AbortSignal): Promise<string> {
  for (;;) {
    const { items } = await cluster.client.get<PodList>("/api/v1/pods");
    const ours = items.filter(({ metadata }) =>
      metadata.namespace.startsWith("gateway-conformance-"),
    );
    const ready = ours.filter(({ status }) =>
      status.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True"),
    );
    if (ready.length === podsOfBase && ours.length === podsOfBase) {
      return `all ${podsOfBase} pods of the base manifests are ready`;
    }
    await sleep(100, undefined, { signal });
  }
}

export const withoutGateway: Entrant = {
  implementation: {
    organization: "none",
    project: "no gateway",
    url: "https://example.net",
    version: "at all",
    contact: "nobody",
  },
  install,
  flags: (list) => {
    const features = new Set(list.profiles.flatMap(({ core, extended }) => [...core, ...extended]));
    return [
      `--gateway-class=${className}`,
      `--conformance-profiles=${list.profiles.map(({ name }) => name).join(",")}`,
      `--supported-features=${[...features].toSorted().join(",")}`,
      // Nobody will make the Gateways ready; the pods are long before.
      "--timeout-config-overrides=NamespacesMustBeReady:30",
    ];
  },
  witness: untilPodsReady,
  kept: "without-gateway",
  stopsAt: /namespaces to be ready/,
};
