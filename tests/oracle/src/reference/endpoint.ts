/** Which endpoint of a service gets a request: states, active tag, zone, weights. */

import type { Endpoint, Service } from "../document.ts";
import { type Draw, shareOf } from "./share.ts";

/** `address:port` of the chosen endpoint; null where none is usable. */
export function chooseEndpoint(service: Service, draw: Draw): string | null {
  const share = shareOf(usableEndpoints(service), weightOf, draw);
  return share === null ? null : endpointAddress(share.taken);
}

/**
 * Endpoints that may get requests now: those with the active tag; the ready ones, else those that still serve while
 * they end; of these the zone's own, if there are any. What has weight 0 takes nothing and so is none of them.
 */
function usableEndpoints(service: Service): readonly Endpoint[] {
  const tagged = firstOfEachAddress(service.endpoints ?? [])
    .filter((one) => service.activeTag === undefined || one.tags?.includes(service.activeTag))
    .filter((one) => weightOf(one) > 0);
  const alive = orElse(inState(tagged, "ready"), inState(tagged, "serving"));
  return orElse(
    alive.filter((one) => service.zone !== undefined && one.zone === service.zone),
    alive,
  );
}

/** An endpoint written twice is there once. */
function firstOfEachAddress(endpoints: readonly Endpoint[]): readonly Endpoint[] {
  const addresses = endpoints.map(endpointAddress);
  return endpoints.filter((one, index) => addresses.indexOf(endpointAddress(one)) === index);
}

function inState(endpoints: readonly Endpoint[], state: Endpoint["state"]): readonly Endpoint[] {
  return endpoints.filter((one) => (one.state ?? "ready") === state);
}

function orElse<T>(first: readonly T[], second: readonly T[]): readonly T[] {
  return first.length > 0 ? first : second;
}

function weightOf(endpoint: Endpoint): number {
  return endpoint.weight ?? 1;
}

function endpointAddress(endpoint: Endpoint): string {
  if (endpoint.port === undefined) return endpoint.address;
  const host = endpoint.address.includes(":") ? `[${endpoint.address}]` : endpoint.address;
  return `${host}:${endpoint.port}`;
}
