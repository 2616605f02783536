//! One scenario, a number of decisions: run under callgrind by `scripts/instructions.mjs`, which subtracts the cost of
//! building the table.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a benchmark ends when its input is wrong")]
#![allow(clippy::print_stdout, reason = "the count shows that the work was done")]

#[path = "../corpus.rs"]
mod corpus;

use corpus::{Numbers, document, get, path, table};
use ghost_core::decide;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let (scenario, decisions) =
        (arguments.next().unwrap(), arguments.next().unwrap().parse::<usize>().unwrap());
    let (text, asked) = match &*scenario {
        "paths" => paths(),
        "hosts-1000" => hosts(1_000),
        "hosts-100000" => hosts(100_000),
        "patterns" => patterns(),
        other => panic!("there is no scenario {other}"),
    };
    let table = table(&text);
    let won = (0..decisions).filter(|index| {
        let (host, path) = &asked[index % asked.len()];
        decide(&table, &get(host, path)).winner.is_some()
    });
    println!("{}", won.count());
}

type Scenario = (String, Vec<(String, String)>);

fn paths() -> Scenario {
    let templates = include_str!("../../data/github-api.txt").lines().filter(|line| line.starts_with('/'));
    let paths: Vec<String> = templates.map(|line| line.replace(['{', '}'], "")).collect();
    let text = document(paths.iter().map(|text| (String::new(), vec![path("PathPrefix", text)])));
    (text, paths.into_iter().map(|path| ("api.example".to_owned(), path)).collect())
}

fn hosts(count: usize) -> Scenario {
    let text = document(
        (0..count).map(|index| (format!("host-{index:06}.example.com"), vec![path("PathPrefix", "/app")])),
    );
    let mut numbers = Numbers(1);
    (
        text,
        (0..256)
            .map(|_| (format!("host-{:06}.example.com", numbers.below(count)), "/app/page".to_owned()))
            .collect(),
    )
}

fn patterns() -> Scenario {
    let text = document((0..200).map(|index| {
        (String::new(), vec![path("RegularExpression", &format!("/service-{index}/v[0-9]+/.*"))])
    }));
    (text, (0..200).map(|index| ("a.example".to_owned(), format!("/service-{index}/v12/items"))).collect())
}
