//! Consistent hash by a table (Maglev, NSDI 2016 section 3.4): one read a pick, shares equal to a percent; a removal
//! moves a few more keys than the ring's.

use super::hash::key_of;

/// Size of the table: a prime, a hundred times the entries it is meant for.
const SIZE: usize = 65_537;

/// The table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Maglev {
    table: Box<[u32]>,
}

/// An entry on its way through the table in its own order.
struct Filler {
    entry: u32,
    weight: f64,
    target: f64,
    offset: usize,
    skip: usize,
    next: usize,
}

impl Maglev {
    /// `names` must be stable, since they order the table; `weights` in the same order.
    pub fn new(names: &[String], weights: &[u32]) -> Self {
        let heaviest = weights.iter().copied().max().unwrap_or(0);
        if heaviest == 0 {
            return Self::default();
        }
        let mut fillers: Vec<Filler> = names
            .iter()
            .zip(weights)
            .zip(0..)
            .filter(|((_, weight), _)| **weight > 0)
            .map(|((name, weight), entry)| filler(name, f64::from(*weight) / f64::from(heaviest), entry))
            .collect();
        let mut table = vec![u32::MAX; SIZE];
        let (mut filled, mut round) = (0, 1.0);
        while filled < SIZE {
            for filler in &mut fillers {
                // A lighter entry sits out the rounds that its weight has not earned.
                if round * filler.weight < filler.target || filled == SIZE {
                    continue;
                }
                filler.target += 1.0;
                let slot = filler.free_slot(&table);
                table[slot] = filler.entry;
                filled += 1;
            }
            round += 1.0;
        }
        Self { table: table.into() }
    }

    /// The entry of a key, and those of the following slots, which stand in for it. Entries repeat.
    pub fn walk(&self, key: u64) -> impl Iterator<Item = usize> {
        let from = usize::try_from(key % SIZE as u64).unwrap_or(0).min(self.table.len());
        let (before, after) = self.table.split_at(from);
        after.iter().chain(before).map(|entry| *entry as usize)
    }
}

fn filler(name: &str, weight: f64, entry: u32) -> Filler {
    let place = |hash: u64, below: usize| usize::try_from(hash % below as u64).unwrap_or(0);
    let offset = place(key_of(name.as_bytes()), SIZE);
    let skip = place(key_of(format!("{name}#skip").as_bytes()), SIZE - 1) + 1;
    Filler { entry, weight, target: 1.0, offset, skip, next: 0 }
}

impl Filler {
    fn free_slot(&mut self, table: &[u32]) -> usize {
        loop {
            let slot = (self.offset + self.next * self.skip) % SIZE;
            self.next += 1;
            if table[slot] == u32::MAX {
                return slot;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_those_of_the_weights() {
        let names: Vec<String> = (0..5).map(|index| format!("10.0.0.{index}:80")).collect();
        let weights = [1, 1, 2, 0, 4];
        let maglev = Maglev::new(&names, &weights);
        for (entry, weight) in weights.iter().enumerate() {
            let slots = maglev.table.iter().filter(|own| **own as usize == entry).count();
            let wanted = SIZE * *weight as usize / 8;
            assert!(slots.abs_diff(wanted) <= SIZE / 100, "entry {entry}: {slots} slots, {wanted} wanted");
        }
    }

    #[test]
    fn most_keys_stay_when_an_entry_leaves() {
        let names: Vec<String> = (0..10).map(|index| format!("10.0.0.{index}:80")).collect();
        let all = Maglev::new(&names, &[1; 10]);
        let fewer = Maglev::new(&names[..9], &[1; 9]);
        let moved = all.table.iter().zip(&fewer.table).filter(|(was, is)| **was != 9 && was != is).count();
        assert!(moved < SIZE / 10, "{moved} slots of others moved");
    }

    #[test]
    fn nobody_is_picked_from_nobody() {
        assert_eq!(Maglev::new(&["a".to_owned()], &[0]).walk(1).next(), None);
    }
}
