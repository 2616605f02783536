/**
 * Where a Service lives: the endpoints of all its EndpointSlices, whoever wrote them (Kubernetes
 * EndpointSlice, discovery.k8s.io/v1). Headless Services are no special case.
 */

import { isIP } from "node:net";
import type { Finding } from "../diagnostics.js";
import type { EndpointState, RoutingEndpoint } from "../document.js";
import type { EndpointSliceSpec, ServicePort, SliceEndpoint, SlicePort } from "../objects.js";
import { decode } from "../shape/decode.js";
import { sliceEndpoint } from "../shape/service.js";
import { compareText, quote } from "../source.js";
import type { Path } from "../source.js";
import type { Entry, Store } from "./store.js";

/** An EndpointSlice that was read, with the endpoints of it that can be used. */
export interface SliceModel {
  readonly entry: Entry<EndpointSliceSpec>;
  readonly ports: readonly SlicePort[];
  readonly endpoints: readonly SliceEndpoint[];
  readonly findings: readonly Finding[];
}

/** Slices by the `namespace/name` of their Service. */
export type Slices = ReadonlyMap<string, readonly SliceModel[]>;

/** The label that says whose endpoints a slice holds. */
const serviceLabel = "kubernetes.io/service-name";

/** Reads the slices of all Services. Slices without the label belong to nobody. */
export function readSlices(store: Store): Slices {
  const slices = new Map<string, SliceModel[]>();
  for (const entry of store.EndpointSlice.values()) {
    const service = entry.metadata.labels.get(serviceLabel);
    if (service === undefined || entry.spec === undefined) continue;
    const key = `${entry.metadata.namespace}/${service}`;
    const known = slices.get(key);
    if (known === undefined) slices.set(key, [readSlice(entry, entry.spec)]);
    else known.push(readSlice(entry, entry.spec));
  }
  return slices;
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
    endpoints: read.flatMap(({ endpoint }) => endpoint ?? []),
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
export function endpointsOf(slices: readonly SliceModel[], port: ServicePort): RoutingEndpoint[] {
  const found = new Map<string, RoutingEndpoint>();
  for (const { ports, endpoints } of slices) {
    for (const target of ports) {
      if (
        target.name !== port.name ||
        target.protocol !== port.protocol ||
        target.port === undefined
      )
        continue;
      for (const endpoint of endpoints) add(found, endpoint, target.port);
    }
  }
  return [...found.values()].toSorted(
    (left, right) => compareText(left.address, right.address) || left.port - right.port,
  );
}

// While an endpoint moves between slices both list it (Kubernetes asks consumers to merge): the
// better state counts.
function add(found: Map<string, RoutingEndpoint>, endpoint: SliceEndpoint, port: number): void {
  const address = endpoint.addresses[0] ?? "";
  const key = `${address} ${port}`;
  const state = stateOf(endpoint);
  const known = found.get(key);
  const zones = [known?.zone, endpoint.zone]
    .filter((zone) => zone !== undefined && zone !== "")
    .toSorted(compareZones);
  const zone = zones[0] === undefined ? {} : { zone: zones[0] };
  found.set(key, {
    address,
    port,
    ...zone,
    state: known === undefined ? state : betterState(known.state, state),
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
