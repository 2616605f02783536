//! How many tries may be repeats, so that retries cannot multiply an outage.

use std::sync::{Mutex, PoisonError};

use ghost_edge_config::model::RetryBudget;

use crate::clock;

/// Seconds that are looked back on.
const WINDOW: usize = 10;

/// Counts requests and repeats of a service.
#[derive(Debug, Default)]
pub(crate) struct Budget(Mutex<Counts>);

#[derive(Debug, Default)]
struct Counts {
    second: u64,
    requests: [u32; WINDOW],
    repeats: [u32; WINDOW],
}

impl Counts {
    /// Forgets the seconds that went by.
    fn advance(&mut self, second: u64) {
        let passed = second.saturating_sub(self.second).min(WINDOW as u64);
        for step in 0..passed {
            let slot = slot(second - step);
            (self.requests[slot], self.repeats[slot]) = (0, 0);
        }
        self.second = second;
    }
}

fn slot(second: u64) -> usize {
    usize::try_from(second).unwrap_or(0) % WINDOW
}

impl Budget {
    /// A request that may be repeated.
    pub(crate) fn count(&self) {
        self.counted(clock::now() / 1000, |counts, slot| counts.requests[slot] += 1);
    }

    /// Whether one more repeat is allowed; counts it.
    pub(crate) fn take(&self, policy: &RetryBudget) -> bool {
        self.take_at(policy, clock::now() / 1000)
    }

    fn take_at(&self, policy: &RetryBudget, second: u64) -> bool {
        self.counted(second, |counts, slot| {
            let sum = |list: &[u32]| list.iter().map(|count| u64::from(*count)).sum::<u64>();
            let (requests, repeats) = (sum(&counts.requests), sum(&counts.repeats));
            let share = (repeats + 1) * 100 <= requests * u64::from(policy.percent);
            let allowed = share || counts.repeats[slot] < policy.minimum_per_second;
            counts.repeats[slot] += u32::from(allowed);
            allowed
        })
    }

    fn counted<T>(&self, second: u64, work: impl FnOnce(&mut Counts, usize) -> T) -> T {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counts.advance(second);
        work(&mut counts, slot(second))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeats_are_a_share_of_requests() {
        let policy = RetryBudget { percent: 20, minimum_per_second: 1, body_bytes: 0 };
        let budget = Budget::default();
        for _ in 0..50 {
            budget.counted(100, |counts, slot| counts.requests[slot] += 1);
        }
        let allowed = (0..20).filter(|_| budget.take_at(&policy, 100)).count();
        assert_eq!(allowed, 10, "a fifth of 50");
        assert!(budget.take_at(&policy, 101), "one per second is always allowed");
        assert!(!budget.take_at(&policy, 101));
        assert!(budget.take_at(&policy, 200), "old seconds are forgotten");
    }
}
