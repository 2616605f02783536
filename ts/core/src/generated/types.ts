// Generated from the Rust types by `make generate`; do not edit.

/**
 * Gateway API `HTTPPathModifierType`.
 */
export type PathModifierKind = "ReplaceFullPath" | "ReplacePrefixMatch";
/**
 * Gateway API reasons of `ResolvedRefs: False`.
 */
export type InvalidReference =
  "BackendNotFound" | "InvalidKind" | "RefNotPermitted" | "UnsupportedProtocol";
/**
 * Gateway API `CookieLifetimeType`.
 */
export type CookieLifetime = "Session" | "Permanent";
/**
 * Kubernetes endpoint conditions in one word.
 */
export type EndpointState = "ready" | "serving" | "down";
/**
 * Gateway API `HeaderMatchType`.
 */
export type ValueMatchKind = "Exact" | "RegularExpression";
/**
 * Where a hash key comes from.
 */
export type HashOnKind = "host" | "path" | "header" | "cookie" | "clientAddress";
/**
 * What a health check asks.
 */
export type HealthCheckKind = "http" | "tcp" | "grpc";
/**
 * Gateway API `ProtocolType`.
 */
export type Protocol = "HTTP" | "HTTPS" | "TLS" | "TCP" | "UDP";
/**
 * Load balancing algorithms.
 */
export type LoadBalancingKind = "random" | "roundRobin" | "leastRequest" | "ringHash" | "maglev";
/**
 * The `method` of a match: text in an HTTPRoute, an object in a GRPCRoute.
 */
export type MethodMatch = string | GrpcMethodMatch;
/**
 * Gateway API `PathMatchType`.
 */
export type PathMatchKind = "Exact" | "PathPrefix" | "RegularExpression";
/**
 * Kind of a route.
 */
export type RouteKind = "HTTPRoute" | "GRPCRoute";
/**
 * Gateway API `SessionPersistenceType`.
 */
export type SessionPersistenceKind = "Cookie" | "Header";
/**
 * What an endpoint speaks.
 */
export type ServiceProtocol = "http1" | "h2c" | "http2" | "grpc" | "websocket" | "tls";
/**
 * How bad a finding is.
 */
export type Severity = "error" | "warning" | "info";
/**
 * How an access log line is written.
 */
export type EdgeAccessLogFormat = "json" | "clf" | "logfmt";
/**
 * What is written of queries.
 */
export type EdgeQueryLogging = "full" | "redacted" | "off";
/**
 * Load balancing algorithms, each with its other spellings.
 */
export type EdgeAlgorithm =
  | "random"
  | "round_robin"
  | "round-robin"
  | "rr"
  | "consistent_hash"
  | "consistent-hash"
  | "ch"
  | "ring_hash"
  | "ring-hash"
  | "least_request"
  | "least-request"
  | "lr"
  | "least_connections"
  | "least-connections"
  | "maglev";
/**
 * Version of TLS.
 */
export type EdgeTlsVersion = "1.2" | "1.3";
/**
 * When a header of the client's is kept.
 */
export type EdgeHeaderTrust = "proxies" | "always" | "never";
/**
 * What a listener speaks.
 */
export type EdgeListenProtocol = "http" | "https" | "http3" | "tls";
/**
 * What is done with a server name that no certificate has.
 */
export type EdgeUnknownNames = "default" | "refuse";
/**
 * How a line is written.
 */
export type EdgeLogFormat = "text" | "json";
/**
 * Level of a log line.
 */
export type EdgeLogLevel = "trace" | "debug" | "info" | "warn" | "error";
/**
 * Which requests go through varnishd.
 */
export type EdgeVarnishUse = "always" | "cacheable";
/**
 * Kind of problem with a file.
 */
export type LookProblemKind = "unreadable" | "invalid" | "keyMismatch";

/**
 * A service's share of a rule.
 */
export interface Backend {
  /**
   * Filters for this share alone.
   */
  filters?: Filter[];
  /**
   * Why the reference cannot be followed; its share of requests is answered 500.
   */
  invalid?: InvalidReference | null;
  /**
   * Key into `services`.
   */
  service: string;
  /**
   * Share among the rule's backends. Absent: 1. 0: none.
   */
  weight?: number | null;
}
/**
 * Gateway API `HTTPRouteFilter`: `type` names the one field that is set.
 */
export interface Filter {
  /**
   * With type CORS.
   */
  cors?: Cors | null;
  /**
   * With type ExtensionRef. Ghost has none yet: the rule answers 500.
   */
  extensionRef?: ExtensionRef | null;
  /**
   * With type RequestHeaderModifier.
   */
  requestHeaderModifier?: HeaderModifier | null;
  /**
   * With type RequestMirror.
   */
  requestMirror?: RequestMirror | null;
  /**
   * With type RequestRedirect.
   */
  requestRedirect?: RequestRedirect | null;
  /**
   * With type ResponseHeaderModifier.
   */
  responseHeaderModifier?: HeaderModifier | null;
  /**
   * Which filter this is. An unknown one makes its rule answer 500, as the Gateway API asks.
   */
  type: string;
  /**
   * With type URLRewrite.
   */
  urlRewrite?: UrlRewrite | null;
}
/**
 * Gateway API `HTTPCORSFilter`.
 */
export interface Cors {
  /**
   * Whether credentials may be sent.
   */
  allowCredentials?: boolean;
  /**
   * Request headers, or `*`.
   */
  allowHeaders?: string[];
  /**
   * Methods, or `*`.
   */
  allowMethods?: string[];
  /**
   * `scheme://host[:port]`, with `*` in the host, or `*` alone.
   */
  allowOrigins?: string[];
  /**
   * Response headers, or `*`.
   */
  exposeHeaders?: string[];
  /**
   * Seconds a preflight may be kept. Absent: 5.
   */
  maxAge?: number | null;
}
/**
 * Gateway API `LocalObjectReference`.
 */
export interface ExtensionRef {
  /**
   * API group.
   */
  group: string;
  /**
   * Kind.
   */
  kind: string;
  /**
   * Name.
   */
  name: string;
}
/**
 * Gateway API `HTTPHeaderFilter`: set, then add, then remove.
 */
export interface HeaderModifier {
  /**
   * Appends to what is there.
   */
  add?: HeaderValue[];
  /**
   * Drops every line of that name.
   */
  remove?: string[];
  /**
   * Replaces every line of that name.
   */
  set?: HeaderValue[];
}
/**
 * A header line.
 */
export interface HeaderValue {
  /**
   * Field name (RFC 9110 section 5.1).
   */
  name: string;
  /**
   * Field value (RFC 9110 section 5.5).
   */
  value: string;
}
/**
 * Gateway API `HTTPRequestMirrorFilter`; the backend is named by service key.
 */
export interface RequestMirror {
  /**
   * Share of requests as a fraction.
   */
  fraction?: Fraction | null;
  /**
   * Share of requests in percent, 0 to 100. Absent, and no fraction: all.
   */
  percent?: number | null;
  /**
   * Key of the service that gets the copies.
   */
  service: string;
}
/**
 * Gateway API `Fraction`.
 */
export interface Fraction {
  /**
   * Parts there are. Absent: 100.
   */
  denominator?: number | null;
  /**
   * Parts taken.
   */
  numerator: number;
}
/**
 * Gateway API `HTTPRequestRedirectFilter`.
 */
export interface RequestRedirect {
  /**
   * Host of the Location. Absent: the request's.
   */
  hostname?: string | null;
  /**
   * Path of the Location. Absent: the request's.
   */
  path?: PathModifier | null;
  /**
   * Port of the Location. Absent: the scheme's well-known one where `scheme` is given, else the listener's.
   */
  port?: number | null;
  /**
   * `http` or `https`. Absent: the request's.
   */
  scheme?: string | null;
  /**
   * 301, 302, 303, 307 or 308. Absent: 302.
   */
  statusCode?: number | null;
}
/**
 * Gateway API `HTTPPathModifier`.
 */
