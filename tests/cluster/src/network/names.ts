// The names of the cluster: which addresses `*.svc.cluster.local` stands for. Pure.

import type { EndpointSlice, Service } from "../api/objects.ts";
import { serviceNameLabel } from "./service-rules.ts";

export const clusterDomain = "cluster.local";

export type NameAnswer =
  | { readonly kind: "addresses"; readonly addresses: readonly string[] }
  | { readonly kind: "alias"; readonly name: string }
  | { readonly kind: "unknown" };

/** What a lookup may see; both by `namespace/name` of a Service. */
export interface NameSource {
  readonly service: (key: string) => Service | undefined;
  readonly slices: () => readonly EndpointSlice[];
}

function headless(service: Service, slices: readonly EndpointSlice[], hostname?: string): string[] {
  const { name, namespace } = service.metadata;
  const addresses = slices
    .filter(
      ({ metadata, addressType }) =>
        addressType === "IPv4" &&
        metadata.namespace === namespace &&
        metadata.labels?.[serviceNameLabel] === name,
    )
    .flatMap(({ endpoints = [] }) => endpoints)
    .filter(({ conditions }) => conditions?.ready !== false)
    .filter((endpoint) => hostname === undefined || endpoint.hostname === hostname)
    .flatMap((endpoint) => endpoint.addresses);
  return [...new Set(addresses)].toSorted();
}

/** `service.namespace.svc.cluster.local`, and `pod.service.…` for pods with a hostname behind a headless Service. */
export function lookUp(question: string, source: NameSource): NameAnswer {
  const name = question.toLowerCase().replace(/\.$/, "");
  const suffix = `.svc.${clusterDomain}`;
  if (!name.endsWith(suffix)) return { kind: "unknown" };
  const labels = name.slice(0, -suffix.length).split(".");
  if (labels.length < 2 || labels.length > 3) return { kind: "unknown" };
  const [serviceName, namespace] = labels.slice(-2);
  const hostname = labels.length === 3 ? labels[0] : undefined;
  const service = source.service(`${namespace}/${serviceName}`);
  if (!service) return { kind: "unknown" };
  const { clusterIP, externalName, type } = service.spec;
  if (type === "ExternalName") {
    return externalName === undefined || hostname !== undefined
      ? { kind: "unknown" }
      : { kind: "alias", name: externalName };
  }
  if (clusterIP !== "None" && clusterIP !== undefined && hostname === undefined) {
    return { kind: "addresses", addresses: [clusterIP] };
  }
  const addresses = headless(service, source.slices(), hostname);
  return addresses.length > 0 ? { kind: "addresses", addresses } : { kind: "unknown" };
}
