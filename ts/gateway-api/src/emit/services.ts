/** The services that the emitted routes name, with their endpoints. */

import type { RoutingService } from "../document.js";
import type { ResolvedBackend } from "../model/backend.js";
import { endpointsOf } from "../model/endpoints.js";
import type { Slices } from "../model/endpoints.js";
import type { RouteModel } from "../model/route.js";
import { compareText } from "../source.js";

/** Services by key, sorted. A Service without slices has no endpoints: its requests are answered 503. */
export function emitServices(
  routes: readonly RouteModel[],
  slices: Slices,
): Record<string, RoutingService> {
  const services = new Map<string, RoutingService>();
  for (const { service, target } of routes.flatMap(namedServices)) {
    if (target === undefined || services.has(service)) continue;
    services.set(service, {
      protocol: target.protocol,
      endpoints: endpointsOf(slices.get(target.key) ?? [], target.port),
    });
  }
  return Object.fromEntries([...services].toSorted(([left], [right]) => compareText(left, right)));
}

function namedServices({ rules }: RouteModel): ResolvedBackend[] {
  return rules.flatMap(({ filters, backends }) => {
    const mirrors = [...filters, ...backends.flatMap((backend) => backend.filters)].flatMap(
      ({ mirror }) => mirror ?? [],
    );
    return [...backends, ...mirrors];
  });
}
