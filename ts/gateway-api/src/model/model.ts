/** Everything judged, once: IR, statuses and diagnostics are only read off from this. */

import type { Diagnostic, Finding } from "../diagnostics.js";
import type { GatewayClassSpec, GatewaySpec, ListenerSetSpec } from "../objects.js";
import { decode } from "../shape/decode.js";
import { listenerSetParent } from "../shape/gateway.js";
import { judgeClass, unsupportedBundle } from "./class.js";
import type { ClassModel } from "./class.js";
import { Settled, settleCrossings } from "./crossing.js";
import { SliceReader } from "./endpoints.js";
import type { SliceModel } from "./endpoints.js";
import { foreignness, judgeGateway } from "./gateway.js";
import type { GatewayModel, Parent } from "./gateway.js";
import { readGrants } from "./grant.js";
import { Index, Judgements, Reads, isSameList } from "./judgements.js";
import { routeKinds } from "./kinds.js";
import type { Kind, RouteKind } from "./kinds.js";
import type { Lookup } from "./lookup.js";
import { claimsByService, judgePolicy } from "./policy.js";
import type { PolicyClaim, PolicyModel } from "./policy.js";
import { judgeRoute } from "./route.js";
import type { RouteModel } from "./route.js";
import { applyChanges, compareAge, emptyTables } from "./store.js";
import type { Changes, Entry, Find, Store, Tables } from "./store.js";

export interface Model {
  readonly tables: Tables;
  readonly classes: readonly ClassModel[];
  /** Of the Gateway API's definitions, where they are among the objects. */
  readonly bundle: { readonly isKnown: boolean; readonly version?: string };
  /** Gateways of ours, by `namespace/name`, sorted. */
  readonly gateways: ReadonlyMap<string, GatewayModel>;
  readonly foreign: readonly ForeignGateway[];
  /** By kind as in `routeKinds`, then by `namespace/name`. */
  readonly routes: readonly RouteModel[];
  /** TLSRoutes, TCPRoutes and UDPRoutes among them. */
  readonly streams: readonly RouteModel[];
  readonly policies: readonly PolicyModel[];
  readonly claims: Find<readonly PolicyClaim[]>;
  readonly slices: Find<readonly SliceModel[]>;
  /** Slices of which something cannot be used. */
  readonly faultySlices: readonly SliceModel[];
  /** Findings about objects that could not even be named; those of the last changes alone. */
  readonly strays: readonly Diagnostic[];
}

/** A Gateway of somebody else. */
export interface ForeignGateway {
  readonly entry: Entry<GatewaySpec>;
  readonly foreign: Finding;
}

export interface ModelOptions {
  /** Undefined: every Gateway counts as ours. */
  readonly controllerName: string | undefined;
  readonly ownName: string;
  readonly isPartial: boolean;
  readonly followsExternalNames: boolean;
}

