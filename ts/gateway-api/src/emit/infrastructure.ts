/** What has to be there for a Gateway (Gateway API `GatewaySpec.infrastructure`, `addresses`). */

import type { Infrastructure } from "../ir.js";
import type { GatewayModel } from "../model/gateway.js";
import { serves } from "../model/listener.js";

/** Undefined for a Gateway that is not accepted: nothing is made for it. */
export function infrastructureOf(gateway: GatewayModel): Infrastructure | undefined {
  const { spec } = gateway.entry;
  if (spec === undefined || gateway.refusals.length > 0) return undefined;
  const listeners = [gateway, ...gateway.sets].flatMap((parent) => parent.listeners.filter(serves));
  const ports = new Map(
    listeners.map(({ listener: { port, protocol } }) => {
      const transport = protocol === "UDP" ? ("UDP" as const) : ("TCP" as const);
      return [`${transport}/${port}`, { port, transport }];
    }),
  );
  return {
    gateway: gateway.key,
    gatewayClass: spec.gatewayClassName,
    labels: record(spec.infrastructure?.labels),
    annotations: record(spec.infrastructure?.annotations),
    addresses: spec.addresses.map(({ value }) => value ?? ""),
    ports: [...ports.values()].toSorted(
      (left, right) => left.port - right.port || (left.transport < right.transport ? -1 : 1),
    ),
  };
}

function record(map: ReadonlyMap<string, string> | undefined): Record<string, string> {
  return Object.fromEntries(
    [...(map ?? [])].toSorted(([left], [right]) => (left < right ? -1 : 1)),
  );
}
