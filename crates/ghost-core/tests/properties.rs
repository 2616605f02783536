//! What holds for every rewrite, every set of weights and every ring.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use ghost_core::filter::rewrite;
use ghost_core::model::PathRewrite;
use ghost_core::request::canonical::{self, Profile};
use ghost_core::select::{Draw, Ring, Weighted, key_of};
use proptest::collection::vec;
use proptest::prelude::*;

fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 256,
        rng_seed: proptest::test_runner::RngSeed::Fixed(11),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// Chi-square at which one in a million fair samples fails, by degrees of freedom 1 to 11.
const LIMITS: [f64; 11] = [23.9, 27.6, 30.7, 33.4, 35.9, 38.3, 40.5, 42.7, 44.8, 46.9, 48.9];

proptest! {
    #![proptest_config(config())]

    /// A replaced prefix gives the replacement, then what stood behind the prefix: one slash in front, nothing doubled.
    #[test]
    fn a_replaced_prefix_keeps_the_rest(segments in vec("[a-z%~.]{0,4}", 1..6), cut in 0..6_usize, with in prop::option::of("[a-z]{1,5}")) {
        let raw = format!("/{}", segments.join("/"));
        let mut buffer = Vec::new();
        let path = canonical::path(raw.as_bytes(), Profile::Lenient, &mut buffer).unwrap().to_vec();
        let slashes: Vec<usize> = path.iter().enumerate().filter(|(_, byte)| **byte == b'/').map(|(at, _)| at).collect();
        let prefix = slashes.get(cut).copied().unwrap_or(path.len());
        let text = with.as_ref().map_or_else(String::new, |word| format!("/{word}"));
        let mut into = Vec::new();
        rewrite::path(&PathRewrite::Prefix(text.clone().into()), &path, Some(prefix), &mut into);
        prop_assert_eq!(into[0], b'/');
        if text.is_empty() {
            prop_assert!(!into.starts_with(b"//"));
            let trimmed: Vec<u8> = path[prefix..].iter().copied().skip_while(|byte| *byte == b'/').collect();
            prop_assert_eq!(&into[1..], &trimmed[..]);
        } else {
            prop_assert_eq!(into, [text.as_bytes(), &path[prefix..]].concat());
        }
    }

    /// Shares of random draws are those of the weights.
    #[test]
    fn weights_pass_the_chi_square_test(weights in vec(0..200_u32, 2..12), seed: u64) {
        let total: u32 = weights.iter().sum();
        prop_assume!(total > 0);
        let weighted = Weighted::new(&weights);
        let draws = 20_000_u32;
        let mut counts = vec![0_u32; weights.len()];
        for step in 0..u64::from(draws) {
            counts[weighted.pick(Draw::from_bits(key_of(&(seed ^ step).to_be_bytes()))).unwrap().0] += 1;
        }
        let mut chi_square = 0.0;
        for (weight, count) in weights.iter().zip(&counts) {
            let expected = f64::from(draws) * f64::from(*weight) / f64::from(total);
            if *weight == 0 {
                prop_assert_eq!(*count, 0);
            } else {
                chi_square += (f64::from(*count) - expected).powi(2) / expected;
            }
        }
        let freedom = weights.iter().filter(|weight| **weight > 0).count() - 1;
        prop_assert!(freedom == 0 || chi_square < LIMITS[freedom - 1], "{} of {:?}", chi_square, counts);
    }

    /// Whoever leaves a ring, only the keys it had move.
    #[test]
    fn a_ring_moves_only_the_keys_of_who_left(names in prop::collection::hash_set("[a-z]{3,8}", 2..12), weight in 1..4_u32) {
        let names: Vec<String> = names.into_iter().collect();
        let ring = Ring::new(&names, &vec![weight; names.len()]);
        let without_last = Ring::new(&names[..names.len() - 1], &vec![weight; names.len() - 1]);
        for key in 0..500_u64 {
            let key = key_of(&key.to_be_bytes());
            let was = ring.walk(key).next().unwrap();
            let is = without_last.walk(key).next().unwrap();
            prop_assert!(was == names.len() - 1 || was == is);
        }
    }
}