export interface PathModifier {
  /**
   * The new path.
   */
  replaceFullPath?: string | null;
  /**
   * What stands in for the matched prefix.
   */
  replacePrefixMatch?: string | null;
  /**
   * Which field is set.
   */
  type: PathModifierKind;
}
/**
 * Gateway API `HTTPURLRewriteFilter`.
 */
export interface UrlRewrite {
  /**
   * The Host the backend sees.
   */
  hostname?: string | null;
  /**
   * The path the backend sees.
   */
  path?: PathModifier | null;
}
/**
 * How a cache in the data plane may store responses.
 */
export interface Cache {
  /**
   * Time to live of responses that say nothing themselves.
   */
  defaultTtl?: string | null;
  /**
   * How long a stale response may be served while a new one is fetched.
   */
  grace?: string | null;
  /**
   * How long a stale response is kept for revalidation.
   */
  keep?: string | null;
}
/**
 * Gateway API `CookieConfig`.
 */
export interface CookieConfig {
  /**
   * `Session` (default) or `Permanent`.
   */
  lifetimeType?: CookieLifetime;
}
/**
 * One address of a service.
 */
export interface Endpoint {
  /**
   * IPv4 or IPv6 address, or `unix:/path`. Names are resolved by whoever writes the document.
   */
  address: string;
  /**
   * TCP port, 1 to 65535; none for a Unix socket.
   */
  port?: number | null;
  /**
   * Whether it may get requests.
   */
  state?: EndpointState & string;
  /**
   * Labels that `activeTag` chooses by.
   */
  tags?: string[];
  /**
   * Share among the service's endpoints. Absent: 1. 0: none.
   */
  weight?: number | null;
  /**
   * Failure domain.
   */
  zone?: string | null;
}
/**
 * Gateway API `GRPCMethodMatch`.
 */
export interface GrpcMethodMatch {
  /**
   * Method name.
   */
  method?: string | null;
  /**
   * Full service name, `package.Service`.
   */
  service?: string | null;
  /**
   * How both values are compared.
   */
  type?: ValueMatchKind;
}
/**
 * What a consistent hash is computed over.
 */
export interface HashOn {
  /**
   * Name of the header or cookie.
   */
  name?: string | null;
  /**
   * Where the key comes from.
   */
  type: HashOnKind;
}
/**
 * How endpoints are asked whether they live, by whoever sends them requests or writes their state.
 */
export interface HealthCheck {
  /**
   * Time after which successes count again. Absent: 5s.
   */
  cooldown?: string | null;
  /**
   * Failures in a row that take an endpoint out, 1 to 1000. Absent: 3.
   */
  failureThreshold?: number | null;
  /**
   * Service that a grpc check asks for. Absent: the server as a whole.
   */
  grpcService?: string | null;
  /**
   * Host that an http or grpc check sends. Absent: the endpoint's address.
   */
  host?: string | null;
  /**
   * Pause between two checks of an endpoint, at least 100ms. Absent: 5s.
   */
  interval?: string | null;
  /**
   * Path and query of an http check. Absent: /health.
   */
  path?: string | null;
  /**
   * Status codes of an http check that mean alive: numbers and ranges such as 200-299, 404. Absent: 200-399.
   */
  statuses?: string | null;
  /**
   * Successes in a row that bring it back, 1 to 1000. Absent: 2.
   */
  successThreshold?: number | null;
  /**
   * Time for connection and answer. Absent: 1s.
   */
  timeout?: string | null;
  /**
   * What is asked. Absent: grpc for a service of protocol grpc, else http.
   */
  type?: HealthCheckKind | null;
}
/**
 * Gateway API `Listener`: a port, a protocol and the host names it answers for.
 */
export interface Listener {
  /**
   * Exact host, `*.suffix`, or absent for any.
   */
  hostname?: string | null;
  /**
   * Unique name; routes attach by it.
   */
  name: string;
  /**
   * TCP or UDP port as clients see it, 1 to 65535.
   */
  port: number;
  /**
   * What is spoken on the port.
   */
  protocol: Protocol;
}
/**
 * How an endpoint is chosen.
 */
export interface LoadBalancing {
  /**
   * What ringHash and maglev hash. Absent: the client address.
   */
  hashOn?: HashOn | null;
  /**
   * Share of healthy endpoints, in percent, below which health is ignored. Absent: 0, never.
   */
  panicThreshold?: number | null;
  /**
   * How long a new endpoint takes to earn its whole weight. Absent: none.
   */
  slowStart?: string | null;
  /**
   * The algorithm.
   */
  type: LoadBalancingKind;
}
/**
 * Gateway API `HTTPRouteMatch` or `GRPCRouteMatch`: all given conditions hold.
 */
export interface Match {
  /**
   * Header conditions.
   */
  headers?: NamedMatch[];
  /**
   * HTTPRoute: a method name. GRPCRoute: service and method.
   */
  method?: MethodMatch | null;
  /**
   * Path condition of an HTTPRoute. Absent: PathPrefix `/`.
   */
  path?: PathMatch | null;
  /**
   * Query parameter conditions of an HTTPRoute.
   */
  queryParams?: NamedMatch[];
}
/**
 * Gateway API `HTTPHeaderMatch` and `HTTPQueryParamMatch`.
 */
export interface NamedMatch {
  /**
   * Name of the header (any case) or query parameter (case-sensitive).
   */
  name: string;
  /**
   * How `value` is compared.
   */
  type?: ValueMatchKind;
  /**
   * Value or pattern.
   */
  value: string;
}
/**
 * Gateway API `HTTPPathMatch`.
 */
export interface PathMatch {
  /**
   * How `value` is compared.
   */
  type?: PathMatchKind;
  /**
   * The path or pattern. Absent: `/`.
   */
  value?: string | null;
}
/**
 * A name to resolve.
 */
export interface Resolve {
  /**
   * Host name; no address.
   */
  hostname: string;
  /**
   * TCP port of every address, 1 to 65535.
   */
  port: number;
}
/**
 * Gateway API `HTTPRouteRetry`.
 */
export interface Retry {
  /**
   * Tries after the first. Absent: 1.
   */
  attempts?: number | null;
  /**
   * Least time between tries.
   */
  backoff?: string | null;
  /**
   * Status codes that are tried again.
   */
  codes?: number[];
}
/**
 * One HTTPRoute or GRPCRoute.
 */
export interface Route {
  /**
   * RFC 3339 time. The older of two equal routes wins; a route without one comes last.
   */
  createdAt?: string | null;
  /**
   * Hosts: exact or `*.suffix`. Absent or empty: any.
   */
  hostnames?: string[];
  /**
   * Kind of the object this came from; decides the form of `matches[].method`.
   */
  kind?: RouteKind;
  /**
   * Names of the listeners it is attached to. Absent: all of them.
   */
  listeners?: string[] | null;
  /**
   * `namespace/name` or any unique text.
   */
  name: string;
  /**
   * What to do with which requests.
   */
  rules?: Rule[];
  /**
   * Where the route was written, `file:line:column`. Absent: its place in this document.
   */
  source?: string | null;
}
/**
 * Gateway API `HTTPRouteRule`.
 */
export interface Rule {
  /**
   * Services that share the requests by weight.
   */
  backends?: Backend[];
  /**
   * How responses of this rule may be stored by a cache. Carried to the body; the core does not judge it.
   */
  cache?: Cache | null;
  /**
   * What is done to request and response.
   */
  filters?: Filter[];
  /**
   * Requests it takes: any of these. Absent or empty: every path.
   */
  matches?: Match[];
  /**
   * Name of the rule, unique in its route. Absent: its index.
   */
  name?: string | null;
  /**
   * Gateway API `retry`.
   */
  retry?: Retry | null;
  /**
   * Gateway API `sessionPersistence`.
   */
  sessionPersistence?: SessionPersistence | null;
  /**
   * Where the rule was written, `file:line:column`.
   */
  source?: string | null;
  /**
   * Gateway API `timeouts`.
   */
  timeouts?: Timeouts | null;
}
/**
 * Gateway API `SessionPersistence`.
 */
