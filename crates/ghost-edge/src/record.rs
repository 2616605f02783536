//! What is remembered of a request until its response has ended: the access log's line and the counters.

use std::cell::Cell;
use std::net::IpAddr;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use ghost_core::model::Route;
use http::header::{HeaderValue, REFERER, USER_AGENT};
use http::request::Parts;
use http::{Method, Uri, Version};

use crate::body::{End, OnEnd};
use crate::metrics::RouteMetrics;
use crate::receive::{Connection, Stage};
use crate::state::Endpoint;

/// A request and what became of it.
pub(crate) struct Record {
    /// When it came.
    pub(crate) time: SystemTime,
    started: Instant,
    /// Its method.
    pub(crate) method: Method,
    /// Its target as sent.
    pub(crate) target: Uri,
    /// Its Host as sent.
    pub(crate) host: Option<HeaderValue>,
    /// Its version.
    pub(crate) version: Version,
    /// Whether the client speaks HTTP/2.
    pub http2: bool,
    /// What it says of itself.
    pub(crate) user_agent: Option<HeaderValue>,
    /// Where it comes from.
    pub(crate) referer: Option<HeaderValue>,
    /// The listener that decided.
    pub(crate) listener: Box<str>,
    /// The listener of the document that took it.
    pub(crate) decided_listener: Option<Box<str>>,
    /// The generation that decided.
    pub(crate) generation: u64,
    /// Short name of the decision.
    pub(crate) id: String,
    /// The route that won.
    pub(crate) route: Option<Arc<Route>>,
    /// Place of its rule.
    pub(crate) rule: Option<u16>,
    /// Place of its match.
    pub(crate) matched: Option<u16>,
    /// The service it went to.
    pub(crate) service: Option<Box<str>>,
    /// The endpoint it went to last.
    pub(crate) endpoint: Option<Arc<Endpoint>>,
    /// How many tries were made.
    pub(crate) tries: u32,
    /// One word for how it ended; empty for a response from an endpoint.
    pub(crate) reason: &'static str,
    /// Status of the response.
    pub(crate) status: u16,
    /// When the head of the response came.
    pub(crate) first_byte: Option<Duration>,
    /// Bytes of the request's body.
    pub(crate) bytes_in: Rc<Cell<u64>>,
    /// The client, as far as it is believed.
    pub(crate) client: Option<IpAddr>,
    /// Whether the client sees `https`.
    pub(crate) https: bool,
    /// What the endpoint took to the head of its response.
    pub(crate) upstream: Option<Duration>,
    /// Id of the trace; 0: none.
    pub(crate) trace: u128,
    /// X-Request-Id as it went on.
    pub(crate) request_id: Option<HeaderValue>,
}

impl Record {
    /// The record of a request that has just come.
    pub(crate) fn new(connection: &Connection, parts: &Parts) -> Self {
        let header = |name| parts.headers.get(name).cloned();
        Self {
            time: SystemTime::now(),
            started: Instant::now(),
            method: parts.method.clone(),
            target: parts.uri.clone(),
            host: header(http::header::HOST),
            version: parts.version,
            http2: parts.version == Version::HTTP_2,
            user_agent: header(USER_AGENT),
            referer: header(REFERER),
            listener: connection.entrance.listener.entrance.clone(),
            decided_listener: None,
            generation: 0,
            id: String::new(),
            route: None,
            rule: None,
            matched: None,
            service: None,
            endpoint: None,
            tries: 0,
            reason: "",
            status: 0,
            first_byte: None,
            bytes_in: Rc::default(),
            client: connection.peer.address(),
            https: connection.peer.tls.is_some(),
            upstream: None,
            trace: 0,
            request_id: None,
        }
    }
}

/// Counts the bytes of the request's body.
pub(crate) struct CountIn(pub(crate) Rc<Cell<u64>>);

impl OnEnd for CountIn {
    fn ended(self: Box<Self>, _end: End, bytes: u64) {
        self.0.set(bytes);
    }
}

/// Writes it all down when the response has ended.
pub(crate) struct Finish {
    connection: Rc<Connection>,
    route: Arc<RouteMetrics>,
    record: Record,
}

impl Finish {
    /// To be done at the end of the response.
    pub(crate) fn new(connection: &Rc<Connection>, route: Arc<RouteMetrics>, record: Record) -> Self {
        Self { connection: Rc::clone(connection), route, record }
    }
}

impl OnEnd for Finish {
    fn ended(self: Box<Self>, end: End, bytes: u64) {
        let Finish { connection, route, record } = *self;
        let metrics = &connection.worker.shared.metrics;
        let took = record.started.elapsed();
        route.observe(record.status, took.as_secs_f64());
        let cut = !matches!(end, End::Complete | End::Dropped);
        if record.status < 500 && !cut {
            metrics.success.inc();
        } else {
            metrics.failure.inc();
        }
        if end == End::TooLarge {
            metrics.limit("responseBytes");
        } else if end == End::Idle {
            metrics.backend_timeouts.inc();
        }
        if !record.http2 && connection.activity.stage() == Stage::Busy {
            connection.activity.enter(Stage::Idle);
        }
        connection.worker.log(&connection, &record, end, bytes, took);
    }
}
