/** The kinds that are read, and how each is decoded. */

import { gatewayGroup } from "../objects.js";
import type {
  BackendTLSPolicySpec,
  DataSpec,
  EndpointSliceSpec,
  GatewayClassSpec,
  GatewaySpec,
  ListenerSetSpec,
  ReferenceGrantSpec,
  RouteSpec,
  ServiceSpec,
} from "../objects.js";
import type { Decoder } from "../shape/decode.js";
import {
  gatewayClassSpec,
  gatewaySpec,
  listenerSetSpec,
  referenceGrantSpec,
} from "../shape/gateway.js";
import { backendTLSPolicySpec, data } from "../shape/policy.js";
import { grpcRouteSpec, httpRouteSpec, tlsRouteSpec, transportRouteSpec } from "../shape/route.js";
import { endpointSlice, metadataOnly, service } from "../shape/service.js";
import { specOf } from "../shape/values.js";
import type { Scope } from "../shape/values.js";

/** What is kept of each kind. */
export interface Specs {
  readonly GatewayClass: GatewayClassSpec;
  readonly Gateway: GatewaySpec;
  readonly ListenerSet: ListenerSetSpec;
  readonly HTTPRoute: RouteSpec;
  readonly GRPCRoute: RouteSpec;
  readonly TLSRoute: RouteSpec;
  readonly TCPRoute: RouteSpec;
  readonly UDPRoute: RouteSpec;
  readonly ReferenceGrant: ReferenceGrantSpec;
  readonly BackendTLSPolicy: BackendTLSPolicySpec;
  readonly Service: ServiceSpec;
  readonly EndpointSlice: EndpointSliceSpec;
  readonly Secret: DataSpec;
  readonly ConfigMap: DataSpec;
  readonly Namespace: object;
  readonly CustomResourceDefinition: object;
}

export type Kind = keyof Specs;
export const routeKinds = ["HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute"] as const;
export type RouteKind = (typeof routeKinds)[number];

interface KindReader<Spec> {
  readonly group: string;
  readonly versions: readonly string[];
  readonly scope: Scope;
  readonly decoder: Decoder<{ readonly spec: Spec }>;
}

function gatewayKind<Spec extends object>(
  decoder: Decoder<Spec>,
  versions: readonly string[],
  scope: Scope = "Namespaced",
): KindReader<Spec> {
  return { group: gatewayGroup, versions, scope, decoder: specOf(decoder) };
}

function coreKind<Spec>(
  decoder: Decoder<{ readonly spec: Spec }>,
  scope: Scope = "Namespaced",
): KindReader<Spec> {
  return { group: "", versions: ["v1"], scope, decoder };
}

/** Versions are those whose shape is the same as v1's in the experimental channel of v1.6. */
export const kinds: { readonly [K in Kind]: KindReader<Specs[K]> } = {
  GatewayClass: gatewayKind(gatewayClassSpec, ["v1", "v1beta1"], "Cluster"),
  Gateway: gatewayKind(gatewaySpec, ["v1", "v1beta1"]),
  ListenerSet: gatewayKind(listenerSetSpec, ["v1"]),
  HTTPRoute: gatewayKind(httpRouteSpec, ["v1", "v1beta1"]),
  GRPCRoute: gatewayKind(grpcRouteSpec, ["v1"]),
  TLSRoute: gatewayKind(tlsRouteSpec, ["v1"]),
  TCPRoute: gatewayKind(transportRouteSpec, ["v1"]),
  UDPRoute: gatewayKind(transportRouteSpec, ["v1"]),
  ReferenceGrant: gatewayKind(referenceGrantSpec, ["v1", "v1beta1"]),
  BackendTLSPolicy: gatewayKind(backendTLSPolicySpec, ["v1"]),
  Service: coreKind(service),
  EndpointSlice: { ...coreKind(endpointSlice), group: "discovery.k8s.io" },
  Secret: coreKind(data),
  ConfigMap: coreKind(data),
  Namespace: coreKind(metadataOnly, "Cluster"),
  CustomResourceDefinition: { ...coreKind(metadataOnly, "Cluster"), group: "apiextensions.k8s.io" },
};

export function isKindRead(kind: string): kind is Kind {
  return Object.hasOwn(kinds, kind);
}
