//! Sends a request to an endpoint, and to another one where that may help.

use std::cell::Cell;
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use ghost_core::Draw;
use ghost_core::model::{Filters, Policy};
use ghost_core::select::ServiceEndpoints;
use ghost_core::select::health::Observation;
use ghost_edge_protocol::bridge::{self, Hop, Inbound, Outbound};
use ghost_edge_protocol::forwarded::Way;
use http::header::{EXPECT, HOST, HeaderValue};
use http::request::Parts;
use http::{Method, Request, Response, StatusCode};
use tokio::time::{Instant, timeout_at};

use crate::attempt::{Attempt, AttemptError, Fault};
use crate::body::{Body, End, Guard, Replay};
use crate::connect::{DialError, Wire};
use crate::exchange::Exchange;
use crate::filter::{CorsHeaders, Target};
use crate::receive::Tunnel;
use crate::select::{self, Keys};
use crate::state::{Endpoint, Refused, Service};
use crate::varnish::VarnishLeg;
use crate::{filter, forwarded, mirror, session, tunnel};

/// Tries that failed before a byte was sent are repeated this often, whatever a rule says: nobody has seen the request.
const UNSENT_TRIES: u32 = 3;

/// What was decided about a request that is forwarded.
pub(crate) struct Plan<'p> {
    /// Which service.
    pub(crate) service: &'p Arc<Service>,
    /// Its endpoints; `None` where the table has no such service.
    pub(crate) table: Option<&'p ServiceEndpoints>,
    /// What consistent hashing and sessions go by.
    pub(crate) keys: Keys,
    /// What the rule asks for.
    pub(crate) policy: Option<&'p Policy>,
    /// Where it goes at the endpoint.
    pub(crate) target: Target,
    /// The method; GET for an extended CONNECT.
    pub(crate) method: Method,
    /// Filters of the rule, then of the service.
    pub(crate) chain: Vec<&'p Filters>,
    /// CORS headers of each.
    pub(crate) cors: Vec<CorsHeaders>,
    /// What the client's request means.
    pub(crate) inbound: &'p Inbound,
    /// Which way it came.
    pub(crate) way: &'p Way,
    /// The random number that chooses the endpoint.
    pub(crate) draw: Draw,
    /// It goes through varnishd, which decides and filters itself.
    pub(crate) varnish: Option<&'p VarnishLeg>,
}

/// Why there is no response.
#[derive(Debug)]
pub(crate) enum Failure {
    /// No endpoint takes requests.
    NoEndpoints,
    /// The endpoint has too many requests.
    Overloaded(Refused),
    /// No connection could be made.
    Connect(DialError),
    /// The service's TLS cannot be used.
    Policy,
    /// The endpoint broke off or talked nonsense.
    Backend,
    /// The time for the request is over.
    RequestTimeout,
    /// The time for one try is over.
    BackendTimeout,
    /// The client's body is longer than allowed.
    BodyTooLarge,
    /// The client's body paused for too long.
    BodyIdle,
    /// The client broke off its body.
    BodyBroken,
    /// The target cannot be sent.
    Target,
}

impl Failure {
    /// What the client is told.
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Failure::NoEndpoints | Failure::Overloaded(_) => StatusCode::SERVICE_UNAVAILABLE,
            Failure::Connect(_) | Failure::Backend | Failure::Policy => StatusCode::BAD_GATEWAY,
            Failure::RequestTimeout | Failure::BackendTimeout => StatusCode::GATEWAY_TIMEOUT,
            Failure::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Failure::BodyIdle => StatusCode::REQUEST_TIMEOUT,
            Failure::BodyBroken | Failure::Target => StatusCode::BAD_REQUEST,
        }
    }

    /// The word that answers, logs and metrics use.
    pub(crate) fn reason(&self) -> &'static str {
        match self {
            Failure::NoEndpoints => "noEndpoints",
            Failure::Overloaded(Refused::QueueFull) => "queueFull",
            Failure::Overloaded(Refused::WaitedTooLong) => "queueTimeout",
            Failure::Connect(DialError::Timeout) => "connectTimeout",
            Failure::Connect(DialError::Tls(_) | DialError::Name) => "backendTls",
            Failure::Connect(_) => "connectFailed",
            Failure::Policy => "backendTls",
            Failure::Backend => "backendFailed",
            Failure::RequestTimeout => "requestTimeout",
            Failure::BackendTimeout => "backendTimeout",
            Failure::BodyTooLarge => "bodyBytes",
            Failure::BodyIdle => "bodyTime",
            Failure::BodyBroken => "bodyBroken",
            Failure::Target => "badTarget",
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Connect(error) => write!(out, "{}: {error}", self.reason()),
            _ => out.write_str(self.reason()),
        }
    }
}

