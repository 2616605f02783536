//! Any bytes as an endpoints document.
#![no_main]

use ghost_core::check_endpoints;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let checked = check_endpoints(data, "endpoints.json");
    assert!(checked.endpoints.is_some() || !checked.diagnostics.is_empty());
});
