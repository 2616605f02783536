//! What requests read: the compiled documents, joined with the engine's directors and backends.
//!
//! An endpoint change publishes a new [`EndpointsState`] inside the current [`RoutesState`]; a route change publishes
//! both as one, so that no request sees new routes with old endpoints. A fetch keeps to the endpoints of the routes it
//! was decided by.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use ghost_core::model::{Address, Filters, PathRewrite, Protocol, Route, Rule};
use ghost_core::request::Scheme;
use ghost_core::{EndpointTable, RouteTable};

use crate::backend::Backend;
use crate::documents::Documents;
use crate::ffi::Director;
use crate::publish::Published;

type FixedMap<K, V> = HashMap<K, V, foldhash::fast::FixedState>;

/// Who wants what, in this VCL.
pub(crate) struct RoutesState {
    pub(crate) table: Arc<RouteTable>,
    pub(crate) listeners: ListenerNames,
    pub(crate) directors: RuleDirectors,
    pub(crate) endpoints: Arc<Published<EndpointsState>>,
}

/// Where it lives, in this VCL.
pub(crate) struct EndpointsState {
    pub(crate) table: Arc<EndpointTable>,
    pub(crate) backends: FixedMap<Address, Arc<Backend>>,
}

impl RoutesState {
    pub(crate) fn new(documents: &Documents, endpoints: EndpointsState) -> Self {
        Self {
            table: Arc::clone(&documents.table),
            listeners: ListenerNames::new(&documents.table),
            directors: RuleDirectors::new(&documents.checked.routes),
            endpoints: Arc::new(Published::new(endpoints)),
        }
    }
}

/// The listeners by the name that the engine's socket has.
pub(crate) struct ListenerNames(FixedMap<Box<[u8]>, Scheme>);

impl ListenerNames {
    fn new(table: &RouteTable) -> Self {
        let scheme = |protocol| if protocol == Protocol::Https { Scheme::Https } else { Scheme::Http };
        let entry = |listener: &ghost_core::model::Listener| {
            (listener.name.as_bytes().into(), scheme(listener.protocol))
        };
        Self(table.listeners().iter().map(entry).collect())
    }

    /// The scheme that clients of this socket use; `None` where no listener has that name.
    pub(crate) fn scheme(&self, socket: &[u8]) -> Option<Scheme> {
        self.0.get(socket).copied()
    }
}

/// The directors of the rules, each made when it is first needed: what gets no requests costs nothing.
pub(crate) struct RuleDirectors {
    /// First place of each rule, by the address of its route.
    places: FixedMap<usize, Box<[u32]>>,
    directors: Box<[OnceLock<Director>]>,
}

impl RuleDirectors {
    fn new(routes: &[Arc<Route>]) -> Self {
        let mut next = 0_u32;
        let mut place = |rule: &Rule| {
            let first = next;
            next = next.saturating_add(if needs_prefix(rule) {
                u32::try_from(rule.matches.len()).unwrap_or(u32::MAX)
            } else {
                1
            });
            first
        };
        let places = routes
            .iter()
            .map(|route| (address(route), route.rules.iter().map(&mut place).collect()))
            .collect();
        Self { places, directors: (0..next).map(|_| OnceLock::new()).collect() }
    }

    /// The place for the director of a match. Matches of a rule share one, unless the director must know which prefix
    /// to replace.
    pub(crate) fn place(
        &self,
        route: &Arc<Route>,
        rule: u16,
        match_index: u16,
    ) -> Option<&OnceLock<Director>> {
        let first = *self.places.get(&address(route))?.get(usize::from(rule))?;
        let offset =
            if needs_prefix(route.rules.get(usize::from(rule))?) { usize::from(match_index) } else { 0 };
        self.directors.get(first as usize + offset)
    }
}

fn address(route: &Arc<Route>) -> usize {
    Arc::as_ptr(route) as usize
}

/// Whether a filter of the rule or of one of its backends replaces the matched prefix.
fn needs_prefix(rule: &Rule) -> bool {
    let replaces = |filters: &Filters| {
        let path = filters.rewrite.as_ref().and_then(|rewrite| rewrite.path.as_ref());
        matches!(path, Some(PathRewrite::Prefix(_)))
    };
    let of_backends = match &rule.action {
        ghost_core::model::Action::Forward(backends) => &*backends.backends,
        _ => &[],
    };
    rule.filters.as_deref().is_some_and(replaces)
        || of_backends.iter().any(|backend| backend.filters.as_deref().is_some_and(replaces))
}
