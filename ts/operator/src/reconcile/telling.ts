/** What data planes add to statuses: those of Gateways, of the ListenerSets that join them, and of GatewayClasses. */

import type {
  GatewayStatus,
  Infrastructure,
  ListenerSetStatus,
  ObjectStatus,
} from "@ghost-gateway/gateway-api";
import type { KubernetesObject } from "@ghost-gateway/kubernetes";
import { refusalOf } from "../edge/configuration.js";
import { acknowledgedAnnotation, childName, gatewayUidLabel } from "../infrastructure/names.js";
import type { GatewayIdentity } from "../infrastructure/names.js";
import { withParameters } from "../status/parameters.js";
import { withAddresses, withDataPlane } from "../status/programmed.js";
import type { DataPlaneState, TellingObject } from "../status/programmed.js";
import type { ObjectStore } from "../store/object-store.js";

export class DataPlaneTeller {
  readonly #store: ObjectStore;
  /** By `namespace/name` of the Gateway: what was delivered, and what it asks for. */
  readonly #generations: ReadonlyMap<string, number>;
  readonly #wanted: ReadonlyMap<string, Infrastructure>;
  readonly #told = new Map<string, { readonly text: string; readonly status: ObjectStatus }>();
  readonly #since = new Map<string, { readonly text: string; readonly generation: number }>();

  constructor(
    store: ObjectStore,
    generations: ReadonlyMap<string, number>,
    wanted: ReadonlyMap<string, Infrastructure>,
  ) {
    this.#store = store;
    this.#generations = generations;
    this.#wanted = wanted;
  }

  told(statuses: readonly ObjectStatus[]): readonly ObjectStatus[] {
    return statuses.map((status) => {
      if (status.kind === "Gateway") return this.#tellGateway(status);
      if (status.kind === "ListenerSet") return this.#tellListenerSet(status);
      return status.kind === "GatewayClass" ? withParameters(status, this.#store) : status;
    });
  }

  #tellGateway(status: GatewayStatus): ObjectStatus {
    const key = `${status.namespace}/${status.name}`;
    const state = this.#stateOf(key);
    if (state === undefined) return status;
    const told = this.#judged(status, state, this.#store.get("gateways", key));
    return this.#same(withAddresses(told, state));
  }

  #tellListenerSet(status: ListenerSetStatus): ObjectStatus {
    const key = `${status.namespace}/${status.name}`;
    const set: WithListeners | undefined = this.#store.get("listenerSets", key);
    const parent = set?.spec?.parentRef;
    const state = this.#stateOf(`${parent?.namespace ?? status.namespace}/${parent?.name}`);
    return state === undefined ? status : this.#same(this.#judged(status, state, set));
  }

  /**
   * Programmed is about the object: what has to be served is the generation that came with its own last change, or of what is
   * judged of it. Routes and endpoints that change later take nothing of it back.
   */
  #judged<Status extends GatewayStatus | ListenerSetStatus>(
    status: Status,
    state: DataPlaneState,
    object: WithListeners | undefined,
  ): Status {
    const { kind, namespace, name } = status;
    const { conditions, listeners } = status.status;
    const key = `${kind}/${namespace}/${name}`;
    const judged = listeners.map((listener) => [listener.name, listener.conditions]);
    const text = JSON.stringify([
      object?.metadata.uid,
      object?.metadata.generation,
      conditions,
      judged,
    ]);
    const { delivered } = state;
    const before = this.#since.get(key);
    const isSame = before?.text === text;
    if (!isSame && delivered !== undefined) this.#since.set(key, { text, generation: delivered });
    const required = isSame ? before.generation : delivered;
    return withDataPlane(status, { ...state, delivered: required }, objectOf(object));
  }

  /** The one told before, where it says the same: who compares statuses then compares one reference. */
  #same(status: ObjectStatus): ObjectStatus {
    const key = `${status.kind}/${status.namespace}/${status.name}`;
    const text = JSON.stringify(status);
    const before = this.#told.get(key);
    if (before?.text === text) return before.status;
    this.#told.set(key, { text, status });
    return status;
  }

  #stateOf(key: string): DataPlaneState | undefined {
    const gateway = identityOfGateway(this.#store, key);
    if (gateway === undefined) return undefined;
    const service = this.#store.get("services", `${gateway.namespace}/${childName(gateway)}`);
    return {
      delivered: this.#generations.get(key),
      acknowledged: this.#acknowledged(gateway),
      addresses: addressesOf(service),
      wantedAddresses: (this.#wanted.get(key)?.addresses ?? []).filter((value) => value !== ""),
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
}

export function identityOfGateway(store: ObjectStore, key: string): GatewayIdentity | undefined {
  const { uid, namespace, name } = store.get("gateways", key)?.metadata ?? {};
  return uid === undefined || namespace === undefined || name === undefined
    ? undefined
    : { uid, namespace, name };
}

type WithListeners = KubernetesObject & {
  readonly spec?: {
    readonly parentRef?: { readonly namespace?: string; readonly name: string };
    readonly listeners?: readonly {
      readonly name: string;
      readonly protocol: string;
      readonly tls?: { readonly mode?: string };
    }[];
  };
};

/** Generation of an object, and its listeners that the data plane is not told to serve. */
function objectOf(object: WithListeners | undefined): TellingObject {
  const listeners = object?.spec?.listeners ?? [];
  const unserved = listeners.flatMap(({ name, protocol, tls }): [string, string][] => {
    const reason = refusalOf(protocol, tls?.mode);
    return reason === undefined ? [] : [[name, reason]];
  });
  return { generation: object?.metadata.generation, unserved: new Map(unserved) };
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
