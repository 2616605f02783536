// The node: makes the API server's pods real on this machine, and tells it how they are.

import { setTimeout as sleep } from "node:timers/promises";
import type { ApiClient } from "../api/client.ts";
import { Collection } from "../api/collection.ts";
import {
  keyOf,
  type ConfigMap,
  type EndpointSlice,
  type KubernetesObject,
  type Pod,
  type Secret,
  type Service,
} from "../api/objects.ts";
import type { Credentials } from "../control-plane/certificates.ts";
import { LoadBalancers } from "../network/load-balancer.ts";
import { serveNames } from "../network/name-server.ts";
import { PodNetworks } from "../network/node-network.ts";
import type { ClusterRanges } from "../network/ranges.ts";
import { ServiceProxy } from "../network/service-proxy.ts";
import type { NodeContext } from "./context.ts";
import { EventRecorder } from "./events.ts";
import { Images, type ImageTable } from "./image.ts";
import { serveKubelet } from "./kubelet-server.ts";
import { PodOnNode } from "./pod.ts";
import { kubeletPort, nodeLabels, registerNode, renewLease } from "./registration.ts";
import { isForScheduler, schedule } from "./scheduler.ts";

const heartbeatMs = 10_000;

export interface AgentOptions {
  readonly client: ApiClient;
  readonly ranges: ClusterRanges;
  readonly credentials: Credentials;
  readonly nodeName: string;
  readonly images: ImageTable;
  /** In memory: vanishes with the cluster. */
  readonly dataFolder: string;
  readonly imageFolder: string;
  readonly logFolder: string;
  readonly restartDelayMs: number;
  readonly say: (line: string) => void;
}

interface Collections {
  readonly pods: Collection<Pod>;
  readonly services: Collection<Service>;
  readonly slices: Collection<EndpointSlice>;
  readonly secrets: Collection<Secret>;
  readonly configMaps: Collection<ConfigMap>;
}

function collections(client: ApiClient): Collections {
  const of = <T extends KubernetesObject>(path: string) => new Collection<T>(client, path);
  return {
    pods: of("/api/v1/pods"),
    services: of("/api/v1/services"),
    slices: of("/apis/discovery.k8s.io/v1/endpointslices"),
    secrets: of("/api/v1/secrets"),
    configMaps: of("/api/v1/configmaps"),
  };
}

export class NodeAgent {
  readonly #options: AgentOptions;
  readonly #collections: Collections;
  readonly #context: NodeContext;
  readonly #pods = new Map<string, PodOnNode>();
  readonly #stop = new AbortController();

  private constructor(options: AgentOptions) {
    const { client, ranges, nodeName } = options;
    this.#options = options;
    this.#collections = collections(client);
    this.#context = {
      client,
      node: { name: nodeName, address: ranges.node },
      apiServer: { address: ranges.apiServer, port: 443 },
      stores: this.#collections,
      images: new Images(options.imageFolder, options.images),
      networks: new PodNetworks(ranges),
      events: new EventRecorder(client),
      folder: options.dataFolder,
      logFolder: options.logFolder,
      restartDelayMs: options.restartDelayMs,
    };
  }

  static async start(options: AgentOptions): Promise<NodeAgent> {
    const { client, nodeName, ranges, credentials } = options;
    const agent = new NodeAgent(options);
    const { services, slices } = agent.#collections;
    await registerNode(client, nodeName, ranges.node);
    await serveKubelet(
      ranges.node,
      kubeletPort,
      credentials,
      (namespace, pod, container, previous) =>
        agent.#find(`${namespace}/${pod}`)?.container(container)?.log(previous),
    );
    await serveNames(ranges.node, {
      service: (key) => services.get(key),
      slices: () => slices.all(),
    });
    await agent.#follow();
    return agent;
  }

  addImages(table: ImageTable): void {
    this.#context.images.add(table);
  }

  /** Runs a command in a container, as `kubectl exec` would. */
  async execute(
    pod: string,
    container: string,
    command: readonly string[],
  ): Promise<{ code: number; output: string }> {
    const found = this.#find(pod)?.container(container);
    if (!found) throw new Error(`there is no container ${container} of pod ${pod} on this node`);
    return await found.execute(command, this.#stop.signal);
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all([...this.#pods.values()].map(async (pod) => await pod.abandon()));
  }

  #find(key: string): PodOnNode | undefined {
    // A pod that has gone and one that took its name may both be here: the last is meant.
    return [...this.#pods.values()].findLast((pod) => pod.key === key);
  }

  async #follow(): Promise<void> {
    const { client, ranges, say } = this.#options;
    const { pods, services, slices, secrets, configMaps } = this.#collections;
    const { signal } = this.#stop;
    void this.#beat();
    new ServiceProxy(services, slices, ranges, say);
    new LoadBalancers(client, services, ranges, this.#context.events);
    for (const store of [secrets, configMaps]) {
      store.on("settled", () => {
        for (const pod of this.#pods.values()) pod.refreshVolumes();
      });
    }
    pods.on("changed", (pod) => this.#take(pod));
    pods.on("removed", (pod) => void this.#drop(pod));
    await Promise.all([services, slices, secrets, configMaps].map((one) => one.start(signal)));
    await pods.start(signal);
  }

  async #beat(): Promise<void> {
    const { client, nodeName, say } = this.#options;
    while (!this.#stop.signal.aborted) {
      await renewLease(client, nodeName).catch((error: unknown) =>
        say(`heartbeat: ${String(error)}`),
      );
      await sleep(heartbeatMs, undefined, { signal: this.#stop.signal }).catch(() => undefined);
    }
  }

  #take(pod: Pod): void {
    const { client, nodeName, say } = this.#options;
    if (isForScheduler(pod)) {
      const node = { name: nodeName, labels: nodeLabels(nodeName) };
      schedule(client, node, pod).catch((error: unknown) => say(`${keyOf(pod)}: ${String(error)}`));
      return;
    }
    if (pod.spec.nodeName !== nodeName) return;
    const known = this.#pods.get(pod.metadata.uid);
    if (known) {
      known.update(pod);
      return;
    }
    const fresh = new PodOnNode(this.#context, pod);
    this.#pods.set(pod.metadata.uid, fresh);
    if (pod.metadata.deletionTimestamp !== undefined) fresh.update(pod);
  }

  async #drop({ metadata }: Pod): Promise<void> {
    const pod = this.#pods.get(metadata.uid);
    if (!pod) return;
    try {
      await pod.abandon();
    } catch (error) {
      this.#options.say(`${pod.key}: ${String(error)}`);
    }
    this.#pods.delete(metadata.uid);
  }
}