export interface SessionPersistence {
  /**
   * End of a session, counted from its start.
   */
  absoluteTimeout?: string | null;
  /**
   * Cookie settings.
   */
  cookieConfig?: CookieConfig | null;
  /**
   * End of a session, counted from its last request.
   */
  idleTimeout?: string | null;
  /**
   * Name of the cookie or header.
   */
  sessionName?: string | null;
  /**
   * `Cookie` (default) or `Header`.
   */
  type?: SessionPersistenceKind;
}
/**
 * Gateway API `HTTPRouteTimeouts`. Durations are Gateway API durations (GEP-2257), `0s` switches off.
 */
export interface Timeouts {
  /**
   * One try.
   */
  backendRequest?: string | null;
  /**
   * The whole request, all tries.
   */
  request?: string | null;
}
/**
 * How a service is spoken to and how its endpoints are chosen.
 */
export interface Service {
  /**
   * Only endpoints with this tag are used.
   */
  activeTag?: string | null;
  /**
   * Where the service lives, unless `endpointsFile` is given.
   */
  endpoints?: Endpoint[];
  /**
   * How endpoints are asked whether they live. Absent: they are not asked.
   */
  healthCheck?: HealthCheck | null;
  /**
   * How an endpoint is chosen. Absent: random by weight.
   */
  loadBalancing?: LoadBalancing | null;
  /**
   * What the endpoints speak.
   */
  protocol?: ServiceProtocol & string;
  /**
   * A name whose addresses are endpoints too. Bodies that resolve names keep to its time to live.
   */
  resolve?: Resolve | null;
  /**
   * Prefer endpoints of this zone while any of them is usable.
   */
  zone?: string | null;
}
/**
 * `ghost.json`: who wants what (listeners, routes) and, unless `endpointsFile` is given, where it lives.
 */
export interface RoutingDocument {
  /**
   * Where editors find the schema of this file. Ignored by Ghost.
   */
  $schema?: string | null;
  /**
   * A second file that holds the endpoints of the services; relative to this file.
   */
  endpointsFile?: string | null;
  /**
   * Number of this state of the file, rising, set by whoever writes it.
   */
  generation?: number | null;
  /**
   * Where requests enter. Without listeners every request belongs to one listener named `default`.
   */
  listeners?: Listener[];
  /**
   * The routes, in any order: precedence is the Gateway API's.
   */
  routes?: Route[];
  /**
   * The services that rules name, by key. The key is any text; `namespace/name:port` by convention.
   */
  services?: {
    [k: string]: Service;
  };
  /**
   * Major version of the format. This build reads version 1.
   */
  version: number;
}
/**
 * The endpoints of one service in an endpoints file.
 */
export interface ServiceEndpoints {
  /**
   * Where the service lives.
   */
  endpoints?: Endpoint[];
}
/**
 * The file that `endpointsFile` names: where services live.
 */
export interface EndpointsDocument {
  /**
   * Where editors find the schema of this file. Ignored by Ghost.
   */
  $schema?: string | null;
  /**
   * Number of this state of the file, rising, set by whoever writes it.
   */
  generation?: number | null;
  /**
   * Endpoints by service key.
   */
  services?: {
    [k: string]: ServiceEndpoints;
  };
  /**
   * Major version of the format. This build reads version 1.
   */
  version: number;
}
/**
 * A request to ask about.
 */
export interface RequestInput {
  /**
   * Header lines, names in any case. A Host header wins over the URL's host.
   */
  headers?: [string, string][];
  /**
   * Method, as sent.
   */
  method: string;
  /**
   * `http://host[:port]/path?query`, or a path with a Host header beside it.
   */
  url: string;
}
/**
 * What else a decision depends on.
 */
export interface DecideOptions {
  /**
   * Address of the client.
   */
  clientAddress?: string | null;
  /**
   * The random number of the decision, 0 up to 1. Absent: 0.
   */
  draw?: number | null;
  /**
   * Name of the listener it comes in by. Absent: the one on the URL's port.
   */
  listener?: string | null;
}
/**
 * A request as a backend sees it.
 */
export interface ForwardedRequest {
  /**
   * Header lines but Host.
   */
  headers: [string, string][];
  /**
   * Host, as received unless rewritten.
   */
  host: string;
  /**
   * Method.
   */
  method: string;
  /**
   * Canonical path, rewritten where the rule says so.
   */
  path: string;
  /**
   * Query, without `?`.
   */
  query: string;
}
/**
 * Where a request goes, and why.
 */
export interface Decision {
  /**
   * `forward`, `redirect` or `answer`.
   */
  action: string;
  /**
   * The random number that chose.
   */
  draw: number;
  /**
   * Address of the endpoint it goes to.
   */
  endpoint: string | null;
  /**
   * Generation of the routes.
   */
  generation: number | null;
  /**
   * Short name of the decision.
   */
  id: string;
  /**
   * Name of the listener.
   */
  listener: string | null;
  /**
   * Location of a redirect.
   */
  location: string | null;
  /**
   * Index of the match in the rule.
   */
  match: number | null;
  /**
   * The request as the backend sees it; as received where it reaches none.
   */
  request: ForwardedRequest;
  /**
   * What is done to response headers: value, or null for removed.
   */
  responseHeaders: [string, string | null][];
  /**
   * Identity of the route that won.
   */
  route: string | null;
  /**
   * Name of its rule.
   */
  rule: string | null;
  /**
   * Service the request goes to.
   */
  service: string | null;
  /**
   * Where the rule is written.
   */
  source: string | null;
  /**
   * Status of a redirect or answer.
   */
  status: number | null;
  /**
   * The condition that won, or why there is no backend.
   */
  why: string;
}
/**
 * One match that might have won.
 */
export interface Candidate {
  /**
   * Host pattern it stands under.
   */
  host: string;
  /**
   * Index of the match in the rule.
   */
  match: number;
  /**
   * Its path condition, in words.
   */
  path: string;
  /**
   * Why it won or lost, in words.
   */
  reason: string;
  /**
   * Identity of the route.
   */
  route: string;
  /**
   * Name of the rule.
   */
  rule: string;
  /**
   * Where the rule is written.
   */
  source: string;
  /**
   * `won`, or the stage it lost at: `listener`, `path`, `method`, `headers`, `query` or `rank`.
   */
  stage: string;
}
/**
 * A decision and all that stood for it.
 */
export interface Explanation {
  /**
   * Matches of routes whose host takes the request's, best first; at most 1000.
   */
  candidates: Candidate[];
  /**
   * The decision.
   */
  decision: Decision;
  /**
   * How many matches belong to other hosts.
   */
  otherHosts: number;
  /**
   * How many candidates were left out of the list.
   */
  unlisted: number;
}
/**
 * One finding, in the shape every Ghost program prints.
 */
export interface Diagnostic {
  /**
   * Stable code; `docs/errors/` has a page for each.
   */
  code: string;
  /**
   * Column in Unicode scalar values, from 1.
   */
  column: number;
  /**
   * The file as it was named by the caller.
   */
  file: string;
  /**
   * What to do.
   */
  help: string;
  /**
   * Line, from 1.
   */
  line: number;
  /**
   * What is wrong.
   */
  message: string;
  /**
   * Identity of the route, listener or service it belongs to, such as `HTTPRoute/default/shop`.
   */
  object: string | null;
  /**
   * JSON path of the value, such as `routes[0].rules[1].name`; empty for the document itself.
   */
  path: string;
  /**
   * How bad it is.
   */
  severity: Severity;
}
/**
 * A route, rule or match that is left out or answers 500.
 */
export interface Quarantined {
  /**
   * Code of the diagnostic.
   */
  code: string;
  /**
   * Its message.
   */
  message: string;
  /**
   * Identity of the route, or its place in the document when it has none.
   */
  route: string;
}
/**
 * What `check` found in a routing document.
 */
