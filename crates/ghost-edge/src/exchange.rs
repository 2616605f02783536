//! One request and its response: receive, decide, filter, select, connect, forward, respond, log.

use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use ghost_core::decide::{Winner, decision_id};
use ghost_core::filter::{cors, redirect};
use ghost_core::model::{Backend, Filters};
use ghost_core::request::{Request as View, Scheme};
use ghost_core::{Draw, Outcome, Why, decide};
use ghost_edge_protocol::bridge::{self, Length, Refusal};
use http::header::LOCATION;
use http::request::Parts;
use http::{HeaderValue, Method, Request, Response, StatusCode};

use crate::body::Body;
use crate::decide::{Asked, FromOutside};
use crate::forward::{Failure, Forward, Plan};
use crate::receive::{Connection, Interim, Tunnel};
use crate::record::{Finish, Record};
use crate::respond;
use crate::select::Keys;
use crate::state::{Generation, Phase, Service};
use crate::{filter, forwarded};

/// What every stage of an exchange may look at.
pub(crate) struct Exchange<'x> {
    /// The client's connection.
    pub(crate) connection: &'x Rc<Connection>,
    /// What is decided by.
    pub(crate) generation: &'x Arc<Generation>,
    /// What the log will say.
    pub(crate) record: &'x mut Record,
    /// When the head of the request was there.
    pub(crate) started: Instant,
    /// Where interim responses go.
    pub(crate) interim: Interim,
}

/// The service that a rule's requests fell to.
struct Picked<'p> {
    service: &'p Arc<Service>,
    backend: &'p Backend,
    winner: Option<Winner<'p>>,
    draw: Draw,
    cors: Vec<filter::CorsHeaders>,
}

/// An answer that needs no endpoint.
type Answer = Response<Body>;

/// Answers a request.
pub(crate) async fn exchange(
    connection: &Rc<Connection>,
    request: Request<Body>,
    interim: Interim,
    tunnel: Option<Tunnel>,
) -> Response<Body> {
    let generation = connection.worker.generation();
    let (parts, body) = request.into_parts();
    let mut record = Record::new(connection, &parts);
    let exchange = Exchange {
        connection,
        generation: &generation,
        record: &mut record,
        started: Instant::now(),
        interim,
    };
    let mut response = exchange.answer(parts, body, tunnel).await;
    record.status = response.status().as_u16();
    connection.requests.set(connection.requests.get().saturating_add(1));
    close_when_due(connection, &generation, &record, &mut response);
    if connection.worker.replays() {
        show(&generation, &record, &mut response);
    }
    let route = Arc::clone(generation.route_metrics(record.route.as_ref()));
    let finish = Finish::new(connection, route, record);
    let (parts, body) = response.into_parts();
    Response::from_parts(parts, body.finished_by(Box::new(finish)))
}

/// RFC 9112 section 9.6: while draining, and after as many requests as one connection may have.
fn close_when_due(
    connection: &Rc<Connection>,
    generation: &Generation,
    record: &Record,
    response: &mut Response<Body>,
) {
    let most = generation.configuration.limits.requests_per_connection;
    let worn = most != 0 && connection.requests.get() >= most;
    let draining = *connection.worker.shared.phase.borrow() != Phase::Running;
    if !record.http2 && (worn || draining) && response.status() != StatusCode::SWITCHING_PROTOCOLS {
        response.headers_mut().insert(http::header::CONNECTION, HeaderValue::from_static("close"));
    }
}

