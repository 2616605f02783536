/** Certificates and authorities as the cluster has them. */

import type { KubernetesObject } from "@ghost-gateway/kubernetes";
import type { ObjectStore } from "../store/object-store.js";
import type { Sources } from "./files.js";

type WithData = KubernetesObject & { readonly data?: Readonly<Record<string, string>> };

export function sourcesOf(store: ObjectStore): Sources {
  const data = (object: WithData | undefined): WithData["data"] => object?.data;
  return {
    secret: (key) => data(store.get("secrets", key)),
    configMap: (key) => data(store.get("configMaps", key)),
  };
}
