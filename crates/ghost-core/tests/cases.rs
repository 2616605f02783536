//! `tests/cases/*.json` on the native core. The same files run on WASM, napi, the VMOD and the edge.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

use ghost_core::document::{DecideOptions, DecisionDocument, RequestDocument, explain, simulate};
use ghost_core::{EndpointTable, RouteTable, check};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseFile {
    #[allow(dead_code, reason = "read by people")]
    about: String,
    rule: String,
    config: Box<serde_json::value::RawValue>,
    /// Codes the document must be diagnosed with, sorted; absent: none.
    #[serde(default)]
    diagnostics: Vec<String>,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    request: RequestDocument,
    #[serde(default)]
    draw: f64,
    listener: Option<String>,
    expect: Value,
    /// Bodies that refuse the request before the core sees it, and their status.
    #[allow(dead_code, reason = "other bodies read it")]
    unless: Option<Value>,
    /// The case is a near miss of the rule.
    #[allow(dead_code, reason = "counted by tests/case-coverage.mjs")]
    near: Option<bool>,
}

fn case_files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/cases");
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    files
}

/// The keys of `expected` are in `found` with the same values; header lists are compared by name, null is absent.
fn differences(expected: &Value, found: &Value, path: &str, list: &mut Vec<String>) {
    match (expected, found) {
        (Value::Object(expected), Value::Object(found)) => {
            for (key, value) in expected {
                differences(value, found.get(key).unwrap_or(&Value::Null), &format!("{path}.{key}"), list);
            }
        }
        (Value::Array(expected), Value::Array(found)) if path.ends_with("eaders") => {
            for line in expected {
                let name = line[0].as_str().unwrap();
                let (wanted, values) = (values_of(expected, name), values_of(found, name));
                if values != wanted {
                    list.push(format!("{path} {name}: expected {wanted:?}, found {values:?}"));
                }
            }
        }
        _ if expected == found => {}
        _ => list.push(format!("{path}: expected {expected}, found {found}")),
    }
}

fn values_of<'v>(lines: &'v [Value], name: &str) -> Vec<&'v Value> {
    let named =
        lines.iter().filter(|line| line[0].as_str().is_some_and(|own| own.eq_ignore_ascii_case(name)));
    named.map(|line| &line[1]).filter(|value| !value.is_null()).collect()
}

/// The winner as `decide` and as `explain` name it.
fn winners(
    decision: &DecisionDocument,
    explained: &ghost_core::document::ExplanationDocument,
) -> [String; 2] {
    let decided = format!("{:?} {:?} {:?}", decision.route, decision.rule, decision.r#match);
    let won = explained.candidates.iter().find(|candidate| candidate.stage == "won");
    let won = (won.map(|won| &won.route), won.map(|won| &won.rule), won.map(|won| won.r#match));
    [decided, format!("{:?} {:?} {:?}", won.0, won.1, won.2)]
}

#[test]
fn every_case_is_decided_as_expected() {
    let (mut count, mut failures) = (0, Vec::new());
    for path in case_files() {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let file: CaseFile = serde_json::from_str(&fs::read_to_string(&path).unwrap())
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(!file.rule.is_empty(), "{name} names no rule");
        let checked = check(file.config.get().as_bytes(), "ghost.json");
        let mut codes: Vec<&str> = checked.diagnostics.iter().map(|found| found.code).collect();
        codes.sort_unstable();
        assert_eq!(codes, file.diagnostics, "{name}: {:#?}", checked.diagnostics);
        let routes = checked.routes.unwrap_or_else(|| panic!("{name} cannot be read"));
        let (table, endpoints) = (RouteTable::build(&routes), EndpointTable::build(&routes, None));
        for case in &file.cases {
            count += 1;
            let options = DecideOptions {
                draw: Some(case.draw),
                listener: case.listener.clone(),
                client_address: None,
            };
            let decision = simulate(&table, &endpoints, &case.request, &options);
            let place = format!("{name}: {}", case.name);
            differences(&case.expect, &serde_json::to_value(&decision).unwrap(), &place, &mut failures);
            let [decided, explained] =
                winners(&decision, &explain(&table, &endpoints, &case.request, &options));
            if decided != explained {
                failures.push(format!("{place}: decide says {decided}, explain says {explained}"));
            }
        }
    }
    assert!(failures.is_empty(), "{} differences in {count} cases:\n{}", failures.len(), failures.join("\n"));
    assert!(count >= 4, "only {count} cases were found");
}
