// Ghost: installed as a user installs it, by the manifests of deploy/. The suite reads the features from its GatewayClass.

import type { Cluster } from "@ghost-gateway/cluster";
import type { Entrant } from "./entrant.ts";
import { ghostImages, installGhost } from "./ghost-install.ts";

const className = "gateway-conformance";
/** TEST-NET-1 (RFC 5737): no load balancer has it. */
const unusableAddress = "192.0.2.1";

async function install(cluster: Cluster): Promise<void> {
  await installGhost(cluster);
  const apiVersion = "gateway.networking.k8s.io/v1";
  const spec = { controllerName: "ghost-gateway.io/controller" };
  await cluster.apply([{ apiVersion, kind: "GatewayClass", metadata: { name: className }, spec }]);
  const accepted = ["wait", "--for=condition=Accepted", `gatewayclass/${className}`];
  await cluster.kubectl([...accepted, "--timeout=60s"]);
}

/** `core`: what every gateway must pass. `whole`: with all features that the GatewayClass publishes. */
export function ghost(form: "core" | "whole"): Entrant {
  let usableAddress = "";
  return {
    implementation: {
      organization: "ghost-gateway",
      project: "ghost",
      url: "https://ghost-gateway.io",
      version: "0.1.0",
      contact: "SECURITY.md",
    },
    images: ghostImages,
    ...(form === "whole" ? { kept: "." } : {}),
    install: async (cluster) => {
      // One that comes late in the range: the cluster gives them in order.
      usableAddress = cluster.ranges.loadBalancers.replace(/\d+\/\d+$/, "250");
      await install(cluster);
    },
    flags: () => [
      `--gateway-class=${className}`,
      "--conformance-profiles=GATEWAY-HTTP,GATEWAY-GRPC,GATEWAY-TLS",
      `--usable-address=${usableAddress}`,
      `--unusable-address=${unusableAddress}`,
      ...(form === "core" ? ["--supported-features=Gateway,HTTPRoute,ReferenceGrant"] : []),
    ],
  };
}
