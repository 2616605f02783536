//! Ejects endpoints that fail more than others: in a row, or by their share in an interval. A part of a service at most.

use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};

use ghost_edge_config::model::OutlierEjection;

use crate::clock::{milliseconds, now};
use crate::metrics::Metrics;
use crate::state::{Endpoint, Service};

/// What is known of the endpoints of a service.
#[derive(Debug, Default)]
pub(crate) struct Outliers(Mutex<HashMap<usize, Counts>>);

#[derive(Debug, Default, Clone)]
struct Counts {
    in_a_row: u32,
    requests: u32,
    failures: u32,
    interval: u64,
    ejections: u32,
}

impl Outliers {
    /// Takes note of a result and ejects where that is due.
    pub(crate) fn observe(
        &self,
        service: &Service,
        endpoint: &Arc<Endpoint>,
        failed: bool,
        metrics: &Metrics,
    ) {
        let Some(policy) = &service.policy.outlier_ejection else { return };
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = now();
        let counts = all.entry(Arc::as_ptr(endpoint) as usize).or_default();
        if !counts.count(policy, failed, now) || endpoint.ejected_until.load(Ordering::Relaxed) > now {
            return;
        }
        let most = service.endpoints.len() * usize::from(policy.maximum_percent) / 100;
        let out =
            service.endpoints.iter().filter(|one| one.ejected_until.load(Ordering::Relaxed) > now).count();
        if out >= most.max(1) || service.endpoints.len() <= 1 {
            return metrics.event("ejectionCapped");
        }
        counts.ejections += 1;
        let time = policy.base_time.saturating_mul(counts.ejections).min(policy.maximum_time);
        (counts.in_a_row, counts.requests, counts.failures) = (0, 0, 0);
        endpoint.ejected_until.store(now.saturating_add(milliseconds(time)), Ordering::Relaxed);
        metrics.event("ejected");
        tracing::warn!(service = &*service.key, endpoint = &*endpoint.name, ?time, "endpoint ejected");
    }
}

impl Counts {
    /// Counts a result; whether it is one too many.
    fn count(&mut self, policy: &OutlierEjection, failed: bool, now: u64) -> bool {
        let interval = now / milliseconds(policy.interval).max(1);
        let ended = self.interval != interval;
        let share =
            u64::from(self.failures) * 100 >= u64::from(self.requests) * u64::from(policy.failure_percent);
        let by_share =
            ended && policy.failure_percent > 0 && self.requests >= policy.minimum_requests.max(1) && share;
        if ended {
            if self.failures == 0 {
                self.ejections = self.ejections.saturating_sub(1);
            }
            (self.interval, self.requests, self.failures) = (interval, 0, 0);
        }
        self.requests += 1;
        self.failures += u32::from(failed);
        self.in_a_row = if failed { self.in_a_row + 1 } else { 0 };
        by_share || policy.consecutive_failures > 0 && self.in_a_row >= policy.consecutive_failures
    }
}
