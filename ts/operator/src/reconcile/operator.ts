/** One operator's work while it leads: what the cluster holds -> translation -> data planes -> statuses. */

import { createTranslator, defaultControllerName } from "@ghost-gateway/gateway-api";
import type { Translation, Translator } from "@ghost-gateway/gateway-api";
import type { Clock, Connection, ReflectorState, ResourceName } from "@ghost-gateway/kubernetes";
import { servedFeatures } from "../edge/features.js";
import { ObjectStore } from "../store/object-store.js";
import { translated, watchCluster } from "../watch/cluster.js";
import type { DataPlaneSettings } from "../infrastructure/settings.js";
import { GatewayKeeper } from "./gateways.js";
import { ownedResources, ownedSelector } from "./infrastructure.js";
import { Loop } from "./loop.js";
import { StatusKeeper } from "./statuses.js";
import { changesOf, touchedBy } from "./translate.js";

export type OperatorEvent =
  | { readonly type: "watch"; readonly resource: ResourceName; readonly state: ReflectorState }
  /** A change set is dealt with. */
  | {
      readonly type: "reconciled";
      readonly changes: number;
      readonly statusWrites: number;
      readonly tookMs: number;
    }
  | { readonly type: "failed"; readonly error: unknown; readonly retryMs: number };

export interface OperatorOptions {
  readonly connection: Connection;
  readonly clock: Clock;
  readonly controllerName?: string;
  readonly dataPlane: DataPlaneSettings;
  /** Of the lease under which we write; an operator before us must not write after us. */
  readonly fencing: number;
  /** Milliseconds between runs: what comes meanwhile is one change set. */
  readonly rest?: number;
  readonly onEvent: (event: OperatorEvent) => void;
}

const defaultRest = 50;
/** Milliseconds of work after which others are let run. */
const longestStretch = 10;

/** Runs until `signal` is aborted. */
export async function operate(options: OperatorOptions, signal: AbortSignal): Promise<void> {
  const { connection, clock, rest = defaultRest, onEvent } = options;
  const store = new ObjectStore([...translated, "gatewayClassParameters", ...ownedResources]);
  const work = new Work(options, store);
  const loop = new Loop({
    clock,
    rest,
    run: () => work.run(),
    onError: (error, retryMs) => onEvent({ type: "failed", error, retryMs }),
  });
  await Promise.all([
    loop.follow(signal),
    watchCluster(
      {
        connection,
        clock,
        watched: [
          ...translated.map((name) => ({ name })),
          { name: "gatewayClassParameters" },
          ...ownedResources.map((name) => ({ name, labelSelector: ownedSelector })),
        ],
        store,
        onChange: () => loop.ask(),
        onState: (resource, state) => onEvent({ type: "watch", resource, state }),
      },
      signal,
    ),
  ]);
}

class Work {
  readonly #options: OperatorOptions;
  readonly #store: ObjectStore;
  readonly #translator: Translator;
  readonly #gateways: GatewayKeeper;
  readonly #statuses: StatusKeeper;
  #touched: ReadonlySet<string> = new Set();

  constructor(options: OperatorOptions, store: ObjectStore) {
    const {
      connection,
      clock,
      controllerName = defaultControllerName,
      dataPlane,
      fencing,
    } = options;
    this.#options = options;
    this.#store = store;
    this.#translator = createTranslator({ controllerName, features: servedFeatures });
    this.#gateways = new GatewayKeeper(connection, store, dataPlane, fencing);
    const date = (): Date => clock.date();
    this.#statuses = new StatusKeeper({ connection, controllerName, date }, store);
  }

  /** Deals with what changed. Rejects when something is left to be done: the next run takes it up. */
  async run(): Promise<void> {
    // What seems absent before every kind was listed may only be unseen: no status is judged on it.
    if (!this.#store.isListed) return;
    const { clock, onEvent } = this.#options;
    const began = clock.now();
    const changes = this.#store.drain();
    this.#touched = new Set([...this.#touched, ...touchedBy(changes)]);
    const translation = await this.#translate(changesOf(changes));
    const failures = await this.#gateways.bring(translation);
    const statuses = this.#gateways.told(translation.statuses);
    const statusWrites = await this.#statuses.bring(statuses, this.#touched);
    if (failures.length > 0) throw failures[0];
    this.#touched = new Set();
    const count = changes.stored.length + changes.deleted.length;
    onEvent({ type: "reconciled", changes: count, statusWrites, tookMs: clock.now() - began });
  }

  async #translate(changes: Parameters<Translator["update"]>[0]): Promise<Translation> {
    const { clock } = this.#options;
    let since = clock.now();
    return this.#translator.updateInSteps(changes, () => {
      if (clock.now() - since < longestStretch) return undefined;
      return new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
        since = clock.now();
      });
    });
  }
}
