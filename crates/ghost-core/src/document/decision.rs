//! A decision as a JSON object, carried through to the endpoint.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::request::{DecideOptions, Prepared, RequestDocument};
use crate::decide::{Outcome, Why, Winner, decide, decision_id};
use crate::filter::{cors, header, redirect, rewrite};
use crate::model::{Backend, Filters};
use crate::request::Request;
use crate::select::{Draw, EndpointTable, PickInput, ServiceEndpoints, request_key, session_key};
use crate::{Decision, RouteTable};

/// Where a request goes, and why.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(title = "Decision")]
pub struct DecisionDocument {
    /// `forward`, `redirect` or `answer`.
    pub action: String,
    /// Status of a redirect or answer.
    pub status: Option<u16>,
    /// Location of a redirect.
    pub location: Option<String>,
    /// Name of the listener.
    pub listener: Option<String>,
    /// Identity of the route that won.
    pub route: Option<String>,
    /// Name of its rule.
    pub rule: Option<String>,
    /// Index of the match in the rule.
    pub r#match: Option<u16>,
    /// Where the rule is written.
    pub source: Option<String>,
    /// Service the request goes to.
    pub service: Option<String>,
    /// Address of the endpoint it goes to.
    pub endpoint: Option<String>,
    /// The request as the backend sees it; as received where it reaches none.
    pub request: ForwardedRequest,
    /// What is done to response headers: value, or null for removed.
    pub response_headers: Vec<(String, Option<String>)>,
    /// The condition that won, or why there is no backend.
    pub why: String,
    /// Generation of the routes.
    pub generation: Option<u64>,
    /// The random number that chose.
    pub draw: f64,
    /// Short name of the decision.
    pub id: String,
}

/// A request as a backend sees it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ForwardedRequest {
    /// Method.
    pub method: String,
    /// Host, as received unless rewritten.
    pub host: String,
    /// Canonical path, rewritten where the rule says so.
    pub path: String,
    /// Query, without `?`.
    pub query: String,
    /// Header lines but Host.
    pub headers: Vec<(String, String)>,
}

/// Decides a request and follows the decision to the endpoint, as the data plane does.
pub fn simulate(
    table: &RouteTable,
    endpoints: &EndpointTable,
    request: &RequestDocument,
    options: &DecideOptions,
) -> DecisionDocument {
    let draw = Draw::from_unit(options.draw.unwrap_or(0.0));
    let common = DecisionDocument {
        generation: table.generation(),
        draw: draw.to_unit(),
        ..DecisionDocument::default()
    };
    match Prepared::new(request) {
        Ok(prepared) => prepared.with(options.listener.as_deref(), |view| {
            let decision = decide(table, view);
            let id = decision_id(table.generation(), decision.winner.as_ref(), draw);
            Followed { prepared: &prepared, request: view, decision, endpoints, options, draw }
                .document(DecisionDocument { id, ..common })
        }),
        Err(_) => {
            let id = decision_id(table.generation(), None, draw);
            answer(DecisionDocument { id, ..common }, Why::BadRequest)
        }
    }
}

/// A decision on its way to the endpoint.
struct Followed<'f> {
    prepared: &'f Prepared,
    request: &'f Request<'f>,
    decision: Decision<'f>,
    endpoints: &'f EndpointTable,
    options: &'f DecideOptions,
    draw: Draw,
}

