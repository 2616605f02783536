//! Ejection of endpoints that fail more than others, with a cap on how many are out.

use std::collections::HashMap;
use std::hash::Hash;

/// When an endpoint is ejected. Times are in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Failures in a row that eject.
    pub consecutive_failures: u32,
    /// Pause between two looks at shares of failures.
    pub interval: u64,
    /// Share of failures in an interval, in percent, that ejects; 0: only failures in a row count.
    pub failure_percent: u8,
    /// Least requests in an interval before its share counts.
    pub minimum_requests: u32,
    /// First ejection; the nth lasts n times as long.
    pub base_time: u64,
    /// Longest ejection.
    pub maximum_time: u64,
    /// Most endpoints that are out at a time, in percent; one may always be.
    pub maximum_percent: u8,
}

/// What happened to an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It is out until this time.
    Ejected {
        /// When it may come back.
        until: u64,
    },
    /// It would be out, but too many are already.
    Spared,
}

/// The endpoints of one service.
#[derive(Debug, Clone)]
pub struct Outliers<K> {
    endpoints: HashMap<K, Endpoint>,
}

impl<K> Default for Outliers<K> {
    fn default() -> Self {
        Self { endpoints: HashMap::new() }
    }
}

#[derive(Debug, Clone, Copy, Default)]
struct Endpoint {
    in_a_row: u32,
    /// Which interval the counts are of.
    interval: u64,
    requests: u32,
    failures: u32,
    /// How often it was ejected; falls by one with each interval that it is in and does well.
    ejections: u32,
    until: Option<u64>,
}

impl<K: Hash + Eq + Clone> Outliers<K> {
    /// Keeps what is known of these endpoints and forgets the others.
    pub fn retain(&mut self, keep: impl Fn(&K) -> bool) {
        self.endpoints.retain(|key, _| keep(key));
    }

    /// Whether an endpoint is out at `now`.
    pub fn is_ejected(&self, key: &K, now: u64) -> bool {
        self.endpoints.get(key).is_some_and(|endpoint| endpoint.until.is_some_and(|until| now < until))
    }

    /// Counts a result at `now`, in milliseconds of a clock that only rises; `members` endpoints are there in all.
    pub fn observe(
        &mut self,
        key: &K,
        failed: bool,
        now: u64,
        members: usize,
        limits: &Limits,
    ) -> Option<Change> {
        let endpoint = self.endpoints.entry(key.clone()).or_default();
        endpoint.count(failed, now, limits);
        if endpoint.until.is_some_and(|until| now < until) || !endpoint.is_outlier(limits) {
            return None;
        }
        let out = self.endpoints.values().filter(|one| one.until.is_some_and(|until| now < until)).count();
        let most = (members * usize::from(limits.maximum_percent) / 100).max(1);
        // The last one in stays: with it out, every request would be refused.
        if out >= most || out + 1 >= members {
            return Some(Change::Spared);
        }
        let endpoint = self.endpoints.get_mut(key)?;
        endpoint.ejections = endpoint.ejections.saturating_add(1);
        let time = limits
            .base_time
            .saturating_mul(endpoint.ejections.into())
            .min(limits.maximum_time.max(limits.base_time));
        let until = now.saturating_add(time);
        *endpoint = Endpoint {
            ejections: endpoint.ejections,
            interval: endpoint.interval,
            until: Some(until),
            ..Endpoint::default()
        };
        Some(Change::Ejected { until })
    }
}

impl Endpoint {
    fn count(&mut self, failed: bool, now: u64, limits: &Limits) {
        let interval = now / limits.interval.max(1);
        if self.interval != interval {
            // Time spent outside proves nothing: only a whole interval back among the others does.
            let back = self.until.is_none_or(|until| until.saturating_add(limits.interval) <= now);
            if back && !self.fails_often(limits) {
                self.ejections = self.ejections.saturating_sub(1);
            }
            (self.interval, self.requests, self.failures) = (interval, 0, 0);
        }
        self.requests = self.requests.saturating_add(1);
        self.failures = self.failures.saturating_add(failed.into());
        self.in_a_row = if failed { self.in_a_row.saturating_add(1) } else { 0 };
    }

    fn is_outlier(&self, limits: &Limits) -> bool {
        self.in_a_row >= limits.consecutive_failures || self.fails_often(limits)
    }

    fn fails_often(&self, limits: &Limits) -> bool {
        let share = u64::from(limits.failure_percent) * u64::from(self.requests);
        limits.failure_percent > 0
            && self.requests >= limits.minimum_requests
            && u64::from(self.failures) * 100 >= share
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits {
        consecutive_failures: 5,
        interval: 10_000,
        failure_percent: 50,
        minimum_requests: 20,
        base_time: 30_000,
        maximum_time: 70_000,
        maximum_percent: 50,
    };

    fn fail(outliers: &mut Outliers<u8>, key: u8, times: usize, now: u64, members: usize) -> Option<Change> {
        (0..times).filter_map(|_| outliers.observe(&key, true, now, members, &LIMITS)).last()
    }

    #[test]
    fn failures_in_a_row_eject_for_longer_each_time() {
        let mut outliers = Outliers::default();
        assert_eq!(fail(&mut outliers, 1, 4, 0, 4), None);
        outliers.observe(&1, false, 0, 4, &LIMITS);
        assert_eq!(fail(&mut outliers, 1, 4, 0, 4), None, "a success between");
        assert_eq!(fail(&mut outliers, 1, 1, 0, 4), Some(Change::Ejected { until: 30_000 }));
        assert!(outliers.is_ejected(&1, 29_999) && !outliers.is_ejected(&1, 30_000));
        assert_eq!(fail(&mut outliers, 1, 5, 30_000, 4), Some(Change::Ejected { until: 90_000 }));
        assert_eq!(
            fail(&mut outliers, 1, 5, 90_000, 4),
            Some(Change::Ejected { until: 160_000 }),
            "the longest"
        );
        for interval in 0..3 {
            outliers.observe(&1, false, 170_000 + interval * 10_000, 4, &LIMITS);
        }
        assert_eq!(
            fail(&mut outliers, 1, 5, 200_000, 4),
            Some(Change::Ejected { until: 230_000 }),
            "forgiven"
        );
    }

    #[test]
    fn a_share_of_failures_ejects() {
        let mut outliers = Outliers::default();
        for turn in 0..20 {
            let change = outliers.observe(&1, turn % 2 == 1, 5, 4, &LIMITS);
            assert_eq!(change.is_some(), turn == 19, "{turn}");
        }
    }

    #[test]
    fn the_cap_spares_the_rest_and_the_last() {
        let mut outliers = Outliers::default();
        for key in 0..4 {
            let expected = if key < 2 { Change::Ejected { until: 30_000 } } else { Change::Spared };
            assert_eq!(fail(&mut outliers, key, 5, 0, 4), Some(expected), "{key}");
        }
        let mut alone = Outliers::default();
        assert_eq!(fail(&mut alone, 1, 5, 0, 1), Some(Change::Spared));
        let mut two = Outliers::default();
        assert!(matches!(fail(&mut two, 1, 5, 0, 2), Some(Change::Ejected { .. })));
        assert_eq!(fail(&mut two, 2, 5, 0, 2), Some(Change::Spared));
    }
}
