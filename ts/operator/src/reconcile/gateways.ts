/** Each Gateway's data plane: made, given its documents, and asked how it does. */

import type {
  GatewayTranslation,
  Infrastructure,
  ObjectStatus,
  Translation,
} from "@ghost-gateway/gateway-api";
import type { Connection } from "@ghost-gateway/kubernetes";
import { edgeDelivery, routingDocuments } from "../edge/documents.js";
import type { EdgeDelivery } from "../edge/documents.js";
import { sourcesOf } from "../edge/sources.js";
import { childName, gatewayLabels } from "../infrastructure/names.js";
import type { GatewayIdentity } from "../infrastructure/names.js";
import { objectsOf, ownerOf, secretOf } from "../infrastructure/objects.js";
import { drainSeconds, isVarnishAlone } from "../infrastructure/pod.js";
import type { DataPlaneSettings } from "../infrastructure/settings.js";
import { findParameters } from "../parameters/find.js";
import type { GatewayClassParametersSpec } from "../parameters/schema.js";
import type { ObjectStore } from "../store/object-store.js";
import { DeliveryKeeper } from "./delivery.js";
import { InfrastructureKeeper } from "./infrastructure.js";
import { DataPlaneTeller, identityOfGateway } from "./telling.js";

export class GatewayKeeper {
  readonly #store: ObjectStore;
  readonly #settings: DataPlaneSettings;
  readonly #deliveries: DeliveryKeeper;
  readonly #infrastructure: InfrastructureKeeper;
  readonly #generations = new Map<string, number>();
  readonly #wanted = new Map<string, Infrastructure>();
  readonly #teller: DataPlaneTeller;

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
    this.#teller = new DataPlaneTeller(store, this.#generations, this.#wanted);
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

  /** The translation's statuses, with what data planes say. */
  told(statuses: readonly ObjectStatus[]): readonly ObjectStatus[] {
    return this.#teller.told(statuses);
  }

  async #bringOne(infrastructure: Infrastructure, translation: Translation): Promise<void> {
    const gateway = identityOfGateway(this.#store, infrastructure.gateway);
    const translated = translation.forGateway(infrastructure.gateway);
    if (gateway === undefined || translated === undefined) return;
    this.#wanted.set(infrastructure.gateway, infrastructure);
    const parameters = findParameters(this.#store, infrastructure.gatewayClass);
    // The GatewayClass says what is missing; what was made before stays as it is.
    if (parameters === undefined || !this.#isNeeded(gateway, infrastructure)) return;
    const { documents, secretData } = this.#deliveryOf(translated, parameters);
    const wanted = { gateway, infrastructure, parameters, settings: this.#settings, secretData };
    // Certificates first: the documents name them.
    await this.#infrastructure.bring([secretOf(wanted)]);
    const delivery = {
      namespace: gateway.namespace,
      name: childName(gateway),
      labels: { ...infrastructure.labels, ...gatewayLabels(gateway) },
      owner: ownerOf(gateway),
    };
    const generation = await this.#deliveries.bring(delivery, documents);
    this.#generations.set(infrastructure.gateway, generation);
    await this.#infrastructure.bring(objectsOf(wanted));
  }

  /** Nothing is made for a Gateway that never had a listener to serve. */
  #isNeeded(gateway: GatewayIdentity, { ports }: Infrastructure): boolean {
    const key = `${gateway.namespace}/${childName(gateway)}`;
    return ports.length > 0 || this.#store.get("deployments", key) !== undefined;
  }

  #deliveryOf(
    translated: GatewayTranslation,
    parameters: GatewayClassParametersSpec,
  ): EdgeDelivery {
    if (isVarnishAlone(parameters))
      return { documents: routingDocuments(translated), secretData: {} };
    return edgeDelivery(translated, sourcesOf(this.#store), drainSeconds(parameters));
  }
}
