//! `make bench`: ghost-core against its peers.
//!
//! Ours and the peer's run in turn, many short rounds each, and what is printed is the median of the rounds and their
//! ratio, so that a machine whose speed drifts does not decide. Times are reported, never asserted.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a benchmark ends when its input is wrong")]
#![allow(clippy::print_stdout, reason = "the table is the product")]

mod corpus;
mod lookup;
mod measure;
mod memory;
mod patterns;
mod rebuild;

/// All parts, or those named on the command line.
fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let run = |name: &str, part: fn()| {
        if wanted.is_empty() || wanted.iter().any(|one| one == name) {
            part();
        }
    };
    println!("{:<64} {:>12} {:>12} {:>9}  reach", "what, against what", "ghost", "peer", "ratio");
    run("paths", lookup::github_routes);
    run("hash", lookup::distance_from_a_hash);
    run("flatness", lookup::flatness);
    run("linear", lookup::linear_router);
    run("regex", patterns::against_regex);
    run("memory", memory::per_route);
    run("json", rebuild::from_json);
    run("change", rebuild::one_change);
}
