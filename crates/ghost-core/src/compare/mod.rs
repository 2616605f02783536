//! What two tables answer differently, told by classes of requests rather than by lines of text.
//!
//! Whatever a table can tell apart are its boundaries: ports and schemes of listeners, hosts, exact paths and
//! prefixes, and behind each path the methods, headers and query parameters of the candidates. All conditions are
//! positive: a request that carries only what two matches ask for meets no condition that some other request of both need
//! not meet. So one request for each pair of candidates that may win stands for its whole class, and asking both tables
//! for it is exact.
//!
//! **Sampled**, not exact: what regular expressions take (each stands with a few values made from its syntax), CORS (an
//! allowed and a foreign origin), conditions on the Host header, rules with more than 16 services, and lists with more than
//! [`MAX_PAIRS`] pairs of candidates. Classes found that way say so. The asterisk-form target and requests without a
//! host are not asked about; addresses of endpoints are no part of a comparison, but whether a service has any is.

mod alike;
mod class;
mod condition;
mod entrance;
mod host;
mod path;
mod witness;

use std::collections::HashSet;

pub use class::{ClassDocument, ComparisonDocument};

use crate::RouteTable;
use crate::model::Routes;
use crate::select::EndpointTable;

use alike::Memory;
use class::Asked;
use entrance::Entry;
use path::PathClass;

/// Classes that are listed; the others are counted.
const MAX_LISTED: usize = 10_000;
/// Pairs of candidates that are asked about behind one path.
pub const MAX_PAIRS: usize = 4096;
/// Requests that are asked at most.
const MAX_ASKED: usize = 1_000_000;

/// One of the two configurations.
#[derive(Debug, Clone, Copy)]
pub struct Side<'s> {
    /// The checked routes.
    pub routes: &'s Routes,
    /// The table built from them.
    pub table: &'s RouteTable,
    /// Their endpoints.
    pub endpoints: &'s EndpointTable,
}

/// Both sides.
#[derive(Clone, Copy)]
pub(crate) struct Sides<'s> {
    pub(crate) before: Side<'s>,
    pub(crate) after: Side<'s>,
}

/// A class on its way to being asked about: everything but method, headers and query.
pub(crate) struct Place<'p> {
    pub(crate) entry: Entry,
    pub(crate) host: &'p host::HostClass,
    pub(crate) path: &'p PathClass,
}

/// Every class of requests that the two sides answer differently.
pub fn compare(before: Side<'_>, after: Side<'_>) -> ComparisonDocument {
    let sides = Sides { before, after };
    let mut comparison = Comparison {
        sides,
        memory: Memory::new(sides),
        result: ComparisonDocument { complete: true, ..ComparisonDocument::default() },
    };
    let hosts = host::classes(sides);
    for entry in entrance::entries(sides) {
        for host in &hosts {
            comparison.host(entry, host);
        }
    }
    comparison.result
}

struct Comparison<'s> {
    sides: Sides<'s>,
    memory: Memory<'s>,
    result: ComparisonDocument,
}

impl<'s> Comparison<'s> {
    /// Skips a host whose routes are the same on both sides, which in an edit are nearly all.
    fn host(&mut self, entry: Entry, host: &host::HostClass) {
        let Some(both) = host::routes(self.sides, entry, host) else {
            return;
        };
        if self.memory.are_alike(&both) {
            return;
        }
        for path in path::classes(&both) {
            self.path(&both, &Place { entry, host, path: &path });
        }
    }

    fn path(&mut self, both: &host::Both<'s>, place: &Place<'_>) {
        let before = path::candidates(&both.before, &place.path.value);
        let after = path::candidates(&both.after, &place.path.value);
        if self.memory.candidates_are_alike(&before, &after, both) {
            return;
        }
        let mut seen = HashSet::new();
        for asked in condition::witnesses(place, &before, &after) {
            if self.result.asked >= MAX_ASKED {
                self.result.complete = false;
                return;
            }
            if seen.insert(asked.wanted.clone()) {
                self.ask(&asked);
            }
        }
    }

    fn ask(&mut self, asked: &Asked<'_>) {
        self.result.asked += 1;
        let Some(class) = class::ask(self.sides, asked) else {
            return;
        };
        if self.result.classes.len() < MAX_LISTED {
            self.result.classes.push(class);
        } else {
            self.result.unlisted += 1;
        }
    }
}
