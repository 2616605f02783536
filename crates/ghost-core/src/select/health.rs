//! The health of an endpoint as a state machine. Results and the time come in; nothing is probed here.

pub use crate::model::Thresholds;

/// The outcome of a probe or of a real request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Observation {
    /// It answered as it should.
    Passed,
    /// It did not.
    Failed,
}

/// What is known of an endpoint. New ones are healthy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Health {
    state: HealthState,
    /// Results in a row that speak against the state.
    against: u32,
}

/// Whether an endpoint gets requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum HealthState {
    /// It does.
    #[default]
    Healthy,
    /// It does not, since this time in milliseconds.
    Unhealthy {
        /// When it stopped.
        since: u64,
    },
}

impl Health {
    /// Whether it gets requests.
    pub fn is_healthy(self) -> bool {
        self.state == HealthState::Healthy
    }

    /// The state now.
    pub fn state(self) -> HealthState {
        self.state
    }

    /// The state after a result at `now`, in milliseconds of any clock that only rises. A change shows by comparing.
    #[must_use]
    pub fn observe(self, observation: Observation, now: u64, thresholds: &Thresholds) -> Self {
        match (self.state, observation) {
            (HealthState::Healthy, Observation::Passed) => Self::default(),
            (HealthState::Healthy, Observation::Failed) if self.against + 1 >= thresholds.failures => {
                Self { state: HealthState::Unhealthy { since: now }, against: 0 }
            }
            (HealthState::Unhealthy { since }, Observation::Passed)
                if now.saturating_sub(since) < thresholds.cooldown =>
            {
                self
            }
            (HealthState::Unhealthy { .. }, Observation::Passed)
                if self.against + 1 >= thresholds.successes =>
            {
                Self::default()
            }
            (HealthState::Unhealthy { .. }, Observation::Failed) => Self { against: 0, ..self },
            _ => Self { against: self.against + 1, ..self },
        }
    }
}

/// Share of its weight that an endpoint has earned `age` milliseconds after it came up: a tenth at once, all of it after
/// `window`, so that a cold one is not overrun.
#[expect(clippy::cast_precision_loss, reason = "milliseconds of a duration stay far below 2^53")]
pub fn ramp(age: u64, window: u64) -> f64 {
    if age >= window { 1.0 } else { (age as f64 / window as f64).max(0.1) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Observation::{Failed, Passed};

    fn run(steps: &[(Observation, u64)]) -> Health {
        let thresholds = Thresholds::default();
        steps.iter().fold(Health::default(), |health, (observation, now)| {
            health.observe(*observation, *now, &thresholds)
        })
    }

    #[test]
    fn three_failures_in_a_row_take_it_out() {
        assert!(run(&[(Failed, 0), (Failed, 1)]).is_healthy());
        assert!(run(&[(Failed, 0), (Failed, 1), (Passed, 2), (Failed, 3), (Failed, 4)]).is_healthy());
        assert_eq!(
            run(&[(Failed, 0), (Failed, 1), (Failed, 2)]).state(),
            HealthState::Unhealthy { since: 2 }
        );
    }

    #[test]
    fn two_successes_after_the_cooldown_bring_it_back() {
        let out = [(Failed, 0), (Failed, 0), (Failed, 0)];
        let then = |more: &[(Observation, u64)]| run(&[&out, more].concat()).is_healthy();
        assert!(
            !then(&[(Passed, 4_998), (Passed, 4_999), (Passed, 5_000)]),
            "successes inside the cooldown counted"
        );
        assert!(then(&[(Passed, 5_000), (Passed, 5_001)]));
        assert!(
            !then(&[(Passed, 5_000), (Failed, 5_001), (Passed, 5_002)]),
            "a failure between did not count"
        );
    }
}
