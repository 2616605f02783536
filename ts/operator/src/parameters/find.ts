/** The parameters a GatewayClass names. The API server has checked them against their schema. */

import type { KubernetesObject } from "@ghost-gateway/kubernetes";
import type { ObjectStore } from "../store/object-store.js";
import type { GatewayClassParametersSpec } from "./schema.js";

type GatewayClass = KubernetesObject & {
  readonly spec?: {
    readonly parametersRef?: { readonly name: string; readonly namespace?: string };
  };
};
type Parameters = KubernetesObject & { readonly spec?: GatewayClassParametersSpec };

/** `namespace/name` of the parameters; undefined for a class without. */
export function parametersNamed(store: ObjectStore, className: string): string | undefined {
  const gatewayClass: GatewayClass | undefined = store.get("gatewayClasses", className);
  const reference = gatewayClass?.spec?.parametersRef;
  return reference === undefined ? undefined : `${reference.namespace ?? ""}/${reference.name}`;
}

/** Those of a class without parameters are empty; undefined where the ones it names are not there. */
export function findParameters(
  store: ObjectStore,
  className: string,
): GatewayClassParametersSpec | undefined {
  const key = parametersNamed(store, className);
  if (key === undefined) return {};
  const found: Parameters | undefined = store.get("gatewayClassParameters", key);
  return found?.spec;
}
