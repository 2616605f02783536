//! Host names of listeners and routes, and their order.

use std::cmp::Reverse;
use std::fmt;

/// What a host is compared with. Names are lower-case ASCII without port or trailing dot.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HostPattern {
    /// One name or address.
    Exact(Box<str>),
    /// `*.suffix`: any number of labels before `.suffix` (Gateway API `Hostname`); the suffix is kept without `*.`.
    Wildcard(Box<str>),
    /// Every host.
    Any,
}

/// Order among patterns that all take one host; the smaller wins. Gateway API HTTPRouteSpec.hostnames:
/// most characters in a non-wildcard host, then most characters in a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct HostSpecificity(Reverse<usize>, Reverse<usize>);

impl HostPattern {
    /// The pattern for a checked name; `None` is any host.
    pub fn new(name: Option<&str>) -> Self {
        match name {
            None => HostPattern::Any,
            Some(name) => match name.strip_prefix("*.") {
                Some(suffix) => HostPattern::Wildcard(suffix.into()),
                None => HostPattern::Exact(name.into()),
            },
        }
    }

    /// Whether a canonical host is taken.
    pub fn takes(&self, host: &[u8]) -> bool {
        match self {
            HostPattern::Exact(name) => name.as_bytes() == host,
            HostPattern::Wildcard(suffix) => host
                .strip_suffix(suffix.as_bytes())
                .is_some_and(|rest| rest.len() > 1 && rest.ends_with(b".")),
            HostPattern::Any => true,
        }
    }

    /// Place in the order of precedence.
    pub fn specificity(&self) -> HostSpecificity {
        match self {
            HostPattern::Exact(name) => HostSpecificity(Reverse(name.len()), Reverse(name.len())),
            HostPattern::Wildcard(suffix) => HostSpecificity(Reverse(0), Reverse(suffix.len() + 2)),
            HostPattern::Any => HostSpecificity(Reverse(0), Reverse(0)),
        }
    }

    /// Whether every host that `other` takes is taken by this one too.
    pub fn covers(&self, other: &HostPattern) -> bool {
        match (self, other) {
            (HostPattern::Any, _) => true,
            (_, HostPattern::Any) => false,
            (_, HostPattern::Exact(name)) => self.takes(name.as_bytes()),
            (HostPattern::Exact(_), HostPattern::Wildcard(_)) => false,
            (HostPattern::Wildcard(_), HostPattern::Wildcard(suffix)) => {
                self == other || self.takes(suffix.as_bytes())
            }
        }
    }
}

impl fmt::Display for HostPattern {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            HostPattern::Exact(name) => out.write_str(name),
            HostPattern::Wildcard(suffix) => write!(out, "*.{suffix}"),
            HostPattern::Any => out.write_str("*"),
        }
    }
}
