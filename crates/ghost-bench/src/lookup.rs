//! Decisions against path routers, a bare hash, themselves at other sizes, and a linear router.

use atc_router::ast::{Type, Value};
use atc_router::context::Context;
use atc_router::router::Router;
use atc_router::schema::Schema;
use ghost_core::decide::{decide, path_stage_alone};
use hashbrown::HashMap;

use crate::corpus::{Numbers, document, get, path, table};
use crate::measure::{Pair, pair, row};

/// The GitHub API's routes, parameters filled in, on one host: matchit's own benchmark set.
pub(crate) fn github_routes() {
    let templates: Vec<&str> =
        include_str!("../data/github-api.txt").lines().filter(|line| line.starts_with('/')).collect();
    let fill = |text: &str| {
        (1..=4)
            .fold(text.to_owned(), |text, index| text.replace(&format!("{{p{index}}}"), &format!("p{index}")))
    };
    let paths: Vec<String> = templates.iter().map(|template| fill(template)).collect();
    let mut matchit = matchit::Router::new();
    for template in &templates {
        matchit.insert(*template, true).unwrap();
    }
    for (kind, below) in [("Exact", ""), ("PathPrefix", ""), ("PathPrefix", "/x/y")] {
        let routes = paths.iter().map(|text| (String::new(), vec![path(kind, text)]));
        let table = table(&document(routes));
        let asked: Vec<String> = paths.iter().map(|path| format!("{path}{below}")).collect();
        let request = |index: usize| get("api.example", &asked[index % asked.len()]);
        assert!((0..asked.len()).all(|index| decide(&table, &request(index)).winner.is_some()));
        let result = pair(
            |index| decide(&table, &request(index)).winner.is_some(),
            |index| *matchit.at(&paths[index % paths.len()]).unwrap().value,
        );
        row(&format!("130 routes, {kind}{below}, whole decision / matchit 0.9.2"), &result, "<= 1.5x");
        let result = pair(
            |index| path_stage_alone(&table, asked[index % asked.len()].as_bytes()),
            |index| *matchit.at(&paths[index % paths.len()]).unwrap().value,
        );
        row(&format!("130 routes, {kind}{below}, path stage alone / matchit 0.9.2"), &result, "<= 1.0x");
    }
}

/// A host and a prefix among 100,000 routes, hot, against one lookup of the host.
pub(crate) fn distance_from_a_hash() {
    for per_host in [1, 5, 100] {
        let hosts = 100_000 / per_host;
        let name = |host: usize| format!("host-{host}.example.com");
        let routes = (0..100_000).map(|index| {
            (name(index / per_host), vec![path("PathPrefix", &format!("/app-{}", index % per_host))])
        });
        let table = table(&document(routes));
        let map: HashMap<String, u32, foldhash::fast::FixedState> =
            (0..hosts).map(|host| (name(host), 0)).collect();
        let mut numbers = Numbers(1);
        let asked: Vec<(String, String)> = (0..256)
            .map(|_| (name(numbers.below(hosts)), format!("/app-{}/page", numbers.below(per_host))))
            .collect();
        let result = pair(
            |index| decide(&table, &get(&asked[index & 255].0, &asked[index & 255].1)).winner.is_some(),
            |index| map.get(asked[index & 255].0.as_str()).is_some(),
        );
        row(
            &format!("100,000 routes, {per_host} per host, hot / hashbrown lookup of the host"),
            &result,
            "<= 3x",
        );
    }
}

/// The same decision in tables of 1,000 and of 1,000,000 routes.
pub(crate) fn flatness() {
    let tables: Vec<_> = [1_000, 1_000_000]
        .into_iter()
        .map(|count: usize| {
            let routes = (0..count).map(|index| {
                (
                    format!("host-{}.example.com", index / 2),
                    vec![path("PathPrefix", &format!("/app-{}", index % 2))],
                )
            });
            (table(&document(routes)), count / 2)
        })
        .collect();
    for distinct in [256, 16_384] {
        let asked: Vec<Vec<(String, String)>> = tables
            .iter()
            .map(|(_, hosts)| {
                let mut numbers = Numbers(2);
                (0..distinct)
                    .map(|_| {
                        (
                            format!("host-{}.example.com", numbers.below(*hosts)),
                            format!("/app-{}/page", numbers.below(2)),
                        )
                    })
                    .collect()
            })
            .collect();
        let ask = |size: usize, index: usize| {
            let (host, path) = &asked[size][index % distinct];
            decide(&tables[size].0, &get(host, path)).winner.is_some()
        };
        let result = pair(|index| ask(1, index), |index| ask(0, index));
        row(&format!("1,000,000 routes / 1,000 routes, {distinct} distinct requests"), &result, "<= 3x");
    }
}

/// 10,000 routes on 2,000 hosts with overlapping prefixes, against Kong's router.
pub(crate) fn linear_router() {
    let mut numbers = Numbers(3);
    let routes: Vec<(String, String)> = (0..10_000)
        .map(|_| {
            (
                format!("host-{}.example.com", numbers.below(2_000)),
                format!("/{}", ["a", "a/b", "a/b/c", "b", "b/c"][numbers.below(5)]),
            )
        })
        .collect();
    let table = table(&document(
        routes.iter().map(|(host, prefix)| (host.clone(), vec![path("PathPrefix", prefix)])),
    ));
    let mut schema = Schema::default();
    schema.add_field("http.host", Type::String);
    schema.add_field("http.path", Type::String);
    let mut peer = Router::new(&schema);
    for (host, prefix) in &routes {
        let rule = format!(r#"http.host == "{host}" && http.path ^= "{prefix}""#);
        peer.add_matcher(prefix.len(), uuid::Uuid::new_v4(), &rule).unwrap();
    }
    let asked: Vec<(String, String)> =
        (0..512).map(|_| (routes[numbers.below(routes.len())].0.clone(), "/a/b/c/d".to_owned())).collect();
    let theirs = |index: usize| {
        let (host, path) = &asked[index % asked.len()];
        let mut context = Context::new(&schema);
        context.add_value("http.host", Value::String(host.clone()));
        context.add_value("http.path", Value::String(path.clone()));
        peer.execute(&mut context)
    };
    let result: Pair = pair(
        |index| {
            decide(&table, &get(&asked[index % asked.len()].0, &asked[index % asked.len()].1))
                .winner
                .is_some()
        },
        theirs,
    );
    row("10,000 routes, overlapping prefixes / atc-router 1.7.1", &result, "<= 0.001x");
    match traefik() {
        Some(theirs) => {
            let ratio = result.ours / theirs;
            row(
                "10,000 routes, overlapping prefixes / Traefik's muxer 3.7.10",
                &Pair { ours: result.ours, theirs, ratio },
                "<= 0.001x",
            );
        }
        None => println!("10,000 routes / Traefik's muxer: not measured, it needs Go (tests/bench/traefik)"),
    }
}

/// Nanoseconds per decision of Traefik's muxer with the same routes, where Go is there to build it.
fn traefik() -> Option<f64> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/bench/traefik");
    let output = std::process::Command::new("go").args(["run", "."]).current_dir(folder).output().ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}
