// Shapes of Services and their slices for the tests of pure functions.

import type { EndpointSlice, Service } from "../src/api/objects.ts";

export function serviceOf(name: string, spec: Service["spec"], ingress?: string): Service {
  return {
    metadata: { name, namespace: "shop", uid: name, resourceVersion: "1" },
    spec,
    ...(ingress === undefined ? {} : { status: { loadBalancer: { ingress: [{ ip: ingress }] } } }),
  };
}

export function sliceOf(service: string, more: Partial<EndpointSlice>): EndpointSlice {
  return {
    metadata: {
      name: `${service}-1`,
      namespace: "shop",
      uid: `${service}-1`,
      resourceVersion: "1",
      labels: { "kubernetes.io/service-name": service },
    },
    addressType: "IPv4",
    ...more,
  };
}