/// A request on its way to a service.
pub(crate) struct Forward<'f, 'x> {
    pub(crate) exchange: &'f mut Exchange<'x>,
    pub(crate) plan: Plan<'f>,
    tried: Vec<Arc<Endpoint>>,
    deadline: Option<Instant>,
    /// How the client's body ended.
    body_end: Rc<Cell<Option<End>>>,
}

/// A request with everything that one try needs.
enum Supply {
    /// For one try.
    Once(Option<Box<Request<Body>>>),
    /// For as many as its body can be repeated.
    Again(Box<Request<()>>, Replay),
}

impl<'f, 'x> Forward<'f, 'x> {
    /// Follows a plan.
    pub(crate) fn new(exchange: &'f mut Exchange<'x>, plan: Plan<'f>) -> Self {
        let timeouts = &exchange.generation.configuration.timeouts;
        let limit = match plan.policy.and_then(|policy| policy.request_timeout) {
            Some(0) => None,
            Some(milliseconds) => Some(Duration::from_millis(milliseconds)),
            None => Some(timeouts.request).filter(|limit| !limit.is_zero()),
        };
        let deadline = limit.map(|limit| Instant::from_std(exchange.started) + limit);
        Self { exchange, plan, tried: Vec::new(), deadline, body_end: Rc::default() }
    }

    /// Sends the request and gives the client's response.
    ///
    /// # Errors
    /// [`Failure`], after everything that might have helped.
    pub(crate) async fn send(
        mut self,
        parts: Parts,
        body: Body,
        tunnel: Option<Tunnel>,
    ) -> Result<Response<Body>, Failure> {
        self.exchange.record.service = Some(self.plan.service.key.clone());
        let expects = self.plan.inbound.expects_continue;
        let asked_key = tunnel::client_key(&parts.headers);
        let request = self.request(parts, tunnel.as_ref())?;
        if let Some(tunnel) = tunnel {
            return tunnel::open(self, request, tunnel, asked_key).await;
        }
        let body = self.guard(body, &request);
        let mut supply = self.supply(request, body);
        let (mut tries, mut last) = (0, None);
        loop {
            let (outcome, endpoint) = match self.one(&mut supply, expects).await {
                Ok(tried) => tried,
                // Nobody else is left to try: what went wrong before says more.
                Err(Failure::NoEndpoints) => return Err(last.unwrap_or(Failure::NoEndpoints)),
                Err(failure) => return Err(failure),
            };
            tries += 1;
            match outcome {
                Ok(attempt) if self.wants_another(&attempt, tries, &supply) => drop(attempt),
                Ok(attempt) => return self.finish(attempt, &endpoint),
                Err(failed) => last = Some(self.after(failed, tries, &mut supply)?),
            }
            self.exchange.connection.worker.shared.metrics.retries.inc();
            self.pause(tries).await;
        }
    }

    /// The request as endpoints get it.
    fn request(&mut self, parts: Parts, tunnel: Option<&Tunnel>) -> Result<Request<()>, Failure> {
        let Parts { mut headers, .. } = parts;
        let host = HeaderValue::from_bytes(&self.plan.target.authority).map_err(|_| Failure::Target)?;
        let key = tunnel.filter(|tunnel| !tunnel.http1).and_then(|_| tunnel::fresh_key());
        let outbound = Outbound { hop: self.hop(), host: &host, websocket_key: key.as_ref() };
        bridge::request(self.plan.inbound, &outbound, &mut headers);
        forwarded::write(self.exchange, &self.plan, &mut headers);
        headers.remove(HOST);
        for filters in &self.plan.chain {
            filter::edit(&filters.request_headers, &mut headers);
        }
        // The leave to send the body is the endpoint's to give.
        if self.plan.inbound.expects_continue && tunnel.is_none() {
            headers.insert(EXPECT, HeaderValue::from_static("100-continue"));
        }
        if !headers.contains_key(HOST) && !host.is_empty() {
            headers.insert(HOST, host);
        }
        let mut request = Request::new(());
        *request.method_mut() = self.plan.method.clone();
        *request.uri_mut() =
            http::Uri::try_from(self.plan.target.path.as_slice()).map_err(|_| Failure::Target)?;
        *request.headers_mut() = headers;
        Ok(request)
    }

    /// What the service speaks.
    fn hop(&self) -> Hop {
        if self.plan.service.wire.as_ref().is_ok_and(Wire::is_http2) { Hop::Http2 } else { Hop::Http1 }
    }

