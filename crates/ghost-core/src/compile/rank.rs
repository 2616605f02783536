//! Gateway API precedence (HTTPRouteRule.matches, GRPCRouteRule.matches) as one ordered tuple; the smaller wins.

use std::cmp::{Ordering, Reverse};

use crate::model::{GrpcMethod, HostPattern, HostSpecificity, Match, PathMatch, Route, Timestamp};

/// Where a match stands among all that take the same request. Derived `Ord`: field after field, no scores.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rank<'r> {
    host: HostSpecificity,
    path: PathRank,
    method: Reverse<bool>,
    /// Bytes of service and method that the path rank does not already order.
    grpc_method: Reverse<(Written, Written)>,
    headers: Reverse<usize>,
    query: Reverse<usize>,
    created_at: Age,
    name: &'r str,
    kind: &'r str,
    rule: u16,
    match_index: u16,
}

/// Exact, then the longer pattern, then the longer prefix.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum PathRank {
    Exact,
    Regex(Reverse<usize>),
    Prefix(Reverse<usize>),
}

/// Older first, unknown last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Age(Option<Timestamp>);

impl Ord for Age {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.0.is_none(), self.0).cmp(&(other.0.is_none(), other.0))
    }
}

impl PartialOrd for Age {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<'r> Rank<'r> {
    /// The rank of one match of one rule, on one of its route's hosts.
    pub fn new(host: &HostPattern, route: &'r Route, rule: u16, match_index: u16, one: &'r Match) -> Self {
        let path = match &one.path {
            PathMatch::Exact(_) => PathRank::Exact,
            PathMatch::Regex(pattern) => PathRank::Regex(Reverse(pattern.text().len())),
            PathMatch::Prefix(prefix) => PathRank::Prefix(Reverse(prefix.len())),
        };
        let kind = route.id.split('/').next().unwrap_or_default();
        Rank {
            host: host.specificity(),
            path,
            method: Reverse(one.method.is_some()),
            grpc_method: Reverse(grpc_rank(one.grpc_method.as_ref())),
            headers: Reverse(one.headers.len()),
            query: Reverse(one.query.len()),
            created_at: Age(route.created_at),
            name: route.name(),
            kind,
            rule,
            match_index,
        }
    }
}

/// How a gRPC name is given, and its bytes: written out (2) before a pattern (1) before not at all (0).
type Written = (u8, usize);

/// Service, then method (Gateway API GRPCRouteRule.matches). A service that is written out is in the path already.
fn grpc_rank(condition: Option<&GrpcMethod>) -> (Written, Written) {
    let pattern = |length: usize| (u8::from(length > 0), length);
    match condition {
        None => ((0, 0), (0, 0)),
        Some(GrpcMethod::Method(method)) => ((0, 0), (2, method.len())),
        Some(GrpcMethod::Pattern { lengths: (service, method), .. }) => (pattern(*service), pattern(*method)),
    }
}
