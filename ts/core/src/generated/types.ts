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
  state?: EndpointState;
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
   * How an endpoint is chosen. Absent: random by weight.
   */
  loadBalancing?: LoadBalancing | null;
  /**
   * What the endpoints speak.
   */
  protocol?: ServiceProtocol;
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
