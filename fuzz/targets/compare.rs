//! Two documents of any bytes are compared: no panic, what is reported differs, and nothing differs from itself.

#![no_main]

use ghost_core::compare::{Side, compare};
use ghost_core::{EndpointTable, RouteTable, check};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (&[u8], &[u8])| {
    let [Some(before), Some(after)] = [input.0, input.1].map(|bytes| check(bytes, "ghost.json").routes)
    else {
        return;
    };
    let tables =
        [&before, &after].map(|routes| (RouteTable::build(routes), EndpointTable::build(routes, None)));
    let sides = [&before, &after].into_iter().zip(&tables);
    let sides: Vec<Side<'_>> =
        sides.map(|(routes, (table, endpoints))| Side { routes, table, endpoints }).collect();
    let comparison = compare(sides[0], sides[1]);
    assert!(comparison.classes.iter().all(|class| !class.changed.is_empty() && class.share > 0.0));
    assert!(compare(sides[0], sides[0]).classes.is_empty());
});
