//! How long a fetch may take: the route's timeouts (Gateway API HTTPRouteTimeouts) as limits for one try.

use ghost_core::model::Policy;

/// The request's time is used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct UsedUp;

/// The engine's timers count whole milliseconds and may be early by one.
const EARLY: f64 = 0.002;

/// A try that has begun.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Try {
    /// In seconds since 1970.
    pub(crate) began: f64,
    /// Seconds it may take.
    pub(crate) limit: Option<f64>,
}

impl Try {
    /// Whether it was ended by its limit.
    pub(crate) fn timed_out(&self, now: f64) -> bool {
        self.limit.is_some_and(|limit| now - self.began + EARLY >= limit)
    }
}

/// Seconds for the next try, when the request has taken `elapsed` seconds. 0 in the document switches a timeout off, which
/// leaves the engine's own.
pub(crate) fn limit(policy: &Policy, elapsed: f64) -> Result<Option<f64>, UsedUp> {
    let left = seconds(policy.request_timeout).map(|all| all - elapsed);
    if left.is_some_and(|left| left <= EARLY) {
        return Err(UsedUp);
    }
    let one = seconds(policy.backend_request_timeout);
    Ok(left.into_iter().chain(one).reduce(f64::min))
}

/// Whether a request that has taken `elapsed` seconds may wait that long and then try again.
pub(crate) fn has_time_for(policy: &Policy, elapsed: f64, backoff: f64) -> bool {
    seconds(policy.request_timeout).is_none_or(|all| elapsed + backoff + EARLY < all)
}

/// `None` for a timeout that is off.
pub(crate) fn seconds(milliseconds: Option<u64>) -> Option<f64> {
    let milliseconds = milliseconds.filter(|milliseconds| *milliseconds > 0)?;
    Some(std::time::Duration::from_millis(milliseconds).as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(request: Option<u64>, backend: Option<u64>) -> Policy {
        Policy { request_timeout: request, backend_request_timeout: backend, ..Policy::default() }
    }

    #[test]
    fn the_shorter_timeout_counts_and_0_is_none() {
        for (request, backend, elapsed, expected) in [
            (None, None, 9.0, Ok(None)),
            (Some(10_000), None, 0.0, Ok(Some(10.0))),
            (Some(10_000), Some(500), 0.0, Ok(Some(0.5))),
            (Some(300), Some(500), 0.0, Ok(Some(0.3))),
            (Some(0), Some(500), 9.0, Ok(Some(0.5))),
            (Some(0), Some(0), 9.0, Ok(None)),
            (Some(10_000), Some(4_000), 7.0, Ok(Some(3.0))),
            (Some(10_000), Some(4_000), 10.0, Err(UsedUp)),
        ] {
            assert_eq!(limit(&policy(request, backend), elapsed), expected, "{request:?} {backend:?}");
        }
    }

    #[test]
    fn a_backoff_beyond_the_requests_time_is_not_waited_for() {
        assert!(has_time_for(&policy(Some(1_000), None), 0.4, 0.5));
        assert!(!has_time_for(&policy(Some(1_000), None), 0.6, 0.5));
        assert!(!has_time_for(&policy(Some(1_000), None), 0.9995, 0.0), "the engine's timer was early");
        assert!(has_time_for(&policy(None, Some(1)), 600.0, 60.0));
    }

    #[test]
    fn a_try_that_ended_before_its_limit_did_not_time_out() {
        let with = |limit| Try { began: 100.0, limit };
        assert!(with(Some(0.5)).timed_out(100.5));
        assert!(!with(Some(0.5)).timed_out(100.4));
        assert!(!with(None).timed_out(200.0));
    }
}
