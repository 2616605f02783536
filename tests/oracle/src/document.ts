/** `ghost.json` as far as the oracle reads it. The shape is the contract's; nothing is imported from the core. */

export interface Document {
  readonly version: 1;
  readonly listeners?: readonly Listener[];
  readonly routes: readonly Route[];
  readonly services: Readonly<Record<string, Service>>;
}

export interface Listener {
  readonly name: string;
  readonly port: number;
  readonly protocol: Protocol;
  readonly hostname?: string;
}

export type Protocol = "HTTP" | "HTTPS" | "TLS" | "TCP" | "UDP";

export interface Route {
  readonly name: string;
  readonly kind?: RouteKind;
  readonly createdAt?: string;
  readonly listeners?: readonly string[];
  readonly hostnames?: readonly string[];
  readonly rules?: readonly Rule[];
}

export type RouteKind = "HTTPRoute" | "GRPCRoute";

export interface Rule {
  readonly name?: string;
  readonly matches?: readonly Match[];
  readonly filters?: readonly Filter[];
  readonly backends?: readonly Backend[];
}

export interface Match {
  readonly path?: PathMatch;
  readonly method?: string | GrpcMethodMatch;
  readonly headers?: readonly NamedMatch[];
  readonly queryParams?: readonly NamedMatch[];
}

export interface PathMatch {
  readonly type?: PathMatchType;
  readonly value?: string;
}

export type PathMatchType = "Exact" | "PathPrefix" | "RegularExpression";

export interface GrpcMethodMatch {
  readonly type?: ValueMatchType;
  readonly service?: string;
  readonly method?: string;
}

export type ValueMatchType = "Exact" | "RegularExpression";

export interface NamedMatch {
  readonly type?: ValueMatchType;
  readonly name: string;
  readonly value: string;
}

export interface Backend {
  readonly service: string;
  readonly weight?: number;
  readonly filters?: readonly Filter[];
  readonly invalid?: string;
}

export interface Filter {
  readonly type: string;
  readonly requestHeaderModifier?: HeaderModifier;
  readonly responseHeaderModifier?: HeaderModifier;
  readonly urlRewrite?: UrlRewrite;
  readonly requestRedirect?: RequestRedirect;
  readonly requestMirror?: { readonly service: string; readonly percent?: number };
  readonly cors?: Cors;
  readonly extensionRef?: {
    readonly group: string;
    readonly kind: string;
    readonly name: string;
  };
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

export interface UrlRewrite {
  readonly hostname?: string;
  readonly path?: PathModifier;
}

export interface RequestRedirect {
  readonly scheme?: string;
  readonly hostname?: string;
  readonly path?: PathModifier;
  readonly port?: number;
  readonly statusCode?: number;
}

export type PathModifier =
  | { readonly type: "ReplaceFullPath"; readonly replaceFullPath: string }
  | { readonly type: "ReplacePrefixMatch"; readonly replacePrefixMatch: string };

export interface Cors {
  readonly allowOrigins?: readonly string[];
  readonly allowCredentials?: boolean;
  readonly allowMethods?: readonly string[];
  readonly allowHeaders?: readonly string[];
  readonly exposeHeaders?: readonly string[];
  readonly maxAge?: number;
}

export interface Service {
  readonly protocol?: string;
  readonly activeTag?: string;
  readonly zone?: string;
  readonly endpoints?: readonly Endpoint[];
}

export interface Endpoint {
  readonly address: string;
  readonly port?: number;
  readonly weight?: number;
  readonly tags?: readonly string[];
  readonly zone?: string;
  readonly state?: "ready" | "serving" | "down";
}
