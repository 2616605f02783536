// The node's side of the network: a bridge for pods, a link to the machine, and a pod's own namespace with its one address.
//
// A pod's address has no neighbours (a /32): whatever it sends goes through the node, even to a pod of the same bridge, so
// that the translation of a Service's address sees both directions of every connection.

import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { run } from "./commands.ts";
import { AddressPool, type ClusterRanges } from "./ranges.ts";

const bridge = "pods";
/** Where addresses of Services lead when nothing translates them: a bridge to nobody, behind the rule that refuses. */
const nowhere = "services";

export interface PodNetwork {
  readonly address: string;
  readonly namespace: string;
}

async function setting(name: string, value: number): Promise<void> {
  await writeFile(`/proc/sys/net/${name}`, `${value}\n`);
}

export async function makeNodeNetwork(ranges: ClusterRanges, uplink: string): Promise<void> {
  await setting("ipv4/ip_forward", 1);
  // Set for later interfaces too: a pod must not be told to go to its neighbour directly.
  await setting("ipv4/conf/all/send_redirects", 0);
  await setting("ipv4/conf/default/send_redirects", 0);
  // Where the kernel filters bridges too, it would translate a packet before it is routed, and lose the way back.
  if (existsSync("/proc/sys/net/bridge")) await setting("bridge/bridge-nf-call-iptables", 0);
  const commands = [
    "link set lo up",
    // A given address stays; one the kernel picks would change with the pods on the bridge.
    `link add ${bridge} address 02:00:00:00:00:01 type bridge`,
    `addr add ${ranges.node}/18 dev ${bridge}`,
    `link set ${bridge} up`,
    `link add ${nowhere} type bridge`,
    `link set ${nowhere} up`,
    `route add ${ranges.services} dev ${nowhere} src ${ranges.node}`,
    `route add ${ranges.loadBalancers} dev ${nowhere} src ${ranges.node}`,
    `addr add ${ranges.clusterEnd}/30 dev ${uplink}`,
    `link set ${uplink} up`,
  ];
  await run("ip", ["-batch", "-"], commands.join("\n"));
}

export class PodNetworks {
  readonly #addresses: AddressPool;
  readonly #gateway: string;
  #made = 0;

  constructor(ranges: ClusterRanges) {
    this.#addresses = new AddressPool(ranges.pods, 2);
    this.#gateway = ranges.node;
  }

  async add(): Promise<PodNetwork> {
    this.#made += 1;
    const name = `pod${this.#made}`;
    const address = this.#addresses.take();
    const node = [
      `netns add ${name}`,
      `link add ${name} type veth peer name eth0 netns ${name}`,
      `link set ${name} master ${bridge} up`,
    ];
    const pod = [
      "link set lo up",
      `addr add ${address}/32 dev eth0`,
      "link set eth0 up",
      `route add ${this.#gateway} dev eth0`,
      `route add default via ${this.#gateway} dev eth0`,
    ];
    await run("ip", ["-batch", "-"], node.join("\n"));
    await run("ip", ["-n", name, "-batch", "-"], pod.join("\n"));
    // As container runtimes have it: whoever a container runs as, it may listen on port 80.
    const port = "echo 0 > /proc/sys/net/ipv4/ip_unprivileged_port_start";
    await run("ip", ["netns", "exec", name, "sh", "-c", port]);
    return { address, namespace: `/run/netns/${name}` };
  }

  async remove({ address, namespace }: PodNetwork): Promise<void> {
    await run("ip", ["netns", "del", namespace.slice("/run/netns/".length)]);
    this.#addresses.release(address);
  }
}
