/**
 * The documents that a Pod of a Gateway really serves: those delivered to it, of the generation that it says it serves. Its
 * own word counts, not what the cluster's objects would come to.
 */

import type * as kubernetes from "@ghost-gateway/kubernetes";
import type { Reading } from "@ghost-gateway/chaperone/configuration";
import { loadKubernetes } from "./cluster.js";
import { CommandFailure, exitCode, usageFailure } from "./exit.js";
import type { SourceOptions } from "./source.js";

type Kubernetes = typeof kubernetes;

/** As the operator writes them, on Pods and on what is delivered to them. */
const gatewayLabel = "ghost-gateway.io/gateway-uid";
const acknowledged = "ghost-gateway.io/acknowledged-generation";
/** Milliseconds for everything, and between looks while a change is on its way. */
const patience = 15_000;
const pause = 250;

interface Delivered {
  readonly generation: number | undefined;
  readonly index: kubernetes.Index;
  readonly reader: kubernetes.BundleReader;
}

/** `pod` is `namespace/name`, or a name in the context's namespace. */
export async function readPod(
  pod: string,
  { kubeconfig, context }: SourceOptions,
): Promise<Reading> {
  const client = await loadKubernetes();
  const signal = AbortSignal.timeout(patience);
  try {
    const connection = client.Connection.open({ kubeconfig, context });
    const [name = "", namespace = connection.namespace] = pod.split("/").toReversed();
    const { index, reader } = await settled(client, connection, { namespace, name }, signal);
    return readingOf(await reader.read(index, signal), `Pod ${namespace}/${name}`);
  } catch (error) {
    if (error instanceof CommandFailure) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new CommandFailure(message, signal.aborted ? exitCode.timedOut : exitCode.unreachable, {
      cause: error,
    });
  }
}

/** Waits while a new generation is on its way to the Pod: what it serves now is no longer to be had then. */
async function settled(
  client: Kubernetes,
  connection: kubernetes.Connection,
  at: { readonly namespace: string; readonly name: string },
  signal: AbortSignal,
): Promise<Delivered> {
  for (;;) {
    const found = await look(client, connection, at, signal);
    if (found.generation === found.index.generation) return found;
    await client.systemClock.sleep(pause, signal);
    if (signal.aborted)
      throw new CommandFailure(
        `Pod ${at.namespace}/${at.name} serves generation ${found.generation ?? "none"}, and ${found.index.generation} has been delivered; see its log`,
        exitCode.timedOut,
      );
  }
}

async function look(
  { BundleReader, get, indexOf, listAll, resources }: Kubernetes,
  connection: kubernetes.Connection,
  at: { readonly namespace: string; readonly name: string },
  signal: AbortSignal,
): Promise<Delivered> {
  const pod = await get<kubernetes.KubernetesObject>(connection, resources.pods, at, signal);
  const { labels, annotations } = pod?.metadata ?? {};
  const uid = labels?.[gatewayLabel];
  if (uid === undefined)
    throw usageFailure(`${at.namespace}/${at.name} is no Pod of a Gateway of Ghost's`);
  const { namespace } = at;
  const labelSelector = `${gatewayLabel}=${uid},ghost-gateway.io/delivery=index`;
  const selection = { resource: resources.configMaps, namespace, labelSelector };
  const { objects } = await listAll<kubernetes.ConfigMap>(connection, selection, signal);
  const [configMap] = objects;
  if (configMap === undefined)
    throw new CommandFailure(
      `nothing has been delivered to ${at.namespace}/${at.name}`,
      exitCode.unreachable,
    );
  const said = Number(annotations?.[acknowledged]);
  return {
    generation: Number.isSafeInteger(said) ? said : undefined,
    index: indexOf(configMap),
    reader: new BundleReader(connection, namespace, configMap.metadata.name),
  };
}

function readingOf(documents: kubernetes.Documents, file: string): Reading {
  const routes = documents.get("routes.json");
  if (routes === undefined)
    throw new CommandFailure("the delivered documents have no routes.json", exitCode.unreachable);
  const endpoints = documents.get("endpoints.json");
  return {
    documents: {
      routes,
      file,
      ...(endpoints === undefined ? {} : { endpoints, endpointsFile: "endpoints.json" }),
    },
    diagnostics: [],
    place: (diagnostics) => diagnostics,
    texts: new Map([[file, routes]]),
  };
}
