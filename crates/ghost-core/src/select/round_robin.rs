//! Weighted round robin as a fixed sequence: smooth (no endpoint twice in a row while others wait) and without state;
//! whoever picks brings the turn.

/// Longest sequence; heavier weights are scaled down to it.
const MAX_LENGTH: u64 = 4096;

/// The order of turns.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RoundRobin {
    sequence: Box<[u32]>,
}

impl RoundRobin {
    /// The smooth sequence for these weights (the algorithm nginx uses): the entry with the most credit goes next.
    pub fn new(weights: &[u32]) -> Self {
        let weights = reduced(weights);
        let total: i64 = weights.iter().sum();
        let mut credit = vec![0_i64; weights.len()];
        let mut sequence = Vec::new();
        for _ in 0..total {
            for (credit, weight) in credit.iter_mut().zip(&weights) {
                *credit += weight;
            }
            let most = credit.iter().copied().max().unwrap_or(0);
            let Some(next) = credit.iter().position(|own| *own == most) else { break };
            credit[next] -= total;
            sequence.push(u32::try_from(next).unwrap_or(u32::MAX));
        }
        Self { sequence: sequence.into() }
    }

    /// The entry whose turn it is; `None` where every weight is 0.
    pub fn pick(&self, turn: u64) -> Option<usize> {
        let length = u64::try_from(self.sequence.len()).ok().filter(|length| *length > 0)?;
        self.sequence.get(usize::try_from(turn % length).ok()?).map(|index| *index as usize)
    }

    /// Turns until the sequence begins again.
    pub fn len(&self) -> u64 {
        self.sequence.len() as u64
    }

    /// Whether every weight is 0.
    pub fn is_empty(&self) -> bool {
        self.sequence.is_empty()
    }
}

/// Divided by their greatest common divisor, then scaled to the longest sequence; none but 0 becomes 0.
fn reduced(weights: &[u32]) -> Vec<i64> {
    let divisor = weights.iter().fold(0, |divisor, weight| greatest_common_divisor(divisor, *weight)).max(1);
    let total: u64 = weights.iter().map(|weight| u64::from(weight / divisor)).sum();
    let scale = |weight: u32| match weight / divisor {
        0 => 0,
        weight if total <= MAX_LENGTH => i64::from(weight),
        weight => i64::try_from((u64::from(weight) * MAX_LENGTH / total).max(1)).unwrap_or(1),
    };
    weights.iter().map(|weight| scale(*weight)).collect()
}

fn greatest_common_divisor(left: u32, right: u32) -> u32 {
    if right == 0 { left } else { greatest_common_divisor(right, left % right) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_are_smooth_and_in_proportion() {
        let turns = |weights: &[u32], count: u64| -> Vec<usize> {
            let robin = RoundRobin::new(weights);
            (0..count).filter_map(|turn| robin.pick(turn)).collect()
        };
        assert_eq!(turns(&[5, 1, 1], 7), [0, 0, 1, 0, 2, 0, 0]);
        assert_eq!(turns(&[1, 1, 1], 6), [0, 1, 2, 0, 1, 2]);
        assert_eq!(turns(&[100, 0, 200], 3), [2, 0, 2]);
        assert!(turns(&[0, 0], 3).is_empty());
        let long = RoundRobin::new(&[1_000_000, 1]);
        assert_eq!((0..long.len()).filter(|turn| long.pick(*turn) == Some(1)).count(), 1);
    }
}
