//! Findings about what a document means.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use ghost_core::{RouteTable, check, lint};

/// `code object path` of each finding.
fn findings(listeners: &str, routes: &str) -> Vec<String> {
    let document =
        format!(r#"{{ "version": 1, "services": {{ "s": {{}} }}, {listeners} "routes": [{routes}] }}"#);
    let checked = check(document.as_bytes(), "ghost.json");
    assert_eq!(checked.diagnostics, [], "{document}");
    let routes = checked.routes.unwrap();
    let found = lint(&RouteTable::build(&routes), &routes);
    found
        .iter()
        .map(|one| format!("{} {} {}", one.code, one.object.as_deref().unwrap_or(""), one.path))
        .collect()
}

fn route(name: &str, more: &str, matches: &str) -> String {
    format!(
        r#"{{ "name": "{name}", {more} "rules": [{{ "matches": [{matches}], "backends": [{{ "service": "s" }}] }}] }}"#
    )
}

const CART: &str = r#"{ "path": { "value": "/cart" } }"#;

#[test]
fn a_duplicate_is_named_on_the_younger_route() {
    let routes = [
        route("a", r#""createdAt": "2026-01-02T00:00:00Z","#, CART),
        route("b", r#""createdAt": "2026-01-01T00:00:00Z","#, CART),
    ];
    assert_eq!(findings("", &routes.join(",")), ["GH0402 HTTPRoute/a rules[0].matches[0]"]);
}

#[test]
fn the_same_path_on_another_host_or_with_another_method_is_no_duplicate() {
    let other_host = [
        route("a", r#""hostnames": ["a.example"],"#, CART),
        route("b", r#""hostnames": ["b.example"],"#, CART),
    ];
    assert_eq!(findings("", &other_host.join(",")), [""; 0]);
    let methods = [
        r#"{ "path": { "value": "/cart" }, "method": "GET" }"#,
        r#"{ "path": { "value": "/cart" }, "method": "PUT" }"#,
        CART,
    ];
    assert_eq!(findings("", &route("a", "", &methods.join(","))), [""; 0]);
}

#[test]
fn a_pattern_for_every_path_shadows_prefixes() {
    let matches = [
        r#"{ "path": { "type": "RegularExpression", "value": "/.*" } }"#,
        CART,
        r#"{ "path": { "type": "Exact", "value": "/cart" } }"#,
    ];
    assert_eq!(findings("", &route("a", "", &matches.join(","))), ["GH0401 HTTPRoute/a rules[0].matches[1]"]);
}

#[test]
fn ties_between_routes_are_told() {
    let header = |name: &str| format!(r#"{{ "headers": [{{ "name": "{name}", "value": "1" }}] }}"#);
    let tie = [route("a", "", &header("x-a")), route("b", "", &header("x-b"))];
    assert_eq!(findings("", &tie.join(",")), ["GH0404 HTTPRoute/b rules[0].matches[0]"]);
    let apart = [
        route("a", "", &header("x-a")),
        route("b", "", r#"{ "headers": [{ "name": "x-a", "value": "2" }] }"#),
    ];
    assert_eq!(findings("", &apart.join(",")), [""; 0]);
}

#[test]
fn a_host_outside_its_listeners_is_told() {
    let listeners =
        r#""listeners": [{ "name": "http", "port": 80, "protocol": "HTTP", "hostname": "*.shop.example" }],"#;
    let routes = [
        route("in", r#""hostnames": ["a.shop.example"],"#, CART),
        route("out", r#""hostnames": ["a.example"],"#, CART),
    ];
    assert_eq!(findings(listeners, &routes.join(",")), ["GH0403 HTTPRoute/out hostnames"]);
}