export interface CheckReport {
  /**
   * Every finding, sorted by file and place.
   */
  diagnostics: Diagnostic[];
  /**
   * The file that holds the endpoints, relative to the document.
   */
  endpointsFile: string | null;
  /**
   * Generation of the document, where its writer set one.
   */
  generation: number | null;
  /**
   * Routes and rules that do not serve as written, and why.
   */
  quarantined: Quarantined[];
  /**
   * False when the document cannot be read at all, so that nothing of it serves.
   */
  readable: boolean;
  /**
   * How many routes serve.
   */
  routes: number;
}
/**
 * A listener in short.
 */
export interface ListenerSummary {
  /**
   * Exact host or `*.suffix`; null is any.
   */
  hostname: string | null;
  /**
   * Unique name.
   */
  name: string;
  /**
   * Port as clients see it.
   */
  port: number;
  /**
   * What is spoken.
   */
  protocol: Protocol;
}
/**
 * What a table holds, in short.
 */
export interface TableSummary {
  /**
   * The file that the routes say holds the endpoints, relative to them.
   */
  endpointsFile: string | null;
  /**
   * Generation of the endpoints, where their writer set one.
   */
  endpointsGeneration: number | null;
  /**
   * Generation of the routes, where their writer set one.
   */
  generation: number | null;
  /**
   * Listeners in the order written; none means one that takes every request.
   */
  listeners: ListenerSummary[];
  /**
   * How many routes serve.
   */
  routeCount: number;
}
/**
 * What becomes of a request.
 */
export interface ListedOutcome {
  /**
   * As in a decision.
   */
  action: string;
  /**
   * Status of an answer.
   */
  status: number | null;
  /**
   * Why there is no backend; absent when there is one.
   */
  why: string | null;
}
/**
 * A rule by name.
 */
export interface ListedRule {
  /**
   * Identity of the route.
   */
  route: string;
  /**
   * Name of the rule.
   */
  rule: string;
  /**
   * Services of its backends in the order written.
   */
  services: string[];
  /**
   * Where the rule is written.
   */
  source: string;
}
/**
 * What the words of a batch stand for.
 */
export interface TableListing {
  /**
   * What becomes of a request.
   */
  outcomes: ListedOutcome[];
  /**
   * Every rule of every route.
   */
  rules: ListedRule[];
}
/**
 * Requests that are decided alike by each side, and by the two sides differently.
 */
export interface ClassDocument {
  /**
   * The decision of the second side.
   */
  after: Decision;
  /**
   * The decision of the first side.
   */
  before: Decision;
  /**
   * What differs: `action`, `location`, `service`, `request`, `responseHeaders`, `route`, `policy`, `mirrors`.
   */
  changed: string[];
  /**
   * A draw for which the decisions differ.
   */
  draw: number;
  /**
   * Hosts of the class: a name, `*.suffix` or `*`.
   */
  host: string;
  /**
   * The method; null for every method that no route names.
   */
  method: string | null;
  /**
   * Paths of the class: `/cart`, everything below as `/cart/*`, or `~pattern`.
   */
  path: string;
  /**
   * One request of the class.
   */
  request: RequestDocument;
  /**
   * Whether the class stands for others of its kind that were not looked for, because of a pattern.
   */
  sampled: boolean;
  /**
   * Which share of the requests is decided differently, 0 to 1.
   */
  share: number;
}
/**
 * A request to ask about.
 */
export interface RequestDocument {
  /**
   * Header lines, names in any case. A Host header wins over the URL's host.
   */
  headers: [string, string][];
  /**
   * Method, as sent.
   */
  method: string;
  /**
   * `http://host[:port]/path?query`, or a path with a Host header beside it.
   */
  url: string;
}
/**
 * What two configurations answer differently.
 */
export interface Comparison {
  /**
   * How many requests were asked about; hosts that are alike need none.
   */
  asked: number;
  /**
   * Classes of requests that are answered differently; at most 10,000.
   */
  classes: ClassDocument[];
  /**
   * False when the configurations differ in more places than could be asked about.
   */
  complete: boolean;
  /**
   * How many more there are.
   */
  unlisted: number;
}
/**
 * How endpoints are asked. Times are in milliseconds.
 */
export interface HealthCheckPlan {
  /**
   * Service that a grpc check asks for; empty: the server as a whole.
   */
  grpcService: string;
  /**
   * Host that is sent; null: the endpoint's address.
   */
  host: string | null;
  /**
   * Pause between two checks of an endpoint.
   */
  interval: number;
  /**
   * Path and query of an http check.
   */
  path: string;
  /**
   * Status codes that mean alive, lowest and highest.
   */
  statuses: [number, number][];
  /**
   * Time for connection and answer.
   */
  timeout: number;
  /**
   * What is asked.
   */
  type: HealthCheckKind;
}
/**
 * A service whose endpoints are probed.
 */
export interface PlannedCheck {
  /**
   * How it is asked.
   */
  check: HealthCheckPlan;
  /**
   * Those that are asked: all that their document does not say are down.
   */
  endpoints: PlannedEndpoint[];
  /**
   * What it speaks.
   */
  protocol: ServiceProtocol;
  /**
   * Its key.
   */
  service: string;
}
/**
 * An endpoint that is probed.
 */
export interface PlannedEndpoint {
  /**
   * IP address, or the path of a Unix socket.
   */
  address: string;
  /**
   * As decisions name it: `10.0.0.7:3000`, `[2001:db8::1]:80` or `unix:/path`.
   */
  endpoint: string;
  /**
   * Whether it gets requests, as far as probes go.
   */
  healthy: boolean;
  /**
   * TCP port; null for a Unix socket.
   */
  port: number | null;
}
/**
 * A name that is resolved.
 */
export interface PlannedName {
  /**
   * Host name.
   */
  hostname: string;
  /**
   * TCP port of every address.
   */
  port: number;
  /**
   * Key of the service.
   */
  service: string;
}
/**
 * What services ask for.
 */
export interface LivePlan {
  /**
   * Services whose endpoints are probed.
   */
  checks: PlannedCheck[];
  /**
   * Services whose names are resolved.
   */
  names: PlannedName[];
}
/**
 * How a log is to be read and decided.
 */
export interface ReplayOptions {
  /**
   * The draw of every request, 0 up to 1. Absent: by the place in the log.
   */
  draw?: number | null;
  /**
   * Name of a format or a format string; absent: by the look of the first piece.
   */
  format?: string | null;
  /**
   * Host of requests whose log line has none.
   */
  host?: string | null;
  /**
   * Name of the listener all requests come in by. Absent: the one on the URL's port.
   */
  listener?: string | null;
}
/**
 * A request from a log.
 */
export interface Example {
  /**
   * The draw it was decided with.
   */
  draw: number;
  /**
   * Line of the piece, from 0.
   */
  line: number;
  /**
   * Number of the piece, as the host counts.
   */
  piece: number;
  /**
   * The request.
   */
  request: RequestDocument;
}
/**
 * A decision, and how often it was made.
 */
export interface Tally {
  /**
   * Words of the decision of the second table, where there is one.
   *
   * @minItems 4
   * @maxItems 4
   */
  after: [number, number, number, number] | null;
  /**
   * Words of the decision of the first table.
   *
   * @minItems 4
   * @maxItems 4
   */
  before: [number, number, number, number];
  /**
   * Whether the two differ: in outcome, route, rule, service, redirect or filters.
   */
  changed: boolean;
  /**
   * Requests.
   */
  count: number;
  /**
   * The first requests, of changed decisions only.
   */
  examples: Example[];
}
/**
 * An entry that no request can be read from.
 */
export interface UnreadableLine {
  /**
   * Line of the piece, from 0.
   */
  line: number;
  /**
   * Number of the piece, as the host counts.
   */
  piece: number;
  /**
   * Why.
   */
  reason: string;
  /**
   * Its beginning.
   */
  text: string;
}
/**
 * What came of the pieces so far.
 */
