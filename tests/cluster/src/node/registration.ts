// The Node object and its heartbeat.

import { availableParallelism, release, totalmem } from "node:os";
import { isApiError, type ApiClient } from "../api/client.ts";

export const kubeletPort = 10250;
const leaseSeconds = 40;
const leases = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";

export function nodeLabels(name: string): Record<string, string> {
  return {
    "kubernetes.io/hostname": name,
    "kubernetes.io/os": "linux",
    "kubernetes.io/arch": process.arch === "x64" ? "amd64" : process.arch,
    "topology.kubernetes.io/zone": "local",
  };
}

export async function registerNode(
  client: ApiClient,
  name: string,
  address: string,
): Promise<void> {
  const now = new Date().toISOString();
  const capacity = {
    cpu: String(availableParallelism()),
    memory: `${Math.floor(totalmem() / 1024)}Ki`,
    pods: "1000",
  };
  const ready = {
    type: "Ready",
    status: "True",
    reason: "KubeletReady",
    message: "node is posting ready status",
    lastHeartbeatTime: now,
    lastTransitionTime: now,
  };
  const status = {
    capacity,
    allocatable: capacity,
    conditions: [ready],
    addresses: [
      { type: "InternalIP", address },
      { type: "Hostname", address: name },
    ],
    daemonEndpoints: { kubeletEndpoint: { Port: kubeletPort } },
    nodeInfo: {
      machineID: name,
      systemUUID: name,
      bootID: name,
      osImage: "Debian GNU/Linux",
      kernelVersion: release(),
      containerRuntimeVersion: "crun://1",
      operatingSystem: "linux",
      kubeletVersion: "v1.36.4",
      kubeProxyVersion: "",
      architecture: "amd64",
    },
  };
  const metadata = { name, labels: nodeLabels(name) };
  await client.post("/api/v1/nodes", { apiVersion: "v1", kind: "Node", metadata });
  await client.patch(`/api/v1/nodes/${name}/status`, { status });
  // The controllers mark a node they have not heard of; ours is heard of now.
  await client.patch(`/api/v1/nodes/${name}`, { spec: { taints: null } });
}

/** Renews the node's lease; a failed renewal is followed by the next. */
export async function renewLease(client: ApiClient, name: string): Promise<void> {
  const spec = {
    holderIdentity: name,
    leaseDurationSeconds: leaseSeconds,
    renewTime: new Date().toISOString().replace("Z", "000Z"),
  };
  try {
    await client.patch(`${leases}/${name}`, { spec });
  } catch (error) {
    if (!isApiError(error, 404)) throw error;
    await client.post(leases, {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: { name, namespace: "kube-node-lease" },
      spec,
    });
  }
}
