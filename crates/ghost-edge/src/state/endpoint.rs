//! What is known of one endpoint of one service: health, load, and who waits for it. Outlives generations.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use ghost_core::model::Address;
use ghost_core::select::health::{self, Health, Observation, Thresholds};
use ghost_edge_config::model::{InFlight as InFlightPolicy, ServicePolicy};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, TryAcquireError};

use crate::clock;

/// One endpoint of one service.
pub(crate) struct Endpoint {
    /// Key of its service.
    pub(crate) service: Box<str>,
    /// Where it is.
    pub(crate) address: Address,
    /// The address as text, for logs and metrics.
    pub(crate) name: Box<str>,
    healthy: AtomicBool,
    /// A failure was seen since the last success: successes have something to clear.
    doubted: AtomicBool,
    health: Mutex<Health>,
    /// When it began to take requests, in milliseconds.
    up_since: AtomicU64,
    /// When it became unhealthy, in milliseconds.
    down_since: AtomicU64,
    /// Until when it is ejected, in milliseconds; 0 is not.
    pub(crate) ejected_until: AtomicU64,
    load: AtomicU32,
    permits: Arc<Semaphore>,
    limit: AtomicU32,
    waiting: AtomicU32,
}

/// Why an endpoint takes no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    /// Too many wait already.
    QueueFull,
    /// The wait was too long.
    WaitedTooLong,
}

/// A request that an endpoint works on.
pub(crate) struct InFlight {
    endpoint: Arc<Endpoint>,
    _permit: OwnedSemaphorePermit,
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.endpoint.load.fetch_sub(1, Ordering::Relaxed);
        self.endpoint.repay();
    }
}

impl Endpoint {
    fn new(service: &str, address: &Address, limit: u32) -> Self {
        Self {
            service: service.into(),
            address: address.clone(),
            name: address.to_string().into(),
            healthy: AtomicBool::new(true),
            doubted: AtomicBool::new(false),
            health: Mutex::new(Health::default()),
            up_since: AtomicU64::new(clock::now()),
            down_since: AtomicU64::new(0),
            ejected_until: AtomicU64::new(0),
            load: AtomicU32::new(0),
            permits: Arc::new(Semaphore::new(limit.max(1) as usize)),
            limit: AtomicU32::new(limit.max(1)),
            waiting: AtomicU32::new(0),
        }
    }

    /// Whether health and ejection let it take requests. Where nobody checks it, an unhealthy one gets requests again after
    /// the cooldown: they are its checks.
    pub(crate) fn is_usable(&self, now: u64, policy: &ServicePolicy) -> bool {
        let healthy = self.healthy.load(Ordering::Relaxed)
            || policy.health_check.is_none()
                && self.down_since.load(Ordering::Relaxed) + policy.thresholds.cooldown <= now;
        healthy && self.ejected_until.load(Ordering::Relaxed) <= now
    }

    /// Whether checks and requests find it healthy.
    pub(crate) fn is_healthy(&self) -> bool {
        self.healthy.load(Ordering::Relaxed)
    }

    /// Requests it works on.
    pub(crate) fn load(&self) -> u32 {
        self.load.load(Ordering::Relaxed)
    }

    /// Share of its weight it has earned since it came up.
    pub(crate) fn ramp(&self, now: u64, window: u64) -> f64 {
        if window == 0 {
            return 1.0;
        }
        health::ramp(now.saturating_sub(self.up_since.load(Ordering::Relaxed)), window)
    }

    /// Takes note of a result. Returns whether it is healthy now, where that changed.
    pub(crate) fn observe(&self, observation: Observation, thresholds: &Thresholds) -> Option<bool> {
        if observation == Observation::Passed && !self.doubted.load(Ordering::Relaxed) {
            return None;
        }
        let mut health = self.health.lock().unwrap_or_else(PoisonError::into_inner);
        let now = clock::now();
        let before = *health;
        *health = before.observe(observation, now, thresholds);
        self.doubted.store(*health != Health::default(), Ordering::Relaxed);
        let healthy = health.is_healthy();
        if healthy == before.is_healthy() {
            return None;
        }
        let since = if healthy { &self.up_since } else { &self.down_since };
        since.store(now, Ordering::Relaxed);
        self.healthy.store(healthy, Ordering::Relaxed);
        Some(healthy)
    }

    /// A place among the requests it works on.
    ///
    /// # Errors
    /// [`Refused`], after the time the policy gives.
    pub(crate) async fn enter(self: &Arc<Self>, policy: &InFlightPolicy) -> Result<InFlight, Refused> {
        let permit = match Arc::clone(&self.permits).try_acquire_owned() {
            Ok(permit) => permit,
            Err(TryAcquireError::Closed) => return Err(Refused::QueueFull),
            Err(TryAcquireError::NoPermits) => self.wait(policy).await?,
        };
        self.load.fetch_add(1, Ordering::Relaxed);
        Ok(InFlight { endpoint: Arc::clone(self), _permit: permit })
    }

    async fn wait(&self, policy: &InFlightPolicy) -> Result<OwnedSemaphorePermit, Refused> {
        struct Waiting<'w>(&'w AtomicU32);
        impl Drop for Waiting<'_> {
            fn drop(&mut self) {
                self.0.fetch_sub(1, Ordering::Relaxed);
            }
        }
        let before = self.waiting.fetch_add(1, Ordering::Relaxed);
        let _waiting = Waiting(&self.waiting);
        if before >= policy.queue {
            return Err(Refused::QueueFull);
        }
        let permit = Arc::clone(&self.permits).acquire_owned();
        match tokio::time::timeout(policy.wait, permit).await {
            Ok(Ok(permit)) => Ok(permit),
            Ok(Err(_)) | Err(_) => Err(Refused::WaitedTooLong),
        }
    }

    /// Brings the number of places to what the policy says now. Places in use are taken away when they are given back.
    fn set_limit(&self, limit: u32) {
        let limit = limit.max(1);
        let before = self.limit.swap(limit, Ordering::Relaxed);
        if limit > before {
            self.permits.add_permits((limit - before) as usize);
        } else {
            self.permits.forget_permits((before - limit) as usize);
        }
    }

    /// Where a lower limit found places in use, they vanish as they come back.
    fn repay(&self) {
        let limit = self.limit.load(Ordering::Relaxed) as usize;
        let held = self.load.load(Ordering::Relaxed) as usize;
        let free = self.permits.available_permits();
        if held + free > limit {
            self.permits.forget_permits((held + free - limit).min(free));
        }
    }
}

/// A service and an address.
type Key = (Box<str>, Address);

/// All endpoints that some generation uses.
#[derive(Default)]
pub(crate) struct Endpoints {
    known: Mutex<HashMap<Key, Weak<Endpoint>>>,
}

impl Endpoints {
    /// The endpoint of a service at an address, as it was known before, else new and healthy.
    pub(crate) fn find(&self, service: &str, address: &Address, limit: u32) -> Arc<Endpoint> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (Box::from(service), address.clone());
        if let Some(endpoint) = known.get(&key).and_then(Weak::upgrade) {
            endpoint.set_limit(limit);
            return endpoint;
        }
        let endpoint = Arc::new(Endpoint::new(service, address, limit));
        known.insert(key, Arc::downgrade(&endpoint));
        endpoint
    }

    /// Forgets those that no generation uses any more.
    pub(crate) fn sweep(&self) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|_, endpoint| endpoint.strong_count() > 0);
    }
}
