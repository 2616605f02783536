//! The random numbers that choose services and endpoints.
//!
//! SplitMix64 over a shared counter: one atomic add for each draw, no lock, no thread-local state, seeded by the engine.

use std::sync::atomic::{AtomicU64, Ordering};

use ghost_core::Draw;

use crate::ffi;

/// Where draws come from.
pub(crate) struct Draws {
    counter: AtomicU64,
    /// Bits of the number that tests put in place of the random ones; [`RANDOM`] is none.
    fixed: AtomicU64,
}

/// No number: the bits of a NaN that no text parses to.
const RANDOM: u64 = u64::MAX;

/// 2^64 divided by the golden ratio, odd: the counter visits every value once.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

impl Draws {
    pub(crate) fn new() -> Self {
        Self { counter: AtomicU64::new(ffi::random()), fixed: AtomicU64::new(RANDOM) }
    }

    pub(crate) fn next(&self) -> Draw {
        match self.fixed.load(Ordering::Relaxed) {
            RANDOM => Draw::from_bits(mix(self.counter.fetch_add(STEP, Ordering::Relaxed))),
            bits => Draw::from_unit(f64::from_bits(bits)),
        }
    }

    /// For tests: always this number, or random ones again.
    pub(crate) fn fix(&self, number: Option<f64>) {
        self.fixed.store(number.map_or(RANDOM, f64::to_bits), Ordering::Relaxed);
    }
}

/// The finalizer of SplitMix64 (Steele, Lea, Flood 2014).
fn mix(state: u64) -> u64 {
    let state = (state ^ state >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let state = (state ^ state >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    state ^ state >> 31
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_are_spread_evenly_and_can_be_fixed() {
        let draws = Draws { counter: AtomicU64::new(1), fixed: AtomicU64::new(RANDOM) };
        let mut counts = [0_u32; 10];
        (0..10_000).for_each(|_| counts[usize::try_from(draws.next().take(10).0).unwrap()] += 1);
        assert!(counts.iter().all(|count| (850..1150).contains(count)), "{counts:?}");
        draws.fix(Some(0.25));
        assert_eq!(draws.next(), Draw::from_unit(0.25));
        draws.fix(None);
        assert_ne!(draws.next(), draws.next());
    }
}