export interface ReplayReport {
  /**
   * Lines, blank ones and parts of a request included.
   */
  lines: number;
  /**
   * Requests that were decided.
   */
  requests: number;
  /**
   * How often each decision was made.
   */
  tallies: Tally[];
  /**
   * Entries that no request can be read from.
   */
  unreadable: number;
  /**
   * The first of them.
   */
  unreadableExamples: UnreadableLine[];
  /**
   * Requests whose decision is in no tally, because there are too many kinds.
   */
  untallied: number;
}
/**
 * One line per request.
 */
export interface EdgeAccessLog {
  /**
   * Whether lines are written. Absent: true.
   */
  enabled?: boolean | null;
  /**
   * How a line is written. Absent: json.
   */
  format?: EdgeAccessLogFormat | null;
  /**
   * `stdout`, `stderr` or the name of a file. Absent: stdout.
   */
  output?: string | null;
  /**
   * What is written of queries. Absent: full.
   */
  query?: EdgeQueryLogging | null;
  /**
   * Requests that take longer are logged as warnings too. Absent: 0s, none.
   */
  slow?: string | number | null;
}
/**
 * Management API.
 */
export interface EdgeAdmin {
  /**
   * Where it is served over TCP. Absent: 127.0.0.1:9180.
   */
  address?: string | null;
  /**
   * Origins that browsers may ask from. Absent: none.
   */
  cors_origins?: string[];
  /**
   * Whether it is served. Absent: true.
   */
  enabled?: boolean | null;
  /**
   * Unix socket. Absent: `admin.sock` in `state_directory`, where that is given.
   */
  socket?: string | null;
  /**
   * Who may ask over TCP. Absent: nobody may change anything, loopback may read.
   */
  tokens?: EdgeToken[];
}
/**
 * A bearer token.
 */
export interface EdgeToken {
  /**
   * Whether it may change anything. Absent: false.
   */
  may_write?: boolean | null;
  /**
   * Who it is, for the audit log.
   */
  name: string;
  /**
   * The token: `${VARIABLE}` or `file:/path`, at least 16 characters.
   */
  token: string;
}
/**
 * A place where requests go.
 */
export interface EdgeBackend {
  /**
   * `host:port`, `address:port`, `[IPv6]:port` or `unix:/path`. A host name is resolved again and again.
   */
  address: string;
  /**
   * Whether it gets requests. Absent: true.
   */
  enabled?: boolean | null;
  /**
   * How it is asked whether it lives. Absent: as its upstream says.
   */
  health_check?: EdgeHealthCheck | null;
  /**
   * Unique name, for logs and the management API. Required at the top level; in an upstream, absent: its name and the
   * place in the list.
   */
  id?: string | null;
  /**
   * Labels that `enabled_backends_tag` chooses by.
   */
  tags?: string[];
  /**
   * Share among the backends, 0 to 1000000. Absent: 100.
   */
  weight?: number | null;
  /**
   * Failure domain.
   */
  zone?: string | null;
}
/**
 * How a backend is asked whether it lives.
 */
export interface EdgeHealthCheck {
  /**
   * Time after which successes count again. Absent: 5s.
   */
  cooldown?: string | number | null;
  /**
   * Whether checks are made. Absent: true.
   */
  enabled?: boolean | null;
  /**
   * Failures in a row that take it out. Absent: 3.
   */
  failure_threshold?: number | null;
  /**
   * As `success_threshold`.
   */
  healthy_threshold?: number | null;
  /**
   * Host that is sent. Absent: the backend's address.
   */
  host?: string | null;
  /**
   * Pause between two checks. Absent: 5s.
   */
  interval?: string | number | null;
  /**
   * Path and query. Absent: /health.
   */
  path?: string | null;
  /**
   * Status codes that mean alive: numbers and ranges such as 200-399. Absent: 200-399.
   */
  statuses?: string | null;
  /**
   * Successes in a row that bring it back. Absent: 2.
   */
  success_threshold?: number | null;
  /**
   * Time for the answer. Absent: 1s.
   */
  timeout?: string | number | null;
  /**
   * As `failure_threshold`.
   */
  unhealthy_threshold?: number | null;
}
/**
 * How long a backend may take. 0s: no limit.
 */
export interface EdgeBackendTimeouts {
  /**
   * Longest pause between two pieces of a response body. Absent: 30s.
   */
  body_idle?: string | number | null;
  /**
   * TCP connect and TLS handshake. Absent: 2s.
   */
  connect?: string | number | null;
  /**
   * The whole request, all tries. Absent: no limit.
   */
  request?: string | number | null;
  /**
   * From the end of the request to the response head. Absent: 30s.
   */
  response?: string | number | null;
}
/**
 * TLS to backends; used with protocol tls or http2. Certificates are always checked.
 */
export interface EdgeBackendTls {
  /**
   * PEM file with the authorities to trust. Absent: the system's.
   */
  ca_file?: string | null;
  /**
   * Further authority files.
   */
  ca_files?: string[];
  /**
   * PEM file with the certificate that is shown.
   */
  cert?: string | null;
  /**
   * PEM file with its private key.
   */
  key?: string | null;
  /**
   * Least version. Absent: "1.2".
   */
  min_version?: EdgeTlsVersion | null;
  /**
   * Server name that is sent and checked. Absent: the backend's host name, else the request's host.
   */
  server_name?: string | null;
  /**
   * Names of which the certificate must have one, instead of `server_name`.
   */
  subject_alt_names?: string[];
}
/**
 * A certificate with its key.
 */
export interface EdgeCertificate {
  /**
   * PEM file with the certificate and its chain, leaf first.
   */
  cert: string;
  /**
   * Used for names that no certificate has. Absent: false; the first certificate is, where none is marked.
   */
  default?: boolean | null;
  /**
   * PEM file with its private key.
   */
  key: string;
  /**
   * As `server_names` with one name.
   */
  server_name?: string | null;
  /**
   * Server names it is used for. Absent: those in the certificate.
   */
  server_names?: string[];
}
/**
 * Certificates of clients.
 */
export interface EdgeClientAuth {
  /**
   * PEM file with the authorities they must descend from.
   */
  ca_file?: string | null;
  /**
   * Further authority files.
   */
  ca_files?: string[];
  /**
   * Whether certificates are asked for. Absent: true.
   */
  enabled?: boolean | null;
  /**
   * Whether a connection without one is refused. Absent: true.
   */
  require_client_cert?: boolean | null;
}
/**
 * How long a client may take. 0s: no limit.
 */
export interface EdgeClientTimeouts {
  /**
   * Longest pause between two pieces of a request body. Absent: 30s.
   */
  body_idle?: string | number | null;
  /**
   * TLS handshake. Absent: 10s.
   */
  handshake?: string | number | null;
  /**
   * From the first byte of a request to the end of its head. Absent: 10s.
   */
  header?: string | number | null;
  /**
   * Idle connections. Absent: 60s.
   */
  keep_alive?: string | number | null;
  /**
   * The whole request where nothing else says. Absent: no limit.
   */
  request?: string | number | null;
  /**
   * Upgraded and passed-through connections without a byte. Absent: 1h.
   */
  tunnel_idle?: string | number | null;
  /**
   * Longest pause in which a client takes nothing. Absent: 30s.
   */
  write_idle?: string | number | null;
}
/**
 * A virtual host whose requests go to the backends with one tag.
 */
