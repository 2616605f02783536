/** The order of keys in the objects that people write. Keys that are not listed stand behind, in the order written. */

/** By the key under which an object stands; items of a list stand under the list's key. */
export const keyOrder: Readonly<Record<string, readonly string[]>> = {
  "": [
    "$schema",
    "version",
    "generation",
    "apiVersion",
    "kind",
    "metadata",
    "listeners",
    "routes",
    "services",
    "endpointsFile",
    "endpoints",
    "spec",
    "status",
  ],
  metadata: ["name", "namespace", "labels", "annotations"],
  spec: ["gatewayClassName", "parentRefs", "listeners", "hostnames", "rules", "from", "to"],
  listeners: ["name", "hostname", "port", "protocol", "tls", "allowedRoutes"],
  parentRefs: ["group", "kind", "namespace", "name", "sectionName", "port"],
  routes: ["name", "kind", "createdAt", "source", "listeners", "hostnames", "rules"],
  rules: [
    "name",
    "source",
    "matches",
    "filters",
    "backends",
    "backendRefs",
    "timeouts",
    "retry",
    "sessionPersistence",
    "cache",
  ],
  matches: ["path", "method", "headers", "queryParams"],
  path: ["type", "value"],
  method: ["type", "service", "method"],
  headers: ["type", "name", "value"],
  queryParams: ["type", "name", "value"],
  filters: ["type"],
  backends: ["service", "weight", "filters"],
  backendRefs: ["group", "kind", "namespace", "name", "port", "weight", "filters"],
  endpoints: ["address", "port", "weight", "tags", "zone", "state"],
};

/** Sorts keys of an object that stands under `parent`; stable. */
export function sortKeys<Item>(
  items: readonly Item[],
  parent: string,
  keyOf: (item: Item) => string,
): Item[] {
  const order = keyOrder[parent];
  if (order === undefined) return [...items];
  const place = (item: Item): number => {
    const index = order.indexOf(keyOf(item));
    return index === -1 ? order.length : index;
  };
  return items.toSorted((left, right) => place(left) - place(right));
}