    /// The client's body with its limits, and copies of it for mirrors.
    fn guard(&mut self, body: Body, request: &Request<()>) -> Body {
        let configuration = &self.exchange.generation.configuration;
        let tees = mirror::start(self.exchange, &self.plan, request, &body);
        body.guarded(Guard {
            limit: configuration.limits.body_bytes,
            idle: configuration.timeouts.body_idle,
            deadline: self.deadline,
            tees,
            told: Some(Rc::clone(&self.body_end)),
            on_end: vec![Box::new(crate::record::CountIn(Rc::clone(&self.exchange.record.bytes_in)))],
        })
    }

    fn supply(&self, request: Request<()>, body: Body) -> Supply {
        let retries = self.plan.policy.and_then(|policy| policy.retry.as_ref());
        if retries.is_some_and(|retry| retry.attempts > 0) {
            self.plan.service.budget.count();
            let limit = self.plan.service.policy.retry_budget.body_bytes as usize;
            return Supply::Again(Box::new(request), Replay::new(body, limit));
        }
        Supply::Once(Some(Box::new(request.map(|()| body))))
    }

    /// One try at one endpoint.
    async fn one(
        &mut self,
        supply: &mut Supply,
        expects: bool,
    ) -> Result<(Result<Attempt, AttemptError>, Arc<Endpoint>), Failure> {
        let endpoint = self.select()?;
        let policy = &self.plan.service.policy;
        let entered = endpoint.enter(&policy.in_flight);
        let in_flight = match self.deadline {
            None => entered.await,
            Some(deadline) => timeout_at(deadline, entered).await.map_err(|_| Failure::RequestTimeout)?,
        };
        let in_flight = in_flight.map_err(|refused| {
            self.exchange.connection.worker.shared.metrics.limit("inFlight");
            Failure::Overloaded(refused)
        })?;
        let request = match supply {
            Supply::Once(request) => *request.take().ok_or(Failure::Backend)?,
            Supply::Again(request, replay) => copy(request).map(|()| replay.read()),
        };
        let limit = match self.plan.policy.and_then(|policy| policy.backend_request_timeout) {
            Some(0) => None,
            Some(milliseconds) => Some(Duration::from_millis(milliseconds)),
            None => Some(policy.response_timeout).filter(|limit| !limit.is_zero()),
        };
        let began = Instant::now();
        let own = limit.map(|limit| began + limit);
        let deadline = own.into_iter().chain(self.deadline).min();
        let attempt = Attempt::make(self.exchange, &self.plan, &endpoint, in_flight, request, expects);
        let outcome = match deadline {
            None => attempt.await,
            Some(at) => match timeout_at(at, attempt).await {
                Ok(outcome) => outcome,
                Err(_) => Err(AttemptError { unsent: None, fault: Fault::Timeout }),
            },
        };
        if outcome.is_ok() {
            self.exchange.record.upstream = Some(began.elapsed());
        }
        self.observe(&endpoint, &outcome);
        Ok((outcome, endpoint))
    }

    /// Picks an endpoint and remembers that it was tried.
    pub(crate) fn select(&mut self) -> Result<Arc<Endpoint>, Failure> {
        let endpoint = match self.plan.varnish {
            Some(leg) => leg.endpoint(),
            None => {
                let table = self.plan.table.ok_or(Failure::NoEndpoints)?;
                let Plan { service, keys, draw, .. } = &self.plan;
                select::endpoint(table, service, *keys, *draw, &self.tried).ok_or(Failure::NoEndpoints)?
            }
        };
        self.tried.push(Arc::clone(endpoint));
        self.exchange.record.endpoint = Some(Arc::clone(endpoint));
        self.exchange.record.tries += 1;
        Ok(Arc::clone(endpoint))
    }

    /// What a try tells about the endpoint: it did not answer, or says itself that it cannot serve. A 500 may be the request's
    /// fault and counts for ejection only.
    pub(crate) fn observe(&self, endpoint: &Arc<Endpoint>, outcome: &Result<Attempt, AttemptError>) {
        let metrics = &self.exchange.connection.worker.shared.metrics;
        let (failed, server_error) = match outcome {
            Ok(attempt) => {
                let status = attempt.response.status();
                (matches!(status.as_u16(), 502..=504), status.is_server_error())
            }
            Err(_) if self.body_end.get().is_some_and(|end| end != End::Complete) => return,
            Err(failed) => {
                match failed.fault {
                    Fault::Timeout => metrics.backend_timeouts.inc(),
                    _ => metrics.backend_errors.inc(),
                };
                (true, true)
            }
        };
        let service = self.plan.service;
        let observation = if failed { Observation::Failed } else { Observation::Passed };
        if let Some(healthy) = endpoint.observe(observation, &service.policy.thresholds) {
            crate::health::changed(metrics, endpoint, healthy, "requests");
        }
        if self.plan.varnish.is_none() {
            service.outliers.observe(service, endpoint, server_error, metrics);
        }
    }

