//! One random number for a whole decision.

/// A number from 0 up to, not including, 1, in steps of 2^-64. Every choice takes what it needs from the top and
/// hands on the rest, so one draw decides backend and endpoint and can be replayed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Draw(u64);

impl Draw {
    /// The draw with these bits behind the point.
    pub fn from_bits(bits: u64) -> Self {
        Self(bits)
    }

    /// From a number in `0.0..1.0`; what lies outside is brought to the nearer end.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "`as` saturates, which is the meaning here"
    )]
    pub fn from_unit(number: f64) -> Self {
        Self((number * 18_446_744_073_709_551_616.0) as u64)
    }

    /// As a number in `0.0..1.0`, rounded down to what an `f64` holds.
    #[expect(clippy::cast_precision_loss, reason = "53 bits are kept, the rest was cut off before")]
    pub fn to_unit(self) -> f64 {
        (self.0 & !0x7ff) as f64 / 18_446_744_073_709_551_616.0
    }

    /// The bits behind the point.
    pub fn bits(self) -> u64 {
        self.0
    }

    /// A number below `total`, each equally likely, and the rest of the draw. `total` 0 gives 0.
    #[expect(clippy::cast_possible_truncation, reason = "the two halves of a 128-bit product")]
    pub fn take(self, total: u64) -> (u64, Draw) {
        let product = u128::from(self.0) * u128::from(total);
        ((product >> 64) as u64, Draw(product as u64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_draws_convert_both_ways() {
        for number in [0.0, 0.25, 0.5, 0.9, 0.999_999] {
            assert_eq!(Draw::from_unit(number).to_unit(), number);
        }
        assert_eq!(Draw::from_unit(-1.0).bits(), 0);
        assert_eq!(Draw::from_unit(2.0).bits(), u64::MAX);
    }

    #[test]
    fn a_draw_is_cut_into_equal_parts() {
        let picks = |total: u64| {
            (0..100).map(|step| Draw::from_unit(f64::from(step) / 100.0).take(total).0).collect::<Vec<_>>()
        };
        assert_eq!(picks(4).iter().filter(|pick| **pick == 3).count(), 25);
        assert_eq!(picks(1), vec![0; 100]);
        assert_eq!(Draw::from_bits(u64::MAX).take(u64::MAX).0, u64::MAX - 1);
    }
}