impl Followed<'_> {
    fn document(&self, common: DecisionDocument) -> DecisionDocument {
        let named = DecisionDocument {
            listener: self.decision.listener.map(|listener| listener.name.to_string()),
            request: self.as_received(),
            ..common
        };
        let named = match &self.decision.winner {
            Some(winner) => name_winner(named, winner),
            None => named,
        };
        match self.decision.outcome {
            Outcome::Forward(backends) => match backends.pick(self.draw) {
                Some((backend, rest)) => self.forward(named, backend, rest),
                None => answer(named, Why::NoBackends),
            },
            Outcome::Redirect(to) => self.redirect(named, to),
            Outcome::Preflight(cors) => {
                let headers = cors::preflight_headers(cors, self.request.headers);
                answer(DecisionDocument { response_headers: set(headers), ..named }, Why::Preflight)
            }
            Outcome::Answer(why) => answer(named, why),
        }
    }

    fn as_received(&self) -> ForwardedRequest {
        let headers = self.prepared.forwarded_headers();
        ForwardedRequest {
            method: text(self.request.method),
            host: text(&self.prepared.authority),
            path: text(self.request.path),
            query: text(self.request.query.unwrap_or_default()),
            headers: headers.map(|(name, value)| (text(name), text(value))).collect(),
        }
    }

    fn forward(&self, named: DecisionDocument, backend: &Backend, rest: Draw) -> DecisionDocument {
        let named = DecisionDocument { service: Some(backend.service.to_string()), ..named };
        if backend.invalid.is_some() {
            return answer(named, Why::InvalidBackend);
        }
        let service = self.endpoints.service(&backend.service);
        let endpoint = service.and_then(|service| service.pick(&self.pick_input(service, rest)));
        let Some(endpoint) = endpoint else {
            return answer(named, Why::NoEndpoints);
        };
        let filters = self.decision.winner.and_then(|winner| winner.rule.filters.as_deref());
        let chain: Vec<&Filters> = filters.into_iter().chain(backend.filters.as_deref()).collect();
        DecisionDocument {
            action: "forward".to_owned(),
            endpoint: Some(endpoint.address.to_string()),
            request: self.filtered(&chain),
            response_headers: self.response_headers(&chain),
            ..named
        }
    }

    fn pick_input(&self, service: &ServiceEndpoints, draw: Draw) -> PickInput<'static> {
        let policy = self.decision.winner.and_then(|winner| winner.rule.policy.as_deref());
        let session = policy.and_then(|policy| policy.session.as_ref());
        let client_address = self.options.client_address.as_deref();
        PickInput {
            key: request_key(&service.settings.load_balancing.hash_on, self.request, client_address),
            session: session.and_then(|session| session_key(session, self.request)),
            ..PickInput::new(draw)
        }
    }

    /// Filters of the rule, then those of the backend.
    fn filtered(&self, chain: &[&Filters]) -> ForwardedRequest {
        let mut request = self.as_received();
        let mut lines: Vec<(Vec<u8>, Vec<u8>)> = self.prepared.forwarded_headers().cloned().collect();
        let prefix = self.decision.winner.and_then(|winner| winner.prefix);
        for filters in chain {
            header::apply(header::edits(&filters.request_headers), &mut lines);
            let Some(rewrite) = &filters.rewrite else { continue };
            if let Some(path) = &rewrite.path {
                let mut into = Vec::new();
                rewrite::path(path, self.request.path, prefix, &mut into);
                request.path = text(&into);
            }
            if let Some(hostname) = &rewrite.hostname {
                request.host = hostname.to_string();
            }
        }
        request.headers = lines.iter().map(|(name, value)| (text(name), text(value))).collect();
        request
    }

    /// On the way back the backend's filters come first, then those of the rule: from the inside out, as in Envoy.
    fn response_headers(&self, chain: &[&Filters]) -> Vec<(String, Option<String>)> {
        let mut edits = Vec::new();
        for filters in chain.iter().rev() {
            if let Some(cors) = &filters.cors {
                edits.extend(set(cors::response_headers(cors, self.request.headers)));
            }
            edits.extend(header::edits(&filters.response_headers).map(|edit| match edit {
                header::Edit::Set { name, value } | header::Edit::Add { name, value } => {
                    (name.to_owned(), Some(value.to_owned()))
                }
                header::Edit::Remove { name } => (name.to_owned(), None),
            }));
        }
        edits
    }

    fn redirect(&self, named: DecisionDocument, to: &crate::model::Redirect) -> DecisionDocument {
        let port = self.decision.listener.map_or(self.prepared.port(), |listener| listener.port);
        let mut location = Vec::new();
        let prefix = self.decision.winner.and_then(|winner| winner.prefix);
        redirect::location(to, self.request, prefix, port, &mut location);
        let filters = self.decision.winner.and_then(|winner| winner.rule.filters.as_deref());
        DecisionDocument {
            action: "redirect".to_owned(),
            status: Some(to.status),
            location: Some(text(&location)),
            response_headers: self.response_headers(&filters.into_iter().collect::<Vec<_>>()),
            ..named
        }
    }
}

fn name_winner(named: DecisionDocument, winner: &Winner<'_>) -> DecisionDocument {
    let one = winner.rule.matches.get(usize::from(winner.match_index));
    DecisionDocument {
        route: Some(winner.route.id.to_string()),
        rule: Some(winner.rule.name.to_string()),
        r#match: one.map(|one| one.index),
        source: Some(winner.rule.source.as_ref().unwrap_or(&winner.route.source).to_string()),
        why: one.map(|one| one.path.to_string()).unwrap_or_default(),
        ..named
    }
}

fn answer(named: DecisionDocument, why: Why) -> DecisionDocument {
    DecisionDocument {
        action: "answer".to_owned(),
        status: Some(why.status()),
        why: why.as_str().to_owned(),
        ..named
    }
}

fn set(headers: Vec<(&'static str, Vec<u8>)>) -> Vec<(String, Option<String>)> {
    headers.into_iter().map(|(name, value)| (name.to_owned(), Some(text(&value)))).collect()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
