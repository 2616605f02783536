/** Documents that an operator delivers as ConfigMaps, as a source: watched through the API, so that no mount delays them. */

import { BundleReader, indexOf, reflect, resources } from "@ghost-gateway/kubernetes";
import type {
  Change,
  Clock,
  ConfigMap,
  Connection,
  Documents,
  Index,
} from "@ghost-gateway/kubernetes";
import type { CustomSource, Reading } from "@ghost-gateway/chaperone";

export interface DeliveryPlace {
  readonly namespace: string;
  /** Of the ConfigMap with the index. */
  readonly name: string;
}

export interface DeliverySource extends CustomSource {
  /** Generation of the bundle that was read last; undefined before the first. */
  readonly generation: () => number | undefined;
}

export interface DeliveryOptions {
  readonly connection: Connection;
  readonly place: DeliveryPlace;
  readonly clock: Clock;
  /** What keeps a bundle from being read; the one before stays. */
  readonly onProblem: (message: string) => void;
}

/** Milliseconds until shards that were not there are looked for again. */
const patience = 1000;
const routesFile = "routes.json";
const endpointsFile = "endpoints.json";

export function deliverySource({
  connection,
  place,
  clock,
  onProblem,
}: DeliveryOptions): DeliverySource {
  const { namespace, name } = place;
  const reader = new BundleReader(connection, namespace, name);
  const first = Promise.withResolvers<void>();
  let bundle: { readonly index: Index; readonly documents: Documents } | undefined;
  let generation: number | undefined;

  const fetch = async (index: Index, signal: AbortSignal): Promise<void> => {
    // An operator that lost its lease may still have a write on the way.
    if (bundle !== undefined && index.fencing < bundle.index.fencing) {
      onProblem(`generation ${index.generation} is of an operator that no longer leads`);
      return;
    }
    bundle = { index, documents: await reader.read(index, signal) };
    first.resolve();
  };

  return {
    kind: "custom",
    name: `ConfigMap ${namespace}/${name}`,
    generation: () => generation,
    read: async () => {
      await first.promise;
      generation = bundle?.index.generation;
      return readingOf(bundle?.documents ?? new Map());
    },
    watch: async (onChange, signal) => {
      const latest = new Latest<Index>(async (index) => {
        await fetch(index, signal);
        onChange();
      });
      const take = (change: Change<ConfigMap>): void => {
        const [configMap] = change.type === "replaced" ? change.objects : [change.object];
        // Without its index there is nothing new to read; what serves goes on.
        if (configMap === undefined || change.type === "deleted") return;
        try {
          latest.put(indexOf(configMap));
        } catch (error) {
          onProblem(messageOf(error));
        }
      };
      const selection = {
        resource: resources.configMaps,
        namespace,
        fieldSelector: `metadata.name=${name}`,
      };
      const onState = (): void => undefined;
      void reflect<ConfigMap>({ connection, selection, clock, onChange: take, onState }, signal);
      void latest.follow(signal, clock, onProblem);
      await first.promise;
    },
  };
}

function readingOf(documents: Documents): Reading {
  const routes = documents.get(routesFile);
  const endpoints = documents.get(endpointsFile);
  const both = endpoints === undefined ? {} : { endpoints, endpointsFile };
  return {
    documents: routes === undefined ? null : { routes, file: routesFile, ...both },
    diagnostics: [],
    place: (diagnostics) => diagnostics,
    texts: documents,
  };
}

/** Works on the newest thing put in; one that came meanwhile replaces those before it. */
class Latest<Thing> {
  readonly #work: (thing: Thing) => Promise<void>;
  #thing: Thing | undefined;
  #wake = Promise.withResolvers<void>();

  constructor(work: (thing: Thing) => Promise<void>) {
    this.#work = work;
  }

  put(thing: Thing): void {
    this.#thing = thing;
    this.#wake.resolve();
  }

  async follow(
    signal: AbortSignal,
    clock: Clock,
    onProblem: (message: string) => void,
  ): Promise<void> {
    signal.addEventListener("abort", () => this.#wake.resolve(), { once: true });
    while (!signal.aborted) {
      await this.#wake.promise;
      this.#wake = Promise.withResolvers<void>();
      const thing = this.#thing;
      this.#thing = undefined;
      if (thing === undefined) continue;
      try {
        await this.#work(thing);
      } catch (error) {
        if (signal.aborted) return;
        onProblem(messageOf(error));
        // A shard that is missing is on its way, or a newer index is.
        await clock.sleep(patience, signal);
        if (this.#thing === undefined) this.put(thing);
      }
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
