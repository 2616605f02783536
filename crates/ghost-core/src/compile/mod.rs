//! Checked -> compiled: an immutable table in which the order of candidates already is the order of precedence.
//!
//! Nothing here judges values again, and nothing is computed twice: ranks are compared once, when a host's
//! candidates are sorted. A table shares everything that did not change with the table it was made from.

mod host;
mod hosts;
mod listeners;
mod paths;
mod patterns;
mod rank;

use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::FixedState;

pub(crate) use host::{Candidate, HostRoutes};
pub(crate) use hosts::{HostKey, Hosts, Kind};
pub(crate) use listeners::{ListenerId, Listeners, Scope};
pub(crate) use paths::{Stage, is_prefix};
pub use rank::Rank;

use crate::model::{Route, Routes};

/// Who wants what, ready to be asked. Cheap to share, never changed.
#[derive(Debug, Clone)]
pub struct RouteTable {
    generation: Option<u64>,
    pub(crate) listeners: Arc<Listeners>,
    pub(crate) hosts: Hosts,
    route_count: usize,
}

/// A route that came, went or changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The route as the table has it.
    pub before: Option<Arc<Route>>,
    /// The route as it shall be.
    pub after: Option<Arc<Route>>,
}

/// What changes under one host.
#[derive(Default)]
struct Touched {
    gone: Vec<Arc<Route>>,
    come: Vec<Arc<Route>>,
}

impl RouteTable {
    /// Compiles all routes.
    pub fn build(routes: &Routes) -> Self {
        Self::build_with_seed(routes, 0)
    }

    /// Compiles all routes into hash tables with this seed. Decisions do not depend on it; a body that serves routes of
    /// strangers draws it at random, so that nobody can choose names that collide.
    pub fn build_with_seed(routes: &Routes, seed: u64) -> Self {
        let listeners = Listeners::new(
            &routes.listeners,
            routes.routes.iter().filter_map(|route| route.listeners.as_deref()),
        );
        let mut by_host: HashMap<HostKey, Vec<Arc<Route>>, _> =
            HashMap::with_hasher(FixedState::with_seed(seed));
        for route in &routes.routes {
            for key in host_keys(route, &listeners) {
                by_host.entry(key).or_default().push(Arc::clone(route));
            }
        }
        let hosts = Hosts::build(
            by_host
                .into_iter()
                .map(|(key, routes)| HostRoutes::build(key, &routes, &listeners, seed))
                .collect(),
            seed,
        );
        Self {
            generation: routes.generation,
            listeners: Arc::new(listeners),
            hosts,
            route_count: routes.routes.len(),
        }
    }

    /// The table after some routes changed; everything else is shared. Same answers as a table built anew.
    pub fn apply(&self, generation: Option<u64>, changes: &[Change]) -> Self {
        let sets = changes.iter().filter_map(|change| change.after.as_ref()?.listeners.as_deref());
        let listeners = self.listeners.with_sets(sets);
        let mut touched: HashMap<HostKey, Touched> = HashMap::new();
        for change in changes {
            if let Some(route) = &change.before {
                for key in host_keys(route, &listeners) {
                    touched.entry(key).or_default().gone.push(Arc::clone(route));
                }
            }
            if let Some(route) = &change.after {
                for key in host_keys(route, &listeners) {
                    touched.entry(key).or_default().come.push(Arc::clone(route));
                }
            }
        }
        let mut hosts = self.hosts.clone();
        for (key, Touched { gone, come }) in touched {
            let mut routes = hosts.get(&key).map(|host| host.routes()).unwrap_or_default();
            // By identity, not by address: a document that was read again has the same routes in other places.
            routes.retain(|route| !gone.iter().any(|old| old.id == route.id));
            routes.extend(come);
            let rebuilt = (!routes.is_empty())
                .then(|| HostRoutes::build(key.clone(), &routes, &listeners, self.hosts.seed()));
            hosts.replace(&key, rebuilt);
        }
        let come = changes.iter().filter(|change| change.after.is_some()).count();
        let gone = changes.iter().filter(|change| change.before.is_some()).count();
        Self { generation, listeners, hosts, route_count: (self.route_count + come).saturating_sub(gone) }
    }

    /// The document's generation, where its writer set one.
    pub fn generation(&self) -> Option<u64> {
        self.generation
    }

    /// How many routes serve.
    pub fn route_count(&self) -> usize {
        self.route_count
    }

    /// The listeners in the order written; empty means one implicit listener.
    pub fn listeners(&self) -> &[crate::model::Listener] {
        self.listeners.all()
    }
}

impl Routes {
    /// What to [`RouteTable::apply`] to get from the table of `before` to the table of `self`, or `None` when the
    /// listeners differ and the table must be built anew.
    pub fn changes_since(&self, before: &Routes) -> Option<Vec<Change>> {
        if self.listeners != before.listeners {
            return None;
        }
        let mut old: HashMap<&str, &Arc<Route>> =
            before.routes.iter().map(|route| (&*route.id, route)).collect();
        let mut changes = Vec::new();
        for route in &self.routes {
            let was = old.remove(&*route.id);
            if was.is_none_or(|was| was != route) {
                changes.push(Change { before: was.cloned(), after: Some(Arc::clone(route)) });
            }
        }
        changes
            .extend(old.into_values().map(|route| Change { before: Some(Arc::clone(route)), after: None }));
        Some(changes)
    }
}

/// Where a route is kept: under each of its hosts, once more for each listener host name that is narrower.
fn host_keys(route: &Route, listeners: &Listeners) -> Vec<HostKey> {
    let mut keys: Vec<HostKey> = Vec::with_capacity(route.hostnames.len());
    for pattern in &route.hostnames {
        for scope in listeners.scopes(route.listeners.as_deref(), pattern) {
            let key = HostKey { pattern: pattern.clone(), scope };
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
    }
    keys
}
