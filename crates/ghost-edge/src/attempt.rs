//! One try: a connection to one endpoint, the request on it, the head of the response.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;

use http::header::{CONNECTION, HOST};
use http::uri::{Authority, PathAndQuery, Scheme};
use http::{HeaderValue, Request, Response, StatusCode, Uri, Version};
use tokio::sync::oneshot;

use crate::body::{Body, End, Http2Body, OnEnd};
use crate::connect::{DialError, Http1, Http2, Http2Error, StreamUse, Taken, Wire, dial};
use crate::exchange::Exchange;
use crate::forward::Plan;
use crate::proxy;
use crate::receive::Interim;
use crate::state::{Endpoint, InFlight, Service};
use crate::worker::Worker;

/// How long a client's body waits for leave that may never be given (RFC 9110 section 10.1.1).
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(1);

/// A response that has begun.
pub(crate) struct Attempt {
    /// Its head, and the body to be read.
    pub(crate) response: Response<Body>,
    /// What is held while it is read.
    pub(crate) lease: Lease,
}

/// A try that gave no response.
pub(crate) struct AttemptError {
    /// The request, where the endpoint has not seen it.
    pub(crate) unsent: Option<Box<Request<Body>>>,
    /// Why.
    pub(crate) fault: Fault,
}

/// What went wrong.
#[derive(Debug)]
pub(crate) enum Fault {
    /// There is no connection.
    Dial(DialError),
    /// The service's TLS cannot be used.
    Policy,
    /// The connection broke, or what came was no HTTP.
    Broken,
    /// The target cannot be written.
    Target,
    /// It took too long.
    Timeout,
}

/// What is held while a response is read.
pub(crate) struct Lease {
    worker: Rc<Worker>,
    service: Arc<Service>,
    endpoint: Arc<Endpoint>,
    name: Option<Box<str>>,
    connection: Option<Http1>,
    _stream: Option<StreamUse>,
    _in_flight: InFlight,
}

impl OnEnd for Lease {
    fn ended(mut self: Box<Self>, end: End, _bytes: u64) {
        // A response that was not read to its end leaves a connection that cannot be used again.
        let Some(connection) = self.connection.take().filter(|_| end == End::Complete) else { return };
        let Ok(wire) = &self.service.wire else { return };
        let pool = &self.service.policy.pool;
        self.worker.pool.keep_http1(&self.endpoint, wire, self.name.take(), connection, pool);
    }
}

/// A connection for one request.
pub(crate) enum Line {
    Http1(Http1, Fresh),
    Http2(Http2),
}

/// Whether nobody used a connection before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fresh(pub(crate) bool);

impl Attempt {
    /// Makes one try.
    pub(crate) async fn make(
        exchange: &Exchange<'_>,
        plan: &Plan<'_>,
        endpoint: &Arc<Endpoint>,
        in_flight: InFlight,
        request: Request<Body>,
        expects: bool,
    ) -> Result<Attempt, AttemptError> {
        let service = plan.service;
        let Ok(wire) = &service.wire else {
            return Err(AttemptError { unsent: None, fault: Fault::Policy });
        };
        let host = host(plan);
        let name: Option<Box<str>> = wire.name(&host).map(Into::into);
        let mut lease = Lease {
            worker: Rc::clone(&exchange.connection.worker),
            service: Arc::clone(service),
            endpoint: Arc::clone(endpoint),
            name: name.clone(),
            connection: None,
            _stream: None,
            _in_flight: in_flight,
        };
        let mut request = request;
        loop {
            let line = match line(exchange, plan, endpoint, wire, name.as_deref(), false).await {
                Ok(line) => line,
                Err(error) => {
                    return Err(AttemptError { unsent: Some(Box::new(request)), fault: Fault::Dial(error) });
                }
            };
            match line {
                Line::Http1(connection, fresh) => {
                    match over_http1(exchange, connection, request, expects).await {
                        Ok((response, connection)) => {
                            lease.connection = connection;
                            return Ok(Attempt { response, lease });
                        }
                        // The endpoint closed a connection that was kept: another one will do.
                        Err(AttemptError { unsent: Some(unsent), fault: Fault::Broken }) if !fresh.0 => {
                            request = *unsent;
                        }
                        Err(failed) => return Err(failed),
                    }
                }
                Line::Http2(connection) => {
                    let (response, used) = over_http2(exchange, plan, connection, request, expects).await?;
                    lease._stream = Some(used);
                    return Ok(Attempt { response, lease });
                }
            }
        }
    }
}

