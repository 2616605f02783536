//! Every code that the edge's configuration alone can give has a failing sample in `tests/errors/`, and what is said about it is
//! recorded beside it.
//!
//! `UPDATE_GOLDEN=1 cargo test -p ghost-edge-config --test errors` writes the records anew.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

use ghost_core::config::Code;
use ghost_edge_config::model::CertificateFacts;
use ghost_edge_config::{Blind, Format, NotSet, Problem, ProblemKind, Surroundings, check};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/errors")
}

/// A world with one good certificate, and files of the names that the samples use.
struct World;

impl Surroundings for World {
    fn variable(&self, _: &str) -> Result<Option<String>, NotSet> {
        Err(NotSet)
    }
    fn file(&self, _: &str) -> Result<Option<Vec<u8>>, Problem> {
        Err(Problem::new(ProblemKind::Unreadable, "No such file or directory"))
    }
    fn certificate(&self, certificate: &str, key: &str) -> Result<Option<CertificateFacts>, Problem> {
        let not_after = if certificate == "expired.pem" { 1_000_000_000 } else { 2_000_000_000 };
        match (certificate, key) {
            ("broken.pem", _) => Err(Problem::new(ProblemKind::Invalid, "there is no certificate in it")),
            (_, "other.key") => {
                Err(Problem::in_key(ProblemKind::KeyMismatch, "the key does not belong to the certificate"))
            }
            _ => {
                Ok(Some(CertificateFacts { names: vec!["www.example.com".into()], not_before: 0, not_after }))
            }
        }
    }
    fn authorities(&self, _: &str) -> Result<Option<usize>, Problem> {
        Ok(Some(1))
    }
    fn now(&self) -> Option<i64> {
        Some(1_795_000_000)
    }
}

fn is_of_the_edge(code: Code) -> bool {
    matches!(code, Code::NotYaml | Code::NotToml) || code.as_str().starts_with("GH05")
}

#[test]
fn every_code_has_a_sample_whose_findings_are_recorded() {
    let mut problems = Vec::new();
    for code in Code::ALL.iter().filter(|code| is_of_the_edge(**code)) {
        let name = code.as_str();
        let sample = ["yaml", "toml"].iter().map(|ending| format!("{name}.{ending}"));
        let Some((file, document)) =
            sample.filter_map(|file| fs::read(folder().join(&file)).ok().map(|bytes| (file, bytes))).next()
        else {
            problems.push(format!("{name} has no sample"));
            continue;
        };
        let found = check(&document, Format::of(&file), &file, &World).diagnostics;
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
fn where_nobody_looks_nothing_is_said_about_what_is_outside() {
    for name in ["GH0501.yaml", "GH0502.yaml", "GH0503.yaml", "GH0504.yaml", "GH0505.toml", "GH0507.yaml"] {
        let document = fs::read(folder().join(name)).unwrap();
        let found = check(&document, Format::of(name), name, &Blind).diagnostics;
        assert!(found.is_empty(), "{name}: {found:#?}");
    }
}
