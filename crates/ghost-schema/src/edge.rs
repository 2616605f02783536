//! The edge's configuration, checked without touching anything: the caller says what variables, files and certificates hold,
//! and is told which it did not say.

use std::cell::RefCell;
use std::collections::BTreeMap;

use ghost_core::{Diagnostic, RouteTable, lint};
use ghost_edge_config::model::CertificateFacts;
use ghost_edge_config::{Format, NotSet, Problem, ProblemKind, Surroundings};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::failure::{Failure, FailureCode};
use crate::schema::DiagnosticShape;

/// What lies outside a configuration, as far as the caller looked. Names are as the configuration writes them.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct EdgeSurroundings {
    /// Environment variables; null: not set.
    pub variables: BTreeMap<String, Option<String>>,
    /// Files of text.
    pub files: BTreeMap<String, FileLook>,
    /// Certificates with their keys.
    pub certificates: Vec<CertificateLook>,
    /// Authority files: how many certificates each holds, or what is wrong.
    pub authorities: BTreeMap<String, AuthoritiesLook>,
    /// Seconds since 1970; absent: nothing is said about expiry.
    pub now: Option<i64>,
}

/// A file that was looked at: exactly one of the two.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FileLook {
    /// What stands in it.
    pub text: Option<String>,
    /// Why it cannot be read.
    pub error: Option<String>,
}

/// A certificate that was looked at: facts, or a problem.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CertificateLook {
    /// File with the certificate.
    pub certificate_file: String,
    /// File with the key.
    pub key_file: String,
    /// DNS names and addresses of the leaf's subject alternative name.
    #[serde(default)]
    pub names: Vec<String>,
    /// First second of validity, Unix time.
    #[serde(default)]
    pub not_before: i64,
    /// Last second of validity, Unix time.
    #[serde(default)]
    pub not_after: i64,
    /// What is wrong instead.
    pub problem: Option<LookProblem>,
}

/// An authority file that was looked at.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AuthoritiesLook {
    /// Certificates in it.
    #[serde(default)]
    pub count: u32,
    /// What is wrong instead.
    pub problem: Option<LookProblem>,
}

/// What is wrong with a file.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LookProblem {
    /// What kind of problem.
    pub kind: LookProblemKind,
    /// Whether it is the key file of a pair.
    #[serde(default)]
    pub in_key: bool,
    /// In words, without the file's name.
    pub message: String,
}

/// Kind of problem with a file.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum LookProblemKind {
    /// It is missing or may not be read.
    Unreadable,
    /// It does not hold what it should.
    Invalid,
    /// Key and certificate do not belong together.
    KeyMismatch,
}

/// Something outside that was asked for and not given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EdgeWanted {
    /// `variable`, `file`, `certificate` or `authorities`.
    pub kind: &'static str,
    /// Name of the variable or file.
    pub name: String,
    /// The key file of a certificate.
    pub key_file: Option<String>,
}

/// What was found in an edge's configuration.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EdgeReport {
    /// Whether `ghost-edge` would start with it, as far as was looked.
    pub usable: bool,
    /// How many listeners there are.
    pub listeners: usize,
    /// How many routes serve.
    pub routes: usize,
    /// What was asked for and not given: look, and ask again.
    pub wanted: Vec<EdgeWanted>,
    /// Every finding, sorted by file and place.
    #[schemars(with = "Vec<DiagnosticShape>")]
    pub diagnostics: Vec<Diagnostic>,
}

/// Checks a configuration. `format` is `yaml`, `toml` or `json`, or empty for what the file's name says; `surroundings` is an
/// [`EdgeSurroundings`] in JSON, or empty.
pub fn check_edge(
    document: &[u8],
    format: &str,
    file: &str,
    surroundings: &str,
) -> Result<EdgeReport, Failure> {
    let invalid = |message: String| Failure::new(FailureCode::InvalidOptions, message);
    let given = match surroundings {
        "" => EdgeSurroundings::default(),
        text => serde_json::from_str(text).map_err(|error| invalid(format!("the surroundings: {error}")))?,
    };
    let format = match format {
        "" => Format::of(file),
        "yaml" => Format::Yaml,
        "toml" => Format::Toml,
        "json" => Format::Json,
        other => return Err(invalid(format!("{other:?} is not yaml, toml or json"))),
    };
    let given = Given { given, wanted: RefCell::default() };
    let checked = ghost_edge_config::check(document, format, file, &given);
    let mut diagnostics = checked.diagnostics;
    let routes = checked.configuration.as_ref().map(|configuration| &configuration.routes);
    diagnostics.extend(routes.into_iter().flat_map(|routes| lint(&RouteTable::build(routes), routes)));
    Ok(EdgeReport {
        usable: checked.configuration.is_some(),
        listeners: checked.configuration.as_ref().map_or(0, |configuration| configuration.listeners.len()),
        routes: routes.map_or(0, |routes| routes.routes.len()),
        wanted: given.wanted.into_inner(),
        diagnostics,
    })
}