/// The host of the target without its port: what TLS asks for where the service names nothing.
fn host(plan: &Plan<'_>) -> String {
    let mut buffer = Vec::new();
    let host = ghost_core::request::canonical::host(&plan.target.authority, &mut buffer).unwrap_or_default();
    String::from_utf8_lossy(host).trim_matches(['[', ']']).to_owned()
}

/// A kept connection, else a new one. One of one's own is not shared and not taken from others.
pub(crate) async fn line(
    exchange: &Exchange<'_>,
    plan: &Plan<'_>,
    endpoint: &Arc<Endpoint>,
    wire: &Wire,
    name: Option<&str>,
    own: bool,
) -> Result<Line, DialError> {
    let policy = &plan.service.policy;
    let announced = policy.proxy_protocol.map(|details| proxy::header(exchange.connection, details));
    let own = own || announced.is_some();
    let pool = &exchange.connection.worker.pool;
    if !own {
        match pool.take(endpoint, wire, name, &policy.pool) {
            Taken::Http1(connection) => return Ok(Line::Http1(connection, Fresh(false))),
            Taken::Http2(connection) => return Ok(Line::Http2(connection)),
            Taken::Nothing => {}
        }
    }
    let limits = &exchange.generation.configuration.limits;
    let making = async {
        let stream = dial(&endpoint.address, wire, name, &announced).await?;
        if wire.is_http2() {
            let connection =
                Http2::new(stream, limits.header_bytes).await.map_err(|_| DialError::Protocol)?;
            if !own {
                pool.keep_http2(endpoint, wire, name.map(Into::into), connection.clone(), &policy.pool);
            }
            return Ok(Line::Http2(connection));
        }
        let connection = Http1::new(stream, limits.header_bytes as usize).await;
        Ok(Line::Http1(connection.map_err(|_| DialError::Protocol)?, Fresh(true)))
    };
    match tokio::time::timeout(policy.connect_timeout, making).await {
        Ok(made) => made,
        Err(_) => Err(DialError::Timeout),
    }
}

/// Holds the body back until the endpoint wants it, where the client asked for that.
fn hold(request: Request<Body>, expects: bool) -> (Request<Body>, Option<oneshot::Sender<()>>) {
    if !expects || request.body().is_empty() {
        return (request, None);
    }
    let (leave, held) = oneshot::channel();
    (request.map(|body| body.held_until(held)), Some(leave))
}

type Exchanged = (Response<Body>, Option<Http1>);

async fn over_http1(
    exchange: &Exchange<'_>,
    mut connection: Http1,
    mut request: Request<Body>,
    expects: bool,
) -> Result<Exchanged, AttemptError> {
    *request.version_mut() = Version::HTTP_11;
    let (request, mut leave) = hold(request, expects);
    let interim = Rc::clone(&connection.interim);
    while interim.borrow_mut().try_recv().is_ok() {}
    let sent = {
        let mut sent = std::pin::pin!(connection.send(request));
        let mut patience = std::pin::pin!(tokio::time::sleep(PATIENCE));
        loop {
            let hint = poll_fn(|cx| interim.borrow_mut().poll_recv(cx));
            tokio::select! {
                biased;
                Some((status, headers)) = hint => pass_on(exchange, status, &headers, &mut leave),
                sent = &mut sent => break sent,
                () = &mut patience, if leave.is_some() => leave = None,
            }
        }
    };
    match sent {
        Ok(response) => {
            let closes =
                response.headers().get_all(CONNECTION).iter().any(|value| {
                    value.to_str().is_ok_and(|value| value.to_ascii_lowercase().contains("close"))
                });
            // A body that was not wanted keeps the connection from being used again.
            let keeps = !closes && leave.is_none();
            Ok((response.map(Body::http1), keeps.then_some(connection)))
        }
        Err(failed) => {
            let fault = if failed.error.is_user() { Fault::Target } else { Fault::Broken };
            Err(AttemptError { unsent: failed.unsent, fault })
        }
    }
}

