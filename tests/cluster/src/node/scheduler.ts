// Binds pods to the one node, unless they ask for something that it is not.

import { isApiError, type ApiClient } from "../api/client.ts";
import type { Pod } from "../api/objects.ts";

export const schedulerName = "default-scheduler";

export interface NodeIdentity {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

export function isForScheduler({ metadata, spec }: Pod): boolean {
  const isGated = (spec.schedulingGates ?? []).length > 0;
  const isOurs = (spec.schedulerName ?? schedulerName) === schedulerName;
  return !spec.nodeName && !isGated && isOurs && metadata.deletionTimestamp === undefined;
}

export async function schedule(client: ApiClient, node: NodeIdentity, pod: Pod): Promise<void> {
  const { name, namespace, uid } = pod.metadata;
  const path = `/api/v1/namespaces/${namespace}/pods/${name}`;
  const selector = Object.entries(pod.spec.nodeSelector ?? {});
  const unmet = selector.filter(([key, value]) => node.labels[key] !== value);
  try {
    if (unmet.length > 0) {
      const message = `0/1 nodes are available: 1 node(s) didn't match the pod's node selector`;
      const condition = { type: "PodScheduled", status: "False", reason: "Unschedulable", message };
      await client.call("PATCH", `${path}/status`, {
        body: { metadata: { uid }, status: { conditions: [condition] } },
        contentType: "application/strategic-merge-patch+json",
      });
      return;
    }
    await client.post(`${path}/binding`, {
      apiVersion: "v1",
      kind: "Binding",
      metadata: { name, namespace, uid },
      target: { apiVersion: "v1", kind: "Node", name: node.name },
    });
  } catch (error) {
    // Bound already, or gone.
    if (!isApiError(error, 404) && !isApiError(error, 409)) throw error;
  }
}
