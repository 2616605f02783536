//! How many tries may be repeats: the service's budget, shared by all workers.

use std::sync::{Mutex, PoisonError};

use ghost_edge_config::model::RetryBudget;
use ghost_edge_protocol::budget::{self, Allowance};

use crate::clock;

/// Counts requests and repeats of a service.
#[derive(Debug, Default)]
pub(crate) struct Budget(Mutex<budget::RetryBudget>);

impl Budget {
    /// A request that may be repeated.
    pub(crate) fn count(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).request(clock::now());
    }

    /// Whether one more repeat is allowed; counts it.
    pub(crate) fn take(&self, policy: &RetryBudget) -> bool {
        let allowance = Allowance { percent: policy.percent, minimum_per_second: policy.minimum_per_second };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).repeat(clock::now(), &allowance)
    }
}
