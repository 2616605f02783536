//! A request of any bytes against a table with every kind of condition: the fast walk and the explained one agree.
#![no_main]

use std::sync::OnceLock;

use ghost_core::document::{DecideOptions, RequestDocument, explain};
use ghost_core::{EndpointTable, RouteTable, check};
use libfuzzer_sys::fuzz_target;

static TABLE: OnceLock<(RouteTable, EndpointTable)> = OnceLock::new();

fuzz_target!(|data: &[u8]| {
    let (table, endpoints) = TABLE.get_or_init(|| {
        let routes = check(include_bytes!("../seeds/table.json"), "table.json").routes.unwrap();
        (RouteTable::build(&routes), EndpointTable::build(&routes, None))
    });
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut lines = text.split('\n');
    let (method, url) = (lines.next().unwrap_or("GET").to_owned(), lines.next().unwrap_or("/").to_owned());
    let headers = lines.filter_map(|line| line.split_once(':')).map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let explained = explain(table, endpoints, &RequestDocument { method, url, headers }, &DecideOptions::default());
    let won = explained.candidates.iter().find(|candidate| candidate.stage == "won");
    assert_eq!(won.map(|won| (&won.route, won.r#match)), explained.decision.route.as_ref().zip(explained.decision.r#match));
    if let Some(location) = &explained.decision.location {
        assert!(!location.contains(['\r', '\n', '\0', ' ']), "{location:?}");
    }
    let stripped = explained.decision.rule.as_deref() == Some("3");
    assert!(!stripped || !explained.decision.request.path.starts_with("//"), "{:?}", explained.decision.request.path);
});
