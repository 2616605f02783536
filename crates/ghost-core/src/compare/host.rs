//! Hosts that either side can tell apart, and the routes each side has for one of them.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use super::entrance::Entry;
use super::{Side, Sides};
use crate::compile::{HostRoutes, ListenerId};
use crate::decide;
use crate::model::HostPattern;
use crate::request::{Entrance, HeaderPairs, Request};

/// Hosts that stand for each other.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct HostClass {
    /// The most specific pattern that takes them.
    pub(crate) pattern: HostPattern,
    /// One of them.
    pub(crate) host: String,
}

/// The routes of one host, most specific pattern first, and the listener they are reached by.
pub(crate) struct Reached<'s> {
    pub(crate) side: Side<'s>,
    pub(crate) listener: Option<ListenerId>,
    pub(crate) routes: Vec<&'s HostRoutes>,
}

/// What both sides have for one host.
pub(crate) struct Both<'s> {
    pub(crate) before: Reached<'s>,
    pub(crate) after: Reached<'s>,
}

/// A label that no host of a configuration begins with.
const FRESH: &str = "ghost-any";

/// Every class of hosts: names, names under a wildcard that nothing else takes, all others.
pub(crate) fn classes(sides: Sides<'_>) -> Vec<HostClass> {
    let mut patterns: BTreeSet<HostPattern> = BTreeSet::from([HostPattern::Any]);
    for side in [sides.before, sides.after] {
        patterns.extend(side.table.hosts.iter().map(|host| host.key.pattern.clone()));
        patterns.extend(side.table.listeners().iter().map(|listener| listener.hostname.clone()));
    }
    let is_taken = |host: &str| {
        patterns.contains(&HostPattern::Exact(host.into()))
            || patterns.contains(&HostPattern::Wildcard(host.into()))
    };
    let fresh = |end: &str| {
        let name = |number: usize| {
            if number == 0 { format!("{FRESH}{end}") } else { format!("{FRESH}-{number}{end}") }
        };
        (0..).map(name).find(|host| !is_taken(host)).unwrap_or_default()
    };
    patterns
        .iter()
        .map(|pattern| HostClass { pattern: pattern.clone(), host: host_of(pattern, &fresh) })
        .collect()
}

/// A name alone, without a dot, is under no wildcard.
fn host_of(pattern: &HostPattern, fresh: &impl Fn(&str) -> String) -> String {
    match pattern {
        HostPattern::Exact(name) => name.to_string(),
        HostPattern::Wildcard(suffix) => fresh(&format!(".{suffix}")),
        HostPattern::Any => fresh(""),
    }
}

/// The routes that both sides have for a host; `None` where no listener of either side takes it.
pub(crate) fn routes<'s>(sides: Sides<'s>, entry: Entry, host: &HostClass) -> Option<Both<'s>> {
    let (before, after) = (reach(sides.before, entry, host), reach(sides.after, entry, host));
    let nothing = |side| Reached { side, listener: None, routes: Vec::new() };
    if before.is_none() && after.is_none() {
        return None;
    }
    Some(Both {
        before: before.unwrap_or_else(|| nothing(sides.before)),
        after: after.unwrap_or_else(|| nothing(sides.after)),
    })
}

fn reach<'s>(side: Side<'s>, entry: Entry, host: &HostClass) -> Option<Reached<'s>> {
    let request = Request {
        entrance: Entrance::Port(entry.port),
        scheme: entry.scheme,
        method: b"GET",
        host: host.host.as_bytes(),
        path: b"/",
        query: None,
        headers: &HeaderPairs::default(),
    };
    let listener = decide::listener::choose(side.table, &request).ok()?;
    let mut routes = Vec::new();
    let _all: ControlFlow<()> =
        decide::host::walk(side.table, host.host.as_bytes(), listener, &mut |host: &'s HostRoutes| {
            routes.push(host);
            ControlFlow::Continue(())
        });
    Some(Reached { side, listener, routes })
}
