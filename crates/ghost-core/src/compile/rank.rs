//! Gateway API precedence (HTTPRouteRule.matches, GRPCRouteRule.matches) as one ordered tuple; the smaller wins.

use std::cmp::{Ordering, Reverse};

use crate::model::{GrpcMethod, HostPattern, HostSpecificity, Match, PathMatch, Route, Timestamp};

/// Where a match stands among all that take the same request. Derived `Ord`: field after field, no scores.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rank<'r> {
    host: HostSpecificity,
    path: PathRank<'r>,
    method: Reverse<bool>,
    /// Bytes of service and method that the path rank does not already order.
    grpc_method: Reverse<(usize, usize)>,
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
enum PathRank<'r> {
    Exact,
    Regex(Reverse<usize>, &'r str),
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
            PathMatch::Regex(pattern) => PathRank::Regex(Reverse(pattern.text().len()), pattern.text()),
            PathMatch::Prefix(prefix) => PathRank::Prefix(Reverse(prefix.len())),
        };
        let kind = route.id.split('/').next().unwrap_or_default();
        Rank {
            host: host.specificity(),
            path,
            method: Reverse(one.method.is_some()),
            grpc_method: Reverse(match &one.grpc_method {
                None => (0, 0),
                Some(GrpcMethod::Pattern { lengths, .. }) => *lengths,
                Some(GrpcMethod::Method(method)) => (0, method.len()),
            }),
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
