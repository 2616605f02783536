//! Any bytes as an edge configuration in each of its forms: no panic, places inside the file, and what is usable compiles.
#![no_main]

use ghost_core::{EndpointTable, RouteTable};
use ghost_edge_config::{Blind, Format, check};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|document: &[u8]| {
    let lines = document.split(|byte| *byte == b'\n').count();
    for format in [Format::Yaml, Format::Toml, Format::Json] {
        let checked = check(document, format, "fuzz", &Blind);
        for found in &checked.diagnostics {
            assert!(found.place.line >= 1 && found.place.column >= 1, "{found:?}");
            assert!(usize::try_from(found.place.line).is_ok_and(|line| line <= lines), "{found:?}");
            assert!(!found.message.contains(char::is_control), "{found:?}");
        }
        if let Some(configuration) = checked.configuration {
            RouteTable::build(&configuration.routes);
            EndpointTable::build(&configuration.routes, Some(&configuration.endpoints(None, &|_| Vec::new())));
            for (key, _) in &configuration.services {
                configuration.policy(key);
            }
        }
    }
});
