/** Watches everything the translation reads, into one store. */

import { reflect, resources } from "@ghost-gateway/kubernetes";
import type {
  Clock,
  Connection,
  KubernetesObject,
  ReflectorState,
  ResourceName,
} from "@ghost-gateway/kubernetes";
import type { ObjectStore } from "../store/object-store.js";

/** The kinds the translation reads. */
export const translated: readonly ResourceName[] = [
  "gatewayClasses",
  "gateways",
  "listenerSets",
  "httpRoutes",
  "grpcRoutes",
  "tlsRoutes",
  "tcpRoutes",
  "udpRoutes",
  "referenceGrants",
  "backendTlsPolicies",
  "namespaces",
  "services",
  "endpointSlices",
  "secrets",
  "configMaps",
];

export interface WatchedResource {
  readonly name: ResourceName;
  readonly labelSelector?: string;
}

export interface WatchOptions {
  readonly connection: Connection;
  readonly clock: Clock;
  readonly watched: readonly WatchedResource[];
  readonly store: ObjectStore;
  /** Something came in; the store has it. */
  readonly onChange: () => void;
  readonly onState: (resource: ResourceName, state: ReflectorState) => void;
}

/** Runs until `signal` is aborted. */
export async function watchCluster(options: WatchOptions, signal: AbortSignal): Promise<void> {
  const { connection, clock, watched, store, onChange, onState } = options;
  await Promise.all(
    watched.map(({ name, labelSelector }) =>
      reflect<KubernetesObject>(
        {
          connection,
          selection: { resource: resources[name], labelSelector },
          clock,
          onChange: (change) => {
            store.take(name, change);
            onChange();
          },
          onState: (state) => onState(name, state),
        },
        signal,
      ),
    ),
  );
}
