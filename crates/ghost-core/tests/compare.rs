//! A comparison reports a class of requests if and only if the two sides decide it differently.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use ghost_core::compare::{ClassDocument, ComparisonDocument, Side, compare};
use ghost_core::document::{DecideOptions, DecisionDocument, RequestDocument, simulate};
use ghost_core::model::Routes;
use ghost_core::{EndpointTable, RouteTable, check};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

struct Configuration {
    routes: Routes,
    table: RouteTable,
    endpoints: EndpointTable,
}

impl Configuration {
    fn new(document: &Value) -> Self {
        Self::read(&document.to_string())
    }

    fn read(text: &str) -> Self {
        let checked = check(text.as_bytes(), "ghost.json");
        let routes = checked.routes.unwrap();
        let (table, endpoints) = (RouteTable::build(&routes), EndpointTable::build(&routes, None));
        Self { routes, table, endpoints }
    }

    fn side(&self) -> Side<'_> {
        Side { routes: &self.routes, table: &self.table, endpoints: &self.endpoints }
    }

    fn ask(&self, request: &RequestDocument, draw: f64) -> DecisionDocument {
        let options = DecideOptions { draw: Some(draw), ..DecideOptions::default() };
        simulate(&self.table, &self.endpoints, request, &options)
    }
}

fn both(before: &Value, after: &Value) -> (Configuration, Configuration, ComparisonDocument) {
    let (before, after) = (Configuration::new(before), Configuration::new(after));
    let comparison = compare(before.side(), after.side());
    (before, after, comparison)
}

/// What a decision says that does not depend on the order of the file.
fn said(decision: &DecisionDocument) -> Value {
    let why = (decision.action == "answer").then(|| decision.why.clone());
    json!([
        decision.action,
        decision.status,
        why,
        decision.location,
        decision.service,
        decision.request,
        decision.response_headers,
        decision.route,
        decision.rule,
    ])
}

fn services() -> Value {
    let one = |port: u16| json!({ "endpoints": [{ "address": "10.0.0.1", "port": port }] });
    json!({ "a": one(1), "b": one(2), "c": one(3), "empty": {} })
}

fn match_strategy() -> impl Strategy<Value = Value> {
    let path = prop::option::of((
        select(vec!["Exact", "PathPrefix", "RegularExpression"]),
        select(vec!["/", "/a", "/a/b", "/c"]),
    ));
    let method = prop::option::of(select(vec!["GET", "POST", "OPTIONS"]));
    let header = prop::option::of((select(vec!["x", "y"]), select(vec!["1", "2"]), any::<bool>()));
    let query = prop::option::of((select(vec!["p", "q"]), select(vec!["1", "2"])));
    (path, method, header, query).prop_map(|(path, method, header, query)| {
        let mut one = json!({});
        if let Some((kind, value)) = path {
            let value = if kind == "RegularExpression" { format!("{value}[0-9]*") } else { value.to_owned() };
            one["path"] = json!({ "type": kind, "value": value });
        }
        if let Some(method) = method {
            one["method"] = json!(method);
        }
        if let Some((name, value, is_pattern)) = header {
            let (kind, value) = if is_pattern {
                ("RegularExpression", format!("{value}?"))
            } else {
                ("Exact", value.to_owned())
            };
            one["headers"] = json!([{ "type": kind, "name": name, "value": value }]);
        }
        if let Some((name, value)) = query {
            one["queryParams"] = json!([{ "type": "Exact", "name": name, "value": value }]);
        }
        one
    })
}

fn rule_strategy() -> impl Strategy<Value = Value> {
    let matches = vec(match_strategy(), 1..3);
    let backend = (select(vec!["a", "b", "c", "empty", "unknown"]), 0..4_u32);
    let action = prop_oneof![
        vec(backend, 1..3).prop_map(|backends| {
            let one = |(service, weight): (&str, u32)| json!({ "service": service, "weight": weight });
            json!({ "backends": backends.into_iter().map(one).collect::<Vec<_>>() })
        }),
        select(vec!["/x", "/y"]).prop_map(|path| json!({ "filters": [{
            "type": "RequestRedirect", "requestRedirect": { "path": { "type": "ReplacePrefixMatch", "replacePrefixMatch": path } } }] })),
        select(vec!["1", "2"]).prop_map(|value| json!({ "backends": [{ "service": "a" }], "filters": [{
            "type": "RequestHeaderModifier", "requestHeaderModifier": { "set": [{ "name": "z", "value": value }] } }] })),
    ];
    (matches, action).prop_map(|(matches, mut rule)| {
        rule["matches"] = json!(matches);
        rule
    })
}

fn document_strategy() -> impl Strategy<Value = Value> {
    let hosts = vec(select(vec!["a.example", "*.example", "*.b.example", "c.b.example"]), 0..3);
    let listeners = prop::option::of(select(vec!["one", "two"]));
    let route = (hosts, listeners, vec(rule_strategy(), 1..3), select(vec!["r", "s", "t"]));
    (vec(route, 1..4), any::<bool>()).prop_map(|(routes, has_listeners)| {
        let mut names = std::collections::HashSet::new();
        let route = |(hosts, listener, rules, name): (Vec<&str>, Option<&str>, Vec<Value>, &str)| {
            let mut route = json!({ "name": name, "rules": rules });
            if !hosts.is_empty() {
                route["hostnames"] = json!(hosts);
            }
            if let Some(listener) = listener.filter(|_| has_listeners) {
                route["listeners"] = json!([listener]);
            }
            route
        };
        let routes: Vec<Value> = routes.into_iter().filter(|one| names.insert(one.3)).map(route).collect();
        let mut document = json!({ "version": 1, "routes": routes, "services": services() });
        if has_listeners {
            document["listeners"] = json!([
                { "name": "one", "port": 80, "protocol": "HTTP", "hostname": "*.example" },
                { "name": "two", "port": 8080, "protocol": "HTTP" },
            ]);
        }
        document
    })
}

