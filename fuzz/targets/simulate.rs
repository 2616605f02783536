//! A document and a request, both of any bytes: no panic, and the same answer twice.
#![no_main]

use ghost_core::document::{DecideOptions, RequestDocument, simulate};
use ghost_core::{EndpointTable, RouteTable, check};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let split = data.iter().position(|byte| *byte == 0).unwrap_or(data.len());
    let Some(routes) = check(&data[..split], "ghost.json").routes else { return };
    let (table, endpoints) = (RouteTable::build(&routes), EndpointTable::build(&routes, None));
    let Ok(request) = serde_json::from_slice::<RequestDocument>(data.get(split + 1..).unwrap_or_default()) else { return };
    let options = DecideOptions { draw: Some(0.5), ..DecideOptions::default() };
    assert_eq!(simulate(&table, &endpoints, &request, &options), simulate(&table, &endpoints, &request, &options));
});
