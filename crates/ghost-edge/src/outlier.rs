//! Ejects endpoints that fail more than others: what is known of a service's endpoints, shared by all workers.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};

use ghost_core::model::Address;
use ghost_edge_config::model::OutlierEjection;
use ghost_edge_protocol::outlier::{self, Change, Limits};

use crate::clock::{milliseconds, now};
use crate::metrics::Metrics;
use crate::state::{Endpoint, Service};

/// What is known of the endpoints of a service.
#[derive(Debug, Default)]
pub(crate) struct Outliers(Mutex<outlier::Outliers<Address>>);

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
        let members = service.endpoints.len();
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match known.observe(&endpoint.address, failed, now(), members, &limits(policy)) {
            None => {}
            Some(Change::Spared) => metrics.event("ejectionSpared"),
            Some(Change::Ejected { until }) => {
                endpoint.ejected_until.store(until, Ordering::Relaxed);
                metrics.event("ejected");
                tracing::warn!(service = &*service.key, endpoint = &*endpoint.name, "endpoint ejected");
            }
        }
    }

    /// Forgets endpoints that a service has no longer.
    pub(crate) fn retain(&self, endpoints: &[Arc<Endpoint>]) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|address| endpoints.iter().any(|endpoint| endpoint.address == *address));
    }
}

fn limits(policy: &OutlierEjection) -> Limits {
    Limits {
        consecutive_failures: policy.consecutive_failures,
        interval: milliseconds(policy.interval),
        failure_percent: policy.failure_percent,
        minimum_requests: policy.minimum_requests,
        base_time: milliseconds(policy.base_time),
        maximum_time: milliseconds(policy.maximum_time),
        maximum_percent: policy.maximum_percent,
    }
}