export interface EdgeDomain {
  /**
   * Host name, exact or `*.suffix`.
   */
  domain: string;
  /**
   * Only backends with this tag get its requests.
   */
  enabled_backends_tag: string;
  /**
   * Active health checks. Absent: none are made.
   */
  health_check?: EdgeHealthCheck | null;
  /**
   * Plain requests are redirected to HTTPS. Absent: false.
   */
  http_to_https?: boolean | null;
  /**
   * Requests in flight per backend.
   */
  in_flight?: EdgeInFlight | null;
  /**
   * How a backend is chosen. Absent: random by weight.
   */
  load_balancing?: EdgeLoadBalancing | null;
  /**
   * A longer response body ends with an error. Absent or 0: no limit.
   */
  max_response_body?: string | number | null;
  /**
   * Ejection of backends that fail more than others. Absent: none.
   */
  outlier_ejection?: EdgeOutlierEjection | null;
  /**
   * When results of real requests take a backend out, and bring it back where no checks are made.
   */
  passive_health?: EdgePassiveHealth | null;
  /**
   * Connections that are kept per backend and worker.
   */
  pool?: EdgePool | null;
  /**
   * What backends speak. Absent: http1.
   */
  protocol?: ServiceProtocol | null;
  /**
   * PROXY protocol version 2 in front of every connection. Absent: none.
   */
  proxy_protocol?: EdgeProxyProtocolOut | null;
  /**
   * When a request is tried again. Absent: never.
   */
  retry?: EdgeRetry | null;
  /**
   * How many tries may be repeats.
   */
  retry_budget?: EdgeRetryBudget | null;
  /**
   * Keeps a client on one backend.
   */
  session?: EdgeSession | null;
  /**
   * How long a backend may take.
   */
  timeouts?: EdgeBackendTimeouts | null;
  /**
   * TLS to backends.
   */
  tls?: EdgeBackendTls | null;
}
/**
 * Requests in flight per backend.
 */
export interface EdgeInFlight {
  /**
   * At a time. Absent: 64.
   */
  limit?: number | null;
  /**
   * Most that wait. Absent: 256.
   */
  queue?: number | null;
  /**
   * Longest wait. Absent: 1s.
   */
  wait?: string | number | null;
}
/**
 * How a backend is chosen.
 */
export interface EdgeLoadBalancing {
  /**
   * What consistent_hash and maglev hash: `host`, `path`, `client`, `header:NAME` or `cookie:NAME`. Absent: client.
   */
  key?: string | null;
  /**
   * Share of healthy backends, in percent, below which health is ignored. Absent: 0, never.
   */
  panic_threshold?: number | null;
  /**
   * How long a new backend takes to earn its whole weight. Absent: none.
   */
  slow_start?: string | number | null;
  /**
   * The algorithm. Absent: random.
   */
  type?: EdgeAlgorithm | null;
}
/**
 * Ejection of backends that fail more than others.
 */
export interface EdgeOutlierEjection {
  /**
   * First ejection; the nth lasts n times as long. Absent: 30s.
   */
  base_time?: string | number | null;
  /**
   * Failures in a row that eject. Absent: 5.
   */
  consecutive_failures?: number | null;
  /**
   * Share of failures in an interval, in percent, that ejects. Absent: 0, only failures in a row count.
   */
  failure_percent?: number | null;
  /**
   * Pause between two looks at shares of failures. Absent: 10s.
   */
  interval?: string | number | null;
  /**
   * Most backends that are out at a time, in percent; one may always be. Absent: 10.
   */
  maximum_percent?: number | null;
  /**
   * Longest ejection. Absent: 5m.
   */
  maximum_time?: string | number | null;
  /**
   * Least requests in an interval before its share counts. Absent: 50.
   */
  minimum_requests?: number | null;
}
/**
 * When results of real requests change a backend's state.
 */
export interface EdgePassiveHealth {
  /**
   * Time after which it is tried again. Absent: 5s.
   */
  cooldown?: string | number | null;
  /**
   * Failures in a row that take it out. Absent: 3.
   */
  failure_threshold?: number | null;
  /**
   * Successes in a row that bring it back. Absent: 2.
   */
  success_threshold?: number | null;
}
/**
 * Connections that are kept.
 */
export interface EdgePool {
  /**
   * An idle one is closed after this long. Absent: 60s.
   */
  idle_timeout?: string | number | null;
  /**
   * Most idle ones per backend and worker. Absent: 32.
   */
  max_idle?: number | null;
  /**
   * Streams at a time on one HTTP/2 connection. Absent: 100.
   */
  streams?: number | null;
}
/**
 * PROXY protocol version 2 to backends.
 */
export interface EdgeProxyProtocolOut {
  /**
   * Whether ALPN, authority and TLS facts of the client's connection are sent along. Absent: true.
   */
  details?: boolean | null;
  /**
   * Whether it is sent. Absent: true.
   */
  enabled?: boolean | null;
}
/**
 * When a request is tried again.
 */
export interface EdgeRetry {
  /**
   * Tries after the first, at most 16. Absent: 1.
   */
  attempts?: number | null;
  /**
   * Least time between tries. Absent: 25ms.
   */
  backoff?: string | number | null;
  /**
   * Status codes that are tried again, beside failed connections. Absent: 502, 503 and 504.
   */
  codes?: number[] | null;
}
/**
 * How many tries may be repeats.
 */
export interface EdgeRetryBudget {
  /**
   * Most bytes of a request body that are kept for a repeat. Absent: 64KiB.
   */
  body?: string | number | null;
  /**
   * Repeats per second that are always allowed. Absent: 3.
   */
  minimum_per_second?: number | null;
  /**
   * Repeats per hundred requests. Absent: 20.
   */
  percent?: number | null;
}
/**
 * Keeps a client on one backend.
 */
export interface EdgeSession {
  /**
   * End of a session, counted from its start. Absent: none.
   */
  absolute_timeout?: string | number | null;
  /**
   * Name of the cookie.
   */
  cookie?: string | null;
  /**
   * Name of the header, instead of a cookie.
   */
  header?: string | null;
}
/**
 * What a client may cost. 0 is no limit where the description says so.
 */
export interface EdgeLimits {
  /**
   * Bytes of a request body. Absent: 0, no limit.
   */
  body_bytes?: string | number | null;
  /**
   * Bytes of one direction that wait for a slow peer. Absent: 256KiB.
   */
  buffer?: string | number | null;
  /**
   * Connections of all listeners together. Absent: 65536.
   */
  connections?: number | null;
  /**
   * Connections of one client address (IPv6: of one /64) at a time. Absent: 256.
   */
  connections_per_address?: number | null;
  /**
   * CONTINUATION frames of one header block. Absent: 8.
   */
  continuation_frames?: number | null;
  /**
   * Bytes of a request head. Absent: 32KiB.
   */
  header_bytes?: string | number | null;
  /**
   * Header lines of a request. Absent: 100.
   */
  headers?: number | null;
  /**
   * Bytes that all buffers may hold together. Absent: 256MiB.
   */
  memory?: string | number | null;
  /**
   * Least bytes per second that a client must take. Absent: 240.
   */
  min_bytes_per_second?: number | null;
  /**
   * Requests on one HTTP/1.1 connection. Absent: 0, no limit.
   */
  requests_per_connection?: number | null;
  /**
   * Streams that one HTTP/2 connection may reset in a minute. Absent: 100.
   */
  resets_per_minute?: number | null;
  /**
   * Streams of one HTTP/2 or HTTP/3 connection at a time. Absent: 100.
   */
  streams?: number | null;
  /**
   * Bytes of a request target. Absent: 8KiB.
   */
  target_bytes?: string | number | null;
}
/**
 * One socket to listen on.
 */
