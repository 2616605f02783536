//! Hostile sizes: what is too large is refused or carried, in time and memory that grow with the input and no faster.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use ghost_core::document::{DecideOptions, RequestDocument, simulate};
use ghost_core::{EndpointTable, RouteTable, check};

const MEBIBYTE: usize = 1 << 20;

fn codes(document: &[u8]) -> Vec<&'static str> {
    check(document, "ghost.json").diagnostics.iter().map(|found| found.code).collect()
}

#[test]
fn a_name_of_64_mebibytes_is_refused_in_one_finding() {
    let document =
        format!(r#"{{ "version": 1, "routes": [{{ "name": "{}" }}] }}"#, "a".repeat(64 * MEBIBYTE));
    assert_eq!(codes(document.as_bytes()), ["GH0124"]);
}

#[test]
fn sixty_four_mebibytes_of_brackets_are_refused() {
    let brackets = "[".repeat(32 * MEBIBYTE);
    assert_eq!(codes(brackets.as_bytes()), ["GH0002"]);
    let route = format!(
        r#"{{ "version": 1, "routes": [{{ "name": "a", "rules": {}{} }}] }}"#,
        "[".repeat(MEBIBYTE),
        "]".repeat(MEBIBYTE)
    );
    assert_eq!(codes(route.as_bytes()).len(), 1);
}

#[test]
fn a_pattern_of_a_mebibyte_is_refused() {
    let rule = format!(
        r#"{{ "matches": [{{ "path": {{ "type": "RegularExpression", "value": "/{}" }} }}] }}"#,
        "a?".repeat(MEBIBYTE / 2)
    );
    let document = format!(r#"{{ "version": 1, "routes": [{{ "name": "a", "rules": [{rule}] }}] }}"#);
    assert_eq!(codes(document.as_bytes()), ["GH0107"]);
}

#[test]
fn a_hundred_thousand_findings_on_one_line_are_all_told() {
    let routes = vec![r#"{"name":"","rules":[]}"#; 100_000].join(",");
    let document = format!(r#"{{"version":1,"routes":[{routes}]}}"#);
    let found = check(document.as_bytes(), "ghost.json").diagnostics;
    assert_eq!(found.len(), 100_000);
    let last = found.last().unwrap();
    assert_eq!(
        (last.place.line, last.place.column as usize),
        (1, document.len() - r#"","rules":[]}]}"#.len())
    );
}

#[test]
fn ten_thousand_hosts_and_every_script_of_the_world() {
    let scripts = ["caf\u{e9}.example", "\u{65e5}\u{672c}.example", "xn--80ak6aa92e.example", "A.EXAMPLE"];
    let hosts: Vec<String> = (0..10_000).map(|index| format!("\"h{index}.example\"")).collect();
    let routes: Vec<String> = hosts
        .chunks(1_000)
        .enumerate()
        .map(|(index, hosts)| format!(r#"{{ "name": "r{index}", "hostnames": [{}], "rules": [{{ "backends": [{{ "service": "s" }}] }}] }}"#, hosts.join(",")))
        .chain([format!(r#"{{ "name": "world", "hostnames": {scripts:?}, "rules": [{{ "backends": [{{ "service": "s" }}] }}] }}"#)])
        .collect();
    let document =
        format!(r#"{{ "version": 1, "services": {{ "s": {{}} }}, "routes": [{}] }}"#, routes.join(","));
    let checked = check(document.as_bytes(), "ghost.json");
    // Names outside ASCII have to be written as A-labels; the route serves its other names.
    assert_eq!(checked.diagnostics.iter().map(|found| found.code).collect::<Vec<_>>(), ["GH0103", "GH0103"]);
    let routes = checked.routes.unwrap();
    let (table, endpoints) = (RouteTable::build(&routes), EndpointTable::build(&routes, None));
    let route = |url: &str| {
        let request = RequestDocument { method: "GET".to_owned(), url: url.to_owned(), headers: Vec::new() };
        simulate(&table, &endpoints, &request, &DecideOptions::default()).route
    };
    assert_eq!(route("http://h9999.example/").as_deref(), Some("HTTPRoute/r9"));
    assert_eq!(route("http://xn--80ak6aa92e.example/").as_deref(), Some("HTTPRoute/world"));
    assert_eq!(route("http://a.example/").as_deref(), Some("HTTPRoute/world"));
    assert_eq!(route("http://caf\u{e9}.example/"), None);
}