/// The decision in the words of the decision document, for tests that replay requests.
fn show(generation: &Generation, record: &Record, response: &mut Response<Body>) {
    let rule =
        record.route.as_ref().zip(record.rule).and_then(|(route, rule)| route.rules.get(usize::from(rule)));
    let one = rule.zip(record.matched).and_then(|(rule, one)| rule.matches.get(usize::from(one)));
    let action = match record.reason {
        "" => "forward",
        "redirect" => "redirect",
        _ => "answer",
    };
    let location = response.headers().get(LOCATION).filter(|_| action == "redirect");
    let decision = serde_json::json!({
        "action": action,
        "status": (action != "forward").then_some(record.status),
        "location": location.map(|location| String::from_utf8_lossy(location.as_bytes())),
        "listener": record.decided_listener,
        "route": record.route.as_ref().map(|route| &route.id),
        "rule": rule.map(|rule| &rule.name),
        "match": one.map(|one| one.index),
        "source": record.route.as_ref().zip(rule).map(|(route, rule)| rule.source.as_ref().unwrap_or(&route.source)),
        "service": record.service,
        "endpoint": record.endpoint.as_ref().map(|endpoint| &endpoint.name),
        "why": match (action, one) {
            ("answer", _) => record.reason.to_owned(),
            (_, one) => one.map(|one| one.path.to_string()).unwrap_or_default(),
        },
        "generation": generation.table.generation(),
        "tries": record.tries,
    });
    if let Ok(value) = HeaderValue::from_str(&decision.to_string()) {
        response.headers_mut().insert("ghost-test-decision", value);
    }
}