fn request_strategy() -> impl Strategy<Value = RequestDocument> {
    let host = select(vec!["a.example", "x.example", "c.b.example", "d.b.example", "other"]);
    let path = select(vec!["/", "/a", "/a/", "/a/b", "/a/b/c", "/c", "/c1", "/d", "/a12"]);
    let method = select(vec!["GET", "POST", "OPTIONS", "PUT"]);
    let headers = vec((select(vec!["x", "y"]), select(vec!["1", "2", ""])), 0..3);
    let query = vec((select(vec!["p", "q"]), select(vec!["1", "2"])), 0..3);
    let port = select(vec!["", ":8080"]);
    (host, path, method, headers, query, port).prop_map(|(host, path, method, headers, query, port)| {
        let query: Vec<String> = query.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
        let query = if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) };
        let mut seen = std::collections::HashSet::new();
        let headers = headers.into_iter().filter(|(name, _)| seen.insert(*name));
        RequestDocument {
            method: method.to_owned(),
            url: format!("http://{host}{port}{path}{query}"),
            headers: headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        }
    })
}

/// Rule that took the request on either side, by name and by what it does there.
fn winners(before: &DecisionDocument, after: &DecisionDocument) -> Value {
    json!([
        before.route,
        before.rule,
        before.action,
        before.why,
        after.route,
        after.rule,
        after.action,
        after.why
    ])
}

fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 200,
        rng_seed: proptest::test_runner::RngSeed::Fixed(8),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_class_is_reported_if_and_only_if_it_is_decided_differently(
        before in document_strategy(),
        after in document_strategy(),
        requests in vec((request_strategy(), 0..1000_u32), 40),
    ) {
        let (one, other, comparison) = both(&before, &after);
        prop_assert!(comparison.complete);
        for class in &comparison.classes {
            let (left, right) = (one.ask(&class.request, class.draw), other.ask(&class.request, class.draw));
            prop_assert_ne!(said(&left), said(&right), "{:?}", class);
            prop_assert_eq!((&left, &right), (&class.before, &class.after));
        }
        let reported = |left: &DecisionDocument, right: &DecisionDocument| comparison.classes.iter().any(|class| {
            let (before, after) = (one.ask(&class.request, left.draw), other.ask(&class.request, left.draw));
            winners(&before, &after) == winners(left, right) && said(&before) != said(&after)
        });
        for (request, draw) in &requests {
            let draw = f64::from(*draw) / 1000.0;
            let (left, right) = (one.ask(request, draw), other.ask(request, draw));
            if said(&left) != said(&right) {
                prop_assert!(reported(&left, &right), "{:?} at {}: {:?} {:?}", request, draw, left, right);
            }
        }
    }

    #[test]
    fn nothing_differs_from_itself(document in document_strategy()) {
        let (_, _, comparison) = both(&document, &document);
        prop_assert_eq!(comparison, ComparisonDocument { complete: true, ..ComparisonDocument::default() });
    }
}

fn document(rules: Value) -> Value {
    json!({ "version": 1, "services": services(), "routes": [{ "name": "r", "hostnames": ["a.example"], "rules": rules }] })
}

fn told(comparison: &ComparisonDocument) -> Vec<String> {
    let one = |class: &ClassDocument| {
        let service =
            |decision: &DecisionDocument| decision.service.clone().unwrap_or_else(|| decision.why.clone());
        format!(
            "{} {}{} {} -> {} {} {:?}",
            class.method.as_deref().unwrap_or("*"),
            class.host,
            class.path,
            service(&class.before),
            service(&class.after),
            class.share,
            class.changed
        )
    };
    comparison.classes.iter().map(one).collect()
}

#[test]
fn a_moved_service_and_a_shifted_split() {
    let rules = |weights: [u32; 2], cart: &str| {
        json!([
            { "name": "cart", "matches": [{ "path": { "value": "/cart" }, "method": "GET" }], "backends": [{ "service": cart }] },
            { "name": "all", "backends": [{ "service": "a", "weight": weights[0] }, { "service": "b", "weight": weights[1] }] },
        ])
    };
    let (_, _, comparison) = both(&document(rules([9, 1], "b")), &document(rules([9, 1], "c")));
    assert_eq!(
        told(&comparison),
        ["GET a.example/cart b -> c 1 [\"service\"]", "GET a.example/cart/* b -> c 1 [\"service\"]",]
    );
    let (_, _, comparison) = both(&document(rules([9, 1], "b")), &document(rules([7, 3], "b")));
    let shares: Vec<f64> = comparison.classes.iter().map(|class| class.share).collect();
    assert!(!shares.is_empty() && shares.iter().all(|share| (share - 0.2).abs() < 1e-9), "{shares:?}");
}

#[test]
fn timeouts_are_told_though_no_decision_shows_them() {
    let rules =
        |timeout: &str| json!([{ "backends": [{ "service": "a" }], "timeouts": { "request": timeout } }]);
    let (_, _, comparison) = both(&document(rules("1s")), &document(rules("2s")));
    assert!(comparison.classes.iter().all(|class| class.changed == ["policy"]), "{comparison:?}");
    assert!(!comparison.classes.is_empty());
}

#[test]
fn lines_that_moved_are_no_difference() {
    let one = document(json!([{ "backends": [{ "service": "a" }] }]));
    let (before, after) = (one.to_string(), serde_json::to_string_pretty(&one).unwrap());
    let [before, after] =
        [before, after].map(|text| Configuration::new(&serde_json::from_str(&text).unwrap()));
    assert_eq!(compare(before.side(), after.side()).asked, 0);
}
