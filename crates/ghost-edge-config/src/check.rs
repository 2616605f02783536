//! Raw -> checked. Every stage reports what it finds and goes on with a default, so that one look finds everything; any
//! error in the end means that there is no configuration, and a running edge keeps its last good one.

mod access;
mod backend;
mod ghost;
mod listener;
mod observe;
mod policy;
mod routing;
mod tls;
mod value;

use ghost_core::Diagnostic;
use ghost_core::config::Code;
use ghost_core::config::diagnostic::At;

use crate::model::EdgeConfiguration;
use crate::raw;
use crate::read::{self, Tree};
use crate::report::{Findings, Report};
use crate::surroundings::Surroundings;
use crate::{shape, variables};

/// How a configuration is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Edge settings in YAML 1.2.
    Yaml,
    /// Edge settings in TOML 1.1.
    Toml,
    /// A routing document, `ghost.json`; or edge settings in JSON, where one of their own keys is used.
    Json,
}

impl Format {
    /// By the ending of a file's name; TOML where that says nothing.
    pub fn of(file: &str) -> Self {
        match file.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).as_deref() {
            Some("yaml" | "yml") => Format::Yaml,
            Some("json") => Format::Json,
            _ => Format::Toml,
        }
    }
}

/// A configuration after checking.
#[derive(Debug)]
pub struct CheckedEdge {
    /// What to run with; `None` where anything is wrong.
    pub configuration: Option<EdgeConfiguration>,
    /// Everything that was found: this file's findings sorted by place, then those of files it names.
    pub diagnostics: Vec<Diagnostic>,
}

/// Checks a configuration. `file` is the name that diagnostics and sources carry.
///
/// ```
/// use ghost_edge_config::{Blind, Format, check};
///
/// let text = b"listen: { protocol: http, port: 8080 }
/// upstream: { api: { route: { path_prefix: /api }, backends: [ { address: '127.0.0.1:7001' } ] } }";
/// let checked = check(text, Format::Yaml, "edge.yaml", &Blind);
/// assert!(checked.diagnostics.is_empty());
/// assert_eq!(checked.configuration.unwrap().listeners[0].bind.to_string(), "0.0.0.0:8080");
/// ```
pub fn check(document: &[u8], format: Format, file: &str, surroundings: &dyn Surroundings) -> CheckedEdge {
    let text = match std::str::from_utf8(document) {
        Ok(text) => text.strip_prefix('\u{feff}').unwrap_or(text),
        Err(error) => return not_utf8(document, error.valid_up_to(), file),
    };
    if document.len() > read::MAX_DOCUMENT {
        let mut report = Report::new(file, "");
        let message =
            format!("the file has {} bytes, at most {} are taken", document.len(), read::MAX_DOCUMENT);
        report.at_offset(0, String::new(), Code::TooMany, &message, None);
        return refused(report);
    }
    if format == Format::Json && ghost::is_routing_document(text) {
        return ghost::check(document, file, surroundings);
    }
    let tree = match format {
        Format::Yaml => read::read_yaml(text),
        Format::Toml => read::read_toml(text),
        Format::Json => read::read_json(text),
    };
    check_tree(tree, Report::new(file, text), surroundings)
}

fn not_utf8(document: &[u8], good: usize, file: &str) -> CheckedEdge {
    let before = document.get(..good).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default();
    let mut report = Report::new(file, before);
    report.at_offset(good, String::new(), Code::NotUtf8, &format!("byte {good} is not UTF-8"), None);
    refused(report)
}

fn refused(report: Report<'_>) -> CheckedEdge {
    CheckedEdge { configuration: None, diagnostics: report.finish() }
}

fn check_tree(tree: Tree, mut report: Report<'_>, surroundings: &dyn Surroundings) -> CheckedEdge {
    let mut tree = match tree {
        Ok(tree) => tree,
        Err(reasons) => {
            for reason in reasons {
                report.at_offset(reason.offset, String::new(), reason.code, &reason.message, None);
            }
            return refused(report);
        }
    };
    variables::expand(&mut tree, surroundings, &mut report);
    let fitted = shape::fit::<raw::Edge>(tree, &mut report);
    let Some(tree) = fitted.node else { return refused(report) };
    let raw = match serde_json::from_value::<raw::Edge>(tree.to_json()) {
        Ok(raw) => raw,
        // The shape was fitted to the same types: what serde still refuses is told in its own words.
        Err(error) => {
            report.at_offset(0, String::new(), Code::WrongShape, &error.to_string(), None);
            return refused(report);
        }
    };
    let findings = Findings { report, tree, incomplete: !fitted.whole };
    let mut check = Check { findings, surroundings, watched_files: Vec::new() };
    let configuration = check.edge(&raw);
    let report = check.findings.report;
    CheckedEdge {
        configuration: configuration.filter(|_| !report.has_errors()),
        diagnostics: report.finish(),
    }
}

/// The format version this build reads.
const VERSION: u32 = 1;

/// A configuration while it is being checked.
struct Check<'s, 'd> {
    findings: Findings<'d>,
    surroundings: &'s dyn Surroundings,
    watched_files: Vec<Box<str>>,
}

impl Check<'_, '_> {
    fn edge(&mut self, raw: &raw::Edge) -> Option<EdgeConfiguration> {
        if let Some(version) = raw.version.filter(|version| *version != VERSION) {
            let message = format!("version {version} is not known, this Ghost reads version {VERSION}");
            self.findings.found(&At::ROOT.key("version"), Code::UnknownVersion, message);
            return None;
        }
        let mut listeners = self.listeners(raw);
        let default_policy = self.default_policy(&raw.defaults);
        let services = self.services(raw, &default_policy);
        let (backends, domains) = (self.backends(raw, &default_policy), self.domains(raw));
        let routes = self.routing(raw, &mut listeners);
        self.covered_names(&listeners, &domains);
        let state_directory =
            self.directory(raw.state_directory.as_deref(), &At::ROOT.key("state_directory"));
        Some(EdgeConfiguration {
            watched_files: std::mem::take(&mut self.watched_files),
            services,
            default_policy,
            backends,
            domains,
            limits: self.limits(&raw.limits),
            timeouts: self.client_timeouts(&raw.client_timeouts),
            trust: self.trust(&raw.trust),
            access_log: self.access_log(&raw.access_log),
            log: self.log(&raw.log),
            metrics: self.metrics(&raw.metrics),
            admin: self.admin(&raw.admin, state_directory.as_deref()),
            drain: self.time(raw.drain_timeout.as_ref(), 5_000, &At::ROOT.key("drain_timeout")),
            varnish: raw.varnish.as_ref().map(|varnish| self.varnish(varnish, &listeners)),
            listeners,
            state_directory,
            workers: self.workers(raw.workers),
            // Last, so that a file that cannot be read keeps nothing else from being looked at.
            routes: routes?,
        })
    }

    fn workers(&mut self, workers: Option<u16>) -> Option<u16> {
        workers.filter(|workers| {
            self.within(u64::from(*workers), 1..=1024, &At::ROOT.key("workers"));
            true
        })
    }
}
