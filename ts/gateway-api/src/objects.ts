/**
 * The Kubernetes objects the translation reads, checked and with the API's defaults filled in.
 *
 * Fields that do not bear on routing are not here. Names are the API's. What the API server itself
 * would deliver, unchecked and whole, are the types in `generated/`.
 */

/** API group of the Gateway API. */
export const gatewayGroup = "gateway.networking.k8s.io";

export interface ObjectMeta {
  readonly name: string;
  /** Empty for kinds that live in no namespace. */
  readonly namespace: string;
  readonly uid?: string;
  readonly generation?: number;
  readonly resourceVersion?: string;
  readonly creationTimestamp?: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly annotations: ReadonlyMap<string, string>;
}

/** Parts of a kind that Ghost reads, with its metadata. */
export interface Typed<Spec> {
  readonly metadata: ObjectMeta;
  readonly spec: Spec;
}

export interface GatewayClassSpec {
  readonly controllerName: string;
  readonly parametersRef?: ParametersReference;
}

/** `namespace` only where a GatewayClass refers to a kind that lives in one. */
export interface ParametersReference {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

export interface GatewaySpec {
  readonly gatewayClassName: string;
  /** Each is decoded on its own, so that a malformed one leaves its neighbours alone. */
  readonly listeners: readonly unknown[];
  readonly addresses: readonly GatewayAddress[];
  readonly infrastructure?: Infrastructure;
  readonly allowedListeners: AllowedListeners;
  readonly tls?: GatewayTls;
}

export interface GatewayAddress {
  readonly type: string;
  /** Absent: any address of the type. */
  readonly value?: string;
}

/** What the Gateway wants said on everything that is made for it. */
export interface Infrastructure {
  readonly labels: ReadonlyMap<string, string>;
  readonly annotations: ReadonlyMap<string, string>;
  readonly parametersRef?: ParametersReference;
}

/** Which ListenerSets may add listeners. */
export interface AllowedListeners {
  readonly namespaces: ListenerNamespaces;
}

export interface ListenerNamespaces {
  readonly from: "All" | "Selector" | "Same" | "None";
  readonly selector?: LabelSelector;
}

export interface GatewayTls {
  readonly backend?: { readonly clientCertificateRef?: SecretReference };
  readonly frontend?: FrontendTls;
}

/** Client certificates: what is asked of clients, by port. */
export interface FrontendTls {
  readonly default: { readonly validation?: FrontendValidation };
  readonly perPort: readonly {
    readonly port: number;
    readonly tls: { readonly validation?: FrontendValidation };
  }[];
}

export interface FrontendValidation {
  readonly caCertificateRefs: readonly ObjectReference[];
  readonly mode: "AllowValidOnly" | "AllowInsecureFallback";
}

export interface ObjectReference {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

export interface ListenerSetSpec {
  readonly parentRef: ObjectReference;
  /** Each is decoded on its own, as a Gateway's. */
  readonly listeners: readonly unknown[];
}

export interface Listener {
  readonly name: string;
  readonly hostname?: string;
  readonly port: number;
  readonly protocol: string;
  readonly tls?: ListenerTls;
  readonly allowedRoutes: AllowedRoutes;
}

export interface ListenerTls {
  /** Absent: Terminate. */
  readonly mode?: "Terminate" | "Passthrough";
  readonly certificateRefs: readonly SecretReference[];
}

export interface SecretReference {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

export interface AllowedRoutes {
  readonly namespaces: RouteNamespaces;
  /** Absent: whatever the protocol carries. */
  readonly kinds?: readonly RouteGroupKind[];
}

export interface RouteNamespaces {
  readonly from: "All" | "Selector" | "Same";
  readonly selector?: LabelSelector;
}

export interface LabelSelector {
  readonly matchLabels: ReadonlyMap<string, string>;
  readonly matchExpressions: readonly LabelRequirement[];
}

export interface LabelRequirement {
  readonly key: string;
  readonly operator: "In" | "NotIn" | "Exists" | "DoesNotExist";
  readonly values: readonly string[];
}

export interface RouteGroupKind {
  readonly group: string;
  readonly kind: string;
}

export interface ParentReference {
  readonly group: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly sectionName?: string;
  readonly port?: number;
}

/** HTTPRoute, GRPCRoute, TLSRoute, TCPRoute or UDPRoute; those without hosts or matches have none. */
export interface RouteSpec {
  readonly parentRefs: readonly ParentReference[];
  readonly hostnames: readonly string[];
  readonly rules: readonly RouteRule[];
}

export interface RouteRule {
  readonly name?: string;
  readonly matches: readonly RouteMatch[];
  readonly filters: readonly HTTPRouteFilter[];
  readonly backendRefs: readonly HTTPBackendRef[];
  readonly timeouts?: Timeouts;
  readonly retry?: Retry;
  readonly sessionPersistence?: SessionPersistence;
}

/** Of an HTTPRoute (path, method as text, query parameters) or of a GRPCRoute (method as an object). */
export interface RouteMatch {
  readonly path?: PathMatch;
  readonly method?: string | GrpcMethodMatch;
  readonly headers: readonly ValueMatch[];
  readonly queryParams: readonly ValueMatch[];
}

export interface GrpcMethodMatch {
  readonly type: "Exact" | "RegularExpression";
  readonly service?: string;
  readonly method?: string;
}

export interface PathMatch {
  readonly type: "Exact" | "PathPrefix" | "RegularExpression";
  readonly value: string;
}

/** A header or query parameter condition. */
export interface ValueMatch {
  readonly type: "Exact" | "RegularExpression";
  readonly name: string;
  readonly value: string;
}

export interface HeaderModifier {
  readonly set?: readonly HeaderValue[];
  readonly add?: readonly HeaderValue[];
  readonly remove?: readonly string[];
}

export interface HeaderValue {
  readonly name: string;
  readonly value: string;
}

export type HeaderModifierFilter =
  | { readonly type: "RequestHeaderModifier"; readonly requestHeaderModifier: HeaderModifier }
  | { readonly type: "ResponseHeaderModifier"; readonly responseHeaderModifier: HeaderModifier };

export type PathModifier =
  | { readonly type: "ReplaceFullPath"; readonly replaceFullPath: string }
  | { readonly type: "ReplacePrefixMatch"; readonly replacePrefixMatch: string };

export interface RedirectFilter {
  readonly type: "RequestRedirect";
  readonly requestRedirect: {
    readonly scheme?: "http" | "https";
    readonly hostname?: string;
    readonly path?: PathModifier;
    readonly port?: number;
    readonly statusCode?: 301 | 302 | 303 | 307 | 308;
  };
}

export interface RewriteFilter {
  readonly type: "URLRewrite";
  readonly urlRewrite: { readonly hostname?: string; readonly path?: PathModifier };
}

export interface MirrorFilter {
  readonly type: "RequestMirror";
  readonly requestMirror: {
    readonly backendRef: BackendReference;
    readonly percent?: number;
    readonly fraction?: Fraction;
  };
}

export interface Fraction {
  readonly numerator: number;
  readonly denominator?: number;
}

export interface CorsFilter {
  readonly type: "CORS";
  readonly cors: {
    readonly allowOrigins?: readonly string[];
    readonly allowCredentials?: boolean;
    readonly allowMethods?: readonly string[];
    readonly allowHeaders?: readonly string[];
    readonly exposeHeaders?: readonly string[];
    readonly maxAge?: number;
  };
}

export interface ExtensionRefFilter {
  readonly type: "ExtensionRef";
  readonly extensionRef: { readonly group: string; readonly kind: string; readonly name: string };
}

/** A filter whose type this version does not have: never skipped, its rule answers 500. */
export interface UnknownFilter {
  readonly type: "unknown";
  readonly written: string;
}

export type HTTPRouteFilter =
  | HeaderModifierFilter
  | RedirectFilter
  | RewriteFilter
  | MirrorFilter
  | CorsFilter
  | ExtensionRefFilter
  | UnknownFilter;

export interface BackendReference {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  readonly port?: number;
}

export interface HTTPBackendRef extends BackendReference {
  readonly weight: number;
  readonly filters: readonly HTTPRouteFilter[];
}

export interface Timeouts {
  readonly request?: string;
  readonly backendRequest?: string;
}

export interface Retry {
  readonly codes?: readonly number[];
  readonly attempts?: number;
  readonly backoff?: string;
}

export interface SessionPersistence {
  readonly sessionName?: string;
  readonly absoluteTimeout?: string;
  readonly idleTimeout?: string;
  readonly type?: "Cookie" | "Header";
  readonly cookieConfig?: { readonly lifetimeType?: "Session" | "Permanent" };
}

export interface ReferenceGrantSpec {
  readonly from: readonly {
    readonly group: string;
    readonly kind: string;
    readonly namespace: string;
  }[];
  readonly to: readonly { readonly group: string; readonly kind: string; readonly name?: string }[];
}

export interface BackendTLSPolicySpec {
  readonly targetRefs: readonly PolicyTarget[];
  readonly validation: BackendTlsValidation;
}

export interface PolicyTarget {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  /** Name of the Service's port; absent: all of its ports. */
  readonly sectionName?: string;
}

export interface BackendTlsValidation {
  readonly hostname: string;
  readonly caCertificateRefs: readonly ObjectReference[];
  readonly wellKnownCACertificates?: string;
  readonly subjectAltNames: readonly SubjectAltName[];
}

export type SubjectAltName =
  | { readonly type: "Hostname"; readonly hostname: string }
  | { readonly type: "URI"; readonly uri: string };

/** Secret and ConfigMap: values by key. Those of a Secret are base64, as the API delivers them. */
export interface DataSpec {
  readonly data: ReadonlyMap<string, string>;
}

export interface ServiceSpec {
  readonly type: string;
  /** Of a Service of type ExternalName. */
  readonly externalName?: string;
  readonly ports: readonly ServicePort[];
}

export interface ServicePort {
  /** Empty when the Service has one unnamed port. */
  readonly name: string;
  readonly port: number;
  readonly protocol: string;
  readonly appProtocol?: string;
}

/** An EndpointSlice keeps its fields beside metadata; here they are its spec. */
export interface EndpointSliceSpec {
  readonly addressType: string;
  readonly ports: readonly SlicePort[];
  /** Each is decoded on its own, so that a malformed one leaves its neighbours alone. */
  readonly endpoints: readonly unknown[];
}

export interface SlicePort {
  readonly name: string;
  readonly port?: number;
  readonly protocol: string;
}

export interface SliceEndpoint {
  readonly addresses: readonly string[];
  readonly conditions: {
    readonly ready?: boolean;
    readonly serving?: boolean;
    readonly terminating?: boolean;
  };
  readonly zone?: string;
  /** Zones that should use it (topology aware routing); empty: all. */
  readonly forZones: readonly string[];
}
