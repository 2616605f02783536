//! The engine's backends, one for each endpoint address, shared by all services and states of a router.
//!
//! Only control requests come here, under the lock of [`crate::control`]. Nothing on the way of a request ever drops a
//! last reference: the pool has one to each backend.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use ghost_core::model::Address;

use crate::ffi::{Cluster, Context, NativeBackend, VclBackend};
use crate::state::EndpointsState;
use ghost_core::EndpointTable;

/// Backends that share one piece of shared memory. The engine asserts that no more than that are put into it.
const CLUSTER: usize = 256;

/// A backend of the engine, and how many fetches go to it.
pub(crate) struct Backend {
    native: NativeBackend,
    in_flight: AtomicU32,
}

impl Backend {
    pub(crate) fn as_vcl(&self) -> VclBackend {
        self.native.as_vcl()
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
    backends: HashMap<Address, Pooled>,
    /// The piece of shared memory that is being filled, and how many more it takes.
    cluster: Option<(Cluster, usize)>,
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) in_use: usize,
    pub(crate) waiting: usize,
}

impl Pool {
    pub(crate) fn new(name: &str) -> Self {
        Self { name: name.into(), backends: HashMap::new(), cluster: None }
    }

    /// Joins endpoints with backends; missing ones are made.
    pub(crate) fn join(
        &mut self,
        ctx: Context<'_>,
        table: &Arc<EndpointTable>,
    ) -> Result<EndpointsState, Cooling> {
        let mut state = EndpointsState { table: Arc::clone(table), backends: HashMap::default() };
        let mut services: Vec<_> = table.services().collect();
        services.sort_unstable_by_key(|(key, _)| *key);
        for endpoint in services.iter().flat_map(|(_, service)| service.all.iter()) {
            if !state.backends.contains_key(&endpoint.address) {
                let backend = self.get(ctx, &endpoint.address)?;
                state.backends.insert(endpoint.address.clone(), backend);
            }
        }
        Ok(state)
    }

    fn get(&mut self, ctx: Context<'_>, address: &Address) -> Result<Arc<Backend>, Cooling> {
        if let Some(pooled) = self.backends.get_mut(address) {
            pooled.unused_since = None;
            return Ok(Arc::clone(&pooled.backend));
        }
        let backend = Arc::new(Backend { native: self.create(ctx, address)?, in_flight: AtomicU32::new(0) });
        self.backends.insert(address.clone(), Pooled { backend: Arc::clone(&backend), unused_since: None });
        Ok(backend)
    }

    fn create(&mut self, ctx: Context<'_>, address: &Address) -> Result<NativeBackend, Cooling> {
        let (cluster, left) = match self.cluster.take() {
            Some((cluster, left)) if left > 0 => (cluster, left),
            _ => (Cluster::new(ctx, CLUSTER).ok_or(Cooling)?, CLUSTER),
        };
        let name = format!("{}({address})", self.name);
        let backend = NativeBackend::new(ctx, Some(&cluster), &name, address);
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
        before - self.backends.len()
    }

    pub(crate) fn counts(&self) -> Counts {
        let waiting = self.backends.values().filter(|pooled| pooled.unused_since.is_some()).count();
        Counts { in_use: self.backends.len() - waiting, waiting }
    }
}