export interface EdgeListen {
  /**
   * IPv4 or IPv6 address, or `unix:/path`. Absent: 0.0.0.0.
   */
  address?: string | null;
  /**
   * Only for this host: exact or `*.suffix`.
   */
  hostname?: string | null;
  /**
   * HTTP/2, by ALPN or by prior knowledge. Absent: true.
   */
  http2?: boolean | null;
  /**
   * Every request is redirected to HTTPS. Absent: false.
   */
  http_to_https?: boolean | null;
  /**
   * Port of the redirect. Absent: that of the first HTTPS listener, else 443.
   */
  https_port?: number | null;
  /**
   * Connections at a time. Absent: 65536.
   */
  max_connections?: number | null;
  /**
   * Permissions of a Unix socket in octal digits. Absent: "0660".
   */
  mode?: string | null;
  /**
   * Unique name. Absent: the protocol, with the port behind it where that is taken.
   */
  name?: string | null;
  /**
   * With protocol tls: where connections go, by server name.
   */
  passthrough?: EdgePassthrough[];
  /**
   * TCP port, and UDP port for HTTP/3, 1 to 65535. Absent: 9889. With a Unix socket: the port that clients see.
   */
  port?: number | null;
  /**
   * What is spoken. Absent: http3, which is HTTPS with HTTP/1.1, HTTP/2 and HTTP/3.
   */
  protocol?: EdgeListenProtocol | null;
  /**
   * PROXY protocol from proxies in front.
   */
  proxy_protocol?: EdgeProxyProtocolIn | null;
  /**
   * TLS that ends here.
   */
  tls?: EdgeListenTls | null;
}
/**
 * Where TLS connections go that do not end here.
 */
export interface EdgePassthrough {
  /**
   * Server name: exact or `*.suffix`. Absent: every other one, and connections without a name.
   */
  server_name?: string | null;
  /**
   * Name of the upstream.
   */
  upstream: string;
}
/**
 * PROXY protocol in front of connections, version 1 or 2.
 */
export interface EdgeProxyProtocolIn {
  /**
   * Time for the whole header. Absent: 3s.
   */
  timeout?: string | number | null;
  /**
   * Networks whose connections must begin with it; others are taken as they are.
   */
  trusted: string[];
}
/**
 * TLS that ends at a listener.
 */
export interface EdgeListenTls {
  /**
   * PEM file with the certificate and its chain, leaf first; also used for names that no other certificate has.
   */
  cert?: string | null;
  /**
   * Further certificates, chosen by server name.
   */
  certificates?: EdgeCertificate[];
  /**
   * Certificates of clients.
   */
  client_auth?: EdgeClientAuth | null;
  /**
   * PEM file with its private key.
   */
  key?: string | null;
  /**
   * Least version. Absent: "1.2".
   */
  min_version?: EdgeTlsVersion | null;
  /**
   * Session tickets. Absent: true, and false with `client_auth`.
   */
  tickets?: boolean | null;
  /**
   * What is done with a server name that no certificate has, and without one. Absent: default.
   */
  unknown_names?: EdgeUnknownNames | null;
}
/**
 * What the edge says about itself.
 */
export interface EdgeLog {
  /**
   * How a line is written. Absent: text.
   */
  format?: EdgeLogFormat | null;
  /**
   * Least level. Absent: info.
   */
  level?: EdgeLogLevel | null;
  /**
   * `console`, `stdout`, `stderr` or the name of a file. Absent: stderr.
   */
  output?: string | null;
}
/**
 * Prometheus metrics.
 */
export interface EdgeMetrics {
  /**
   * Where. Absent: 127.0.0.1:9090.
   */
  address?: string | null;
  /**
   * Whether they are served. Absent: true.
   */
  enabled?: boolean | null;
  /**
   * Most distinct values of one label. Absent: 1000.
   */
  max_label_values?: number | null;
}
/**
 * How backends are spoken to. Absent keys are as in the defaults of the file, then as described.
 */
export interface EdgePolicy {
  /**
   * Active health checks. Absent: none are made.
   */
  health_check?: EdgeHealthCheck | null;
  /**
   * Requests in flight per backend.
   */
  in_flight?: EdgeInFlight | null;
  /**
   * How a backend is chosen. Absent: random by weight.
   */
  load_balancing?: EdgeLoadBalancing | null;
  /**
   * A longer response body ends with an error. Absent or 0: no limit.
   */
  max_response_body?: string | number | null;
  /**
   * Ejection of backends that fail more than others. Absent: none.
   */
  outlier_ejection?: EdgeOutlierEjection | null;
  /**
   * When results of real requests take a backend out, and bring it back where no checks are made.
   */
  passive_health?: EdgePassiveHealth | null;
  /**
   * Connections that are kept per backend and worker.
   */
  pool?: EdgePool | null;
  /**
   * What backends speak. Absent: http1.
   */
  protocol?: ServiceProtocol | null;
  /**
   * PROXY protocol version 2 in front of every connection. Absent: none.
   */
  proxy_protocol?: EdgeProxyProtocolOut | null;
  /**
   * When a request is tried again. Absent: never.
   */
  retry?: EdgeRetry | null;
  /**
   * How many tries may be repeats.
   */
  retry_budget?: EdgeRetryBudget | null;
  /**
   * Keeps a client on one backend.
   */
  session?: EdgeSession | null;
  /**
   * How long a backend may take.
   */
  timeouts?: EdgeBackendTimeouts | null;
  /**
   * TLS to backends.
   */
  tls?: EdgeBackendTls | null;
}
/**
 * Requests that an upstream takes: all given conditions hold. The longest path prefix wins.
 */
export interface EdgeRouteMatch {
  /**
   * Host, exact or `*.suffix`. Absent: any.
   */
  host?: string | null;
  /**
   * Several hosts.
   */
  hosts?: string[];
  /**
   * Names of the listeners it is for. Absent: all.
   */
  listeners?: string[] | null;
  /**
   * Method. Absent: any.
   */
  method?: string | null;
  /**
   * Several methods.
   */
  methods?: string[];
  /**
   * The whole path.
   */
  path?: string | null;
  /**
   * Path prefix in whole segments. Absent, and no `path`: every path.
   */
  path_prefix?: string | null;
}
/**
 * Whose words about a request are believed.
 */
export interface EdgeTrust {
  /**
   * When X-Forwarded-* and Forwarded are kept and added to; else they are replaced. Absent: proxies.
   */
  forwarded?: EdgeHeaderTrust | null;
  /**
   * Networks of proxies in front of the edge. Absent: none.
   */
  proxies?: string[];
  /**
   * When X-Request-Id is kept; else it is replaced. Absent: proxies.
   */
  request_id?: EdgeHeaderTrust | null;
  /**
   * When traceparent and tracestate are kept; else the trace begins here. Absent: always.
   */
  trace?: EdgeHeaderTrust | null;
  /**
   * Whether `Forwarded` is written beside X-Forwarded-*. Absent: false.
   */
  write_forwarded?: boolean | null;
}
/**
 * A group of backends with the requests they take.
 */
export interface EdgeUpstream {
  /**
   * Its backends; at least one.
   */
  backends?: EdgeBackend[];
  /**
   * Only backends with this tag are used. Absent: all.
   */
  enabled_backends_tag?: string | null;
  /**
   * Active health checks. Absent: none are made.
   */
  health_check?: EdgeHealthCheck | null;
  /**
   * Requests in flight per backend.
   */
  in_flight?: EdgeInFlight | null;
  /**
   * How a backend is chosen. Absent: random by weight.
   */
  load_balancing?: EdgeLoadBalancing | null;
  /**
   * Several kinds of requests it takes.
   */
  matches?: EdgeRouteMatch[];
  /**
   * A longer response body ends with an error. Absent or 0: no limit.
   */
  max_response_body?: string | number | null;
  /**
   * Ejection of backends that fail more than others. Absent: none.
   */
  outlier_ejection?: EdgeOutlierEjection | null;
  /**
   * When results of real requests take a backend out, and bring it back where no checks are made.
   */
  passive_health?: EdgePassiveHealth | null;
  /**
   * Connections that are kept per backend and worker.
   */
  pool?: EdgePool | null;
  /**
   * What backends speak. Absent: http1.
   */
  protocol?: ServiceProtocol | null;
  /**
   * PROXY protocol version 2 in front of every connection. Absent: none.
   */
  proxy_protocol?: EdgeProxyProtocolOut | null;
  /**
   * When a request is tried again. Absent: never.
   */
  retry?: EdgeRetry | null;
  /**
   * How many tries may be repeats.
   */
  retry_budget?: EdgeRetryBudget | null;
  /**
   * Requests it takes. Absent, and no `matches`: every request, unless there are `routes` or `routes_file`.
   */
  route?: EdgeRouteMatch | null;
  /**
   * Keeps a client on one backend.
   */
  session?: EdgeSession | null;
  /**
   * How long a backend may take.
   */
  timeouts?: EdgeBackendTimeouts | null;
  /**
   * TLS to backends.
   */
  tls?: EdgeBackendTls | null;
}
/**
 * A varnishd with the same routes.
 */
