//! WebSocket: Upgrade over HTTP/1.1, extended CONNECT over HTTP/2 (RFC 8441), and any pair of them.
//! Bytes go through only after the endpoint agreed.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use ghost_edge_protocol::bridge;
use ghost_edge_protocol::websocket;
use http::header::{
    CONNECTION, CONTENT_LENGTH, HeaderMap, HeaderValue, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, UPGRADE,
};
use http::uri::Scheme;
use http::{Method, Request, Response, StatusCode, Version};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::attempt::{self, Line};
use crate::body::Body;
use crate::connect::{Http1, Http2, Sent, Wire};
use crate::forward::{Failure, Forward};
use crate::receive::{Connection, Http2Duplex, Tunnel};
use crate::respond;
use crate::state::InFlight;
use crate::stream::Duplex;

/// Bytes that each direction buffers.
const BUFFER: usize = 16 << 10;

/// The key of a WebSocket client.
pub(crate) fn client_key(headers: &HeaderMap) -> Option<HeaderValue> {
    headers.get(SEC_WEBSOCKET_KEY).cloned()
}

/// An endpoint that agreed, and the bytes that follow.
type Opened = Option<(Box<dyn Duplex>, Option<crate::connect::StreamUse>)>;

/// Asks an endpoint for the tunnel and hands it to a task of its own once it is open.
///
/// # Errors
/// [`Failure`], where there is no response at all.
pub(crate) async fn open(
    mut forward: Forward<'_, '_>,
    request: Request<()>,
    tunnel: Tunnel,
    key: Option<HeaderValue>,
) -> Result<Response<Body>, Failure> {
    let endpoint = forward.select()?;
    let service = Arc::clone(forward.plan.service);
    let in_flight = endpoint.enter(&service.policy.in_flight).await.map_err(Failure::Overloaded)?;
    let wire = service.wire.as_ref().map_err(|_| Failure::Policy)?;
    let host = String::from_utf8_lossy(&forward.plan.target.authority).into_owned();
    let host = host.rsplit_once(':').map_or(&*host, |(host, _)| host);
    let line =
        attempt::line(forward.exchange, &forward.plan, &endpoint, wire, wire.name(host), !wire.is_http2());
    let line = line.await.map_err(Failure::Connect);
    let limit = service.policy.response_timeout;
    let limit = if limit.is_zero() { Duration::from_secs(3600) } else { limit };
    let asked = async {
        match line? {
            Line::Http1(connection, _) => by_upgrade(connection, request, &forward).await,
            Line::Http2(connection) => by_connect(connection, request, &forward, wire).await,
        }
    };
    let (mut response, opened) =
        tokio::time::timeout(limit, asked).await.map_err(|_| Failure::BackendTimeout)??;
    forward.exchange.record.first_byte = Some(forward.exchange.started.elapsed());
    if let Some((backend, used)) = opened {
        answer(&mut response, &tunnel, key);
        let connection = Rc::clone(forward.exchange.connection);
        tokio::task::spawn_local(splice(connection, tunnel, backend, (in_flight, used)));
    }
    Ok(response)
}

/// Asks by Upgrade (RFC 9110 section 7.8).
async fn by_upgrade(
    mut connection: Http1,
    mut request: Request<()>,
    forward: &Forward<'_, '_>,
) -> Result<(Response<Body>, Opened), Failure> {
    *request.method_mut() = Method::GET;
    let sent = connection.send(request.map(|()| Body::empty())).await;
    let mut response = sent.map_err(|_| Failure::Backend)?;
    let (status, version) = (response.status(), response.version());
    let client = forward.plan.inbound.hop;
    bridge::response(&Method::GET, status, version, client, true, response.headers_mut())
        .map_err(|bad| forward.malformed(bad))?;
    if status != StatusCode::SWITCHING_PROTOCOLS {
        return Ok((response.map(Body::http1), None));
    }
    let upgraded = hyper::upgrade::on(&mut response).await.map_err(|_| Failure::Backend)?;
    let mut answered = Response::new(Body::empty());
    *answered.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    *answered.headers_mut() = std::mem::take(response.headers_mut());
    Ok((answered, Some((Box::new(TokioIo::new(upgraded)), None))))
}

