/** The services that the emitted routes name, with their endpoints. */

import type { ServiceIr } from "../ir.js";
import type { BackendTarget, ResolvedBackend } from "../model/backend.js";
import { endpointsOf } from "../model/endpoints.js";
import type { SliceModel } from "../model/endpoints.js";
import type { RouteModel } from "../model/route.js";
import type { Find } from "../model/store.js";
import { compareText } from "../source.js";

/** A service that a route names. */
export interface NamedService {
  readonly service: string;
  readonly target: BackendTarget;
}

/** Targets of a route's backends and mirrors that exist. */
export function namedServices({ rules }: RouteModel): NamedService[] {
  return rules.flatMap(({ filters, backends }) => {
    const mirrors = [...filters, ...backends.flatMap((backend) => backend.filters)].flatMap(
      ({ mirror }) => mirror ?? [],
    );
    return [...backends, ...mirrors].flatMap(withTarget);
  });
}

function withTarget({ service, target }: ResolvedBackend): NamedService[] {
  return target === undefined || target.tls === "refused" ? [] : [{ service, target }];
}

interface Naming {
  readonly services: readonly NamedService[];
}

/** Which services routes name, counted, so that one changed route costs what it names itself. */
export class NamedTargets {
  readonly #targets = new Map<string, BackendTarget>();
  readonly #counts = new Map<string, number>();
  #namings: readonly Naming[] = [];

  update(namings: readonly Naming[]): void {
    if (namings === this.#namings) return;
    for (const { services } of missingFrom(namings, this.#namings))
      for (const { service } of services) this.#drop(service);
    for (const { services } of missingFrom(this.#namings, namings)) {
      for (const { service, target } of services) {
        this.#targets.set(service, target);
        this.#counts.set(service, (this.#counts.get(service) ?? 0) + 1);
      }
    }
    this.#namings = namings;
  }

  /** Targets by service key, with further ones that are not counted. */
  with(further: readonly NamedService[]): ReadonlyMap<string, BackendTarget> {
    if (further.length === 0) return this.#targets;
    return new Map([
      ...this.#targets,
      ...further.map(({ service, target }) => [service, target] as const),
    ]);
  }

  #drop(service: string): void {
    const count = (this.#counts.get(service) ?? 0) - 1;
    if (count > 0) {
      this.#counts.set(service, count);
    } else {
      this.#counts.delete(service);
      this.#targets.delete(service);
    }
  }
}

/** Items of a list that are not in another; lists of one length are compared place by place. */
function missingFrom(list: readonly Naming[], items: readonly Naming[]): readonly Naming[] {
  if (list.length === items.length) return items.filter((item, index) => item !== list[index]);
  const known = new Set(list);
  return items.filter((item) => !known.has(item));
}

interface Kept {
  readonly slices: readonly SliceModel[];
  readonly protocol: string;
  readonly portName: string;
  readonly tls: BackendTarget["tls"];
  readonly hostname: string | undefined;
  readonly portNumber: number;
  readonly emitted: ServiceIr;
}

const noSlices: readonly SliceModel[] = [];

/** Writes services, each again only when its slices, its port or its TLS have changed. */
export class ServiceEmitter {
  readonly #kept = new Map<string, Kept>();
  #record: Readonly<Record<string, ServiceIr>> = {};

  /** By key, sorted. A Service without slices has no endpoints: its requests are answered 503. */
  emit(
    named: ReadonlyMap<string, BackendTarget>,
    slices: Find<readonly SliceModel[]>,
  ): Readonly<Record<string, ServiceIr>> {
    let isSame = this.#kept.size === named.size;
    for (const [key, target] of named)
      if (this.#emitOne(key, target, slices.get(target.key) ?? noSlices)) isSame = false;
    for (const key of this.#kept.keys()) {
      if (named.has(key)) continue;
      this.#kept.delete(key);
      isSame = false;
    }
    if (isSame) return this.#record;
    const sorted = [...this.#kept].toSorted(([left], [right]) => compareText(left, right));
    this.#record = Object.fromEntries(sorted.map(([key, { emitted }]) => [key, emitted]));
    return this.#record;
  }

  /** Whether it is written anew. */
  #emitOne(key: string, target: BackendTarget, slices: readonly SliceModel[]): boolean {
    const { protocol, port, tls, hostname } = target;
    const known = this.#kept.get(key);
    const isSame =
      known?.slices === slices &&
      known.protocol === protocol &&
      known.portName === port.name &&
      known.tls === tls &&
      known.hostname === hostname &&
      known.portNumber === port.port;
    if (isSame) return false;
    const emitted: ServiceIr = {
      object: `Service/${target.key}`,
      protocol,
      ...(tls === undefined || tls === "refused" ? {} : { tls }),
      ...(hostname === undefined ? {} : { resolve: { hostname, port: port.port } }),
      // Slices of a Service that has become a name may stay a while; they are of another time.
      endpoints: hostname === undefined ? endpointsOf(slices, port) : [],
    };
    this.#kept.set(key, {
      slices,
      protocol,
      portName: port.name,
      tls,
      hostname,
      portNumber: port.port,
      emitted,
    });
    return true;
  }
}
