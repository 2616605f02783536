//! HTTP/1.1 and HTTP/1.0 from a client.

use std::convert::Infallible;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::rc::Rc;
use std::task::Poll;
use std::time::Duration;

use http::header::{CONNECTION, CONTENT_LENGTH, TRANSFER_ENCODING, UPGRADE};
use http::{Request, Response, Version};
use hyper::body::Incoming;
use hyper::server::conn::http1::Builder;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::time::{Instant, sleep_until};

use super::activity::Overdue;
use super::head::Excess;
use super::{Connection, Due, Interim, Stage, Tunnel, Watched};
use crate::body::Body;
use crate::exchange::exchange;
use crate::state::Phase;
use crate::stream::{Duplex, Stream};

/// Serves a connection until it ends.
pub(crate) async fn serve(connection: Rc<Connection>, stream: Stream) {
    let configuration = connection.worker.configuration();
    let limits = configuration.limits;
    let watched = Watched::http1(stream, std::sync::Arc::clone(&connection.activity));
    let of_requests = Rc::clone(&connection);
    let service = service_fn(move |request| {
        let connection = Rc::clone(&of_requests);
        connection.activity.enter(Stage::Busy);
        async move { Ok::<_, Infallible>(one(&connection, request).await) }
    });
    let mut builder = Builder::new();
    builder
        .max_headers(limits.headers as usize + 1)
        // One read buffer holds a whole head; hyper answers 431 beyond.
        .max_buf_size((limits.header_bytes as usize).max(8192))
        .half_close(false)
        .auto_date_header(true);
    let served = builder.serve_connection(TokioIo::new(watched), service).with_upgrades();
    let mut served = pin!(served);
    let mut phase = connection.worker.shared.phase.subscribe();
    let mut timer = pin!(sleep_until(Instant::now()));
    loop {
        let draining = *phase.borrow_and_update() != Phase::Running;
        let armed = timer.deadline().into_std();
        tokio::select! {
            biased;
            ended = served.as_mut() => {
                if let Err(error) = ended {
                    refused(&connection, &error, limits.headers);
                }
                return;
            }
            _ = phase.changed() => {}
            () = &mut timer => {}
            () = armed_too_late(&connection, armed, draining) => {}
        }
        if *phase.borrow() == Phase::Stopping {
            return;
        }
        match connection.due(draining) {
            Due::At(instant) => timer.as_mut().reset(Instant::from_std(instant)),
            Due::Now(Overdue::KeepAlive) => {
                served.as_mut().graceful_shutdown();
                timer.as_mut().reset(Instant::now() + Duration::from_secs(1));
            }
            Due::Now(overdue) => {
                connection.worker.shared.metrics.limit(overdue.word());
                if overdue == Overdue::Header {
                    connection.activity.refuse_slow_head();
                    // The refusal goes out before the next read.
                    _ = poll_fn(|cx| Poll::Ready(served.as_mut().poll(cx))).await;
                }
                return;
            }
        }
    }
}

/// Heads that hyper has refused itself: nobody else sees them.
fn refused(connection: &Connection, error: &hyper::Error, lines: u32) {
    let metrics = &connection.worker.shared.metrics;
    if error.is_parse_too_large() {
        metrics.limit(match connection.activity.excess(lines) {
            Excess::Lines => "headers",
            Excess::Bytes => "headerBytes",
        });
    } else if error.is_parse() {
        metrics.refused("syntax");
    }
}

/// Ready as soon as the connection is due before the timer is: it is polled whenever the connection is.
async fn armed_too_late(connection: &Connection, armed: std::time::Instant, draining: bool) {
    poll_fn(|_| match connection.due(draining) {
        Due::At(instant) if instant >= armed => Poll::Pending,
        _ => Poll::Ready(()),
    })
    .await;
}

async fn one(connection: &Rc<Connection>, mut request: Request<Incoming>) -> Response<Body> {
    let chunked = request.headers().contains_key(TRANSFER_ENCODING);
    let length = http_body::Body::size_hint(request.body()).exact().unwrap_or(0);
    if let Some(beside) = connection.activity.head_taken(chunked, length) {
        // It is refused where every request is looked at.
        request.headers_mut().insert(CONTENT_LENGTH, beside);
    }
    let tunnel = tunnel(connection, &mut request);
    let interim = if request.version() == Version::HTTP_11 {
        Interim::Http1(std::sync::Arc::clone(&connection.activity))
    } else {
        Interim::None
    };
    exchange(connection, request.map(Body::http1), interim, tunnel).await
}

/// What an Upgrade asks for (RFC 9110 section 7.8).
fn tunnel(connection: &Rc<Connection>, request: &mut Request<Incoming>) -> Option<Tunnel> {
    let headers = request.headers();
    let asks = headers.get_all(CONNECTION).iter().filter_map(|value| value.to_str().ok());
    if !asks.flat_map(|value| value.split(',')).any(|word| word.trim().eq_ignore_ascii_case("upgrade")) {
        return None;
    }
    let protocol = headers.get(UPGRADE).and_then(|value| value.to_str().ok())?.to_ascii_lowercase().into();
    let upgrade = hyper::upgrade::on(request);
    let activity = std::sync::Arc::clone(&connection.activity);
    let stream = Box::pin(async move {
        let upgraded = upgrade.await.ok()?;
        activity.enter(Stage::Tunnel);
        Some(Box::new(TokioIo::new(upgraded)) as Box<dyn Duplex>)
    });
    Some(Tunnel { protocol, http1: true, stream })
}
