/** Small builders for tests that need objects without a file. */

import type { KubernetesObject, LocatedObject } from "../src/index.js";

export const gatewayApi = "gateway.networking.k8s.io/v1";

export function located(object: KubernetesObject): LocatedObject {
  return { object };
}

/** An object of the Gateway API. */
export function gatewayObject(
  kind: string,
  namespace: string,
  name: string,
  spec: unknown,
): LocatedObject {
  return located({ apiVersion: gatewayApi, kind, metadata: { namespace, name }, spec });
}

/** A Gateway `shop/web` with one HTTP listener that takes routes of its own namespace. */
export const gateway: LocatedObject = gatewayObject("Gateway", "shop", "web", {
  gatewayClassName: "ghost",
  listeners: [{ name: "http", port: 80, protocol: "HTTP" }],
});

/** A route of namespace `shop` with one rule. */
export function routeWith(rule: unknown, name = "cart"): LocatedObject {
  return gatewayObject("HTTPRoute", "shop", name, { parentRefs: [{ name: "web" }], rules: [rule] });
}
