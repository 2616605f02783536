//! Building a table, and changing one route of it.

use std::sync::Arc;

use ghost_core::compile::Change;
use ghost_core::{RouteTable, check};

use crate::corpus::{document, path};
use crate::measure::{Pair, row, slow};

fn text() -> String {
    document(
        (0..100_000).map(|index| (format!("host-{index}.example.com"), vec![path("PathPrefix", "/app")])),
    )
}

/// Against serde_json reading the same bytes into its own tree of values.
pub(crate) fn from_json() {
    let text = text();
    let ours = slow(5, || RouteTable::build(&check(text.as_bytes(), "ghost.json").routes.unwrap()));
    let theirs = slow(5, || serde_json::from_str::<serde_json::Value>(&text).unwrap());
    row(
        "build 100,000 routes from JSON / serde_json to Value",
        &Pair { ours, theirs, ratio: ours / theirs },
        "<= 2.5x",
    );
    let only_check = slow(5, || check(text.as_bytes(), "ghost.json").routes.unwrap());
    row(
        "  of which check / serde_json to Value",
        &Pair { ours: only_check, theirs, ratio: only_check / theirs },
        "",
    );
}

/// Against building the whole table.
pub(crate) fn one_change() {
    let routes = check(text().as_bytes(), "ghost.json").routes.unwrap();
    let table = RouteTable::build(&routes);
    let before = Arc::clone(&routes.routes[50_000]);
    let after = Arc::new(ghost_core::model::Route {
        hostnames: routes.routes[7].hostnames.clone(),
        ..(*before).clone()
    });
    let change = [Change { before: Some(before), after: Some(after) }];
    let ours = slow(51, || table.apply(Some(2), &change));
    let theirs = slow(5, || RouteTable::build(&routes));
    row("change 1 route of 100,000 / compile all", &Pair { ours, theirs, ratio: ours / theirs }, "<= 0.01x");
}
