/** The Gateways that count, with their listeners judged. */

import type { Finding } from "../diagnostics.js";
import type { GatewaySpec } from "../objects.js";
import type { Grants } from "./grant.js";
import { judgeListeners } from "./listener.js";
import type { ListenerModel } from "./listener.js";
import { keyOf } from "./store.js";
import type { Entry, Store } from "./store.js";

/** A Gateway of ours. */
export interface GatewayModel {
  readonly entry: Entry<GatewaySpec>;
  /** `namespace/name`. */
  readonly key: string;
  /** The Gateway itself is malformed: its listeners are judged, but do not serve. */
  readonly isRefused: boolean;
  readonly listeners: readonly ListenerModel[];
}

/** Judges a Gateway. */
export function judgeGateway(entry: Entry<GatewaySpec>, grants: Grants): GatewayModel {
  const written = entry.spec?.listeners ?? readableListeners(entry);
  const listeners = judgeListeners(written, entry.metadata.namespace, grants);
  return { entry, key: keyOf(entry), isRefused: entry.spec === undefined, listeners };
}

// Every listener of the spec has a status, also in a Gateway that is refused.
function readableListeners({ source }: Entry<GatewaySpec>): readonly unknown[] {
  const spec = source.object["spec"];
  if (typeof spec !== "object" || spec === null || !("listeners" in spec)) return [];
  return Array.isArray(spec.listeners) ? spec.listeners : [];
}

/**
 * Why a Gateway is not ours: its class is another controller's, or not known. Without a controller
 * name every Gateway counts.
 */
export function foreignness(
  entry: Entry<GatewaySpec>,
  store: Store,
  controllerName: string | undefined,
): Finding | undefined {
  if (controllerName === undefined) return undefined;
  const className = entry.spec?.gatewayClassName ?? "";
  const owner = store.GatewayClass.get(className)?.spec?.controllerName;
  if (owner === controllerName) return undefined;
  const message =
    owner === undefined
      ? `GatewayClass ${className} is not among the objects.`
      : `GatewayClass ${className} belongs to another controller.`;
  return { code: "foreignGateway", path: ["spec", "gatewayClassName"], message };
}
