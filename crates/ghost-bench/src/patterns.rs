//! A thousand regular expressions on one host, against a loop and a set of the `regex` crate.

use ghost_core::decide;
use regex::{Regex, RegexSet};

use crate::corpus::{Numbers, document, get, path, table};
use crate::measure::{pair, row};

pub(crate) fn against_regex() {
    type Make = fn(usize) -> (String, String);
    let shapes: [(&str, Make); 4] = [
        ("own prefix", |index| {
            (format!("/service-{index}/v[0-9]+/.*"), format!("/service-{index}/v12/items"))
        }),
        ("shared prefix", |index| {
            (format!("/api/v[0-9]+/service-{index}"), format!("/api/v12/service-{index}"))
        }),
        ("no literals", |index| {
            (
                format!("/[a-f]{{{}}}/[0-9]{{{}}}", index / 32 + 1, index % 32 + 1),
                format!("/{}/{}", "a".repeat(index / 32 + 1), "7".repeat(index % 32 + 1)),
            )
        }),
        ("inner literal", |index| {
            (format!(".*service-{index}x.*"), format!("/some/path/service-{index}x/items"))
        }),
    ];
    for (name, make) in shapes {
        let patterns: Vec<String> = (0..1_000).map(|index| make(index).0).collect();
        let started = std::time::Instant::now();
        let ours = table(&document(
            patterns.iter().map(|pattern| (String::new(), vec![path("RegularExpression", pattern)])),
        ));
        let built = started.elapsed().as_millis();
        let anchored: Vec<String> = patterns.iter().map(|pattern| format!("^(?:{pattern})$")).collect();
        let list: Vec<Regex> = anchored.iter().map(|pattern| Regex::new(pattern).unwrap()).collect();
        let set = RegexSet::new(&anchored).unwrap();
        let mut numbers = Numbers(4);
        let asked: Vec<String> = (0..256).map(|_| make(numbers.below(1_000)).1).collect();
        let decided = |index: usize| decide(&ours, &get("a.example", &asked[index & 255])).winner.is_some();
        assert!((0..256).all(decided), "{name}");
        row(
            &format!("1,000 regexes, {name} ({built} ms to build) / loop of Regex"),
            &pair(decided, |index| list.iter().position(|one| one.is_match(&asked[index & 255]))),
            "<= 0.05x",
        );
        row(
            &format!("1,000 regexes, {name} / RegexSet 1.13.1"),
            &pair(decided, |index| set.matches(&asked[index & 255]).iter().next()),
            "<= 0.02x",
        );
    }
}
