//! Routes, rules, matches and backends.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Cache, Filter, Retry, SessionPersistence, Timeouts};
use crate::config::text::Text;

/// One HTTPRoute or GRPCRoute.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Route<'a> {
    /// `namespace/name` or any unique text.
    #[serde(borrow)]
    pub name: Text<'a>,
    /// Kind of the object this came from; decides the form of `matches[].method`.
    #[serde(default)]
    pub kind: RouteKind,
    /// RFC 3339 time. The older of two equal routes wins; a route without one comes last.
    pub created_at: Option<Text<'a>>,
    /// Where the route was written, `file:line:column`. Absent: its place in this document.
    pub source: Option<Text<'a>>,
    /// Names of the listeners it is attached to. Absent: all of them.
    pub listeners: Option<Vec<Text<'a>>>,
    /// Hosts: exact or `*.suffix`. Absent or empty: any.
    #[serde(default)]
    pub hostnames: Vec<Text<'a>>,
    /// What to do with which requests.
    #[serde(default)]
    pub rules: Vec<Rule<'a>>,
}

/// Kind of a route.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
pub enum RouteKind {
    /// Gateway API `HTTPRoute`.
    #[default]
    #[serde(rename = "HTTPRoute")]
    Http,
    /// Gateway API `GRPCRoute`.
    #[serde(rename = "GRPCRoute")]
    Grpc,
}

/// Gateway API `HTTPRouteRule`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Rule<'a> {
    /// Name of the rule, unique in its route. Absent: its index.
    #[serde(borrow)]
    pub name: Option<Text<'a>>,
    /// Where the rule was written, `file:line:column`.
    pub source: Option<Text<'a>>,
    /// Requests it takes: any of these. Absent or empty: every path.
    #[serde(default)]
    pub matches: Vec<Match<'a>>,
    /// What is done to request and response.
    #[serde(default)]
    pub filters: Vec<Filter<'a>>,
    /// Services that share the requests by weight.
    #[serde(default)]
    pub backends: Vec<Backend<'a>>,
    /// Gateway API `timeouts`.
    pub timeouts: Option<Timeouts<'a>>,
    /// Gateway API `retry`.
    pub retry: Option<Retry<'a>>,
    /// Gateway API `sessionPersistence`.
    pub session_persistence: Option<SessionPersistence<'a>>,
    /// How responses of this rule may be stored by a cache. Carried to the body; the core does not judge it.
    pub cache: Option<Cache<'a>>,
}

/// Gateway API `HTTPRouteMatch` or `GRPCRouteMatch`: all given conditions hold.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Match<'a> {
    /// Path condition of an HTTPRoute. Absent: PathPrefix `/`.
    #[serde(borrow)]
    pub path: Option<PathMatch<'a>>,
    /// HTTPRoute: a method name. GRPCRoute: service and method.
    pub method: Option<MethodMatch<'a>>,
    /// Header conditions.
    #[serde(default)]
    pub headers: Vec<NamedMatch<'a>>,
    /// Query parameter conditions of an HTTPRoute.
    #[serde(default)]
    pub query_params: Vec<NamedMatch<'a>>,
}

/// Gateway API `HTTPPathMatch`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PathMatch<'a> {
    /// How `value` is compared.
    #[serde(default, rename = "type")]
    pub kind: PathMatchKind,
    /// The path or pattern. Absent: `/`.
    #[serde(borrow)]
    pub value: Option<Text<'a>>,
}

/// Gateway API `PathMatchType`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum PathMatchKind {
    /// The whole path, byte for byte.
    Exact,
    /// Whole segments; a trailing slash is ignored.
    #[default]
    PathPrefix,
    /// A linear-time regular expression over the whole path.
    RegularExpression,
}

/// The `method` of a match: text in an HTTPRoute, an object in a GRPCRoute.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum MethodMatch<'a> {
    /// HTTP method, case-sensitive (RFC 9110 section 9.1).
    Http(#[serde(borrow)] Text<'a>),
    /// gRPC service and method.
    Grpc(GrpcMethodMatch<'a>),
}

/// Gateway API `GRPCMethodMatch`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GrpcMethodMatch<'a> {
    /// How both values are compared.
    #[serde(default, rename = "type")]
    pub kind: ValueMatchKind,
    /// Full service name, `package.Service`.
    #[serde(borrow)]
    pub service: Option<Text<'a>>,
    /// Method name.
    pub method: Option<Text<'a>>,
}

/// Gateway API `HTTPHeaderMatch` and `HTTPQueryParamMatch`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NamedMatch<'a> {
    /// How `value` is compared.
    #[serde(default, rename = "type")]
    pub kind: ValueMatchKind,
    /// Name of the header (any case) or query parameter (case-sensitive).
    #[serde(borrow)]
    pub name: Text<'a>,
    /// Value or pattern.
    pub value: Text<'a>,
}

/// Gateway API `HeaderMatchType`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum ValueMatchKind {
    /// Byte for byte.
    #[default]
    Exact,
    /// A linear-time regular expression over the whole value.
    RegularExpression,
}

/// A service's share of a rule.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Backend<'a> {
    /// Key into `services`.
    #[serde(borrow)]
    pub service: Text<'a>,
    /// Share among the rule's backends. Absent: 1. 0: none.
    pub weight: Option<u32>,
    /// Filters for this share alone.
    #[serde(default)]
    pub filters: Vec<Filter<'a>>,
    /// Why the reference cannot be followed; its share of requests is answered 500.
    pub invalid: Option<InvalidReference>,
}

/// Gateway API reasons of `ResolvedRefs: False`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum InvalidReference {
    /// The service does not exist.
    BackendNotFound,
    /// Not a kind Ghost routes to.
    InvalidKind,
    /// No ReferenceGrant allows it.
    RefNotPermitted,
    /// The service's protocol is not supported.
    UnsupportedProtocol,
}
