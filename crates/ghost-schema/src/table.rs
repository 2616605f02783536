//! Documents compiled into a table that is asked in JSON.

use std::sync::OnceLock;

use ghost_core::compare::{Side, compare};
use ghost_core::config::raw::Protocol;
use ghost_core::document::{DecideOptions, RequestDocument, explain, simulate};
use ghost_core::model::{HostPattern, Listener, Routes};
use ghost_core::{Diagnostic, EndpointTable, RouteTable, check, check_endpoints};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::batch::RuleIndex;
use crate::failure::{Failure, FailureCode};

/// What came of compiling.
#[derive(Debug)]
pub struct Compilation {
    /// The table; `None` when one of the documents cannot be read at all.
    pub table: Option<Table>,
    /// Findings in the routes, then those in the endpoints, each sorted by place.
    pub diagnostics: Vec<Diagnostic>,
}

/// Routes and endpoints, ready to be asked.
#[derive(Debug)]
pub struct Table {
    pub(crate) routes: RouteTable,
    pub(crate) endpoints: EndpointTable,
    pub(crate) checked: Routes,
    /// Made when a batch first asks for it.
    pub(crate) rule_index: OnceLock<RuleIndex>,
}

/// What a table holds, in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TableSummary {
    /// Generation of the routes, where their writer set one.
    pub generation: Option<u64>,
    /// Generation of the endpoints, where their writer set one.
    pub endpoints_generation: Option<u64>,
    /// The file that the routes say holds the endpoints, relative to them.
    pub endpoints_file: Option<Box<str>>,
    /// How many routes serve.
    pub route_count: usize,
    /// Listeners in the order written; none means one that takes every request.
    pub listeners: Vec<ListenerSummary>,
}

/// A listener in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListenerSummary {
    /// Unique name.
    pub name: Box<str>,
    /// Port as clients see it.
    pub port: u16,
    /// What is spoken.
    #[schemars(with = "Protocol")]
    pub protocol: Box<str>,
    /// Exact host or `*.suffix`; null is any.
    pub hostname: Option<String>,
}

/// Compiles a routing document, with its endpoints document where it has one: bytes and the name of the file.
pub fn compile(document: (&[u8], &str), endpoints: Option<(&[u8], &str)>) -> Compilation {
    let checked = check(document.0, document.1);
    let mut diagnostics = checked.diagnostics;
    let endpoints = endpoints.map(|(bytes, file)| check_endpoints(bytes, file));
    let unreadable = endpoints.as_ref().is_some_and(|checked| checked.endpoints.is_none());
    let lists = endpoints.and_then(|mut checked| {
        diagnostics.append(&mut checked.diagnostics);
        checked.endpoints
    });
    let routes = checked.routes.filter(|_| !unreadable);
    let table = routes.map(|routes| Table {
        routes: RouteTable::build(&routes),
        endpoints: EndpointTable::build(&routes, lists.as_ref()),
        checked: routes,
        rule_index: OnceLock::new(),
    });
    Compilation { table, diagnostics }
}

impl Table {
    /// Decides a `RequestInput` under `DecideOptions`, giving a `Decision`; all three are JSON.
    pub fn decide(&self, request: &str, options: &str) -> Result<String, Failure> {
        let (request, options) = question(request, options)?;
        json(&simulate(&self.routes, &self.endpoints, &request, &options))
    }

    /// As [`Table::decide`], giving an `Explanation`.
    pub fn explain(&self, request: &str, options: &str) -> Result<String, Failure> {
        let (request, options) = question(request, options)?;
        json(&explain(&self.routes, &self.endpoints, &request, &options))
    }

    /// What another table answers differently, a `Comparison` in JSON.
    pub fn compare(&self, after: &Table) -> Result<String, Failure> {
        json(&compare(self.side(), after.side()))
    }

    fn side(&self) -> Side<'_> {
        Side { routes: &self.checked, table: &self.routes, endpoints: &self.endpoints }
    }

    /// What the table holds.
    pub fn summary(&self) -> TableSummary {
        TableSummary {
            generation: self.routes.generation(),
            endpoints_generation: self.endpoints.generation(),
            endpoints_file: self.checked.endpoints_file.clone(),
            route_count: self.routes.route_count(),
            listeners: self.routes.listeners().iter().map(ListenerSummary::from).collect(),
        }
    }
}

impl From<&Listener> for ListenerSummary {
    fn from(listener: &Listener) -> Self {
        let hostname = (listener.hostname != HostPattern::Any).then(|| listener.hostname.to_string());
        Self {
            name: listener.name.clone(),
            port: listener.port,
            protocol: word(listener.protocol).into(),
            hostname,
        }
    }
}

fn word(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Http => "HTTP",
        Protocol::Https => "HTTPS",
        Protocol::Tls => "TLS",
        Protocol::Tcp => "TCP",
        Protocol::Udp => "UDP",
    }
}

fn question(request: &str, options: &str) -> Result<(RequestDocument, DecideOptions), Failure> {
    Ok((parse(request, "request", FailureCode::InvalidRequest)?, options_from(options)?))
}

pub(crate) fn options_from(options: &str) -> Result<DecideOptions, Failure> {
    parse(options, "options", FailureCode::InvalidOptions)
}

fn parse<T: DeserializeOwned>(text: &str, what: &str, code: FailureCode) -> Result<T, Failure> {
    serde_json::from_str(text)
        .map_err(|error| Failure::new(code, format!("the {what} cannot be used: {error}")))
}

/// JSON of a result. Results hold text, numbers and lists only, so this fails for a bug alone.
pub fn json(value: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string(value).map_err(|error| Failure::new(FailureCode::Internal, error.to_string()))
}
