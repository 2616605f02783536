//! Which endpoint gets a try: the core's algorithms, asked with what this process knows of health, load and time.

use std::sync::Arc;

use ghost_core::Draw;
use ghost_core::model::{Endpoint as Listed, LoadBalancingKind, SessionPersistence};
use ghost_core::request::Request;
use ghost_core::select::{PickInput, ServiceEndpoints, request_key, session_key};

use crate::clock;
use crate::state::{Endpoint, Service};

/// What consistent hashing and sessions go by: taken from the request before a filter changes it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Keys {
    /// For the hashes.
    pub(crate) hash: Option<u64>,
    /// The endpoint that the client's session names.
    pub(crate) session: Option<u64>,
}

impl Keys {
    /// The keys of a request.
    pub(crate) fn new(
        table: &ServiceEndpoints,
        session: Option<&SessionPersistence>,
        request: &Request<'_>,
        client: Option<&str>,
    ) -> Self {
        Self {
            hash: request_key(&table.settings.load_balancing.hash_on, request, client),
            session: session.and_then(|session| session_key(session, request)),
        }
    }
}

/// An endpoint that was not tried before; where there is no other, one that was.
pub(crate) fn endpoint<'s>(
    table: &ServiceEndpoints,
    service: &'s Service,
    keys: Keys,
    draw: Draw,
    tried: &[Arc<Endpoint>],
) -> Option<&'s Arc<Endpoint>> {
    let now = clock::now();
    let settings = &table.settings.load_balancing;
    let known = |listed: &Listed| service.endpoint(table, listed);
    let usable =
        |listed: &Listed| known(listed).is_some_and(|endpoint| endpoint.is_usable(now, &service.policy));
    let untried = |listed: &Listed| {
        usable(listed)
            && !known(listed).is_some_and(|endpoint| tried.iter().any(|old| Arc::ptr_eq(old, endpoint)))
    };
    let input = PickInput {
        turn: (settings.kind == LoadBalancingKind::RoundRobin).then(|| service.next_turn()),
        key: keys.hash,
        session: keys.session,
        usable: &usable,
        load: &|listed| known(listed).map_or(0, |endpoint| endpoint.load()),
        ramp: &|listed| known(listed).map_or(1.0, |endpoint| endpoint.ramp(now, settings.slow_start)),
        ..PickInput::new(draw)
    };
    let picked = if tried.is_empty() {
        table.pick(&input)
    } else {
        table.pick(&PickInput { usable: &untried, ..input }).or_else(|| table.pick(&input))
    };
    known(picked?)
}
