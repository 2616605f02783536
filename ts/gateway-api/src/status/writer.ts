/** Statuses of all objects of ours, each written again only when it comes out different. */

import { Mapped, isSameList } from "../model/judgements.js";
import type { ListenerModel } from "../model/listener.js";
import type { Model } from "../model/model.js";
import { countingListeners } from "../model/route.js";
import type { RouteModel } from "../model/route.js";
import { classStatus } from "./class.js";
import type { GatewayClassStatus } from "./class.js";
import { gatewayStatus, listenerSetStatus } from "./gateway.js";
import type { AttachedRoutes, GatewayStatus, ListenerSetStatus } from "./gateway.js";
import { gatewaysByService, policyStatus } from "./policy.js";
import type { PolicyStatus } from "./policy.js";
import { routeStatus } from "./route.js";
import type { RouteStatus } from "./route.js";

export type ObjectStatus =
  | GatewayClassStatus
  | GatewayStatus
  | ListenerSetStatus
  | RouteStatus
  | PolicyStatus;

interface WrittenRoute {
  readonly statuses: readonly RouteStatus[];
  readonly counting: readonly ListenerModel[];
}

const routesPerStep = 128;

export class StatusWriter {
  readonly #controllerName: string;
  readonly #features: readonly string[];
  readonly #routes = new Mapped<RouteModel, WrittenRoute>((route) => ({
    statuses: routeStatus(route, this.#controllerName),
    counting: [...countingListeners(route)],
  }));
  #kept: ReadonlyMap<string, { readonly text: string; readonly status: ObjectStatus }> = new Map();
  #statuses: readonly ObjectStatus[] = [];

  constructor(controllerName: string, features: readonly string[]) {
    this.#controllerName = controllerName;
    this.#features = features;
  }

  *write(model: Model): Generator<void, readonly ObjectStatus[]> {
    const attached = new Map<ListenerModel, number>();
    const routes: RouteStatus[] = [];
    for (const { statuses, counting } of yield* this.#routes.update(model.routes, routesPerStep)) {
      for (const status of statuses) routes.push(status);
      for (const listener of counting) attached.set(listener, (attached.get(listener) ?? 0) + 1);
    }
    yield;
    const others = this.#keep([...this.#parents(model, attached), ...this.#policies(model)]);
    const isPolicy = ({ kind }: ObjectStatus): boolean => kind === "BackendTLSPolicy";
    const statuses = [
      ...others.filter((status) => !isPolicy(status)),
      ...routes,
      ...others.filter(isPolicy),
    ];
    if (!isSameList(this.#statuses, statuses)) this.#statuses = statuses;
    return this.#statuses;
  }

  *#parents(model: Model, attached: AttachedRoutes): Generator<ObjectStatus> {
    for (const owned of model.classes) yield classStatus(owned, model.bundle, this.#features);
    for (const gateway of model.gateways.values()) {
      yield gatewayStatus(gateway, attached);
      for (const set of gateway.sets) yield listenerSetStatus(set, attached);
    }
  }

  *#policies(model: Model): Generator<ObjectStatus> {
    if (model.policies.length === 0) return;
    const reaching = gatewaysByService(model.routes);
    for (const policy of model.policies)
      yield* policyStatus(policy, model, reaching, this.#controllerName);
  }

  /** The same status as before where it says the same. */
  #keep(statuses: readonly ObjectStatus[]): ObjectStatus[] {
    const next = new Map<string, { readonly text: string; readonly status: ObjectStatus }>();
    const kept = statuses.map((status) => {
      const key = `${status.kind}/${status.namespace}/${status.name}`;
      const text = JSON.stringify(status);
      const known = this.#kept.get(key);
      const entry = known?.text === text ? known : { text, status };
      next.set(key, entry);
      return entry.status;
    });
    this.#kept = next;
    return kept;
  }
}
