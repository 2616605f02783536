//! Consistent hash on a ring: removing one of N entries moves the keys of that one and no other.

use super::hash::key_of;

/// Points of an entry for each unit of weight.
const REPLICAS: u32 = 64;
/// Most points of a ring; heavier weights are scaled down to it, each entry keeps one at least.
const MAX_POINTS: u64 = 1 << 18;

/// Points in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ring {
    points: Box<[(u64, u32)]>,
}

impl Ring {
    /// `names` must be stable, since they place the points; `weights` in the same order.
    pub fn new(names: &[String], weights: &[u32]) -> Self {
        let total: u64 = weights.iter().map(|weight| u64::from(*weight) * u64::from(REPLICAS)).sum();
        let mut points = Vec::new();
        for ((name, weight), entry) in names.iter().zip(weights).zip(0_u32..) {
            let wanted = u64::from(*weight) * u64::from(REPLICAS);
            let replicas = if total <= MAX_POINTS || wanted == 0 {
                wanted
            } else {
                (wanted * MAX_POINTS / total).max(1)
            };
            points
                .extend((0..replicas).map(|replica| (key_of(format!("{name}#{replica}").as_bytes()), entry)));
        }
        points.sort_unstable();
        Self { points: points.into() }
    }

    /// The entries of a key: its own first, then, walking on, those that stand in for it. Entries repeat.
    pub fn walk(&self, key: u64) -> impl Iterator<Item = usize> {
        let from = self.points.partition_point(|(point, _)| *point < key);
        let (before, after) = self.points.split_at(from);
        after.iter().chain(before).map(|(_, entry)| *entry as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(count: usize) -> Vec<String> {
        (0..count).map(|index| format!("10.0.0.{index}:80")).collect()
    }

    fn owner(ring: &Ring, names: &[String], key: u64) -> String {
        names[ring.walk(key_of(&key.to_be_bytes())).next().unwrap()].clone()
    }

    #[test]
    fn only_the_keys_of_a_removed_entry_move() {
        let all = names(10);
        let ring = Ring::new(&all, &[1; 10]);
        let keys = 20_000;
        let mut moved_in_all = 0;
        for gone in 0..all.len() {
            let fewer: Vec<String> = all.iter().filter(|name| **name != all[gone]).cloned().collect();
            let after = Ring::new(&fewer, &[1; 9]);
            for key in 0..keys {
                let (was, is) = (owner(&ring, &all, key), owner(&after, &fewer, key));
                assert!(
                    was == all[gone] || was == is,
                    "key {key} moved from {was} to {is} though {} left",
                    all[gone]
                );
                moved_in_all += u64::from(was != is);
            }
        }
        // On average over the entries a removal moves 1/N of the keys.
        assert_eq!(moved_in_all, keys);
    }

    #[test]
    fn weights_are_honoured() {
        let all = names(2);
        let ring = Ring::new(&all, &[3, 1]);
        let heavy = (0..40_000).filter(|key| owner(&ring, &all, *key) == all[0]).count();
        assert!((26_000..34_000).contains(&heavy), "{heavy} of 40000, 30000 wanted");
    }

    #[test]
    fn an_empty_ring_has_nobody() {
        assert_eq!(Ring::new(&names(2), &[0, 0]).walk(7).next(), None);
    }
}
