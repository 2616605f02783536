//! HTTP/2 from a client.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::io;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Buf, Bytes};
use h2::ext::Protocol;
use h2::server::{Builder, SendResponse};
use h2::{Reason, RecvStream, SendStream};
use http::{Method, Request, Response, StatusCode};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::{Notify, oneshot};
use tokio::time::{Instant, sleep_until};

use super::{Connection, Due, Interim, Overdue, Stage, Tunnel, Watched};
use crate::body::{Body, Http2Body, pump};
use crate::clock;
use crate::exchange::exchange;
use crate::state::Phase;
use crate::stream::{Duplex, Stream};

/// What the streams of a connection have in common.
struct Streams {
    open: Cell<u32>,
    resets: Cell<u32>,
    minute: Cell<u64>,
    flood: Notify,
}

impl Streams {
    /// A stream was reset; whether that was one too many.
    fn reset(&self, most: u32) -> bool {
        let minute = clock::now() / 60_000;
        if self.minute.replace(minute) != minute {
            self.resets.set(0);
        }
        self.resets.set(self.resets.get() + 1);
        self.resets.get() > most
    }
}

/// Serves a connection until it ends.
pub(crate) async fn serve(connection: Rc<Connection>, stream: Stream) {
    let configuration = connection.worker.configuration();
    let limits = configuration.limits;
    connection.activity.enter(Stage::Idle);
    let watched = Watched::http2(stream, std::sync::Arc::clone(&connection.activity));
    let mut builder = Builder::new();
    builder
        .max_concurrent_streams(limits.streams)
        .max_header_list_size(limits.header_bytes)
        .max_pending_accept_reset_streams(limits.resets_per_minute.min(1000) as usize)
        .max_local_error_reset_streams(Some(limits.resets_per_minute as usize))
        .initial_window_size(limits.buffer_bytes.max(65_535))
        .initial_connection_window_size(limits.buffer_bytes.saturating_mul(4).clamp(65_535, 1 << 30))
        .max_send_buffer_size(limits.buffer_bytes.max(16_384) as usize)
        .enable_connect_protocol();
    let handshake = builder.handshake::<_, Bytes>(watched);
    let handshake = tokio::time::timeout(non_zero(connection.timeouts.header), handshake).await;
    let Ok(Ok(mut client)) = handshake else { return };
    let streams = Rc::new(Streams {
        open: Cell::new(0),
        resets: Cell::new(0),
        minute: Cell::new(0),
        flood: Notify::new(),
    });
    let mut phase = connection.worker.shared.phase.subscribe();
    let mut timer = pin!(sleep_until(Instant::now()));
    let mut told_to_go = false;
    loop {
        let draining = *phase.borrow_and_update() != Phase::Running;
        if draining && !told_to_go {
            told_to_go = true;
            client.graceful_shutdown();
        }
        tokio::select! {
            biased;
            accepted = client.accept() => match accepted {
                Some(Ok((request, respond))) => {
                    connection.activity.enter(Stage::Busy);
                    let work = one(Rc::clone(&connection), Rc::clone(&streams), request, respond);
                    tokio::task::spawn_local(work);
                    continue;
                }
                Some(Err(error)) => return ended(&connection, &error),
                None => return,
            },
            () = streams.flood.notified() => {
                connection.worker.shared.metrics.limit("resets");
                client.abrupt_shutdown(Reason::ENHANCE_YOUR_CALM);
                let farewell = poll_fn(|cx| client.poll_closed(cx));
                _ = tokio::time::timeout(Duration::from_secs(1), farewell).await;
                return;
            }
            _ = phase.changed() => {}
            () = &mut timer => {}
        }
        if *phase.borrow() == Phase::Stopping {
            return;
        }
        match connection.due(false) {
            // Frames that belong to no request, such as PING, do not make a connection busy.
            Due::Now(Overdue::KeepAlive | Overdue::Header) if streams.open.get() == 0 => {
                if told_to_go {
                    return;
                }
                told_to_go = true;
                client.graceful_shutdown();
                timer.as_mut().reset(Instant::now() + Duration::from_secs(1));
            }
            Due::Now(Overdue::Write) => {
                connection.worker.shared.metrics.limit(Overdue::Write.word());
                return;
            }
            Due::Now(_) => timer.as_mut().reset(Instant::now() + Duration::from_secs(1)),
            Due::At(instant) => {
                let soon = Instant::now() + Duration::from_secs(5);
                timer.as_mut().reset(Instant::from_std(instant).min(soon));
            }
        }
    }
}

fn non_zero(duration: Duration) -> Duration {
    if duration.is_zero() { Duration::from_secs(3600) } else { duration }
}

/// What the library's own limits (resets, CONTINUATION, empty frames) say when they are crossed.
fn ended(connection: &Connection, error: &h2::Error) {
    if error.reason() == Some(Reason::ENHANCE_YOUR_CALM) && !error.is_remote() {
        connection.worker.shared.metrics.limit("http2Flood");
    } else if !error.is_io() && !error.is_remote() {
        connection.worker.shared.metrics.event("http2ProtocolError");
    }
}

