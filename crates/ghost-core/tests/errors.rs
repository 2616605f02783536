//! Every diagnostic code has a failing sample in `tests/errors/`, and what is said about it is recorded beside it. Codes that
//! only a body can find have theirs in the body's own tests.
//!
//! `UPDATE_GOLDEN=1 cargo test -p ghost-core --test errors` writes the records anew.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

use ghost_core::config::Code;
use ghost_core::{Diagnostic, RouteTable, check, lint};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/errors")
}

/// What `check` finds, then what `lint` finds.
fn findings(document: &[u8], file: &str) -> Vec<Diagnostic> {
    let checked = check(document, file);
    let linted = checked.routes.map(|routes| lint(&RouteTable::build(&routes), &routes));
    checked.diagnostics.into_iter().chain(linted.into_iter().flatten()).collect()
}

/// Codes that only the edge's configuration can give; `ghost-edge-config` has their samples.
fn is_of_the_edge(code: Code) -> bool {
    matches!(code, Code::NotYaml | Code::NotToml) || code.as_str().starts_with("GH05")
}

/// Codes about what varnishd can do; `ghost-vmod` holds their records.
fn is_of_the_engine(code: Code) -> bool {
    code.as_str().starts_with("GH06")
}

#[test]
fn every_code_has_a_sample_whose_findings_are_recorded() {
    let mut problems = Vec::new();
    for code in Code::ALL.iter().filter(|code| !is_of_the_edge(**code) && !is_of_the_engine(**code)) {
        let name = code.as_str();
        let Ok(document) = fs::read(folder().join(format!("{name}.json"))) else {
            problems.push(format!("{name} has no sample"));
            continue;
        };
        let found = findings(&document, &format!("{name}.json"));
        if !found.iter().any(|diagnostic| diagnostic.code == name) {
            problems.push(format!("{name} is not found in its sample: {found:#?}"));
        }
        let printed = serde_json::to_string_pretty(&found).unwrap() + "\n";
        let record = folder().join(format!("{name}.found.json"));
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::write(&record, &printed).unwrap();
        } else if fs::read_to_string(&record).unwrap_or_default() != printed {
            problems.push(format!("{name}: the record differs from what is found now:\n{printed}"));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn codes_are_unique_and_in_their_ranges() {
    let mut codes: Vec<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    let written = codes.len();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), written);
    assert!(codes.iter().all(|code| code.len() == 6 && code.starts_with("GH0")), "{codes:?}");
}

#[test]
fn a_broken_route_hurts_no_other() {
    let good = |index: usize| {
        format!(r#"{{ "name": "r{index}", "rules": [{{ "backends": [{{ "service": "s" }}] }}] }}"#)
    };
    let mut routes: Vec<String> = (0..10_000).map(good).collect();
    routes[5_000] = r#"{ "name": "broken", "rules": [{ "matches": [{ "path": { "type": "RegularExpression", "value": "(" } }], "backends": 7 }] }"#.to_owned();
    let document = format!(
        "{{ \"version\": 1, \"services\": {{ \"s\": {{}} }}, \"routes\": [\n{}\n] }}",
        routes.join(",\n")
    );
    let checked = check(document.as_bytes(), "ghost.json");
    let served = checked.routes.unwrap();
    assert_eq!(served.routes.len(), 9_999);
    assert_eq!(served.quarantined.len(), 1);
    let [found] = &checked.diagnostics[..] else { panic!("{:?}", checked.diagnostics) };
    assert_eq!((found.place.line, found.code), (5_002, "GH0005"));
}
