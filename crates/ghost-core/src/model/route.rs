//! Routes, rules and matches.

use std::fmt;
use std::sync::Arc;

use super::{
    Endpoints, Filters, HostPattern, InvalidReference, Listener, Pattern, Policy, Redirect, RouteKind,
    Service, Timestamp,
};

/// A checked routing document.
#[derive(Debug, Clone, Default)]
pub struct Routes {
    /// The file's generation, where its writer set one.
    pub generation: Option<u64>,
    /// Listeners in the order written; empty means one implicit listener.
    pub listeners: Vec<Listener>,
    /// Routes in the order written, broken ones left out.
    pub routes: Vec<Arc<Route>>,
    /// Settings and inline endpoints of the services, by key.
    pub services: Vec<(Box<str>, Service)>,
    /// Inline endpoints, by service key.
    pub endpoints: Endpoints,
    /// The file that holds the endpoints instead, relative to this one.
    pub endpoints_file: Option<Box<str>>,
    /// Routes and rules that do not serve, and why.
    pub quarantined: Vec<Quarantined>,
}

/// A route, rule or match that is left out or answers 500.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Quarantined {
    /// Identity of the route, or its place in the document when it has none.
    pub route: String,
    /// Code of the diagnostic.
    pub code: &'static str,
    /// Its message.
    pub message: String,
}

/// A checked route. Two routes are equal when they mean the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// Kind, slash, name: `HTTPRoute/default/shop`.
    pub id: Box<str>,
    /// Kind of the object it came from.
    pub kind: RouteKind,
    /// When the object was made; decides ties.
    pub created_at: Option<Timestamp>,
    /// `file:line:column` of the object.
    pub source: Box<str>,
    /// Names of the listeners it is attached to; `None` is all.
    pub listeners: Option<Box<[Box<str>]>>,
    /// Hosts; never empty, [`HostPattern::Any`] where none was written.
    pub hostnames: Box<[HostPattern]>,
    /// Rules in the order written.
    pub rules: Box<[Rule]>,
}

impl Route {
    /// `namespace/name`, without the kind.
    pub fn name(&self) -> &str {
        self.id.split_once('/').map_or(&*self.id, |(_, name)| name)
    }
}

/// A checked rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// As written, or the index as text.
    pub name: Box<str>,
    /// `file:line:column`, where it differs from the route's.
    pub source: Option<Box<str>>,
    /// Any of these; a rule whose matches were all refused has none and takes nothing.
    pub matches: Box<[Match]>,
    /// What happens to a request it takes.
    pub action: Action,
    /// What is done to request and response; absent when nothing is.
    pub filters: Option<Box<Filters>>,
    /// Timeouts and such; absent when nothing was written.
    pub policy: Option<Box<Policy>>,
}

/// What a rule does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Send it to one of the services.
    Forward(WeightedBackends),
    /// Answer with a redirect.
    Redirect(Box<Redirect>),
    /// The rule cannot be followed as written: answer 500 (Gateway API HTTPRouteRule.filters).
    Quarantined,
}

/// Services that share the requests of a rule.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WeightedBackends {
    /// In the order written, weight 0 included.
    pub backends: Box<[Backend]>,
    /// Picks one by its weight.
    pub(crate) weights: crate::select::Weighted,
}

/// A service's share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backend {
    /// Service key.
    pub service: Box<str>,
    /// Share, 0 to 1,000,000.
    pub weight: u32,
    /// Filters for this share alone.
    pub filters: Option<Box<Filters>>,
    /// Why its share is answered 500 instead.
    pub invalid: Option<InvalidBackend>,
}

/// Why a share of requests is answered 500.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvalidBackend {
    /// As the document says.
    Reference(InvalidReference),
    /// The document has no such service.
    UnknownService,
    /// Its filters cannot be followed.
    Filters,
}

/// A checked match: all conditions hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// Its place among the rule's matches as written; refused ones count.
    pub index: u16,
    /// Path condition.
    pub path: PathMatch,
    /// Method condition.
    pub method: Option<Box<str>>,
    /// gRPC method condition that the path condition does not already express.
    pub grpc_method: Option<GrpcMethod>,
    /// Header conditions, names lower-case, each name once.
    pub headers: Box<[HeaderMatch]>,
    /// Query conditions, each name once.
    pub query: Box<[QueryMatch]>,
}

/// Path condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PathMatch {
    /// The whole canonical path.
    Exact(Box<str>),
    /// Whole segments; kept without trailing slash, so `/` is empty.
    Prefix(Box<str>),
    /// The whole canonical path, by pattern.
    Regex(Pattern),
}

impl fmt::Display for PathMatch {
    /// In the words of decisions and logs: `path prefix /cart`.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PathMatch::Exact(text) => write!(out, "path exact {text}"),
            PathMatch::Prefix(text) if text.is_empty() => out.write_str("path prefix /"),
            PathMatch::Prefix(text) => write!(out, "path prefix {text}"),
            PathMatch::Regex(pattern) => write!(out, "path regex {}", pattern.text()),
        }
    }
}

/// A gRPC condition on the path `/service/method`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GrpcMethod {
    /// This method of any service.
    Method(Box<str>),
    /// The whole path, by pattern; services written out come before it.
    Pattern {
        /// Service and method in one.
        pattern: Pattern,
        /// Bytes of the service's pattern and of the method's, for the order of precedence.
        lengths: (usize, usize),
    },
}

/// A header condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderMatch {
    /// Lower-case name.
    pub name: Box<str>,
    /// What all lines of that name, joined by commas, must be.
    pub value: TextMatch,
}

/// A query condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryMatch {
    /// Decoded name, case-sensitive.
    pub name: Box<str>,
    /// What the first value of that name, decoded, must be.
    pub value: TextMatch,
}

/// How a value is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TextMatch {
    /// Byte for byte.
    Exact(Box<str>),
    /// By pattern, as a whole.
    Regex(Pattern),
}
