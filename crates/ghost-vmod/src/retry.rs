//! Trying again (Gateway API HTTPRouteRetry), and what a client gets when the time was up.

use ghost_core::model::Retry;

use crate::counters::Counter;
use crate::fetch::Fetch;
use crate::ffi::{Context, Sub, Which, now};
use crate::router::Router;
use crate::task::FetchTask;
use crate::timing;

/// What ended a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ended {
    /// A response with this status.
    Response(u16),
    /// No response.
    Error,
}

/// The status for a fetch that took too long (RFC 9110 section 15.6.5).
const GATEWAY_TIMEOUT: u16 = 504;

/// Whether the rule asks for another try, for which the endpoint is let go. Waits for the backoff.
pub(crate) fn retries(router: &Router, ctx: Context<'_>) -> bool {
    let ended = match ctx.message(Which::Beresp) {
        Some(response) if ctx.is_in(Sub::BackendResponse) => Ended::Response(response.status()),
        Some(_) if ctx.is_in(Sub::BackendError) => Ended::Error,
        _ => {
            ctx.fail("ghost: router.retries() belongs into vcl_backend_response or vcl_backend_error");
            return false;
        }
    };
    let Some(task) = ctx.task::<FetchTask, _>(router) else { return false };
    let mut kept = task.fetch.borrow_mut();
    let Some(fetch) = kept.as_mut() else { return false };
    let Some(backoff) = next_try(fetch, ended, now() - ctx.task_start()).filter(|_| ctx.may_retry()) else {
        return false;
    };
    fetch.release();
    router.counters.count(Counter::Retries);
    if backoff > 0.0 {
        ctx.wait(backoff);
    }
    true
}

/// Seconds to wait before the next try; `None` when there is none.
fn next_try(fetch: &Fetch, ended: Ended, elapsed: f64) -> Option<f64> {
    let policy = fetch.policy()?;
    let retry = policy.retry.as_ref()?;
    // An answer of Ghost's own would be the same again.
    if fetch.failed().is_some() || !asks_for_another(retry, ended, fetch.tries()) {
        return None;
    }
    let backoff = timing::seconds(retry.backoff).unwrap_or_default();
    timing::has_time_for(policy, elapsed, backoff).then_some(backoff)
}

fn asks_for_another(retry: &Retry, ended: Ended, tries: usize) -> bool {
    let is_left = u32::try_from(tries).is_ok_and(|tries| tries <= retry.attempts);
    is_left
        && match ended {
            Ended::Response(status) => retry.codes.contains(&status),
            Ended::Error => true,
        }
}

/// Makes it a 504 when the route's time was up.
pub(crate) fn error(router: &Router, ctx: Context<'_>) {
    if !ctx.is_in(Sub::BackendError) {
        return ctx.fail("ghost: router.backend_error() belongs into vcl_backend_error");
    }
    let Some(task) = ctx.task::<FetchTask, _>(router) else { return };
    let fetch = task.fetch.borrow();
    let Some(fetch) = fetch.as_ref().filter(|fetch| timed_out(fetch)) else { return };
    router.counters.count(Counter::Timeouts);
    ctx.log(format_args!("ghost answer timeout status={GATEWAY_TIMEOUT} tries={}", fetch.tries()));
    if let Some(mut response) = ctx.message(Which::Beresp) {
        response.put_status(GATEWAY_TIMEOUT);
    }
}

fn timed_out(fetch: &Fetch) -> bool {
    match fetch.failed() {
        Some(failed) => failed == crate::fetch::Failed::UsedUp,
        None => fetch.under_way.is_some_and(|one| one.timed_out(now())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_errors_are_tried_again_as_often_as_the_policy_says() {
        let retry = Retry { codes: [502, 503].into(), attempts: 2, backoff: None };
        for (ended, tries, again) in [
            (Ended::Response(503), 1, true),
            (Ended::Response(503), 2, true),
            (Ended::Response(503), 3, false),
            (Ended::Response(500), 1, false),
            (Ended::Response(200), 1, false),
            (Ended::Error, 2, true),
            (Ended::Error, 3, false),
        ] {
            assert_eq!(asks_for_another(&retry, ended, tries), again, "{ended:?} {tries}");
        }
        let none = Retry { attempts: 0, ..retry };
        assert!(!asks_for_another(&none, Ended::Error, 1));
    }
}
