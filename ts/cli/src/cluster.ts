/** The Gateway API objects of a cluster, read as manifests are. */

import type * as kubernetes from "@ghost-gateway/kubernetes";
import type { Reading } from "@ghost-gateway/chaperone/configuration";
import { CommandFailure, exitCode } from "./exit.js";
import type { SourceOptions } from "./source.js";

/** What routes are made of. Secrets are never read: nothing here depends on their contents. */
const wanted: readonly kubernetes.ResourceName[] = [
  "gatewayClasses",
  "gateways",
  "httpRoutes",
  "grpcRoutes",
  "referenceGrants",
  "namespaces",
  "services",
  "endpointSlices",
];

type Kubernetes = typeof kubernetes;

/** The package is large, and whoever asks about files has no use for it. */
export async function loadKubernetes(): Promise<Kubernetes> {
  try {
    return await import("@ghost-gateway/kubernetes");
  } catch (error) {
    throw new CommandFailure(
      "a cluster cannot be asked without the package @ghost-gateway/kubernetes; install it beside ghostctl",
      exitCode.usage,
      { cause: error },
    );
  }
}

/** Milliseconds for everything. */
const patience = 120_000;

export async function readCluster(options: SourceOptions): Promise<Reading> {
  const client = await loadKubernetes();
  const { readObjects, relocate, translate } = await import("@ghost-gateway/gateway-api");
  const { server, objects } = await fetchObjects(client, options);
  const text = JSON.stringify({ apiVersion: "v1", kind: "List", items: objects }, null, 1);
  const read = readObjects([{ name: server, text }]);
  const { controller, gateway } = options;
  const translated = translate(read.objects, {
    ...(controller === undefined ? {} : { controllerName: controller }),
    ...(gateway === undefined ? {} : { gateway }),
  });
  const routes = Buffer.from(`${JSON.stringify(translated.document)}\n`);
  return {
    documents: { routes, file: server },
    diagnostics: [...read.diagnostics, ...translated.diagnostics],
    place: (diagnostics) => relocate(diagnostics, translated.document, read.objects),
    texts: new Map([[server, Buffer.from(text)]]),
  };
}

async function fetchObjects(
  { Connection, listAll, resources, apiVersionOf }: Kubernetes,
  { kubeconfig, context }: SourceOptions,
): Promise<{ server: string; objects: unknown[] }> {
  const signal = AbortSignal.timeout(patience);
  try {
    const connection = Connection.open({ kubeconfig, context });
    const lists = await Promise.all(
      wanted.map(async (name) => {
        const resource = resources[name];
        const { objects } = await listAll<kubernetes.KubernetesObject>(
          connection,
          { resource },
          signal,
        );
        // Items of a list carry neither.
        return objects.map((object) => ({
          ...object,
          apiVersion: apiVersionOf(resource),
          kind: resource.kind,
        }));
      }),
    );
    return { server: connection.server, objects: lists.flat() };
  } catch (error) {
    // A kubeconfig can be wrong in ways that its library tells as plain errors.
    const message = error instanceof Error ? error.message : String(error);
    const code = signal.aborted ? exitCode.timedOut : exitCode.unreachable;
    throw new CommandFailure(message, code, { cause: error });
  }
}