export interface EdgeVarnish {
  /**
   * Only requests of these listeners, by name.
   */
  listeners?: string[];
  /**
   * Connections that are kept.
   */
  pool?: EdgePool;
  /**
   * Time for the response head. Absent: 60s.
   */
  response_timeout?: string | number | null;
  /**
   * Absolute path of varnishd's Unix socket.
   */
  socket: string;
  /**
   * Which requests go there. Absent: always.
   */
  when?: EdgeVarnishUse | null;
}
/**
 * Configuration of `ghost-edge`, in YAML or TOML.
 */
export interface EdgeDocument {
  /**
   * Where editors find the schema of this file. Ignored by Ghost.
   */
  $schema?: string | null;
  /**
   * One line per request.
   */
  access_log?: EdgeAccessLog;
  /**
   * Management API.
   */
  admin?: EdgeAdmin;
  /**
   * Backends of all domains.
   */
  backends?: EdgeBackend[];
  /**
   * Certificates for every listener that ends TLS.
   */
  certificates?: EdgeCertificate[];
  /**
   * How long a client may take.
   */
  client_timeouts?: EdgeClientTimeouts;
  /**
   * Virtual hosts whose requests go to the backends with one tag.
   */
  domains?: EdgeDomain[];
  /**
   * Requests in flight may end this long after the signal to stop. Absent: 5s.
   */
  drain_timeout?: string | number | null;
  /**
   * Active health checks. Absent: none are made.
   */
  health_check?: EdgeHealthCheck | null;
  /**
   * Requests in flight per backend.
   */
  in_flight?: EdgeInFlight | null;
  /**
   * What a client may cost.
   */
  limits?: EdgeLimits;
  /**
   * One listener. Absent, and no `listeners`: HTTP on port 80 and, where there are certificates, HTTPS on port 443 for
   * `domains`; else one listener with all its defaults.
   */
  listen?: EdgeListen | null;
  /**
   * Several listeners.
   */
  listeners?: EdgeListen[];
  /**
   * How a backend is chosen. Absent: random by weight.
   */
  load_balancing?: EdgeLoadBalancing | null;
  /**
   * What the edge says about itself.
   */
  log?: EdgeLog;
  /**
   * A longer response body ends with an error. Absent or 0: no limit.
   */
  max_response_body?: string | number | null;
  /**
   * Prometheus metrics.
   */
  metrics?: EdgeMetrics;
  /**
   * Ejection of backends that fail more than others. Absent: none.
   */
  outlier_ejection?: EdgeOutlierEjection | null;
  /**
   * When results of real requests take a backend out, and bring it back where no checks are made.
   */
  passive_health?: EdgePassiveHealth | null;
  /**
   * How services of `routes_file` and `services` are spoken to, by key; where they live is said there.
   */
  policies?: {
    [k: string]: EdgePolicy;
  };
  /**
   * Connections that are kept per backend and worker.
   */
  pool?: EdgePool | null;
  /**
   * What backends speak. Absent: http1.
   */
  protocol?: ServiceProtocol | null;
  /**
   * PROXY protocol version 2 in front of every connection. Absent: none.
   */
  proxy_protocol?: EdgeProxyProtocolOut | null;
  /**
   * When a request is tried again. Absent: never.
   */
  retry?: EdgeRetry | null;
  /**
   * How many tries may be repeats.
   */
  retry_budget?: EdgeRetryBudget | null;
  /**
   * Routes as `ghost.json` has them; their services are upstreams, by name, or stand in `services`.
   */
  routes?: Route[];
  /**
   * A `ghost.json` with more routes and services; relative to this file.
   */
  routes_file?: string | null;
  /**
   * Services as `ghost.json` has them, by key.
   */
  services?: {
    [k: string]: Service;
  };
  /**
   * Keeps a client on one backend.
   */
  session?: EdgeSession | null;
  /**
   * Folder for the last good configuration, ticket keys and health states. Absent: nothing is kept.
   */
  state_directory?: string | null;
  /**
   * How long a backend may take.
   */
  timeouts?: EdgeBackendTimeouts | null;
  /**
   * TLS to backends.
   */
  tls?: EdgeBackendTls | null;
  /**
   * Whose words about a request are believed.
   */
  trust?: EdgeTrust;
  /**
   * Groups of backends with the requests they take, by name.
   */
  upstream?: {
    [k: string]: EdgeUpstream;
  };
  /**
   * A varnishd with the same routes that requests go through.
   */
  varnish?: EdgeVarnish | null;
  /**
   * Major version of the format. Absent: 1.
   */
  version?: number | null;
  /**
   * Threads that serve. Absent: one per core.
   */
  workers?: number | null;
}
/**
 * An authority file that was looked at.
 */
export interface AuthoritiesLook {
  /**
   * Certificates in it.
   */
  count?: number;
  /**
   * What is wrong instead.
   */
  problem?: LookProblem | null;
}
/**
 * What is wrong with a file.
 */
export interface LookProblem {
  /**
   * Whether it is the key file of a pair.
   */
  inKey?: boolean;
  /**
   * What kind of problem.
   */
  kind: LookProblemKind;
  /**
   * In words, without the file's name.
   */
  message: string;
}
/**
 * A certificate that was looked at: facts, or a problem.
 */
export interface CertificateLook {
  /**
   * File with the certificate.
   */
  certificateFile: string;
  /**
   * File with the key.
   */
  keyFile: string;
  /**
   * DNS names and addresses of the leaf's subject alternative name.
   */
  names?: string[];
  /**
   * Last second of validity, Unix time.
   */
  notAfter?: number;
  /**
   * First second of validity, Unix time.
   */
  notBefore?: number;
  /**
   * What is wrong instead.
   */
  problem?: LookProblem | null;
}
/**
 * A file that was looked at: exactly one of the two.
 */
export interface FileLook {
  /**
   * Why it cannot be read.
   */
  error?: string | null;
  /**
   * What stands in it.
   */
  text?: string | null;
}
/**
 * What lies outside a configuration, as far as the caller looked. Names are as the configuration writes them.
 */
export interface EdgeSurroundings {
  /**
   * Authority files: how many certificates each holds, or what is wrong.
   */
  authorities?: {
    [k: string]: AuthoritiesLook;
  };
  /**
   * Certificates with their keys.
   */
  certificates?: CertificateLook[];
  /**
   * Files of text.
   */
  files?: {
    [k: string]: FileLook;
  };
  /**
   * Seconds since 1970; absent: nothing is said about expiry.
   */
  now?: number | null;
  /**
   * Environment variables; null: not set.
   */
  variables?: {
    [k: string]: string | null;
  };
}
/**
 * Something outside that was asked for and not given.
 */
export interface EdgeWanted {
  /**
   * The key file of a certificate.
   */
  keyFile: string | null;
  /**
   * `variable`, `file`, `certificate` or `authorities`.
   */
  kind: string;
  /**
   * Name of the variable or file.
   */
  name: string;
}
/**
 * What was found in an edge's configuration.
 */
export interface EdgeReport {
  /**
   * Every finding, sorted by file and place.
   */
  diagnostics: Diagnostic[];
  /**
   * How many listeners there are.
   */
  listeners: number;
  /**
   * How many routes serve.
   */
  routes: number;
  /**
   * Whether `ghost-edge` would start with it, as far as was looked.
   */
  usable: boolean;
  /**
   * What was asked for and not given: look, and ask again.
   */
  wanted: EdgeWanted[];
}
