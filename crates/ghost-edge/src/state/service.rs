//! Services as workers use them: policy, endpoints, TLS.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use foldhash::fast::FixedState;
use ghost_core::EndpointTable;
use ghost_core::model::{Endpoint as Listed, ServiceProtocol};
use ghost_core::select::ServiceEndpoints;
use ghost_edge_config::EdgeConfiguration;
use ghost_edge_config::model::ServicePolicy;

use super::{Endpoint, Endpoints};
use crate::connect::Wire;
use crate::outlier::Outliers;
use crate::retry::Budget;
use crate::tls::{BackendTlsError, client_config};

/// One service.
pub(crate) struct Service {
    /// Its key.
    pub(crate) key: Box<str>,
    /// How it is spoken to.
    pub(crate) policy: ServicePolicy,
    /// Protocol and TLS of its connections; why there can be none where its TLS cannot be used.
    pub(crate) wire: Result<Wire, BackendTlsError>,
    /// What is known of its endpoints, in the table's order.
    pub(crate) endpoints: Box<[Arc<Endpoint>]>,
    /// Whose turn it is, for round robin. Outlives generations.
    pub(crate) turn: Arc<AtomicU64>,
    /// Which endpoints fail more than others. Outlives generations.
    pub(crate) outliers: Arc<Outliers>,
    /// How many tries may be repeats. Outlives generations.
    pub(crate) budget: Arc<Budget>,
}

/// Services by key.
pub(crate) type Services = HashMap<Box<str>, Arc<Service>, FixedState>;

impl Service {
    /// What is known of an endpoint of the table.
    pub(crate) fn endpoint(&self, table: &ServiceEndpoints, listed: &Listed) -> Option<&Arc<Endpoint>> {
        self.endpoints.get(index_in(&table.all, listed)?)
    }

    /// The next turn.
    pub(crate) fn next_turn(&self) -> u64 {
        self.turn.fetch_add(1, Ordering::Relaxed)
    }

    /// All services of a table; what outlives a generation is taken from `last`.
    pub(crate) fn all(
        configuration: &EdgeConfiguration,
        table: &EndpointTable,
        known: &Endpoints,
        last: Option<&Services>,
        base: &Path,
    ) -> Services {
        let mut configs: Vec<(&ServicePolicy, bool, Result<Wire, BackendTlsError>)> = Vec::new();
        let mut services = Services::with_hasher(FixedState::default());
        for (key, listed) in table.services() {
            let policy = configuration.policy(key);
            let limit = policy.in_flight.limit;
            let last = last.and_then(|last| last.get(key));
            let service = Self {
                key: key.into(),
                policy: policy.clone(),
                wire: wire(policy, listed.settings.protocol, base, &mut configs),
                endpoints: listed.all.iter().map(|one| known.find(key, &one.address, limit)).collect(),
                turn: last.map_or_else(Arc::default, |last| Arc::clone(&last.turn)),
                outliers: last.map_or_else(Arc::default, |last| Arc::clone(&last.outliers)),
                budget: last.map_or_else(Arc::default, |last| Arc::clone(&last.budget)),
            };
            service.outliers.retain(&service.endpoints);
            services.insert(key.into(), Arc::new(service));
        }
        services
    }
}

/// Files are read once for all services with the same policy.
fn wire<'p>(
    policy: &'p ServicePolicy,
    protocol: ServiceProtocol,
    base: &Path,
    made: &mut Vec<(&'p ServicePolicy, bool, Result<Wire, BackendTlsError>)>,
) -> Result<Wire, BackendTlsError> {
    let (tls, http2) = match protocol {
        ServiceProtocol::Http1 | ServiceProtocol::Websocket => return Ok(Wire::Http1),
        ServiceProtocol::H2c | ServiceProtocol::Grpc => return Ok(Wire::Http2),
        ServiceProtocol::Http2 => (&policy.tls, true),
        ServiceProtocol::Tls => (&policy.tls, false),
    };
    let same =
        |(other, other_http2, _): &&(&ServicePolicy, bool, _)| other.tls == *tls && *other_http2 == http2;
    if let Some((_, _, wire)) = made.iter().find(same) {
        return wire.clone();
    }
    let alpn: &[&[u8]] = if http2 { &[b"h2"] } else { &[b"http/1.1"] };
    let server_name = tls.server_name.clone();
    let wire = client_config(tls, alpn, base).map(|config| Wire::Tls { config, server_name, http2 });
    made.push((policy, http2, wire.clone()));
    wire
}

/// Index of an element that is known to be in the slice.
fn index_in<T>(slice: &[T], element: &T) -> Option<usize> {
    let offset = (std::ptr::from_ref(element) as usize).checked_sub(slice.as_ptr() as usize)?;
    offset.checked_div(size_of::<T>())
}