/// A 100 is leave to send the body; others go to the client as they are.
fn pass_on(
    exchange: &Exchange<'_>,
    status: StatusCode,
    headers: &http::HeaderMap,
    leave: &mut Option<oneshot::Sender<()>>,
) {
    if status != StatusCode::CONTINUE {
        exchange.interim.send(status, headers);
        return;
    }
    if let Some(leave) = leave.take() {
        _ = leave.send(());
        // hyper says it to HTTP/1.1 clients when their body is first asked for.
        if matches!(exchange.interim, Interim::Http2(_)) {
            exchange.interim.send(status, headers);
        }
    }
}

async fn over_http2(
    exchange: &Exchange<'_>,
    plan: &Plan<'_>,
    connection: Http2,
    request: Request<Body>,
    expects: bool,
) -> Result<(Response<Body>, StreamUse), AttemptError> {
    // RFC 9113 section 8.7: what the endpoint has not looked at may be sent again, as long as no body went with it.
    let spare = request.body().is_empty().then(|| crate::forward::copy(&request));
    let failed = |error: Http2Error| AttemptError {
        unsent: spare.filter(|_| error.unprocessed).map(|spare| Box::new(spare.map(|()| Body::empty()))),
        fault: Fault::Broken,
    };
    let (mut request, mut leave) = hold(request, expects);
    let scheme = if plan.service.wire.as_ref().is_ok_and(|wire| matches!(wire, Wire::Tls { .. })) {
        Scheme::HTTPS
    } else {
        Scheme::HTTP
    };
    *request.uri_mut() =
        absolute(&request, scheme).ok_or(AttemptError { unsent: None, fault: Fault::Target })?;
    *request.version_mut() = Version::HTTP_2;
    request.headers_mut().remove(HOST);
    let stall = plan.service.policy.body_idle_timeout;
    let mut sent = match connection.send(request, stall).await {
        Ok(sent) => sent,
        Err(error) => return Err(failed(error)),
    };
    let mut patience = std::pin::pin!(tokio::time::sleep(PATIENCE));
    let response = loop {
        let answered = poll_fn(|cx| match sent.response.poll_informational(cx) {
            std::task::Poll::Ready(Some(Ok(hint))) => std::task::Poll::Ready(Ok(Err(hint))),
            _ => Pin::new(&mut sent.response).poll(cx).map_ok(Ok),
        });
        tokio::select! {
            biased;
            answered = answered => match answered {
                Ok(Ok(response)) => break response,
                Ok(Err(hint)) => pass_on(exchange, hint.status(), hint.headers(), &mut leave),
                Err(error) => return Err(failed(error.into())),
            },
            () = &mut patience, if leave.is_some() => leave = None,
        }
    };
    let (parts, stream) = response.into_parts();
    let body = Body::http2(Http2Body::new(stream, &parts.headers));
    Ok((Response::from_parts(parts, body), sent.used))
}

/// RFC 9113 section 8.3.1: scheme and authority stand in the target.
pub(crate) fn absolute<B>(request: &Request<B>, scheme: Scheme) -> Option<Uri> {
    let host = request.headers().get(HOST).map(HeaderValue::as_bytes).unwrap_or_default();
    let authority = Authority::try_from(if host.is_empty() { b"localhost" } else { host }).ok()?;
    let path = request.uri().path_and_query().cloned().unwrap_or(PathAndQuery::from_static("/"));
    let mut parts = http::uri::Parts::default();
    (parts.scheme, parts.authority, parts.path_and_query) = (Some(scheme), Some(authority), Some(path));
    Uri::from_parts(parts).ok()
}
