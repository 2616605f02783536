//! Why a request goes where it goes: every candidate in order of precedence, and the stage at which it lost.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::decision::{DecisionDocument, simulate};
use super::request::{DecideOptions, Prepared, RequestDocument};
use crate::RouteTable;
use crate::compile::{ListenerId, Rank, is_prefix};
use crate::decide::{self, Loss};
use crate::model::{GrpcMethod, HostPattern, Match, PathMatch, Route, TextMatch};
use crate::request::Request;
use crate::select::EndpointTable;

/// Most candidates that are listed.
const MAX_LISTED: usize = 1000;

/// A decision and all that stood for it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(title = "Explanation")]
pub struct ExplanationDocument {
    /// The decision.
    pub decision: DecisionDocument,
    /// Matches of routes whose host takes the request's, best first; at most 1000.
    pub candidates: Vec<CandidateDocument>,
    /// How many candidates were left out of the list.
    pub unlisted: usize,
    /// How many matches belong to other hosts.
    pub other_hosts: usize,
}

/// One match that might have won.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CandidateDocument {
    /// Identity of the route.
    pub route: String,
    /// Name of the rule.
    pub rule: String,
    /// Index of the match in the rule.
    pub r#match: u16,
    /// Where the rule is written.
    pub source: String,
    /// Host pattern it stands under.
    pub host: String,
    /// Its path condition, in words.
    pub path: String,
    /// `won`, or the stage it lost at: `listener`, `path`, `method`, `headers`, `query` or `rank`.
    pub stage: String,
    /// Why it won or lost, in words.
    pub reason: String,
}

/// Explains a decision.
pub fn explain(
    table: &RouteTable,
    endpoints: &EndpointTable,
    request: &RequestDocument,
    options: &DecideOptions,
) -> ExplanationDocument {
    let decision = simulate(table, endpoints, request, options);
    let nothing = ExplanationDocument { decision, candidates: Vec::new(), unlisted: 0, other_hosts: 0 };
    let Ok(prepared) = Prepared::new(request) else {
        return nothing;
    };
    prepared.with(options.listener.as_deref(), |view| {
        let listener = decide::listener::choose(table, view);
        let (mut standing, other_hosts) = standing(table, view.host);
        standing.sort_by(|left, right| left.rank.cmp(&right.rank));
        let mut winner = None;
        let mut candidates = Vec::with_capacity(standing.len().min(MAX_LISTED));
        for one in standing.iter().take(MAX_LISTED) {
            let (stage, reason) = verdict(table, one, view, listener.ok(), winner);
            if stage == "won" {
                winner = Some(one);
            }
            candidates.push(one.document(stage, reason));
        }
        let unlisted = standing.len().saturating_sub(MAX_LISTED);
        ExplanationDocument { candidates, unlisted, other_hosts, ..nothing }
    })
}

/// A match under a host pattern that takes the request's host.
struct Standing<'t> {
    rank: Rank<'t>,
    route: &'t Route,
    rule: u16,
    one: &'t Match,
    host: &'t HostPattern,
}

fn standing<'t>(table: &'t RouteTable, host: &[u8]) -> (Vec<Standing<'t>>, usize) {
    let (mut standing, mut others) = (Vec::new(), 0);
    let mut seen = std::collections::HashSet::new();
    for routes in table.hosts.iter() {
        for candidate in routes.candidates() {
            let pattern = &routes.key.pattern;
            let Some(one) = candidate.one_match() else {
                continue;
            };
            if !seen.insert((std::ptr::from_ref(one), pattern)) {
                continue;
            }
            if !pattern.takes(host) {
                others += 1;
                continue;
            }
            let (rule, match_index) = (candidate.rule, candidate.match_index);
            let rank = Rank::new(pattern, &candidate.route, rule, match_index, one);
            standing.push(Standing { rank, route: &candidate.route, rule, one, host: pattern });
        }
    }
    (standing, others)
}

/// The stage a candidate ends at, and the reason in words.
fn verdict(
    table: &RouteTable,
    one: &Standing<'_>,
    request: &Request<'_>,
    listener: Option<Option<ListenerId>>,
    winner: Option<&Standing<'_>>,
) -> (&'static str, String) {
    let Some(listener) = listener else {
        return ("listener", "no listener takes the request".to_owned());
    };
    let set = table.listeners.set(one.route.listeners.as_deref());
    if !table.listeners.contains(set, listener) {
        let name =
            listener.and_then(|id| table.listeners.get(id)).map_or("default", |listener| &listener.name);
        return ("listener", format!("the route is not attached to listener {name}"));
    }
    if !path_holds(&one.one.path, request.path) {
        return ("path", format!("{} does not take {}", one.one.path, String::from_utf8_lossy(request.path)));
    }
    match (decide::loss(one.one, request), winner) {
        (Some(Loss::Method), _) => ("method", format!("the method must be {}", method_of(one.one))),
        (Some(Loss::Headers), _) => ("headers", format!("the headers must be {}", headers_of(one.one))),
        (Some(Loss::Query), _) => ("query", format!("the query must have {}", query_of(one.one))),
        (None, Some(winner)) => {
            ("rank", format!("rule {} of {} comes first", winner.rule_name(), winner.route.id))
        }
        (None, None) => ("won", one.one.path.to_string()),
    }
}

fn path_holds(path: &PathMatch, request: &[u8]) -> bool {
    match path {
        PathMatch::Exact(text) => text.as_bytes() == request,
        PathMatch::Prefix(text) => is_prefix(text.as_bytes(), request),
        PathMatch::Regex(pattern) => pattern.takes(request),
    }
}

fn method_of(one: &Match) -> String {
    let grpc = one.grpc_method.as_ref().map(|condition| match condition {
        GrpcMethod::Method(method) => format!("gRPC method {method}"),
        GrpcMethod::Pattern { pattern, .. } => format!("gRPC path {}", pattern.text()),
    });
    one.method.as_ref().map(ToString::to_string).or(grpc).unwrap_or_default()
}

fn headers_of(one: &Match) -> String {
    one.headers.iter().map(|header| condition(&header.name, &header.value)).collect::<Vec<_>>().join(", ")
}

fn query_of(one: &Match) -> String {
    one.query.iter().map(|query| condition(&query.name, &query.value)).collect::<Vec<_>>().join(", ")
}

fn condition(name: &str, value: &TextMatch) -> String {
    match value {
        TextMatch::Exact(text) => format!("{name}={text}"),
        TextMatch::Regex(pattern) => format!("{name}~{}", pattern.text()),
    }
}

impl Standing<'_> {
    fn rule_name(&self) -> String {
        self.route.rules.get(usize::from(self.rule)).map(|rule| rule.name.to_string()).unwrap_or_default()
    }

    fn document(&self, stage: &str, reason: String) -> CandidateDocument {
        let rule = self.route.rules.get(usize::from(self.rule));
        let source = rule.and_then(|rule| rule.source.as_ref()).unwrap_or(&self.route.source);
        CandidateDocument {
            route: self.route.id.to_string(),
            rule: self.rule_name(),
            r#match: self.one.index,
            source: source.to_string(),
            host: self.host.to_string(),
            path: self.one.path.to_string(),
            stage: stage.to_owned(),
            reason,
        }
    }
}