/** Judges objects as they change; what did not change is not judged again. */
export class Modeller {
  readonly #options: ModelOptions;
  readonly #tables = emptyTables();
  readonly #reads = new Reads();
  readonly #slicesRead = new SliceReader();
  readonly #settled = new Settled();
  readonly #classes = new Judgements<Entry<GatewayClassSpec>, ClassModel>();
  readonly #gateways = new Judgements<Entry<GatewaySpec>, GatewayModel | ForeignGateway>();
  readonly #policies = new Judgements<
    Entry<NonNullable<PolicyModel["entry"]["spec"]>>,
    PolicyModel
  >();
  readonly #routes = new Map(
    routeKinds.map((kind) => [kind, new Judgements<RouteModel["entry"], RouteModel>()]),
  );
  readonly #grants = new Index<readonly NonNullable<Entry<object>["spec"]>[]>("grants", isSameList);
  readonly #listenerSets = new Index<readonly Entry<ListenerSetSpec>[]>("listenerSets", isSameList);
  readonly #parents = new Index<Parent>("parents");
  readonly #claims = new Index<readonly PolicyClaim[]>("policies", isSameClaims);
  readonly #slices = new Index<readonly SliceModel[]>("slices", isSameList);

  #routeLists: readonly (readonly RouteModel[])[] = [];
  #allRoutes: readonly RouteModel[] = [];
  #faultySlices: readonly SliceModel[] = [];

  constructor(options: ModelOptions) {
    this.#options = options;
  }

  /** Takes changes in. Steps end where a caller may pause. */
  *update(changes: Changes): Generator<void, Model> {
    const touched = new Set<string>();
    const strays: Diagnostic[] = [];
    yield* applyChanges(this.#tables, changes, touched, strays);
    const changed = new Set([...touched].map((place) => place.slice(0, place.indexOf("/"))));
    const lookup = this.#lookup();
    if (changed.has("ReferenceGrant"))
      this.#grants.replace(readGrants(this.#tables.ReferenceGrant), touched);
    if (changed.has("ListenerSet"))
      this.#listenerSets.replace(setsByGateway(this.#tables), touched);
    if (changed.has("EndpointSlice")) {
      const slices = yield* this.#slicesRead.read(this.#tables.EndpointSlice);
      this.#slices.replace(slices, touched);
      this.#faultySlices = [...slices.values()]
        .flat()
        .filter(({ findings }) => findings.length > 0);
    }
    yield* this.#classes.update(
      "GatewayClass",
      this.#tables.GatewayClass,
      touched,
      this.#reads,
      judgeClass,
    );
    yield* this.#gateways.update("Gateway", this.#tables.Gateway, touched, this.#reads, (entry) => {
      const foreign = foreignness(entry, lookup);
      return foreign === undefined ? judgeGateway(entry, lookup) : { entry, foreign };
    });
    this.#parents.replace(parentsOf(this.#gateways.models), touched);
    yield* this.#policies.update(
      "BackendTLSPolicy",
      this.#tables.BackendTLSPolicy,
      touched,
      this.#reads,
      (entry) => judgePolicy(entry, lookup),
    );
    this.#claims.replace(claimsByService(this.#policies.models), touched);
    for (const [kind, judgements] of this.#routes) {
      yield* judgements.update(kind, this.#tables[kind], touched, this.#reads, (entry) =>
        judgeRoute(kind, entry, lookup),
      );
    }
    const judged = this.#judged();
    const hasCalls = this.#tables.GRPCRoute.size > 0;
    const routes = hasCalls ? yield* settleCrossings(judged, this.#settled) : judged;
    return this.#model(routes, strays);
  }

  #model(routes: readonly RouteModel[], strays: readonly Diagnostic[]): Model {
    const judged = this.#gateways.models;
    return {
      tables: this.#tables,
      classes: this.#classes.models.filter(
        ({ entry }) => entry.spec?.controllerName === this.#options.ownName,
      ),
      bundle: unsupportedBundle(this.#tables.CustomResourceDefinition),
      gateways: new Map(
        judged.flatMap((gateway) => ("foreign" in gateway ? [] : [[gateway.key, gateway]])),
      ),
      foreign: judged.filter((gateway) => "foreign" in gateway),
      routes,
      streams: ["TLSRoute", "TCPRoute", "UDPRoute"].flatMap(
        (kind) => this.#routes.get(kind as RouteKind)?.models ?? [],
      ),
      policies: this.#policies.models,
      claims: this.#claims,
      slices: this.#slices,
      faultySlices: this.#faultySlices,
      strays,
    };
  }

  /** All routes; the very same list while none has changed. */
  #judged(): readonly RouteModel[] {
    const lists = [...this.#routes.values()].map(({ models }) => models);
    if (!isSameList(lists, this.#routeLists)) {
      this.#routeLists = lists;
      this.#allRoutes = lists.reduce<readonly RouteModel[]>(
        (all, list) => (list.length === 0 ? all : all.length === 0 ? list : [...all, ...list]),
        [],
      );
    }
    return this.#allRoutes;
  }

  #lookup(): Lookup {
    const { controllerName, isPartial, followsExternalNames } = this.#options;
    const noting = <T>(name: string, table: Find<T>): Find<T> => this.#reads.noting(name, table);
    // Every table is noted under its own kind.
    const store = Object.fromEntries(
      Object.entries(this.#tables).map(([kind, table]) => [
        kind as Kind,
        noting(kind, table as Find<unknown>),
      ]),
    ) as unknown as Store;
    return {
      store,
      grants: noting("grants", this.#grants) as Lookup["grants"],
      listenerSets: noting("listenerSets", this.#listenerSets),
      parents: noting("parents", this.#parents),
      policies: noting("policies", this.#claims),
      controllerName,
      isPartial,
      followsExternalNames,
    };
  }
}

function isSameClaims(left: readonly PolicyClaim[], right: readonly PolicyClaim[]): boolean {
  return (
    left.length === right.length &&
    left.every((claim, index) => {
      const other = right[index];
      return (
        claim.policy === other?.policy &&
        claim.sectionName === other.sectionName &&
        claim.loserTo === other.loserTo
      );
    })
  );
}

/** ListenerSets by the Gateway they name: the oldest first, then by name. */
function setsByGateway(tables: Tables): Map<string, readonly Entry<ListenerSetSpec>[]> {
  const sets = new Map<string, Entry<ListenerSetSpec>[]>();
  for (const [, entry] of tables.ListenerSet) {
    const { value } = decode(listenerSetParent, entry.source.object["spec"]);
    if (value === undefined || value.parentRef.kind !== "Gateway") continue;
    const { namespace, name } = value.parentRef;
    const key = `${namespace || entry.metadata.namespace}/${name}`;
    const known = sets.get(key);
    if (known === undefined) sets.set(key, [entry]);
    else known.push(entry);
  }
  for (const list of sets.values()) list.sort(compareAge);
  return sets;
}

function parentsOf(gateways: readonly (GatewayModel | ForeignGateway)[]): Map<string, Parent> {
  const parents = new Map<string, Parent>();
  for (const gateway of gateways) {
    if ("foreign" in gateway) continue;
    parents.set(gateway.entry.identity, gateway);
    for (const set of gateway.sets) parents.set(set.entry.identity, set);
  }
  return parents;
}

export type { RouteKind };
