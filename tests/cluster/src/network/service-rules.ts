// Services and their EndpointSlices -> translation rules of nftables. Pure: the same objects give the same text.

import { createHash } from "node:crypto";
import { keyOf, type EndpointSlice, type Service, type ServicePort } from "../api/objects.ts";
import type { ClusterRanges } from "./ranges.ts";

interface Target {
  readonly address: string;
  readonly port: number;
}

const protocols: Readonly<Record<string, string>> = { TCP: "tcp", UDP: "udp", SCTP: "sctp" };

/** The label by which a slice names its Service. */
export const serviceNameLabel = "kubernetes.io/service-name";

function slicesOf(service: Service, slices: readonly EndpointSlice[]): EndpointSlice[] {
  return slices.filter(
    ({ metadata, addressType }) =>
      addressType === "IPv4" &&
      metadata.namespace === service.metadata.namespace &&
      metadata.labels?.[serviceNameLabel] === service.metadata.name,
  );
}

/** The ready endpoints of a port; when there are none, those that still serve while they terminate. */
export function targetsOf(port: ServicePort, slices: readonly EndpointSlice[]): Target[] {
  const found = { ready: [] as Target[], terminating: [] as Target[] };
  for (const slice of slices) {
    const offered = slice.ports?.find(
      ({ name = "", protocol = "TCP" }) =>
        name === (port.name ?? "") && protocol === (port.protocol ?? "TCP"),
    );
    if (offered?.port === undefined) continue;
    for (const { addresses, conditions } of slice.endpoints ?? []) {
      const [address] = addresses;
      if (address === undefined) continue;
      const target = { address, port: offered.port };
      if (conditions?.ready !== false) found.ready.push(target);
      else if (conditions.serving === true && conditions.terminating === true)
        found.terminating.push(target);
    }
  }
  return found.ready.length > 0 ? found.ready : found.terminating;
}

/** Every address at which a port of a Service answers. */
function frontsOf(service: Service, port: ServicePort, ranges: ClusterRanges): Target[] {
  const { clusterIP, externalIPs = [] } = service.spec;
  const ingress = service.status?.loadBalancer?.ingress ?? [];
  const addresses = [clusterIP, ...externalIPs, ...ingress.map(({ ip }) => ip)];
  const fronts = addresses
    .filter((address) => address !== undefined && /^\d+\.\d+\.\d+\.\d+$/.test(address))
    .map((address) => ({ address: address as string, port: port.port }));
  if (port.nodePort !== undefined) fronts.push({ address: ranges.node, port: port.nodePort });
  return fronts;
}

function chainName(service: Service, port: ServicePort): string {
  const identity = `${keyOf(service)}:${port.protocol ?? "TCP"}:${port.port}`;
  return `port-${createHash("sha256").update(identity).digest("hex").slice(0, 16)}`;
}

/** Equal shares to all targets; with session affinity the client's address decides. */
function chainOf(
  name: string,
  service: Service,
  protocol: string,
  targets: readonly Target[],
): string {
  const pick = service.spec.sessionAffinity === "ClientIP" ? "jhash ip saddr" : "numgen random";
  const verdicts = targets.map((_, index) => `${index} : goto ${name}-${index}`).join(", ");
  const choice = `  chain ${name} {\n    ${pick} mod ${targets.length} vmap { ${verdicts} }\n  }\n`;
  const ends = targets.map(
    ({ address, port }, index) => `  chain ${name}-${index} {
    ip saddr ${address} meta mark set 1
    meta l4proto ${protocol} dnat ip to ${address}:${port}
  }
`,
  );
  return ends.join("") + choice;
}

/** One transaction that replaces the whole table. */
export function serviceRules(
  services: readonly Service[],
  slices: readonly EndpointSlice[],
  ranges: ClusterRanges,
): string {
  const fronts = new Map<string, string>();
  const chains: string[] = [];
  for (const service of services.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))) {
    const own = slicesOf(service, slices).toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
    for (const port of service.spec.ports ?? []) {
      const protocol = protocols[port.protocol ?? "TCP"];
      const targets = targetsOf(port, own);
      if (protocol === undefined || targets.length === 0) continue;
      const chain = chainName(service, port);
      const claimed = frontsOf(service, port, ranges);
      if (claimed.length === 0) continue;
      for (const { address, port: number } of claimed) {
        const front = `${address} . ${protocol} . ${number}`;
        // The first Service to claim an address and port keeps it.
        if (!fronts.has(front)) fronts.set(front, chain);
      }
      chains.push(chainOf(chain, service, protocol, targets));
    }
  }
  const map = [...fronts].map(([front, chain]) => `${front} : goto ${chain}`).join(",\n      ");
  const dispatch =
    map === "" ? "" : `    ip daddr . meta l4proto . th dport vmap {\n      ${map}\n    }\n`;
  const refused = `ct status & dnat != dnat ip daddr { ${ranges.services}, ${ranges.loadBalancers} }`;
  const refusal = `    ${refused} meta l4proto tcp reject with tcp reset\n    ${refused} reject\n`;
  return `add table inet services
delete table inet services
table inet services {
${chains.join("")}  chain dispatch {
${dispatch}  }
  chain arriving {
    type nat hook prerouting priority dstnat;
    jump dispatch
  }
  chain own {
    type nat hook output priority -100;
    jump dispatch
  }
  # A pod that reaches itself through a Service would answer itself directly: to it the node is the client.
  chain leaving {
    type nat hook postrouting priority srcnat;
    meta mark 1 masquerade
  }
  chain refuse-forwarded {
    type filter hook forward priority filter;
${refusal}  }
  chain refuse-own {
    type filter hook output priority filter;
${refusal}  }
}
`;
}
