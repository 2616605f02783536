//! Values that a pattern takes, made from its syntax.

use regex_syntax::hir::{Class, Hir, HirKind};

use crate::model::pattern;

/// Values made of one part of a pattern.
const MAX_SAMPLES: usize = 8;
/// Most bytes of a value.
const MAX_LENGTH: usize = 512;
/// Characters that read well, tried first.
const PREFERRED: &[u8] = b"a10xA-_./~";

/// A few printable values that the whole pattern takes. None where the pattern takes none that could be made.
pub(crate) fn samples(text: &str) -> Vec<String> {
    let Ok(tree) = pattern::parse(text) else {
        return Vec::new();
    };
    let Ok(checked) = crate::model::Pattern::new(text) else {
        return Vec::new();
    };
    let made = of(&tree).into_iter().filter(|value| checked.takes(value) && value.len() <= MAX_LENGTH);
    made.filter_map(|value| String::from_utf8(value).ok())
        .filter(|value| value.bytes().all(|byte| (b' '..0x7f).contains(&byte)))
        .collect()
}

fn of(tree: &Hir) -> Vec<Vec<u8>> {
    let mut found = match tree.kind() {
        HirKind::Empty | HirKind::Look(_) => vec![Vec::new()],
        HirKind::Literal(literal) => vec![literal.0.to_vec()],
        HirKind::Class(class) => of_class(class),
        HirKind::Repetition(repetition) => repeated(&of(&repetition.sub), repetition.min, repetition.max),
        HirKind::Capture(capture) => of(&capture.sub),
        HirKind::Concat(parts) => {
            parts.iter().fold(vec![Vec::new()], |before, part| joined(&before, &of(part)))
        }
        HirKind::Alternation(branches) => {
            // One of each branch before a second of any.
            let each: Vec<Vec<Vec<u8>>> = branches.iter().map(of).collect();
            let longest = each.iter().map(Vec::len).max().unwrap_or(0);
            (0..longest).flat_map(|at| each.iter().filter_map(move |one| one.get(at).cloned())).collect()
        }
    };
    found.truncate(MAX_SAMPLES);
    found
}

/// A preferred character, and one other.
fn of_class(class: &Class) -> Vec<Vec<u8>> {
    let holds = |byte: u8| match class {
        Class::Bytes(bytes) => bytes.iter().any(|range| (range.start()..=range.end()).contains(&byte)),
        Class::Unicode(chars) => {
            chars.iter().any(|range| (range.start()..=range.end()).contains(&char::from(byte)))
        }
    };
    let preferred = PREFERRED.iter().copied().filter(|byte| holds(*byte));
    let others = (b'!'..0x7f).filter(|byte| !PREFERRED.contains(byte) && holds(*byte));
    preferred.chain(others).take(2).map(|byte| vec![byte]).collect()
}

/// As often as must be, and once more where that may be.
fn repeated(part: &[Vec<u8>], min: u32, max: Option<u32>) -> Vec<Vec<u8>> {
    let times = |count: u32| -> Vec<Vec<u8>> {
        part.iter().map(|one| one.repeat(usize::try_from(count).unwrap_or(0).min(MAX_LENGTH))).collect()
    };
    let mut found = if min == 0 { vec![Vec::new()] } else { times(min) };
    if max.is_none_or(|max| max > min) {
        found.extend(times(min + 1));
    }
    found.truncate(MAX_SAMPLES);
    found
}

fn joined(before: &[Vec<u8>], after: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let pairs = before.iter().flat_map(|left| after.iter().map(move |right| [&left[..], right].concat()));
    pairs.filter(|value| value.len() <= MAX_LENGTH).take(MAX_SAMPLES).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sample_is_taken() {
        for (pattern, first) in [
            ("/a", "/a"),
            ("/(cart|basket)/[0-9]+", "/cart/1"),
            ("/v[12].*", "/v1"),
            ("(?i)shop", "SHOP"),
            ("/a{3}", "/aaa"),
            (".*", ""),
        ] {
            let samples = samples(pattern);
            let checked = crate::model::Pattern::new(pattern).unwrap();
            assert!(samples.iter().all(|sample| checked.takes(sample.as_bytes())), "{pattern}: {samples:?}");
            assert!(
                samples.iter().any(|sample| sample.eq_ignore_ascii_case(first)),
                "{pattern}: {samples:?}"
            );
        }
    }

    #[test]
    fn what_cannot_be_printed_is_no_sample() {
        assert_eq!(samples("\\x00"), Vec::<String>::new());
        assert_eq!(samples("("), Vec::<String>::new());
    }
}
