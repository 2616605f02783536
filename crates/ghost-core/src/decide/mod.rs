//! The decision: listener -> host -> path -> method -> headers -> query -> rule.
//!
//! Candidates are walked in order of precedence and the first one whose conditions all hold wins; a request that
//! a more specific host's routes do not take falls through to the less specific one's. Pure: the same table and the same
//! request give the same decision anywhere. No allocation, no lock, no clock.

mod header;
pub(crate) mod host;
mod id;
pub(crate) mod listener;
mod method;
pub(crate) mod path;
mod query;

pub use id::{decision_id, decision_id_without_draw, drawn_part};

use std::ops::ControlFlow;
use std::sync::Arc;

use crate::compile::{Candidate, HostRoutes, ListenerId, RouteTable, Stage};
use crate::model::{Action, Cors, Listener, Match, Redirect, Route, Rule, WeightedBackends};
use crate::request::Request;

/// What becomes of a request.
#[derive(Debug, Clone, Copy)]
pub struct Decision<'t> {
    /// The listener it belongs to; `None` where the document has none or none takes it.
    pub listener: Option<&'t Listener>,
    /// The match that won; `None` where none did.
    pub winner: Option<Winner<'t>>,
    /// What to do.
    pub outcome: Outcome<'t>,
}

/// The match that won a request.
#[derive(Debug, Clone, Copy)]
pub struct Winner<'t> {
    /// Its route.
    pub route: &'t Arc<Route>,
    /// Its rule.
    pub rule: &'t Rule,
    /// Place of the rule in the route.
    pub rule_index: u16,
    /// Place of the match in the rule.
    pub match_index: u16,
    /// Bytes of the path that a prefix match took; `None` for exact paths and patterns.
    pub prefix: Option<usize>,
}

/// What to do with a request.
#[derive(Debug, Clone, Copy)]
pub enum Outcome<'t> {
    /// Pick one of these and send it there.
    Forward(&'t WeightedBackends),
    /// Answer with this redirect.
    Redirect(&'t Redirect),
    /// Answer the CORS preflight.
    Preflight(&'t Cors),
    /// Answer with a status.
    Answer(Why),
}

/// Why a request is answered without a backend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// The request has no usable host or path.
    BadRequest,
    /// No match took it.
    NoRoute,
    /// The rule has no backend with a weight.
    NoBackends,
    /// The backend it fell to cannot be followed.
    InvalidBackend,
    /// The service has no endpoint that takes requests.
    NoEndpoints,
    /// It was a CORS preflight.
    Preflight,
    /// The rule cannot be followed as written.
    Quarantined,
}

impl Why {
    /// The status to answer with.
    pub fn status(self) -> u16 {
        match self {
            Why::Preflight => 200,
            Why::BadRequest => 400,
            Why::NoRoute => 404,
            Why::NoBackends | Why::InvalidBackend | Why::Quarantined => 500,
            Why::NoEndpoints => 503,
        }
    }

    /// The word that answers, logs and metrics use.
    pub fn as_str(self) -> &'static str {
        match self {
            Why::BadRequest => "badRequest",
            Why::NoRoute => "noRoute",
            Why::NoBackends => "noBackends",
            Why::InvalidBackend => "invalidBackend",
            Why::NoEndpoints => "noEndpoints",
            Why::Preflight => "preflight",
            Why::Quarantined => "quarantined",
        }
    }
}

/// The stage behind the path at which a candidate lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Loss {
    Method,
    Headers,
    Query,
}

