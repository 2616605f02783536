// Objects that the tests put into a cluster, and readers of what became of them.

import type { Cluster } from "@ghost-gateway/cluster";

export const echoImage = "registry.k8s.io/gateway-api/echo-basic:v1.5.1";
/** Runs what the pod gives as its command, on this machine's files. */
export const shellImage = "test/shell:1";

export interface PodView {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly deletionTimestamp?: string;
  };
  readonly status: {
    readonly phase: string;
    readonly podIP?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly containerStatuses?: readonly {
      readonly ready: boolean;
      readonly restartCount: number;
      readonly state: {
        readonly waiting?: { readonly reason: string };
        readonly terminated?: { readonly exitCode: number };
      };
      readonly lastState: { readonly terminated?: { readonly exitCode: number } };
    }[];
  };
}

export interface SliceView {
  readonly endpoints?: readonly {
    readonly addresses: readonly string[];
    readonly conditions: {
      readonly ready?: boolean;
      readonly serving?: boolean;
      readonly terminating?: boolean;
    };
  }[];
}

interface List<T> {
  readonly items: readonly T[];
}

export async function pods(
  cluster: Cluster,
  namespace: string,
  label?: string,
): Promise<readonly PodView[]> {
  const query = label === undefined ? {} : { labelSelector: label };
  return (await cluster.client.get<List<PodView>>(`/api/v1/namespaces/${namespace}/pods`, query))
    .items;
}

export async function pod(cluster: Cluster, namespace: string, name: string): Promise<PodView> {
  return await cluster.client.get<PodView>(`/api/v1/namespaces/${namespace}/pods/${name}`);
}

export async function slices(
  cluster: Cluster,
  namespace: string,
  service: string,
): Promise<SliceView[]> {
  const path = `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`;
  const query = { labelSelector: `kubernetes.io/service-name=${service}` };
  return [...(await cluster.client.get<List<SliceView>>(path, query)).items];
}

export function isReady({ status }: PodView): boolean {
  return (
    status.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True") ?? false
  );
}

export function namespaceObject(name: string): object {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name } };
}

export function deployment(
  namespace: string,
  name: string,
  replicas: number,
  container: object,
): object {
  const labels = { app: name };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
      template: {
        metadata: { labels },
        spec: { terminationGracePeriodSeconds: 1, containers: [{ name, ...container }] },
      },
    },
  };
}

export function service(namespace: string, name: string, spec: object): object {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace },
    spec: { selector: { app: name }, ...spec },
  };
}

export function echoContainer(): object {
  const field = (name: string, fieldPath: string) => ({
    name,
    valueFrom: { fieldRef: { fieldPath } },
  });
  return {
    image: echoImage,
    env: [field("POD_NAME", "metadata.name"), field("NAMESPACE", "metadata.namespace")],
    readinessProbe: { httpGet: { path: "/", port: 3000 }, periodSeconds: 1 },
  };
}

/** A pod with one container that runs a script. */
export function scriptPod(
  namespace: string,
  name: string,
  script: string,
  more: object = {},
  spec: object = {},
): object {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace, labels: { app: name } },
    spec: {
      terminationGracePeriodSeconds: 1,
      containers: [{ name: "main", image: shellImage, command: ["sh", "-c", script], ...more }],
      ...spec,
    },
  };
}
