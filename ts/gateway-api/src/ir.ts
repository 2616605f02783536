/**
 * What a set of Gateways is to do, whole: requests, connections and datagrams, with TLS. Plain,
 * sorted, serialisable; documents are read off from it.
 *
 * It names certificates and authorities by reference and fingerprint. No byte of a Secret is in it.
 */

import type { EndpointState, RoutingBackend, RoutingEndpoint, RoutingRoute } from "./document.js";
import type { AuthorityModel, CertificateModel } from "./model/certificate.js";
import type { BackendProtocol } from "./model/backend.js";
import type { RouteKind } from "./model/kinds.js";
import type { BackendTls } from "./model/policy.js";
import type { TlsModel } from "./model/tls.js";

export interface Ir {
  readonly listeners: readonly ListenerIr[];
  /** HTTPRoutes and GRPCRoutes, as the routing document has them. */
  readonly routes: readonly RoutingRoute[];
  /** TLSRoutes, TCPRoutes and UDPRoutes; of those that want the same connections the first counts. */
  readonly streams: readonly StreamRouteIr[];
  /** By key, sorted. */
  readonly services: Readonly<Record<string, ServiceIr>>;
  /** Shown to backends that ask for a certificate, by `namespace/name` of the Gateway. */
  readonly clientCertificates: Readonly<Record<string, CertificateModel>>;
}

export interface ListenerIr {
  /** The name that routes attach by; unique in the IR. */
  readonly name: string;
  readonly port: number;
  readonly protocol: "HTTP" | "HTTPS" | "TLS" | "TCP" | "UDP";
  readonly hostname?: string;
  /** `Gateway/namespace/name` or `ListenerSet/namespace/name`. */
  readonly object: string;
  /** `file:line:column`. */
  readonly source?: string;
  readonly tls?: TlsModel;
}

export interface StreamRouteIr {
  /** `namespace/name`. */
  readonly name: string;
  readonly kind: Exclude<RouteKind, "HTTPRoute" | "GRPCRoute">;
  readonly createdAt?: string;
  readonly source?: string;
  /** Names of the listeners whose connections it gets. */
  readonly listeners: readonly string[];
  /** Of a TLSRoute: names asked for in the ClientHello. */
  readonly hostnames: readonly string[];
  readonly rules: readonly {
    readonly name?: string;
    readonly source?: string;
    /** The share of a backend that is `invalid` is refused. */
    readonly backends: readonly RoutingBackend[];
  }[];
}

export interface ServiceIr {
  /** `Service/namespace/name`. */
  readonly object: string;
  readonly protocol: BackendProtocol;
  readonly tls?: BackendTls;
  /** A name whose addresses are its endpoints; whoever serves resolves it. */
  readonly resolve?: { readonly hostname: string; readonly port: number };
  /** Sorted by address and port. */
  readonly endpoints: readonly EndpointIr[];
}

export interface EndpointIr extends RoutingEndpoint {
  readonly state: EndpointState;
  /** Zones that should use it; absent: all. */
  readonly forZones?: readonly string[];
  /** `EndpointSlice/namespace/name`. */
  readonly object: string;
  readonly source?: string;
}

/** What has to be there for a Gateway before it can serve. */
export interface Infrastructure {
  /** `namespace/name`. */
  readonly gateway: string;
  readonly gatewayClass: string;
  /** To be said on everything that is made for it. */
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** IP addresses asked for; an empty one is any. */
  readonly addresses: readonly string[];
  /** Ports of its listeners and its ListenerSets', sorted. */
  readonly ports: readonly { readonly port: number; readonly transport: "TCP" | "UDP" }[];
}

export type { AuthorityModel, BackendTls, CertificateModel, TlsModel };
