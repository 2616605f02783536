/**
 * The routing document, `ghost.json` version 1, as far as this package writes it.
 *
 * Names and nesting are the Gateway API's. The schema's home is the Rust core; these types follow
 * it.
 */

import type {
  ExtensionRefFilter,
  Fraction,
  GrpcMethodMatch,
  HeaderModifierFilter,
  CorsFilter,
  PathMatch,
  RedirectFilter,
  Retry,
  RewriteFilter,
  SessionPersistence,
  Timeouts,
  ValueMatch,
} from "./objects.js";

/** Who wants what (listeners, routes) and where it lives (services). */
export interface RoutingDocument {
  readonly version: 1;
  readonly listeners: readonly RoutingListener[];
  readonly routes: readonly RoutingRoute[];
  /** By key, `namespace/name:port`. */
  readonly services: Readonly<Record<string, RoutingService>>;
}

export interface RoutingListener {
  readonly name: string;
  readonly port: number;
  readonly protocol: "HTTP" | "HTTPS";
  /** Exact host or `*.suffix`; absent: any. */
  readonly hostname?: string;
}

export interface RoutingRoute {
  /** `namespace/name`. */
  readonly name: string;
  readonly kind: "HTTPRoute" | "GRPCRoute";
  /** RFC 3339 time; absent sorts last among equals. */
  readonly createdAt?: string;
  /** `file:line:column`. */
  readonly source?: string;
  /** Names of the listeners that accepted it, at least one. */
  readonly listeners: readonly string[];
  /** Those of the route's hosts that a listener answers for; empty: the listener's. */
  readonly hostnames: readonly string[];
  readonly rules: readonly RoutingRule[];
}

export interface RoutingRule {
  readonly name?: string;
  readonly source?: string;
  readonly matches: readonly RoutingMatch[];
  readonly filters?: readonly RoutingFilter[];
  readonly backends: readonly RoutingBackend[];
  readonly timeouts?: Timeouts;
  readonly retry?: Retry;
  readonly sessionPersistence?: SessionPersistence;
}

export interface RoutingMatch {
  /** Of an HTTPRoute. */
  readonly path?: PathMatch;
  /** Text in an HTTPRoute, an object in a GRPCRoute. */
  readonly method?: string | GrpcMethodMatch;
  readonly headers?: readonly ValueMatch[];
  readonly queryParams?: readonly ValueMatch[];
}

/** As the Gateway API spells them, but for a mirror, which names its service by key. */
export type RoutingFilter =
  | HeaderModifierFilter
  | RedirectFilter
  | RewriteFilter
  | CorsFilter
  | ExtensionRefFilter
  | RoutingMirror
  /** A type this version does not know: the core answers 500 for its rule. */
  | { readonly type: string };

export interface RoutingMirror {
  readonly type: "RequestMirror";
  readonly requestMirror: {
    readonly service: string;
    readonly percent?: number;
    readonly fraction?: Fraction;
  };
}

/** Why a reference cannot be followed: the reasons of the Gateway API's condition ResolvedRefs. */
export type InvalidReference =
  | "BackendNotFound"
  | "InvalidKind"
  | "RefNotPermitted"
  | "UnsupportedProtocol";

export interface RoutingBackend {
  /** Key into `services`; a key that is not there comes with `invalid`. */
  readonly service: string;
  readonly weight: number;
  readonly filters?: readonly RoutingFilter[];
  /** Its share of requests is answered 500. */
  readonly invalid?: InvalidReference;
}

export type ServiceProtocol = "http1" | "h2c" | "http2" | "grpc" | "websocket" | "tls";

export interface RoutingService {
  readonly protocol: ServiceProtocol;
  /** A name whose addresses are its endpoints; whoever serves resolves it. */
  readonly resolve?: { readonly hostname: string; readonly port: number };
  /** Sorted by address and port. */
  readonly endpoints: readonly RoutingEndpoint[];
}

/** Routes and services without their endpoints, for data planes that get the two apart. */
export interface RoutesDocument extends Omit<RoutingDocument, "services"> {
  readonly services: Readonly<Record<string, Omit<RoutingService, "endpoints">>>;
  readonly endpointsFile: string;
}

/** Where services live, `endpoints.json` version 1. */
export interface EndpointsDocument {
  readonly version: 1;
  readonly services: Readonly<Record<string, { readonly endpoints: readonly RoutingEndpoint[] }>>;
}

/** ready; terminating but still serving; down. */
export type EndpointState = "ready" | "serving" | "down";

export interface RoutingEndpoint {
  readonly address: string;
  readonly port: number;
  readonly zone?: string;
  readonly state: EndpointState;
}
