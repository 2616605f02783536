//! A table that was changed route by route answers like one that was built at once.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use ghost_core::document::{DecideOptions, DecisionDocument, RequestDocument, explain, simulate};
use ghost_core::model::Routes;
use ghost_core::{EndpointTable, RouteTable, check};
use proptest::collection::vec;
use proptest::prelude::*;

const HOSTS: [&str; 6] = ["", "a.example", "b.a.example", "*.example", "*.a.example", "*.c.b.a.example"];
const PATHS: [&str; 7] = ["/", "/a", "/a/b", "/a/b/c", "/b", "/a/", "/ab"];
const LISTENERS: &str = r#"[ { "name": "all", "port": 80, "protocol": "HTTP" },
    { "name": "narrow", "port": 80, "protocol": "HTTP", "hostname": "*.a.example" },
    { "name": "exact", "port": 80, "protocol": "HTTP", "hostname": "b.a.example" } ]"#;

/// Host, path, kind of match, method, headers, age, listener.
type Shape = (usize, usize, usize, bool, usize, u32, usize);

fn shape() -> impl Strategy<Value = Shape> {
    (0..HOSTS.len(), 0..PATHS.len(), 0..3_usize, any::<bool>(), 0..3_usize, 0..3_u32, 0..4_usize)
}

fn route(name: usize, (host, path, kind, method, headers, age, listener): Shape) -> String {
    let hosts = if HOSTS[host].is_empty() { String::new() } else { format!("\"{}\"", HOSTS[host]) };
    let kind = ["Exact", "PathPrefix", "RegularExpression"][kind];
    let method = if method { r#""method": "GET","# } else { "" };
    let headers: Vec<String> =
        (0..headers).map(|index| format!(r#"{{ "name": "x-{index}", "value": "1" }}"#)).collect();
    let listeners =
        ["", r#""listeners": ["all"],"#, r#""listeners": ["narrow"],"#, r#""listeners": ["all", "exact"],"#]
            [listener];
    format!(
        r#"{{ "name": "r{name}", "createdAt": "2026-01-0{}T00:00:00Z", "source": "test:1:1", {listeners} "hostnames": [{hosts}], "rules": [ {{ "matches": [
            {{ "path": {{ "type": "{kind}", "value": "{}" }}, {method} "headers": [{}] }} ], "backends": [{{ "service": "s" }}] }} ] }}"#,
        age + 1,
        PATHS[path],
        headers.join(",")
    )
}

fn routes(shapes: &[(usize, Shape)]) -> Routes {
    let routes: Vec<String> = shapes.iter().map(|(name, shape)| route(*name, *shape)).collect();
    let document = format!(
        r#"{{ "version": 1, "listeners": {LISTENERS}, "services": {{ "s": {{ "endpoints": [{{ "address": "10.0.0.1", "port": 80 }}] }} }}, "routes": [{}] }}"#,
        routes.join(",")
    );
    let checked = check(document.as_bytes(), "ghost.json");
    assert_eq!(checked.diagnostics, [], "{document}");
    checked.routes.unwrap()
}

fn requests() -> Vec<RequestDocument> {
    let mut requests = Vec::new();
    for host in ["a.example", "b.a.example", "x.example", "x.c.b.a.example", "other"] {
        for path in ["/", "/a", "/a/", "/a/b/c/d", "/ab", "/b/x"] {
            for (method, count) in [("GET", 0), ("PUT", 0), ("GET", 2)] {
                let headers = (0..count).map(|index| (format!("x-{index}"), "1".to_owned())).collect();
                requests.push(RequestDocument {
                    method: method.to_owned(),
                    url: format!("http://{host}{path}"),
                    headers,
                });
            }
        }
    }
    requests
}

/// Every decision, and whether `explain` names the same winner.
fn answers(table: &RouteTable, routes: &Routes) -> Vec<DecisionDocument> {
    let (endpoints, options) = (EndpointTable::build(routes, None), DecideOptions::default());
    let answer = |request: &RequestDocument| {
        let explained = explain(table, &endpoints, request, &options);
        let won = explained.candidates.iter().find(|candidate| candidate.stage == "won");
        assert_eq!(
            won.map(|won| &won.route),
            explained.decision.route.as_ref(),
            "{request:?}: {explained:#?}"
        );
        assert_eq!(simulate(table, &endpoints, request, &options), explained.decision);
        explained.decision
    };
    requests().iter().map(answer).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, rng_seed: proptest::test_runner::RngSeed::Fixed(7), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn changed_equals_built(before in vec(shape(), 0..40), edits in vec((0..60_usize, proptest::option::of(shape())), 0..20)) {
        let before: Vec<(usize, Shape)> = before.into_iter().enumerate().collect();
        let mut after = before.clone();
        for (name, edit) in edits {
            after.retain(|(own, _)| *own != name);
            after.extend(edit.map(|shape| (name, shape)));
        }
        let (old, new) = (routes(&before), routes(&after));
        let changes = new.changes_since(&old).unwrap();
        // The table came from another reading of the old document, as after a chain of changes.
        let changed = RouteTable::build(&routes(&before)).apply(new.generation, &changes);
        prop_assert_eq!(changed.route_count(), new.routes.len());
        let built = answers(&RouteTable::build(&new), &new);
        prop_assert_eq!(&answers(&changed, &new), &built);
        prop_assert_eq!(&answers(&RouteTable::build_with_seed(&new, 7), &new), &built);
    }
}
