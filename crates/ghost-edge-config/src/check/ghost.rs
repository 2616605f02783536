//! `ghost.json`: as the configuration itself, and as the file that a configuration names.

use std::net::{Ipv4Addr, SocketAddr};

use ghost_core::Diagnostic;
use ghost_core::config::Code;
use ghost_core::config::diagnostic::At;
use ghost_core::model::Routes;

use super::listener::DEFAULT_PORT;
use super::{Check, CheckedEdge};
use crate::model::{Bind, EdgeConfiguration, Listener, Protocol};
use crate::raw;
use crate::report::{Findings, Report};
use crate::surroundings::Surroundings;
use crate::tree::{Node, Value};

/// Keys that only a routing document has, or both have in the same meaning.
const ROUTING_KEYS: [&str; 7] =
    ["$schema", "version", "generation", "listeners", "routes", "services", "endpointsFile"];

/// Whether a JSON text is a routing document. What cannot be read is one, so that ghost-core says what is wrong with it.
pub(super) fn is_routing_document(text: &str) -> bool {
    let keys: Result<std::collections::BTreeMap<String, serde::de::IgnoredAny>, _> =
        serde_json::from_str(text);
    keys.map_or(true, |keys| keys.keys().all(|key| ROUTING_KEYS.contains(&&**key)))
}

/// A configuration that is a routing document: its HTTP listeners on all addresses, everything else at its default.
pub(super) fn check(document: &[u8], file: &str, surroundings: &dyn Surroundings) -> CheckedEdge {
    let checked = ghost_core::check(document, file);
    let text = std::str::from_utf8(document).unwrap_or_default();
    let findings = Findings {
        report: Report::new(file, text),
        tree: Node::new(0, Value::Null),
        incomplete: checked.routes.is_none(),
    };
    let mut check = Check { findings, surroundings, watched_files: Vec::new() };
    let configuration = checked.routes.and_then(|routes| check.routing_document(routes, file));
    let configuration = configuration.filter(|_| !check.findings.report.has_errors());
    check.findings.report.extend(checked.diagnostics);
    CheckedEdge { configuration, diagnostics: check.findings.report.finish() }
}

impl Check<'_, '_> {
    fn routing_document(&mut self, mut routes: Routes, file: &str) -> Option<EdgeConfiguration> {
        if let Some(endpoints) = routes.endpoints_file.take() {
            routes.endpoints = self.endpoints_file(&beside(file, &endpoints), &At::ROOT)?;
        }
        let defaults = raw::Policy::default();
        let listeners = self.routing_listeners(&routes, file);
        Some(EdgeConfiguration {
            listeners,
            routes,
            watched_files: std::mem::take(&mut self.watched_files),
            services: Vec::new(),
            default_policy: self.default_policy(&defaults),
            backends: Vec::new(),
            domains: Vec::new(),
            limits: self.limits(&raw::Limits::default()),
            timeouts: self.client_timeouts(&raw::ClientTimeouts::default()),
            trust: self.trust(&raw::Trust::default()),
            access_log: self.access_log(&raw::AccessLog::default()),
            log: self.log(&raw::Log::default()),
            metrics: self.metrics(&raw::Metrics::default()),
            admin: self.admin(&raw::Admin::default(), None),
            drain: self.time(None, 5_000, &At::ROOT),
            varnish: None,
            state_directory: None,
            workers: None,
        })
    }

    fn routing_listeners(&mut self, routes: &Routes, file: &str) -> Vec<Listener> {
        use ghost_core::model::Protocol as Written;
        let mut listeners: Vec<Listener> = Vec::new();
        for listener in &routes.listeners {
            if matches!(listener.protocol, Written::Https | Written::Tls) {
                let message = format!(
                    "listener {:?} needs TLS, about which a routing document says nothing",
                    listener.name
                );
                let help = "Write an edge configuration with this file as routes_file, and a listener with certificates.";
                self.findings.found_with_help(
                    &At::ROOT,
                    Code::MissingCertificate,
                    &message,
                    Some(help.to_owned()),
                );
            }
            if listener.protocol == Written::Http && !listeners.iter().any(|one| one.port == listener.port) {
                listeners.push(plain_listener(&listener.name, listener.port, file));
            }
        }
        if routes.listeners.is_empty() {
            listeners.push(plain_listener("default", DEFAULT_PORT, file));
        }
        listeners
    }

    /// The routes of another file; its findings are reported under its own name.
    pub(super) fn routes_file(&mut self, file: &str, at: &At<'_>) -> Option<Routes> {
        let bytes = self.read(file, at)?;
        let checked = ghost_core::check(&bytes, file);
        let mut routes = self.of_other_file(file, checked.routes, checked.diagnostics, at)?;
        if let Some(endpoints) = routes.endpoints_file.take() {
            routes.endpoints = self.endpoints_file(&beside(file, &endpoints), at)?;
        }
        Some(routes)
    }

    fn endpoints_file(&mut self, file: &str, at: &At<'_>) -> Option<ghost_core::model::Endpoints> {
        let bytes = self.read(file, at)?;
        let checked = ghost_core::check_endpoints(&bytes, file);
        self.of_other_file(file, checked.endpoints, checked.diagnostics, at)
    }

    fn read(&mut self, file: &str, at: &At<'_>) -> Option<Vec<u8>> {
        match self.surroundings.file(file) {
            Ok(Some(bytes)) => {
                self.watch(file);
                Some(bytes)
            }
            Ok(None) => None,
            Err(problem) => {
                self.findings.found(at, Code::UnreadableFile, format!("{file}: {}", problem.message));
                None
            }
        }
    }

    fn of_other_file<T>(
        &mut self,
        file: &str,
        value: Option<T>,
        found: Vec<Diagnostic>,
        at: &At<'_>,
    ) -> Option<T> {
        self.findings.report.extend(found);
        if value.is_none() {
            self.findings.found(at, Code::UnreadableFile, format!("{file}: nothing of it can be used"));
        }
        value
    }
}

fn plain_listener(name: &str, port: u16, file: &str) -> Listener {
    Listener {
        name: name.into(),
        source: format!("{file}:1:1").into(),
        bind: Bind::Ip(SocketAddr::from((Ipv4Addr::UNSPECIFIED, port))),
        port,
        hostname: None,
        protocol: Protocol::Http,
        http2: true,
        http3: false,
        entrance: name.into(),
        proxy_protocol: None,
        tls: None,
        passthrough: Vec::new(),
        http_to_https: None,
        max_connections: 65_536,
    }
}

/// A file that stands beside another one, unless its name is absolute.
fn beside(file: &str, name: &str) -> String {
    match file.rsplit_once('/') {
        Some((folder, _)) if !name.starts_with('/') => format!("{folder}/{name}"),
        _ => name.to_owned(),
    }
}
