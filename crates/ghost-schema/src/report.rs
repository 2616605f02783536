//! What is wrong with a document, as one JSON object.

use ghost_core::model::{Quarantined, Routes};
use ghost_core::{Diagnostic, RouteTable, lint};
use schemars::JsonSchema;
use serde::Serialize;

use crate::schema::{DiagnosticShape, QuarantinedShape};

/// What `check` found in a routing document.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CheckReport {
    /// False when the document cannot be read at all, so that nothing of it serves.
    pub readable: bool,
    /// Generation of the document, where its writer set one.
    pub generation: Option<u64>,
    /// How many routes serve.
    pub routes: usize,
    /// Routes and rules that do not serve as written, and why.
    #[schemars(with = "Vec<QuarantinedShape>")]
    pub quarantined: Vec<Quarantined>,
    /// The file that holds the endpoints, relative to the document.
    pub endpoints_file: Option<Box<str>>,
    /// Every finding, sorted by file and place.
    #[schemars(with = "Vec<DiagnosticShape>")]
    pub diagnostics: Vec<Diagnostic>,
}

/// Checks a routing document: what is wrong with it, and what probably was not meant.
pub fn check(document: &[u8], file: &str) -> CheckReport {
    let checked = ghost_core::check(document, file);
    let readable = checked.routes.is_some();
    let routes = checked.routes.unwrap_or_default();
    let mut diagnostics = checked.diagnostics;
    diagnostics.extend(unmeant(&routes));
    // Stable: findings of one place stay in the order of the checks.
    diagnostics.sort_by(|left, right| (&left.file, left.place).cmp(&(&right.file, right.place)));
    CheckReport {
        readable,
        generation: routes.generation,
        routes: routes.routes.len(),
        quarantined: routes.quarantined,
        endpoints_file: routes.endpoints_file,
        diagnostics,
    }
}

fn unmeant(routes: &Routes) -> Vec<Diagnostic> {
    lint(&RouteTable::build(routes), routes)
}
