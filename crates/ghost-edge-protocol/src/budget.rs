//! How many tries may be repeats, so that retries cannot multiply an outage.

/// Length of the window in which requests and repeats are counted, in seconds.
const WINDOW: u64 = 10;

/// How much is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// Repeats per hundred requests of the last ten seconds.
    pub percent: u8,
    /// Repeats per second that are always allowed.
    pub minimum_per_second: u32,
}

/// Requests and repeats of the last ten seconds, second by second.
#[derive(Debug, Clone, Default)]
pub struct RetryBudget {
    seconds: [Second; 10],
}

#[derive(Debug, Clone, Copy, Default)]
struct Second {
    /// Which second this is; counts of another one are over.
    at: u64,
    requests: u32,
    repeats: u32,
}

impl RetryBudget {
    /// Counts a request at `now`, in milliseconds of a clock that only rises.
    pub fn request(&mut self, now: u64) {
        let second = self.second(now / 1000);
        second.requests = second.requests.saturating_add(1);
    }

    /// Whether a request may be repeated at `now`; then the repeat is counted.
    pub fn repeat(&mut self, now: u64, allowance: &Allowance) -> bool {
        let now = now / 1000;
        let recent = |second: &&Second| second.at + WINDOW > now && second.at <= now;
        let (requests, repeats) = self.seconds.iter().filter(recent).fold((0_u64, 0_u64), |sum, second| {
            (sum.0 + u64::from(second.requests), sum.1 + u64::from(second.repeats))
        });
        let by_share = requests * u64::from(allowance.percent) / 100;
        let by_time = u64::from(allowance.minimum_per_second) * WINDOW;
        let within_second = self.second(now).repeats < allowance.minimum_per_second;
        let allowed = repeats < by_share || within_second && repeats < by_time.max(by_share);
        if allowed {
            self.second(now).repeats += 1;
        }
        allowed
    }

    fn second(&mut self, at: u64) -> &mut Second {
        let index = usize::try_from(at % WINDOW).unwrap_or(0);
        let second = &mut self.seconds[index];
        if second.at != at {
            *second = Second { at, ..Second::default() };
        }
        second
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHARE: Allowance = Allowance { percent: 20, minimum_per_second: 0 };

    #[test]
    fn repeats_are_a_share_of_requests() {
        let mut budget = RetryBudget::default();
        (0..100).for_each(|_| budget.request(1_000));
        let allowed = (0..100).filter(|_| budget.repeat(1_500, &SHARE)).count();
        assert_eq!(allowed, 20);
        assert!(!budget.repeat(10_999, &SHARE), "still the same window");
        assert!(!budget.repeat(11_000, &SHARE), "the requests are too old to count");
        (0..5).for_each(|_| budget.request(11_000));
        assert!(budget.repeat(11_000, &SHARE));
        assert!(!budget.repeat(11_000, &SHARE));
    }

    #[test]
    fn a_quiet_service_has_a_minimum() {
        let allowance = Allowance { percent: 20, minimum_per_second: 3 };
        let mut budget = RetryBudget::default();
        let allowed =
            |budget: &mut RetryBudget, now| (0..10).filter(|_| budget.repeat(now, &allowance)).count();
        assert_eq!(allowed(&mut budget, 0), 3);
        assert_eq!(allowed(&mut budget, 999), 0);
        assert_eq!(allowed(&mut budget, 1_000), 3);
    }
}
