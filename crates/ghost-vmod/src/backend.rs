//! The engine's backends, one for each endpoint address, shared by all services and states of a router.
//!
//! Only control requests come here, under the lock of [`crate::control`]. Nothing on the way of a request ever drops a
//! last reference: the pool has one to each backend.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use ghost_core::model::Address;

use crate::counters::{Counter, Counters};
use crate::ffi::{Cluster, Context, NativeBackend, Transport, VclBackend};
use crate::state::{EndpointsState, OfService};
use ghost_core::EndpointTable;

/// Backends that share one piece of shared memory. The engine asserts that no more than that are put into it.
const CLUSTER: usize = 256;

/// A backend of the engine, and how many fetches go to it.
pub(crate) struct Backend {
    native: NativeBackend,
    /// In text form, for the log.
    address: Box<str>,
    in_flight: AtomicU32,
}

impl Backend {
    pub(crate) fn as_vcl(&self) -> VclBackend {
        self.native.as_vcl()
    }

    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    pub(crate) fn load(&self) -> u32 {
        self.in_flight.load(Ordering::Relaxed)
    }
}

/// A fetch that goes to a backend. Also keeps the backend until the engine has its own reference, and beyond.
pub(crate) struct InFlight(Arc<Backend>);

impl InFlight {
    pub(crate) fn new(backend: &Arc<Backend>) -> Self {
        backend.in_flight.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(backend))
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.in_flight.fetch_sub(1, Ordering::Relaxed);
    }
}

/// All backends of a router, those that wait to be deleted too.
pub(crate) struct Pool {
    name: Box<str>,
    backends: HashMap<(usize, Address), Pooled>,
    /// The piece of shared memory that is being filled, and how many more it takes.
    cluster: Option<(Cluster, usize)>,
    /// The first is for services that VCL says nothing about; the others belong to one service each.
    transports: Vec<(Box<str>, Transport)>,
    counters: Arc<Counters>,
    /// What the gauges were moved by so far.
    shown: Counts,
}

struct Pooled {
    backend: Arc<Backend>,
    /// When it was first seen that only the pool holds it.
    unused_since: Option<Instant>,
}

/// The engine makes no backends now: its VCL is being taken out of use.
#[derive(Debug)]
pub(crate) struct Cooling;

/// How many backends there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) in_use: usize,
    pub(crate) waiting: usize,
}

impl Pool {
    pub(crate) fn new(name: &str, counters: Arc<Counters>) -> Self {
        Self {
            name: name.into(),
            backends: HashMap::new(),
            cluster: None,
            transports: vec![("".into(), Transport::default())],
            counters,
            shown: Counts::default(),
        }
    }

    /// How a service is reached from now on. False when that was said before.
    pub(crate) fn set_transport(&mut self, service: &str, transport: Transport) -> bool {
        let is_new = self.transport(service) == 0;
        if is_new {
            self.transports.push((service.into(), transport));
        }
        is_new
    }

    fn transport(&self, service: &str) -> usize {
        self.transports.iter().skip(1).position(|(name, _)| &**name == service).map_or(0, |place| place + 1)
    }

    /// Whether a service is reached through another backend.
    pub(crate) fn has_via(&self, service: &str) -> bool {
        self.transports.get(self.transport(service)).is_some_and(|(_, transport)| transport.via.is_some())
    }

