//! What requests read: the compiled documents, joined with the engine's directors and backends.
//!
//! An endpoint change publishes a new [`EndpointsState`] inside the current [`RoutesState`]; a route change publishes
//! both as one, so that no request sees new routes with old endpoints. A fetch keeps to the endpoints of the routes it
//! was decided by.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use ghost_core::model::{Address, Protocol, Route, Rule};
use ghost_core::request::Scheme;
use ghost_core::select::ServiceEndpoints;
use ghost_core::{EndpointTable, RouteTable};

use crate::backend::Backend;
use crate::documents::Documents;
use crate::ffi::Director;
use crate::limits;
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
    /// Backends of services that are reached in a way of their own.
    pub(crate) of_services: FixedMap<Box<str>, OfService>,
}

/// Backends of one service.
pub(crate) struct OfService {
    /// Whether they are reached through another backend.
    pub(crate) has_via: bool,
    pub(crate) backends: FixedMap<Address, Arc<Backend>>,
}

impl EndpointsState {
    /// The backend for an endpoint of a service.
    pub(crate) fn backend(&self, service: &str, address: &Address) -> Option<&Arc<Backend>> {
        match self.of_services.get(service) {
            Some(own) => own.backends.get(address),
            None => self.backends.get(address),
        }
    }

    /// The endpoints of a service that the engine can speak to.
    pub(crate) fn service(&self, key: &str) -> Option<&ServiceEndpoints> {
        self.table.service(key).filter(|service| self.speaks(key, service))
    }

    fn speaks(&self, key: &str, service: &ServiceEndpoints) -> bool {
        let has_via = || self.of_services.get(key).is_some_and(|own| own.has_via);
        let protocol = service.settings.protocol;
        limits::speaks(protocol, false) || limits::speaks(protocol, has_via())
    }
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
pub(crate) struct ListenerNames(FixedMap<Box<[u8]>, (Box<str>, Scheme)>);

impl ListenerNames {
    fn new(table: &RouteTable) -> Self {
        let scheme = |protocol| if protocol == Protocol::Https { Scheme::Https } else { Scheme::Http };
        let entry = |listener: &ghost_core::model::Listener| {
            (socket_name(&listener.name), (listener.name.clone(), scheme(listener.protocol)))
        };
        Self(table.listeners().iter().map(entry).collect())
    }

    /// The listener of this socket and the scheme that its clients use; `None` where no listener has that socket.
    pub(crate) fn of(&self, socket: &[u8]) -> Option<(&str, Scheme)> {
        self.0.get(socket).map(|(name, scheme)| (&**name, *scheme))
    }
}

/// The name that whoever starts the engine gives the socket of a listener. The engine takes VCL names: a letter, then
/// letters, digits, `-` and `_`. Any other name is `ghost-` and each odd byte as `_` and two hex digits, and so are names
/// that begin like that, and that of the control listener.
fn socket_name(listener: &str) -> Box<[u8]> {
    let is_plain = listener.starts_with(|first: char| first.is_ascii_alphabetic())
        && listener.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    let is_ours = listener.as_bytes() == crate::control::LISTENER || listener.starts_with("ghost-");
    if is_plain && !is_ours {
        return listener.as_bytes().into();
    }
    let mut name = b"ghost-".to_vec();
    for byte in listener.bytes() {
        if byte.is_ascii_alphanumeric() || byte == b'-' {
            name.push(byte);
        } else {
            name.extend_from_slice(format!("_{byte:02x}").as_bytes());
        }
    }
    name.into()
}

/// The directors of the matches, each made when it is first needed: what gets no requests costs nothing.
pub(crate) struct RuleDirectors {
    /// First place of each rule's matches, by the address of its route.
    places: FixedMap<usize, Box<[u32]>>,
    directors: Box<[OnceLock<Director>]>,
}

impl RuleDirectors {
    fn new(routes: &[Arc<Route>]) -> Self {
        let mut next = 0_u32;
        let mut place = |rule: &Rule| {
            let first = next;
            next = next.saturating_add(u32::try_from(rule.matches.len()).unwrap_or(u32::MAX));
            first
        };
        let places = routes
            .iter()
            .map(|route| (address(route), route.rules.iter().map(&mut place).collect()))
            .collect();
        Self { places, directors: (0..next).map(|_| OnceLock::new()).collect() }
    }

    /// The place for the director of a match: which prefix a rewrite replaces depends on it.
    pub(crate) fn place(
        &self,
        route: &Arc<Route>,
        rule: u16,
        match_index: u16,
    ) -> Option<&OnceLock<Director>> {
        let first = *self.places.get(&address(route))?.get(usize::from(rule))?;
        self.directors.get(first as usize + usize::from(match_index))
    }
}

fn address(route: &Arc<Route>) -> usize {
    Arc::as_ptr(route) as usize
}

#[cfg(test)]
mod tests {
    use super::socket_name;

    #[test]
    fn sockets_have_names_that_the_engine_takes() {
        let pairs = [
            ("http", "http"),
            ("web-1_a", "web-1_a"),
            ("shop/web/http", "ghost-shop_2fweb_2fhttp"),
            ("1st.one", "ghost-1st_2eone"),
            ("ghost", "ghost-ghost"),
            ("ghost-a", "ghost-ghost-a"),
            ("\u{fc}", "ghost-_c3_bc"),
        ];
        for (listener, socket) in pairs {
            assert_eq!(&*socket_name(listener), socket.as_bytes(), "{listener}");
        }
    }
}
