//! Bytes a route costs, and what a decision allocates.

use ghost_core::{RouteTable, check, decide};

use crate::corpus::{document, get, path};

pub(crate) fn per_route() {
    let routes = 100_000;
    let text = document((0..routes).map(|index| {
        (format!("host-{index}.example.com"), vec![path("PathPrefix", &format!("/app-{index}"))])
    }));
    let mut table = None;
    let mut checked = None;
    let model =
        allocation_counter::measure(|| checked = Some(check(text.as_bytes(), "ghost.json").routes.unwrap()));
    let compiled = allocation_counter::measure(|| table = checked.as_ref().map(RouteTable::build));
    let table = table.unwrap();
    // host, path, name and source of a route, as this corpus writes them
    let strings = 21 + 10 + 24 + 20;
    println!(
        "{:<64} {:>10} B {:>10} B {:>8} B  <= 200 B",
        "memory per route, 100,000: all, its strings, the rest",
        (model.bytes_current + compiled.bytes_current) / routes,
        strings,
        (model.bytes_current + compiled.bytes_current) / routes - strings,
    );
    let decision = allocation_counter::measure(|| {
        for index in 0..1_000 {
            let host = ["host-7.example.com", "host-99.example.com", "unknown.example"][index % 3];
            std::hint::black_box(decide(&table, &get(host, "/app-7/x")));
        }
    });
    println!("{:<64} {:>12}", "allocations in 1,000 decisions", decision.count_total);
}
