/** Each Gateway's data plane: made, given its documents, and asked how it does. */

import type {
  GatewayStatus,
  Infrastructure,
  ObjectStatus,
  Translation,
} from "@ghost-gateway/gateway-api";
import type { Connection, KubernetesObject } from "@ghost-gateway/kubernetes";
import {
  acknowledgedAnnotation,
  childName,
  gatewayLabels,
  gatewayUidLabel,
} from "../infrastructure/names.js";
import type { GatewayIdentity } from "../infrastructure/names.js";
import { objectsOf, ownerOf } from "../infrastructure/objects.js";
import type { DataPlaneSettings } from "../infrastructure/settings.js";
import { withDataPlane } from "../status/programmed.js";
import type { DataPlaneState } from "../status/programmed.js";
import type { ObjectStore } from "../store/object-store.js";
import { DeliveryKeeper } from "./delivery.js";
import { InfrastructureKeeper } from "./infrastructure.js";

export class GatewayKeeper {
  readonly #store: ObjectStore;
  readonly #settings: DataPlaneSettings;
  readonly #deliveries: DeliveryKeeper;
  readonly #infrastructure: InfrastructureKeeper;
  readonly #generations = new Map<string, number>();
  readonly #told = new Map<string, { readonly text: string; readonly status: GatewayStatus }>();

  constructor(
    connection: Connection,
    store: ObjectStore,
    settings: DataPlaneSettings,
    fencing: number,
  ) {
    this.#store = store;
    this.#settings = settings;
    this.#deliveries = new DeliveryKeeper(connection, fencing);
    this.#infrastructure = new InfrastructureKeeper(connection, store);
  }

  /** Brings every Gateway's data plane up to date. One that cannot be keeps none of the others back. */
  async bring(translation: Translation): Promise<readonly unknown[]> {
    const failures: unknown[] = [];
    for (const infrastructure of translation.infrastructure) {
      try {
        await this.#bringOne(infrastructure, translation);
      } catch (error) {
        failures.push(error);
      }
    }
    return failures;
  }

  /** The translation's statuses, Gateways with what their data plane says. */
  told(statuses: readonly ObjectStatus[]): readonly ObjectStatus[] {
    return statuses.map((status) => (status.kind === "Gateway" ? this.#tell(status) : status));
  }

  async #bringOne(infrastructure: Infrastructure, translation: Translation): Promise<void> {
    const gateway = this.#identity(infrastructure.gateway);
    const translated = translation.forGateway(infrastructure.gateway);
    if (gateway === undefined || translated === undefined) return;
    const delivery = {
      namespace: gateway.namespace,
      name: childName(gateway),
      labels: { ...infrastructure.labels, ...gatewayLabels(gateway) },
      owner: ownerOf(gateway),
    };
    this.#generations.set(
      infrastructure.gateway,
      await this.#deliveries.bring(delivery, translated),
    );
    const wanted = { gateway, infrastructure, parameters: {}, settings: this.#settings };
    await this.#infrastructure.bring(objectsOf(wanted));
  }

  #tell(status: GatewayStatus): GatewayStatus {
    const key = `${status.namespace}/${status.name}`;
    const gateway = this.#identity(key);
    if (gateway === undefined) return status;
    const { generation } = this.#store.get("gateways", key)?.metadata ?? {};
    const told = withDataPlane(status, this.#stateOf(gateway, key), generation);
    const text = JSON.stringify(told);
    const before = this.#told.get(key);
    if (before?.text === text) return before.status;
    this.#told.set(key, { text, status: told });
    return told;
  }

  #stateOf(gateway: GatewayIdentity, key: string): DataPlaneState {
    const service = this.#store.get("services", `${gateway.namespace}/${childName(gateway)}`);
    return {
      delivered: this.#generations.get(key),
      acknowledged: this.#acknowledged(gateway),
      addresses: addressesOf(service),
    };
  }

  #acknowledged({ uid }: GatewayIdentity): readonly number[] {
    return [...this.#store.all("pods")].flatMap((pod) => {
      const { labels, annotations, deletionTimestamp } = pod.metadata;
      const generation = Number(annotations?.[acknowledgedAnnotation]);
      const counts =
        labels?.[gatewayUidLabel] === uid && deletionTimestamp === undefined && isReady(pod);
      return counts && Number.isSafeInteger(generation) ? [generation] : [];
    });
  }

  #identity(key: string): GatewayIdentity | undefined {
    const { uid, namespace, name } = this.#store.get("gateways", key)?.metadata ?? {};
    return uid === undefined || namespace === undefined || name === undefined
      ? undefined
      : { uid, namespace, name };
  }
}

interface PodStatus {
  readonly conditions?: readonly { readonly type: string; readonly status: string }[];
}

function isReady(pod: KubernetesObject & { readonly status?: PodStatus }): boolean {
  return (
    pod.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ??
    false
  );
}

interface ServiceState {
  readonly status?: {
    readonly loadBalancer?: {
      readonly ingress?: readonly { readonly ip?: string; readonly hostname?: string }[];
    };
  };
}

function addressesOf(
  service: (KubernetesObject & ServiceState) | undefined,
): DataPlaneState["addresses"] {
  const ingress = service?.status?.loadBalancer?.ingress ?? [];
  return ingress.flatMap(({ ip, hostname }): DataPlaneState["addresses"] => {
    if (ip !== undefined) return [{ type: "IPAddress", value: ip }];
    return hostname === undefined ? [] : [{ type: "Hostname", value: hostname }];
  });
}
