/** Writes statuses that say something new. */

import { ApiError, edit, replace, resources } from "@ghost-gateway/kubernetes";
import type { Connection, ResourceName } from "@ghost-gateway/kubernetes";
import type { ObjectStatus } from "@ghost-gateway/gateway-api";
import { mergeStatus } from "./merge.js";
import type { WithStatus } from "./merge.js";

export const resourceOfKind: Readonly<Record<ObjectStatus["kind"], ResourceName>> = {
  GatewayClass: "gatewayClasses",
  Gateway: "gateways",
  ListenerSet: "listenerSets",
  HTTPRoute: "httpRoutes",
  GRPCRoute: "grpcRoutes",
  TLSRoute: "tlsRoutes",
  TCPRoute: "tcpRoutes",
  UDPRoute: "udpRoutes",
  BackendTLSPolicy: "backendTlsPolicies",
};

export interface StatusWriterOptions {
  readonly connection: Connection;
  readonly controllerName: string;
  readonly date: () => Date;
}

/**
 * Writes over the object as we last saw it, so that a status that is right already costs no request; reads anew only when
 * that one is stale. Gives whether anything was written. Rejects with ApiError or ConnectionError.
 */
export async function writeStatus(
  { connection, controllerName, date }: StatusWriterOptions,
  seen: WithStatus,
  wanted: ObjectStatus,
): Promise<boolean> {
  const resource = resources[resourceOfKind[wanted.kind]];
  const merge = (stored: WithStatus): WithStatus | undefined =>
    mergeStatus(stored, wanted, controllerName, date());
  const first = merge(seen);
  if (first === undefined) return false;
  try {
    await replace(connection, resource, first, "status");
    return true;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.isNotFound) return false;
    if (!error.isConflict) throw error;
  }
  const { namespace, name, uid } = seen.metadata;
  await edit<WithStatus>(
    connection,
    resource,
    { namespace, name, subresource: "status" },
    (stored) =>
      // One that took the name meanwhile gets a status of its own.
      stored.metadata.uid === uid ? merge(stored) : undefined,
  );
  return true;
}
