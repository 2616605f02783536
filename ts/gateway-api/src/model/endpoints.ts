/**
 * Where a Service lives: the endpoints of all its EndpointSlices, whoever wrote them (Kubernetes
 * EndpointSlice, discovery.k8s.io/v1). Headless Services are no special case.
 */

import { isIP } from "node:net";
import type { Finding } from "../diagnostics.js";
import type { EndpointState } from "../document.js";
import type { EndpointIr } from "../ir.js";
import type { EndpointSliceSpec, ServicePort, SliceEndpoint, SlicePort } from "../objects.js";
import { decode } from "../shape/decode.js";
import { sliceEndpoint } from "../shape/service.js";
import { compareText, quote, renderSource } from "../source.js";
import type { Path } from "../source.js";
import type { Entry, Table } from "./store.js";

/** An endpoint and its index in the slice. */
interface PlacedEndpoint {
  readonly endpoint: SliceEndpoint;
  readonly index: number;
}

/** An EndpointSlice that was read, with the endpoints of it that can be used. */
export interface SliceModel {
  readonly entry: Entry<EndpointSliceSpec>;
  readonly ports: readonly SlicePort[];
  readonly endpoints: readonly PlacedEndpoint[];
  readonly findings: readonly Finding[];
}

/** The label that says whose endpoints a slice holds. */
const serviceLabel = "kubernetes.io/service-name";

/** Reads slices, each once. */
export class SliceReader {
  readonly #read = new WeakMap<Entry<EndpointSliceSpec>, SliceModel>();

  /** Slices by the `namespace/name` of their Service. Slices without the label belong to nobody. */
  *read(table: Table<EndpointSliceSpec>): Generator<void, Map<string, readonly SliceModel[]>> {
    const slices = new Map<string, SliceModel[]>();
    for (const [, entry] of table) {
      const service = entry.metadata.labels.get(serviceLabel);
      if (service === undefined || entry.spec === undefined) continue;
      let slice = this.#read.get(entry);
      if (slice === undefined) {
        slice = readSlice(entry, entry.spec);
        this.#read.set(entry, slice);
        yield;
      }
      const key = `${entry.metadata.namespace}/${service}`;
      const known = slices.get(key);
      if (known === undefined) slices.set(key, [slice]);
      else known.push(slice);
    }
    return slices;
  }
}

function readSlice(entry: Entry<EndpointSliceSpec>, spec: EndpointSliceSpec): SliceModel {
  const family = { IPv4: 4, IPv6: 6 }[spec.addressType];
  if (family === undefined)
    return { entry, ports: [], endpoints: [], findings: [unusableFamily(spec)] };
  const read = spec.endpoints.map((value, index) =>
    readEndpoint(value, family, ["endpoints", index]),
  );
  return {
    entry,
    ports: spec.ports,
    endpoints: read.flatMap(({ endpoint }, index) =>
      endpoint === undefined ? [] : [{ endpoint, index }],
    ),
    findings: read.flatMap(({ findings }) => findings),
  };
}

function unusableFamily({ addressType }: EndpointSliceSpec): Finding {
  const message = `The slice's addressType is ${quote(addressType)}; its endpoints are not used.`;
  return { code: "namedEndpoints", path: ["addressType"], message };
}

function readEndpoint(
  value: unknown,
  family: number,
  path: Path,
): { readonly endpoint?: SliceEndpoint; readonly findings: readonly Finding[] } {
  const { value: endpoint, findings } = decode(sliceEndpoint, value, path);
  if (endpoint === undefined) return { findings };
  // Only the first address counts: the API gives the others no meaning, and no controller writes
  // any.
  const address = endpoint.addresses[0] ?? "";
  if (isIP(address) === family && !address.includes("%")) return { endpoint, findings: [] };
  const message = `${quote(address)} is no IPv${family} address.`;
  return { findings: [{ code: "invalidEndpoint", path: [...path, "addresses"], message }] };
}

/**
 * Endpoints behind one port of a Service, sorted by address and port. The slice's port has the
 * Service port's name and the number that targetPort came to, which may differ from slice to slice.
 */
export function endpointsOf(slices: readonly SliceModel[], port: ServicePort): EndpointIr[] {
  const found = new Map<string, EndpointIr>();
  for (const slice of slices) {
    for (const target of slice.ports) {
      if (
        target.name !== port.name ||
        target.protocol !== port.protocol ||
        target.port === undefined
      )
        continue;
      for (const endpoint of slice.endpoints) add(found, slice, endpoint, target.port);
    }
  }
  return [...found.values()].toSorted(
    (left, right) => compareText(left.address, right.address) || left.port - right.port,
  );
}

// While an endpoint moves between slices both list it (Kubernetes asks consumers to merge): the
// better state counts, and the first slice by name is the one that is named.
function add(
  found: Map<string, EndpointIr>,
  { entry }: SliceModel,
  { endpoint, index }: PlacedEndpoint,
  port: number,
): void {
  const address = endpoint.addresses[0] ?? "";
  const key = `${address} ${port}`;
  const state = stateOf(endpoint);
  const known = found.get(key);
  const zones = [known?.zone, endpoint.zone]
    .filter((zone) => zone !== undefined && zone !== "")
    .toSorted(compareZones);
  const source = known?.source ?? renderSource(entry.source, ["endpoints", index]);
  const forZones = [...new Set([...(known?.forZones ?? []), ...endpoint.forZones])].toSorted();
  found.set(key, {
    address,
    port,
    ...(zones[0] === undefined ? {} : { zone: zones[0] }),
    state: known === undefined ? state : betterState(known.state, state),
    ...(forZones.length === 0 ? {} : { forZones }),
    object: known?.object ?? entry.identity,
    ...(source === undefined ? {} : { source }),
  });
}

function compareZones(left: string | undefined, right: string | undefined): number {
  return compareText(left ?? "", right ?? "");
}

const statesFromBest: readonly EndpointState[] = ["ready", "serving", "down"];

function betterState(left: EndpointState, right: EndpointState): EndpointState {
  return statesFromBest.indexOf(left) < statesFromBest.indexOf(right) ? left : right;
}

/**
 * An unknown readiness counts as ready (EndpointConditions.ready); serving alone counts only while
 * terminating.
 */
function stateOf({ conditions }: SliceEndpoint): EndpointState {
  if (conditions.ready ?? true) return "ready";
  return conditions.serving === true && conditions.terminating === true ? "serving" : "down";
}
