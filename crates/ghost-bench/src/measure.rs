//! Two things in turn, medians and their ratio.

use std::hint::black_box;
use std::time::Instant;

const ROUNDS: usize = 15;
const ROUND_NANOSECONDS: u128 = 20_000_000;

/// Nanoseconds per call: the median of each, and the median of the ratios pair by pair.
pub(crate) struct Pair {
    pub(crate) ours: f64,
    pub(crate) theirs: f64,
    pub(crate) ratio: f64,
}

/// Measures two closures in turn. Each call does its work on the item with that index.
pub(crate) fn pair<A, B>(mut ours: impl FnMut(usize) -> A, mut theirs: impl FnMut(usize) -> B) -> Pair {
    let (our_calls, their_calls) = (calibrate(&mut ours), calibrate(&mut theirs));
    let mut rounds: Vec<(f64, f64)> = Vec::new();
    for _ in 0..ROUNDS {
        rounds.push((round(&mut ours, our_calls), round(&mut theirs, their_calls)));
    }
    let ratios = rounds.iter().map(|(ours, theirs)| ours / theirs).collect();
    Pair {
        ours: median(rounds.iter().map(|round| round.0).collect()),
        theirs: median(rounds.iter().map(|round| round.1).collect()),
        ratio: median(ratios),
    }
}

/// Nanoseconds of one call of something slow, median of a few.
pub(crate) fn slow<T>(times: usize, mut work: impl FnMut() -> T) -> f64 {
    median(
        (0..times)
            .map(|_| {
                let start = Instant::now();
                black_box(work());
                nanoseconds(start)
            })
            .collect(),
    )
}

/// Prints a row.
pub(crate) fn row(what: &str, pair: &Pair, reach: &str) {
    println!("{what:<64} {:>12} {:>12} {:>8.3}x  {reach}", time(pair.ours), time(pair.theirs), pair.ratio);
}

/// A time in the unit people read.
pub(crate) fn time(nanoseconds: f64) -> String {
    match nanoseconds {
        small if small < 1_000.0 => format!("{small:.1} ns"),
        middle if middle < 1_000_000.0 => format!("{:.2} us", middle / 1_000.0),
        large => format!("{:.2} ms", large / 1_000_000.0),
    }
}

fn calibrate<T>(work: &mut impl FnMut(usize) -> T) -> usize {
    let mut calls = 1;
    loop {
        let start = Instant::now();
        (0..calls).for_each(|index| _ = black_box(work(index)));
        if start.elapsed().as_nanos() > ROUND_NANOSECONDS / 4 || calls > 1 << 26 {
            return calls * 4;
        }
        calls *= 2;
    }
}

fn round<T>(work: &mut impl FnMut(usize) -> T, calls: usize) -> f64 {
    let start = Instant::now();
    (0..calls).for_each(|index| _ = black_box(work(index)));
    nanoseconds(start) / count(calls)
}

#[expect(clippy::cast_precision_loss, reason = "times and counts of a benchmark stay far below 2^53")]
fn nanoseconds(start: Instant) -> f64 {
    start.elapsed().as_nanos() as f64
}

#[expect(clippy::cast_precision_loss, reason = "times and counts of a benchmark stay far below 2^53")]
fn count(calls: usize) -> f64 {
    calls as f64
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
