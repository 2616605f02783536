// Gives Services of type LoadBalancer an address of the cluster's range, and says so in their status.

import { isApiError, type ApiClient } from "../api/client.ts";
import type { Collection } from "../api/collection.ts";
import { keyOf, type Service } from "../api/objects.ts";
import type { EventRecorder } from "../node/events.ts";
import { AddressPool, type ClusterRanges } from "./ranges.ts";

export class LoadBalancers {
  readonly #client: ApiClient;
  readonly #events: EventRecorder;
  readonly #addresses: AddressPool;
  readonly #given = new Map<string, string>();

  constructor(
    client: ApiClient,
    services: Collection<Service>,
    ranges: ClusterRanges,
    events: EventRecorder,
  ) {
    this.#client = client;
    this.#events = events;
    this.#addresses = new AddressPool(ranges.loadBalancers, 1);
    services.on("changed", (service) => void this.#serve(service));
    services.on("removed", ({ metadata }) => this.#release(metadata.uid));
  }

  async #serve(service: Service): Promise<void> {
    const { spec, status, metadata } = service;
    const isOurs = spec.type === "LoadBalancer" && spec.loadBalancerClass === undefined;
    const published = status?.loadBalancer?.ingress?.[0]?.ip;
    if (!isOurs || metadata.deletionTimestamp !== undefined) {
      this.#release(metadata.uid);
      if (!isOurs && published !== undefined) await this.#publish(service, undefined);
      return;
    }
    const address = this.#addressFor(service);
    if (address !== undefined && published !== address) await this.#publish(service, address);
  }

  /** The address that the Service asks for by `loadBalancerIP`, else any. */
  #addressFor(service: Service): string | undefined {
    const { uid } = service.metadata;
    const wanted = service.spec.loadBalancerIP;
    const given = this.#given.get(uid);
    if (given !== undefined && (wanted === undefined || wanted === given)) return given;
    if (wanted !== undefined && !this.#addresses.reserve(wanted)) {
      const message = `${wanted} is in use or not of the cluster's range`;
      this.#events.warn(service, "Service", "AddressNotAvailable", message);
      return undefined;
    }
    this.#release(uid);
    const address = wanted ?? this.#addresses.take();
    this.#given.set(uid, address);
    return address;
  }

  #release(uid: string): void {
    const address = this.#given.get(uid);
    if (address === undefined) return;
    this.#given.delete(uid);
    this.#addresses.release(address);
  }

  async #publish(service: Service, ip: string | undefined): Promise<void> {
    const ingress = ip === undefined ? null : [{ ip, ipMode: "VIP" }];
    const path = `/api/v1/namespaces/${service.metadata.namespace}/services/${service.metadata.name}/status`;
    try {
      await this.#client.patch(path, { status: { loadBalancer: { ingress } } });
    } catch (error) {
      if (isApiError(error, 404)) return;
      this.#events.warn(
        service,
        "Service",
        "SyncLoadBalancerFailed",
        `${keyOf(service)}: ${String(error)}`,
      );
    }
  }
}
