/** What a GatewayClass's parameters add to its status: one that names some which are not there is not accepted. */

import type { GatewayClassStatus, ObjectStatus } from "@ghost-gateway/gateway-api";
import { findParameters, parametersNamed } from "../parameters/find.js";
import type { ObjectStore } from "../store/object-store.js";

const told = new WeakMap<GatewayClassStatus, GatewayClassStatus>();

export function withParameters(status: GatewayClassStatus, store: ObjectStore): ObjectStatus {
  if (findParameters(store, status.name) !== undefined) return status;
  const known = told.get(status);
  if (known !== undefined) return known;
  const message = `GatewayClassParameters ${parametersNamed(store, status.name)} does not exist.`;
  const conditions = status.status.conditions.map((condition) =>
    condition.type === "Accepted" && condition.status === "True"
      ? { ...condition, status: "False" as const, reason: "InvalidParameters", message }
      : condition,
  );
  const refused: GatewayClassStatus = { ...status, status: { ...status.status, conditions } };
  told.set(status, refused);
  return refused;
}