    fn wants_another(&self, attempt: &Attempt, tries: u32, supply: &Supply) -> bool {
        let Some(retry) = self.plan.policy.and_then(|policy| policy.retry.as_ref()) else { return false };
        retry.codes.contains(&attempt.response.status().as_u16()) && self.may_repeat(tries, supply)
    }

    fn may_repeat(&self, tries: u32, supply: &Supply) -> bool {
        let retry = self.plan.policy.and_then(|policy| policy.retry.as_ref());
        let Supply::Again(_, replay) = supply else { return false };
        let in_time = self.deadline.is_none_or(|deadline| Instant::now() < deadline);
        retry.is_some_and(|retry| tries <= retry.attempts)
            && in_time
            && replay.can_repeat()
            && self.plan.service.budget.take(&self.plan.service.policy.retry_budget)
    }

    /// What a try without response comes to: `Ok` when there is another one.
    fn after(&self, failed: AttemptError, tries: u32, supply: &mut Supply) -> Result<Failure, Failure> {
        let of_client = match self.body_end.get() {
            Some(End::TooLarge) => Some((Failure::BodyTooLarge, "bodyBytes")),
            Some(End::Idle) => Some((Failure::BodyIdle, "bodyTime")),
            Some(End::Broken) => Some((Failure::BodyBroken, "bodyBroken")),
            _ => None,
        };
        if let Some((failure, limit)) = of_client {
            self.exchange.connection.worker.shared.metrics.limit(limit);
            return Err(failure);
        }
        if self.deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            return Err(Failure::RequestTimeout);
        }
        let failure = match failed.fault {
            Fault::Dial(error) => Failure::Connect(error),
            Fault::Policy => Failure::Policy,
            Fault::Broken => Failure::Backend,
            Fault::Target => Failure::Target,
            Fault::Timeout => Failure::BackendTimeout,
        };
        if let Some(request) = failed.unsent
            && tries < UNSENT_TRIES
        {
            if let Supply::Once(place) = supply {
                *place = Some(request);
            }
            return Ok(failure);
        }
        if self.may_repeat(tries, supply) { Ok(failure) } else { Err(failure) }
    }

    /// The pause doubles with every try, and a part of it is random so that clients do not march in step.
    async fn pause(&self, tries: u32) {
        let retry = self.plan.policy.and_then(|policy| policy.retry.as_ref());
        let Some(backoff) = retry.and_then(|retry| retry.backoff).filter(|backoff| *backoff > 0) else {
            return;
        };
        let whole = backoff.saturating_mul(1 << tries.saturating_sub(1).min(6));
        let jitter = self.exchange.connection.worker.random() % (whole / 4 + 1);
        tokio::time::sleep(Duration::from_millis(whole + jitter)).await;
    }

    /// The response as the client gets it.
    fn finish(self, attempt: Attempt, endpoint: &Arc<Endpoint>) -> Result<Response<Body>, Failure> {
        let policy = &self.plan.service.policy;
        let Attempt { response, lease } = attempt;
        let (mut parts, body) = response.into_parts();
        let Plan { method, inbound, .. } = &self.plan;
        bridge::response(method, parts.status, parts.version, inbound.hop, false, &mut parts.headers)
            .map_err(|bad| self.malformed(bad))?;
        // On the way back the backend's filters come first, then those of the rule.
        for (filters, cors) in self.plan.chain.iter().zip(&self.plan.cors).rev() {
            filter::response(Some(filters), cors, &mut parts.headers);
        }
        if let Some(session) = self.plan.policy.and_then(|policy| policy.session.as_ref()) {
            session::keep(session, endpoint, self.plan.keys.session, self.plan.way.https, &mut parts.headers);
        }
        parts.version = http::Version::HTTP_11;
        self.exchange.record.first_byte = Some(self.exchange.started.elapsed());
        let guard = Guard {
            limit: policy.max_response_body,
            idle: policy.body_idle_timeout,
            deadline: self.deadline,
            on_end: vec![Box::new(lease)],
            ..Guard::default()
        };
        Ok(Response::from_parts(parts, body.guarded(guard)))
    }

    /// A response that has no one meaning.
    pub(crate) fn malformed(&self, bad: bridge::BadResponse) -> Failure {
        self.exchange.connection.worker.shared.metrics.refused(bad.as_str());
        Failure::Backend
    }
}

/// The head of a request once more.
pub(crate) fn copy<B>(request: &Request<B>) -> Request<()> {
    let mut copy = Request::new(());
    *copy.method_mut() = request.method().clone();
    *copy.uri_mut() = request.uri().clone();
    *copy.headers_mut() = request.headers().clone();
    copy
}