/// Asks by extended CONNECT.
async fn by_connect(
    connection: Http2,
    mut request: Request<()>,
    forward: &Forward<'_, '_>,
    wire: &Wire,
) -> Result<(Response<Body>, Opened), Failure> {
    if !connection.takes_extended_connect().await {
        return Ok((respond::plain(StatusCode::NOT_IMPLEMENTED, "extendedConnect"), None));
    }
    let scheme = if matches!(wire, Wire::Tls { .. }) { Scheme::HTTPS } else { Scheme::HTTP };
    *request.uri_mut() = attempt::absolute(&request, scheme).ok_or(Failure::Target)?;
    *request.method_mut() = Method::CONNECT;
    *request.version_mut() = Version::HTTP_2;
    for name in [http::header::HOST, CONTENT_LENGTH] {
        request.headers_mut().remove(name);
    }
    request.extensions_mut().insert(h2::ext::Protocol::from_static("websocket"));
    let (Sent { response, used }, sending) =
        connection.connect(request).await.map_err(|_| Failure::Backend)?;
    let (parts, receiving) = response.await.map_err(|_| Failure::Backend)?.into_parts();
    let mut answered = Response::new(Body::empty());
    (*answered.status_mut(), *answered.headers_mut()) = (parts.status, parts.headers);
    let client = forward.plan.inbound.hop;
    bridge::response(&Method::CONNECT, parts.status, parts.version, client, true, answered.headers_mut())
        .map_err(|bad| forward.malformed(bad))?;
    if parts.status != StatusCode::OK {
        let body = crate::body::Http2Body::new(receiving, answered.headers());
        return Ok((answered.map(|_| Body::http2(body)), None));
    }
    Ok((answered, Some((Box::new(Http2Duplex::new(sending, receiving)), Some(used)))))
}

/// What the client is told, in its own version's words.
fn answer(response: &mut Response<Body>, tunnel: &Tunnel, key: Option<HeaderValue>) {
    let headers = response.headers_mut();
    headers.remove(CONTENT_LENGTH);
    if !tunnel.http1 {
        *response.status_mut() = StatusCode::OK;
        return;
    }
    headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
    headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
    if let Some(accept) = key
        .and_then(|key| websocket::accept(key.as_bytes()))
        .filter(|_| !headers.contains_key(SEC_WEBSOCKET_ACCEPT))
    {
        headers.insert(SEC_WEBSOCKET_ACCEPT, accept);
    }
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
}

/// A nonce of 16 bytes (RFC 6455 section 4.1).
pub(crate) fn fresh_key() -> Option<HeaderValue> {
    let mut bytes = [0; 16];
    aws_lc_rs::rand::fill(&mut bytes).ok()?;
    websocket::key(u128::from_ne_bytes(bytes))
}

/// Copies both ways until one side ends, breaks, or both pause for too long.
async fn splice(
    connection: Rc<Connection>,
    tunnel: Tunnel,
    backend: Box<dyn Duplex>,
    _held: (InFlight, Option<crate::connect::StreamUse>),
) {
    let Some(client) = tunnel.stream.await else { return };
    let idle = connection.timeouts.tunnel_idle;
    between(client, backend, idle, &connection).await;
}

/// Copies both ways.
pub(crate) async fn between<A: Duplex, B: Duplex>(
    client: A,
    backend: B,
    idle: Duration,
    connection: &Connection,
) {
    let last = std::cell::Cell::new(crate::clock::now());
    let (mut from_client, mut to_client) = tokio::io::split(client);
    let (mut from_backend, mut to_backend) = tokio::io::split(backend);
    let mut phase = connection.worker.shared.phase.subscribe();
    let both = async {
        tokio::join!(
            one_way(&mut from_client, &mut to_backend, &last),
            one_way(&mut from_backend, &mut to_client, &last)
        );
    };
    let quiet = async {
        if idle.is_zero() {
            return std::future::pending().await;
        }
        let idle = crate::clock::milliseconds(idle);
        loop {
            let over = (last.get() + idle).saturating_sub(crate::clock::now());
            if over == 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(over)).await;
        }
    };
    tokio::select! {
        () = both => {}
        () = quiet => connection.worker.shared.metrics.limit("tunnelIdle"),
        _ = phase.wait_for(|phase| *phase == crate::state::Phase::Stopping) => {}
    }
}

async fn one_way<R: AsyncReadExt + Unpin, W: AsyncWriteExt + Unpin>(
    from: &mut R,
    to: &mut W,
    last: &std::cell::Cell<u64>,
) {
    let mut buffer = vec![0; BUFFER];
    while let Ok(length) = from.read(&mut buffer).await {
        last.set(crate::clock::now());
        if length == 0 || to.write_all(&buffer[..length]).await.is_err() || to.flush().await.is_err() {
            break;
        }
    }
    _ = to.shutdown().await;
}
