//! What is counted, in the engine's shared memory, where `varnishstat` and its like read it as `GHOST.<router>.<name>`.
//!
//! A set belongs to a name, not to an object: loading a VCL anew goes on counting where the old one stands. Counting is
//! one relaxed atomic step, without a lock.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use crate::ffi::NativeCounters;

macro_rules! counters {
    ($($name:ident $text:literal)*) => {
        /// A counter or gauge of `ghost.vsc`, by its place there.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Counter { $($name),* }

        /// Names in the order of [`Counter`].
        const NAMES: &[&str] = &[$($text),*];
    };
}

counters! {
    Requests "requests"
    Forwarded "forwarded"
    Redirected "redirected"
    Preflights "preflights"
    NoRoute "no_route"
    NoBackends "no_backends"
    Quarantined "quarantined"
    BadRequest "bad_request"
    NoRoom "no_room"
    InvalidBackend "invalid_backend"
    NoEndpoints "no_endpoints"
    Fetches "fetches"
    Retries "retries"
    Timeouts "timeouts"
    Upgrades "upgrades"
    Sessions "sessions"
    Unmirrored "unmirrored"
    FiltersApplied "filters_applied"
    FiltersFailed "filters_failed"
    Reloads "reloads"
    ReloadFailures "reload_failures"
    Panics "panics"
    Generation "generation"
    EndpointsGeneration "endpoints_generation"
    Routes "routes"
    RoutesQuarantined "routes_quarantined"
    Endpoints "endpoints"
    Backends "backends"
    BackendsWaiting "backends_waiting"
    BackendsMade "backends_made"
    BackendsDeleted "backends_deleted"
}

/// The counters of all routers of one name.
pub(crate) struct Counters {
    name: Box<str>,
    values: NativeCounters,
}

/// Every set there is. Sets are made and dropped with objects, by the CLI's thread.
static SETS: Mutex<Vec<Weak<Counters>>> = Mutex::new(Vec::new());

impl Counters {
    /// The set of that name; `None` when there is no shared memory left.
    pub(crate) fn of(name: &str) -> Option<Arc<Self>> {
        let mut sets = SETS.lock().unwrap_or_else(PoisonError::into_inner);
        sets.retain(|set| set.strong_count() > 0);
        if let Some(set) = sets.iter().filter_map(Weak::upgrade).find(|set| &*set.name == name) {
            return Some(set);
        }
        let values = NativeCounters::new(name, NAMES.len())?;
        let set = Arc::new(Self { name: name.into(), values });
        sets.push(Arc::downgrade(&set));
        Some(set)
    }

    pub(crate) fn count(&self, counter: Counter) {
        self.add(counter, 1);
    }

    pub(crate) fn add(&self, counter: Counter, number: u64) {
        if let Some(value) = self.value(counter) {
            value.fetch_add(number, Ordering::Relaxed);
        }
    }

    /// Moves a gauge that several routers share by what changed for one of them.
    pub(crate) fn shift(&self, gauge: Counter, before: u64, now: u64) {
        self.add(gauge, now.wrapping_sub(before));
    }

    pub(crate) fn set(&self, gauge: Counter, number: u64) {
        if let Some(value) = self.value(gauge) {
            value.store(number, Ordering::Relaxed);
        }
    }

    fn value(&self, counter: Counter) -> Option<&AtomicU64> {
        self.values.get(counter as usize)
    }

    /// Names and values.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&'static str, u64)> {
        NAMES.iter().zip(self.values.iter()).map(|(name, value)| (*name, value.load(Ordering::Relaxed)))
    }
}

/// Shows how many panics were caught, in every set: whose it was is not known.
pub(crate) fn show_panics(caught: u64) {
    let sets = SETS.lock().unwrap_or_else(PoisonError::into_inner);
    for set in sets.iter().filter_map(Weak::upgrade) {
        set.set(Counter::Panics, caught);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_in_the_order_of_the_engines_description() {
        let described: Vec<&str> = include_str!("../ghost.vsc")
            .lines()
            .filter_map(|line| line.strip_prefix(".. varnish_vsc:: "))
            .collect();
        assert_eq!(described, NAMES);
        let header = include_str!("../engine.h");
        let places: Vec<String> = header
            .lines()
            .filter_map(|line| line.trim().strip_prefix("GHOST_COUNT_")?.strip_suffix(','))
            .map(str::to_lowercase)
            .collect();
        assert_eq!(places, NAMES);
        assert_eq!(Counter::BackendsDeleted as usize, NAMES.len() - 1);
    }
}