    /// Joins endpoints with backends; missing ones are made.
    pub(crate) fn join(
        &mut self,
        ctx: Context<'_>,
        table: &Arc<EndpointTable>,
    ) -> Result<EndpointsState, Cooling> {
        let mut state = EndpointsState {
            table: Arc::clone(table),
            backends: HashMap::default(),
            of_services: HashMap::default(),
        };
        let mut services: Vec<_> = table.services().collect();
        services.sort_unstable_by_key(|(key, _)| *key);
        for (key, service) in services {
            let transport = self.transport(key);
            let backends = if transport == 0 {
                &mut state.backends
            } else {
                let has_via = self.has_via(key);
                let own = OfService { has_via, backends: HashMap::default() };
                &mut state.of_services.entry(key.into()).or_insert(own).backends
            };
            for endpoint in service.all.iter() {
                if !backends.contains_key(&endpoint.address) && self.can_reach(transport, &endpoint.address) {
                    let backend = self.get(ctx, transport, &endpoint.address)?;
                    backends.insert(endpoint.address.clone(), backend);
                }
            }
        }
        self.show();
        Ok(state)
    }

    /// The engine connects to IP addresses only through another backend.
    fn can_reach(&self, transport: usize, address: &Address) -> bool {
        let has_via = self.transports.get(transport).is_some_and(|(_, transport)| transport.via.is_some());
        !has_via || matches!(address, Address::Ip(..))
    }

    fn get(
        &mut self,
        ctx: Context<'_>,
        transport: usize,
        address: &Address,
    ) -> Result<Arc<Backend>, Cooling> {
        let key = (transport, address.clone());
        if let Some(pooled) = self.backends.get_mut(&key) {
            pooled.unused_since = None;
            return Ok(Arc::clone(&pooled.backend));
        }
        let native = self.create(ctx, transport, address)?;
        let backend =
            Arc::new(Backend { native, address: key.1.to_string().into(), in_flight: AtomicU32::new(0) });
        self.backends.insert(key, Pooled { backend: Arc::clone(&backend), unused_since: None });
        self.counters.count(Counter::BackendsMade);
        Ok(backend)
    }

    fn create(
        &mut self,
        ctx: Context<'_>,
        transport: usize,
        address: &Address,
    ) -> Result<NativeBackend, Cooling> {
        let (cluster, left) = match self.cluster.take() {
            Some((cluster, left)) if left > 0 => (cluster, left),
            _ => (Cluster::new(ctx, CLUSTER).ok_or(Cooling)?, CLUSTER),
        };
        let (service, transport) = self.transports.get(transport).ok_or(Cooling)?;
        let at = if service.is_empty() { "" } else { "@" };
        let name = format!("{}({address}{at}{service})", self.name);
        let backend = NativeBackend::new(ctx, Some(&cluster), &name, address, transport);
        // A refused backend may have taken its place all the same.
        self.cluster = Some((cluster, left - 1));
        backend.ok_or(Cooling)
    }

    /// Deletes what has been out of use for long enough. Tells how many.
    pub(crate) fn sweep(&mut self, now: Instant) -> usize {
        let before = self.backends.len();
        let quiet = Duration::try_from_secs_f64(NativeBackend::quiet_time()).unwrap_or(Duration::MAX);
        self.backends.retain(|_, pooled| {
            if Arc::strong_count(&pooled.backend) > 1 {
                pooled.unused_since = None;
                return true;
            }
            let since = *pooled.unused_since.get_or_insert(now);
            now.saturating_duration_since(since) < quiet
        });
        let deleted = before - self.backends.len();
        self.counters.add(Counter::BackendsDeleted, deleted as u64);
        self.show();
        deleted
    }

    pub(crate) fn counts(&self) -> Counts {
        let waiting = self.backends.values().filter(|pooled| pooled.unused_since.is_some()).count();
        Counts { in_use: self.backends.len() - waiting, waiting }
    }

    fn show(&mut self) {
        self.show_as(self.counts());
    }

    fn show_as(&mut self, counts: Counts) {
        let before = std::mem::replace(&mut self.shown, counts);
        self.counters.shift(Counter::Backends, before.in_use as u64, counts.in_use as u64);
        self.counters.shift(Counter::BackendsWaiting, before.waiting as u64, counts.waiting as u64);
    }
}

/// The gauges may belong to other routers as well.
impl Drop for Pool {
    fn drop(&mut self) {
        self.show_as(Counts::default());
    }
}