/// Counts a stream in and out.
struct Open {
    connection: Rc<Connection>,
    streams: Rc<Streams>,
}

impl Open {
    fn new(connection: Rc<Connection>, streams: Rc<Streams>) -> Self {
        streams.open.set(streams.open.get() + 1);
        Self { connection, streams }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.streams.open.set(self.streams.open.get() - 1);
        if self.streams.open.get() == 0 {
            self.connection.activity.enter(Stage::Idle);
        }
    }
}

async fn one(
    connection: Rc<Connection>,
    streams: Rc<Streams>,
    request: Request<RecvStream>,
    respond: SendResponse<Bytes>,
) {
    let open = Open::new(Rc::clone(&connection), streams);
    let respond = Rc::new(RefCell::new(respond));
    let (parts, body) = request.into_parts();
    let (tunnel, opened, body) = tunnel(&parts, body);
    let body = body.map_or_else(Body::empty, |body| Body::http2(Http2Body::new(body, &parts.headers)));
    let head = parts.method == Method::HEAD;
    let request = Request::from_parts(parts, body);
    let answered = exchange(&connection, request, Interim::Http2(Rc::clone(&respond)), tunnel);
    let reset = poll_fn(|cx| respond.borrow_mut().poll_reset(cx));
    let response = tokio::select! {
        biased;
        response = answered => response,
        _ = reset => {
            if open.streams.reset(connection.worker.configuration().limits.resets_per_minute) {
                open.streams.flood.notify_one();
            }
            return;
        }
    };
    let (parts, body) = response.into_parts();
    let opened = opened.filter(|_| parts.status == StatusCode::OK);
    let end = opened.is_none() && (head || body.is_empty());
    let sent = respond.borrow_mut().send_response(Response::from_parts(parts, ()), end);
    let Ok(mut stream) = sent else { return };
    match opened {
        Some((opened, receiving)) => {
            _ = opened.send(Box::new(Http2Duplex::new(stream, receiving)));
        }
        None if !end => {
            _ = pump(body, &mut stream, connection.timeouts.write_idle).await;
        }
        None => {}
    }
}

/// Where the bytes of a tunnel go once it is open.
type Opened = (oneshot::Sender<Box<dyn Duplex>>, RecvStream);

/// Extended CONNECT (RFC 8441): the stream's data is the tunnel's, not a body.
fn tunnel(
    parts: &http::request::Parts,
    body: RecvStream,
) -> (Option<Tunnel>, Option<Opened>, Option<RecvStream>) {
    let Some(protocol) = parts.extensions.get::<Protocol>().filter(|_| parts.method == Method::CONNECT)
    else {
        return (None, None, Some(body));
    };
    let (sender, stream) = oneshot::channel();
    let stream = Box::pin(async move { stream.await.ok() });
    let tunnel = Tunnel { protocol: protocol.as_str().to_ascii_lowercase().into(), http1: false, stream };
    (Some(tunnel), Some((sender, body)), None)
}

/// A stream of HTTP/2 as a stream of bytes.
pub(crate) struct Http2Duplex {
    sending: SendStream<Bytes>,
    receiving: RecvStream,
    rest: Bytes,
}

impl Http2Duplex {
    pub(crate) fn new(sending: SendStream<Bytes>, receiving: RecvStream) -> Self {
        Self { sending, receiving, rest: Bytes::new() }
    }
}

fn broken(error: h2::Error) -> io::Error {
    error.into_io().unwrap_or_else(|| io::ErrorKind::ConnectionReset.into())
}

impl AsyncRead for Http2Duplex {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        while this.rest.is_empty() {
            match ready!(this.receiving.poll_data(cx)) {
                None => return Poll::Ready(Ok(())),
                Some(Err(error)) => return Poll::Ready(Err(broken(error))),
                Some(Ok(bytes)) => {
                    _ = this.receiving.flow_control().release_capacity(bytes.len());
                    this.rest = bytes;
                }
            }
        }
        let length = this.rest.len().min(into.remaining());
        into.put_slice(&this.rest[..length]);
        this.rest.advance(length);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Http2Duplex {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        if bytes.is_empty() {
            return Poll::Ready(Ok(0));
        }
        if let Poll::Ready(Ok(_)) = this.sending.poll_reset(cx) {
            return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
        }
        this.sending.reserve_capacity(bytes.len());
        while this.sending.capacity() == 0 {
            match ready!(this.sending.poll_capacity(cx)) {
                Some(Ok(_)) => {}
                Some(Err(error)) => return Poll::Ready(Err(broken(error))),
                None => return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into())),
            }
        }
        let length = bytes.len().min(this.sending.capacity());
        let sent = this.sending.send_data(Bytes::copy_from_slice(&bytes[..length]), false);
        Poll::Ready(sent.map(|()| length).map_err(broken))
    }

    fn poll_flush(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(self.get_mut().sending.send_data(Bytes::new(), true).map_err(broken))
    }
}
