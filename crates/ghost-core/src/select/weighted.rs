//! Choice by weight, exact to the last unit.
//!
//! Few entries are walked by running sums, so that a draw of 0.0 is the first and draws rise through the list
//! as people expect. Many use the alias method (Vose 1991), two reads whatever their number; its columns are whole
//! numbers, so nothing is lost to rounding.

use super::Draw;

/// Entries up to this many are walked.
const WALKED: usize = 16;

/// Picks an index by weight.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Weighted {
    total: u64,
    form: Form,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Form {
    Sums(Box<[u64]>),
    Alias(Box<[Column]>),
}

/// Of `total` draws in this column, `own` are its own and the others are `other`'s.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Column {
    own: u64,
    other: u32,
}

impl Default for Form {
    fn default() -> Self {
        Form::Sums(Box::default())
    }
}

impl Weighted {
    /// For these weights, in order.
    pub fn new(weights: &[u32]) -> Self {
        let total = weights.iter().map(|weight| u64::from(*weight)).sum();
        let form = if weights.len() <= WALKED || u32::try_from(weights.len()).is_err() {
            let sums = weights.iter().scan(0, |sum, weight| {
                *sum += u64::from(*weight);
                Some(*sum)
            });
            Form::Sums(sums.collect())
        } else {
            Form::Alias(columns(weights, total))
        };
        Self { total, form }
    }

    /// Sum of all weights.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// An index, and the rest of the draw; `None` where every weight is 0.
    pub fn pick(&self, draw: Draw) -> Option<(usize, Draw)> {
        if self.total == 0 {
            return None;
        }
        match &self.form {
            Form::Sums(sums) => {
                let (point, rest) = draw.take(self.total);
                Some((sums.partition_point(|sum| *sum <= point), rest))
            }
            Form::Alias(columns) => {
                let (column, rest) = draw.take(columns.len() as u64);
                let (point, rest) = rest.take(self.total);
                let index = usize::try_from(column).ok()?;
                let column = columns.get(index)?;
                Some((if point < column.own { index } else { column.other as usize }, rest))
            }
        }
    }
}

/// Each weight times their number fills whole columns of `total`: the rich fill up the poor.
fn columns(weights: &[u32], total: u64) -> Box<[Column]> {
    let count = weights.len() as u64;
    let mut left: Vec<u64> = weights.iter().map(|weight| u64::from(*weight) * count).collect();
    let mut columns: Vec<Column> =
        (0..).zip(&left).map(|(own_index, _)| Column { own: total, other: own_index }).collect();
    let (mut poor, mut rich): (Vec<usize>, Vec<usize>) =
        (0..weights.len()).partition(|index| left[*index] < total);
    while let (Some(from), Some(to)) = (rich.last().copied(), poor.pop()) {
        columns[to] = Column { own: left[to], other: columns[from].other };
        left[from] -= total - left[to];
        if left[from] < total {
            rich.pop();
            poor.push(from);
        }
    }
    columns.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Counts picks over draws that are evenly spread, which must give the weights exactly.
    fn shares(weights: &[u32], draws: u64) -> Vec<u64> {
        let weighted = Weighted::new(weights);
        let mut counts = vec![0; weights.len()];
        for step in 0..draws {
            let bits = (u128::from(step) * (1_u128 << 64)).div_ceil(u128::from(draws));
            let draw = Draw::from_bits(u64::try_from(bits).unwrap());
            counts[weighted.pick(draw).unwrap().0] += 1;
        }
        counts
    }

    #[test]
    fn few_entries_rise_with_the_draw() {
        assert_eq!(shares(&[9, 1], 100), [90, 10]);
        assert_eq!(shares(&[0, 1, 0], 10), [0, 10, 0]);
        assert_eq!(shares(&[u32::MAX, u32::MAX], 100), [50, 50]);
    }

    #[test]
    fn many_entries_share_exactly() {
        let weights: Vec<u32> = (0..100).map(|index| index % 7).collect();
        let total: u64 = weights.iter().map(|weight| u64::from(*weight)).sum();
        let counts = shares(&weights, 100 * total);
        for (weight, count) in weights.iter().zip(counts) {
            assert_eq!(count, u64::from(*weight) * 100, "weight {weight}");
        }
    }

    #[test]
    fn nothing_is_picked_from_nothing() {
        for weights in [vec![], vec![0, 0], vec![0; 40]] {
            assert_eq!(Weighted::new(&weights).pick(Draw::from_bits(7)), None);
        }
    }
}
