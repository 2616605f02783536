//! Any bytes as a routing document: no panic, every finding has a place inside the document, what serves compiles.
#![no_main]

use ghost_core::{EndpointTable, RouteTable, check, lint};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let checked = check(data, "ghost.json");
    let lines = data.iter().filter(|byte| **byte == b'\n').count() + 1;
    for found in &checked.diagnostics {
        assert!((1..=lines).contains(&(found.place.line as usize)), "{found:?}");
        assert!(!found.message.contains(['\n', '\r', '\0']), "{found:?}");
    }
    if let Some(routes) = checked.routes {
        let table = RouteTable::build(&routes);
        assert_eq!(table.route_count(), routes.routes.len());
        let _ = (EndpointTable::build(&routes, None), lint(&table, &routes));
    } else {
        assert!(checked.diagnostics.iter().any(ghost_core::Diagnostic::is_error));
    }
});