impl Exchange<'_> {
    async fn answer(mut self, parts: Parts, body: Body, tunnel: Option<Tunnel>) -> Answer {
        if let Some(refusal) = self.refuse(&parts) {
            return refusal;
        }
        let protocol = tunnel.as_ref().filter(|tunnel| !tunnel.http1).map(|tunnel| &*tunnel.protocol);
        let inbound =
            match bridge::receive(&parts.method, parts.version, &parts.uri, &parts.headers, protocol) {
                Ok(inbound) => inbound,
                Err(refusal) => return self.refused(refusal),
            };
        if self.announces_too_much(inbound.length) {
            return self.limited(StatusCode::PAYLOAD_TOO_LARGE, "bodyBytes");
        }
        // Other upgrades are offers, which RFC 9110 section 7.8 lets a server ignore.
        let tunnel = tunnel.filter(|_| inbound.upgrade.is_some());
        let way = forwarded::way(&mut self, &inbound, &parts.headers);
        let Ok(asked) = Asked::new(&parts, inbound, way) else { return self.refused(Refusal::Target) };
        if self.is_misdirected(&asked) {
            self.record.reason = "misdirected";
            return respond::plain(StatusCode::MISDIRECTED_REQUEST, "misdirected");
        }
        if let Some(redirect) = self.redirected(&asked) {
            return redirect;
        }
        // An extended CONNECT asks for what a GET with Upgrade asks for in HTTP/1.1.
        let method = if tunnel.is_some() && parts.method == Method::CONNECT {
            Method::GET
        } else {
            parts.method.clone()
        };
        // What a header says decides nothing, whoever wrote it.
        let scheme = if self.connection.peer.tls.is_some() { Scheme::Https } else { Scheme::Http };
        let headers = FromOutside { headers: &parts.headers, authority: asked.authority() };
        let entrance = self.connection.entrance.listener.entrance.clone();
        let view = asked.request(&method, &entrance, scheme, &headers);
        let draw = self.connection.worker.draw(&parts.headers);
        let generation = Arc::clone(self.generation);
        if let Some(leg) =
            generation.varnish.as_ref().filter(|leg| leg.takes(&entrance, &method, tunnel.is_some()))
        {
            let plan = Plan::through(leg, &asked, &method, draw);
            return self.forward(plan, parts, body, tunnel).await;
        }
        let decision = decide(&generation.table, &view);
        self.note(decision.winner.as_ref(), draw);
        let listener = decision.listener;
        self.record.decided_listener = listener.map(|listener| listener.name.clone());
        let filters = decision.winner.and_then(|winner| winner.rule.filters.as_deref());
        let cors = filter::cors_headers(filters, &headers);
        match decision.outcome {
            Outcome::Forward(backends) => {
                let Some((backend, rest)) = backends.pick(draw) else { return self.fixed(Why::NoBackends) };
                self.record.service = Some(backend.service.clone());
                let service = generation.services.get(&backend.service);
                let Some(service) = service.filter(|_| backend.invalid.is_none()) else {
                    return self.fixed(Why::InvalidBackend);
                };
                let more = filter::cors_headers(backend.filters.as_deref(), &headers);
                let winner = decision.winner;
                let picked = Picked { service, backend, winner, draw: rest, cors: vec![cors, more] };
                let plan = self.plan(&generation, picked, &asked, &view);
                self.forward(plan, parts, body, tunnel).await
            }
            Outcome::Redirect(to) => {
                let prefix = decision.winner.and_then(|winner| winner.prefix);
                let port = listener.map_or_else(|| port(&asked, scheme), |listener| listener.port);
                let mut location = Vec::new();
                redirect::location(to, &view, prefix, port, &mut location);
                self.redirect(to.status, &location, filters, &cors)
            }
            Outcome::Preflight(policy) => {
                self.record.reason = Why::Preflight.as_str();
                let mut response = respond::empty(StatusCode::OK);
                filter::put(&cors::preflight_headers(policy, &headers), response.headers_mut());
                filter::response(filters, &cors, response.headers_mut());
                response
            }
            Outcome::Answer(why) => self.fixed(why),
        }
    }

    /// Limits that are looked at before anything else.
    fn refuse(&mut self, parts: &Parts) -> Option<Answer> {
        let limits = self.generation.configuration.limits;
        let target = parts.uri.path_and_query().map_or(0, |target| target.as_str().len());
        let (status, limit) = if self.connection.worker.shared.memory_short.load(Ordering::Relaxed) {
            (StatusCode::SERVICE_UNAVAILABLE, "memory")
        } else if target > limits.target_bytes as usize {
            (StatusCode::URI_TOO_LONG, "targetBytes")
        } else if parts.headers.len() > limits.headers as usize {
            (StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, "headers")
        } else if size(parts) > limits.header_bytes as usize {
            (StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, "headerBytes")
        } else {
            return None;
        };
        Some(self.limited(status, limit))
    }

    fn announces_too_much(&self, length: Length) -> bool {
        let most = self.generation.configuration.limits.body_bytes;
        most != 0 && matches!(length, Length::Known(length) if length > most)
    }

    fn limited(&mut self, status: StatusCode, limit: &'static str) -> Answer {
        self.connection.worker.shared.metrics.limit(limit);
        self.record.reason = limit;
        respond::plain(status, limit)
    }

    /// A request that two readers could read in two ways.
    fn refused(&mut self, refusal: Refusal) -> Answer {
        self.connection.worker.shared.metrics.refused(refusal.as_str());
        if refusal.status() == StatusCode::BAD_REQUEST {
            return self.fixed(Why::BadRequest);
        }
        self.record.reason = refusal.as_str();
        respond::plain(refusal.status(), refusal.as_str())
    }

    /// A connection made to one name does not serve another that has its own certificate (RFC 9110 section 15.5.20).
    fn is_misdirected(&self, asked: &Asked) -> bool {
        let Some(name) = self.connection.peer.tls.as_ref().and_then(|tls| tls.server_name.as_deref()) else {
            return false;
        };
        let Ok(host) = std::str::from_utf8(&asked.host) else { return true };
        // The listener as it is now: a certificate that was swapped does not misdirect open connections.
        let entrance = self.generation.entrance(&self.connection.entrance.listener.name);
        let tls = entrance.and_then(|entrance| entrance.tls.as_ref());
        name != host && tls.is_some_and(|tls| !tls.certificates.covers(name, host))
    }

    /// The listener's own redirect.
    fn redirected(&mut self, asked: &Asked) -> Option<Answer> {
        let to = self.connection.entrance.listener.http_to_https?;
        if asked.host.is_empty() || asked.path == b"*" {
            return None;
        }
        let port = if to.port == 443 { String::new() } else { format!(":{}", to.port) };
        let mut location = [b"https://", &*asked.host, port.as_bytes(), &*asked.path].concat();
        if let Some(query) = &asked.query {
            location.push(b'?');
            location.extend_from_slice(query);
        }
        Some(self.redirect(to.status, &location, None, &Vec::new()))
    }

    fn redirect(
        &mut self,
        status: u16,
        location: &[u8],
        filters: Option<&Filters>,
        cors: &filter::CorsHeaders,
    ) -> Answer {
        self.record.reason = "redirect";
        let mut response = respond::empty(StatusCode::from_u16(status).unwrap_or(StatusCode::FOUND));
        if let Ok(location) = HeaderValue::from_bytes(location) {
            response.headers_mut().insert(LOCATION, location);
        }
        filter::response(filters, cors, response.headers_mut());
        response
    }

    /// What is to be done for the service that was picked.
    fn plan<'p>(
        &self,
        generation: &'p Generation,
        picked: Picked<'p>,
        asked: &'p Asked,
        view: &View<'_>,
    ) -> Plan<'p> {
        let Picked { service, backend, winner, draw, cors } = picked;
        let rule = winner.map(|winner| winner.rule);
        let policy = rule.and_then(|rule| rule.policy.as_deref());
        let filters = rule.and_then(|rule| rule.filters.as_deref());
        let chain: Vec<&Filters> = filters.into_iter().chain(backend.filters.as_deref()).collect();
        let table = generation.endpoints.service(&backend.service);
        let session = policy.and_then(|policy| policy.session.as_ref());
        let client = self.record.client.map(|address| address.to_string());
        let keys = table.map(|table| Keys::new(table, session, view, client.as_deref()));
        let prefix = winner.and_then(|winner| winner.prefix);
        Plan {
            service,
            table,
            keys: keys.unwrap_or_default(),
            policy,
            target: filter::target(&chain, &asked.path, asked.query.as_deref(), asked.authority(), prefix),
            method: Method::from_bytes(view.method).unwrap_or_default(),
            // Without filters of the rule its CORS headers are none, either.
            cors: if filters.is_some() { cors } else { cors.into_iter().skip(1).collect() },
            chain,
            inbound: &asked.inbound,
            way: &asked.way,
            draw,
            varnish: None,
        }
    }

    async fn forward(mut self, plan: Plan<'_>, parts: Parts, body: Body, tunnel: Option<Tunnel>) -> Answer {
        match Forward::new(&mut self, plan).send(parts, body, tunnel).await {
            Ok(response) => response,
            Err(failure) => self.failed(&failure),
        }
    }

    /// One of the core's answers.
    pub(crate) fn fixed(&mut self, why: Why) -> Answer {
        self.record.reason = why.as_str();
        let status = StatusCode::from_u16(why.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        respond::plain(status, why.as_str())
    }

    /// The answer to a forwarding that failed.
    fn failed(self, failure: &Failure) -> Answer {
        self.record.reason = failure.reason();
        respond::plain(failure.status(), failure.reason())
    }

    fn note(&mut self, winner: Option<&Winner<'_>>, draw: Draw) {
        self.record.generation = self.generation.number;
        self.record.id = decision_id(Some(self.generation.number), winner, draw);
        let Some(winner) = winner else { return };
        self.record.route = Some(Arc::clone(winner.route));
        self.record.rule = Some(winner.rule_index);
        self.record.matched = Some(winner.match_index);
    }
}

fn port(asked: &Asked, scheme: Scheme) -> u16 {
    ghost_core::request::canonical::port(asked.authority()).unwrap_or(scheme.default_port())
}

/// Bytes of a head, as HTTP/2 counts them (RFC 9113 section 6.5.2) without the overhead per line.
fn size(parts: &Parts) -> usize {
    let lines: usize = parts.headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
    lines + parts.uri.path().len() + parts.uri.query().map_or(0, str::len)
}