/// Decides one request.
///
/// ```
/// use ghost_core::request::{Entrance, HeaderPairs, Request, Scheme};
/// use ghost_core::{RouteTable, check, decide};
///
/// let document = br#"{ "version": 1, "services": { "shop": {} }, "routes": [ { "name": "shop",
///     "rules": [ { "matches": [ { "path": { "value": "/cart" } } ], "backends": [ { "service": "shop" } ] } ] } ] }"#;
/// let table = RouteTable::build(&check(document, "ghost.json").routes.unwrap());
/// let request = Request { entrance: Entrance::Port(80), scheme: Scheme::Http, method: b"GET", host: b"a.example",
///     path: b"/cart/1", query: None, headers: &HeaderPairs::default() };
/// assert_eq!(decide(&table, &request).winner.unwrap().route.name(), "shop");
/// ```
pub fn decide<'t>(table: &'t RouteTable, request: &Request<'_>) -> Decision<'t> {
    // RFC 9112 section 3.2.4: the asterisk stands alone, and only behind OPTIONS.
    if request.path == b"*" && (request.method != b"OPTIONS" || request.query.is_some()) {
        return Decision { listener: None, winner: None, outcome: Outcome::Answer(Why::BadRequest) };
    }
    let listener = match listener::choose(table, request) {
        Ok(listener) => listener,
        Err(listener::NoListener) => {
            return Decision { listener: None, winner: None, outcome: Outcome::Answer(Why::NoRoute) };
        }
    };
    let winner = walk(table, request, listener);
    Decision {
        listener: listener.and_then(|id| table.listeners.get(id)),
        winner,
        outcome: outcome(winner, request),
    }
}

/// The first candidate, in order of precedence, whose conditions all hold.
#[inline]
fn walk<'t>(
    table: &'t RouteTable,
    request: &Request<'_>,
    listener: Option<ListenerId>,
) -> Option<Winner<'t>> {
    let holds = |candidate: &&Candidate| {
        table.listeners.contains(candidate.listeners, listener)
            && (!candidate.conditional || holds(candidate, request))
    };
    let found = host::walk(table, request.host, listener, &mut |host: &'t HostRoutes| {
        path::walk(host, request.path, &mut |stage, candidates: &'t [Candidate]| match candidates
            .iter()
            .find(holds)
        {
            Some(candidate) => ControlFlow::Break((stage, candidate)),
            None => ControlFlow::Continue(()),
        })
    });
    let ControlFlow::Break((stage, candidate)) = found else { return None };
    let prefix = if let Stage::Prefix(length) = stage { Some(length) } else { None };
    let (rule_index, match_index) = (candidate.rule, candidate.match_index);
    Some(Winner { route: &candidate.route, rule: candidate.rule()?, rule_index, match_index, prefix })
}

/// The path stage by itself, over the routes for every host: for benchmarks that compare it with path routers.
#[doc(hidden)]
pub fn path_stage_alone(table: &RouteTable, path: &[u8]) -> bool {
    let found = table.hosts.any().map(|host| path::walk(host, path, &mut |_, _| ControlFlow::Break(())));
    found.is_some_and(|found| found.is_break())
}

/// Method, headers and query of a candidate.
fn holds(candidate: &Candidate, request: &Request<'_>) -> bool {
    candidate.one_match().is_some_and(|one| loss(one, request).is_none())
}

/// The first condition behind the path that does not hold.
#[inline]
pub(crate) fn loss(one: &Match, request: &Request<'_>) -> Option<Loss> {
    if !method::holds(one, request) {
        Some(Loss::Method)
    } else if !header::hold(&one.headers, request.headers) {
        Some(Loss::Headers)
    } else if !query::hold(&one.query, request.query) {
        Some(Loss::Query)
    } else {
        None
    }
}

pub(crate) fn outcome<'t>(winner: Option<Winner<'t>>, request: &Request<'_>) -> Outcome<'t> {
    let Some(winner) = winner else {
        return Outcome::Answer(Why::NoRoute);
    };
    let cors = winner.rule.filters.as_ref().and_then(|filters| filters.cors.as_deref());
    if let Some(cors) = cors.filter(|_| crate::filter::cors::is_preflight(request)) {
        return Outcome::Preflight(cors);
    }
    match &winner.rule.action {
        Action::Redirect(redirect) => Outcome::Redirect(redirect),
        Action::Quarantined => Outcome::Answer(Why::Quarantined),
        Action::Forward(backends) if backends.is_empty() => Outcome::Answer(Why::NoBackends),
        Action::Forward(backends) => Outcome::Forward(backends),
    }
}