/// What the caller gave, and a note of what was asked beyond it.
struct Given {
    given: EdgeSurroundings,
    wanted: RefCell<Vec<EdgeWanted>>,
}

impl Given {
    fn want<T, E>(&self, kind: &'static str, name: &str, key_file: Option<&str>) -> Result<Option<T>, E> {
        let wanted = EdgeWanted { kind, name: name.to_owned(), key_file: key_file.map(str::to_owned) };
        let mut list = self.wanted.borrow_mut();
        if !list.contains(&wanted) {
            list.push(wanted);
        }
        Ok(None)
    }
}

impl Surroundings for Given {
    fn variable(&self, name: &str) -> Result<Option<String>, NotSet> {
        match self.given.variables.get(name) {
            Some(Some(value)) => Ok(Some(value.clone())),
            Some(None) => Err(NotSet),
            None => self.want("variable", name, None),
        }
    }

    fn file(&self, name: &str) -> Result<Option<Vec<u8>>, Problem> {
        match self.given.files.get(name) {
            Some(FileLook { error: Some(error), .. }) => {
                Err(Problem::new(ProblemKind::Unreadable, error.clone()))
            }
            Some(look) => Ok(look.text.clone().map(String::into_bytes)),
            None => self.want("file", name, None),
        }
    }

    fn certificate(&self, certificate: &str, key: &str) -> Result<Option<CertificateFacts>, Problem> {
        let same = |look: &&CertificateLook| look.certificate_file == certificate && look.key_file == key;
        match self.given.certificates.iter().find(same) {
            Some(CertificateLook { problem: Some(problem), .. }) => Err(problem.into()),
            Some(look) => Ok(Some(CertificateFacts {
                names: look.names.iter().map(|name| name.to_ascii_lowercase().into()).collect(),
                not_before: look.not_before,
                not_after: look.not_after,
            })),
            None => self.want("certificate", certificate, Some(key)),
        }
    }

    fn authorities(&self, file: &str) -> Result<Option<usize>, Problem> {
        match self.given.authorities.get(file) {
            Some(AuthoritiesLook { problem: Some(problem), .. }) => Err(problem.into()),
            Some(look) => Ok(usize::try_from(look.count).ok()),
            None => self.want("authorities", file, None),
        }
    }

    fn now(&self) -> Option<i64> {
        self.given.now
    }
}

impl From<&LookProblem> for Problem {
    fn from(problem: &LookProblem) -> Self {
        let kind = match problem.kind {
            LookProblemKind::Unreadable => ProblemKind::Unreadable,
            LookProblemKind::Invalid => ProblemKind::Invalid,
            LookProblemKind::KeyMismatch => ProblemKind::KeyMismatch,
        };
        Problem { kind, in_key: problem.in_key, message: problem.message.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &[u8] = b"listen: { port: '${PORT}', tls: { cert: a.pem, key: a.key } }
upstream: { api: { backends: [{ address: '127.0.0.1:1' }] } }
";

    #[test]
    fn what_is_not_given_is_asked_for() {
        let report = check_edge(TEXT, "", "edge.yaml", "").unwrap();
        let wanted: Vec<_> = report.wanted.iter().map(|one| (one.kind, &*one.name)).collect();
        assert_eq!(wanted, [("variable", "PORT"), ("certificate", "a.pem")]);
        assert!(report.usable && report.diagnostics.is_empty(), "{report:?}");
    }

    #[test]
    fn what_is_given_is_judged() {
        let given = r#"{ "variables": { "PORT": null }, "certificates": [ { "certificateFile": "a.pem", "keyFile": "a.key",
            "problem": { "kind": "keyMismatch", "inKey": true, "message": "no" } } ] }"#;
        let report = check_edge(TEXT, "yaml", "edge", given).unwrap();
        let codes: Vec<_> = report.diagnostics.iter().map(|one| one.code).collect();
        assert_eq!((report.usable, &codes[..], report.wanted.len()), (false, &["GH0507", "GH0503"][..], 0));
        assert!(check_edge(TEXT, "xml", "edge", "").is_err());
        assert!(check_edge(TEXT, "", "edge", "{").is_err());
    }
}
