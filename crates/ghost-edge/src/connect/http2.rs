//! One HTTP/2 connection to an endpoint, shared by many requests.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use bytes::Bytes;
use h2::client::{Builder, ResponseFuture, SendRequest};
use h2::{Ping, PingPong, Reason, SendStream};
use http::Request;
use tokio::task::AbortHandle;

use crate::body::{Body, pump};
use crate::stream::Stream;

/// A connection that takes several requests at a time.
#[derive(Clone)]
pub(crate) struct Http2 {
    sender: SendRequest<Bytes>,
    state: Rc<State>,
}

struct State {
    streams: Cell<u32>,
    closed: Cell<bool>,
    /// Until its settings are known.
    ping: RefCell<Option<PingPong>>,
}

/// A request that got no response.
#[derive(Debug)]
pub(crate) struct Http2Error {
    /// The endpoint has not looked at the request (RFC 9113 section 8.7).
    pub(crate) unprocessed: bool,
}

/// A stream in use; ends the sending of the request's body with it.
pub(crate) struct StreamUse {
    state: Rc<State>,
    sending: Option<AbortHandle>,
}

impl Drop for StreamUse {
    fn drop(&mut self) {
        self.state.streams.set(self.state.streams.get().saturating_sub(1));
        if let Some(sending) = self.sending.take() {
            sending.abort();
        }
    }
}

/// A request on its way.
pub(crate) struct Sent {
    /// The head of the response, and interim ones before it.
    pub(crate) response: ResponseFuture,
    /// Keeps the request going.
    pub(crate) used: StreamUse,
}

impl Http2 {
    /// Speaks HTTP/2 on a stream.
    pub(crate) async fn new(stream: Stream, headers: u32) -> Result<Self, h2::Error> {
        let mut builder = Builder::new();
        builder
            .enable_push(false)
            .initial_window_size(1 << 20)
            .initial_connection_window_size(4 << 20)
            .max_header_list_size(headers.max(16 << 10))
            .max_send_buffer_size(256 << 10);
        let (sender, mut connection) = builder.handshake::<_, Bytes>(stream).await?;
        let ping = RefCell::new(connection.ping_pong());
        let state = Rc::new(State { streams: Cell::new(0), closed: Cell::new(false), ping });
        let ending = Rc::clone(&state);
        tokio::task::spawn_local(async move {
            // Its errors reach every request on it.
            _ = connection.await;
            ending.closed.set(true);
        });
        Ok(Self { sender, state })
    }

    /// Whether it takes no more requests.
    pub(crate) fn is_closed(&self) -> bool {
        self.state.closed.get()
    }

    /// Requests it works on.
    pub(crate) fn streams(&self) -> u32 {
        self.state.streams.get()
    }

    /// Whether it takes extended CONNECT (RFC 8441), which only its settings tell; they come before the answer to a PING.
    pub(crate) async fn takes_extended_connect(&self) -> bool {
        let ping = self.state.ping.borrow_mut().take();
        if let Some(mut ping) = ping
            && !self.sender.is_extended_connect_protocol_enabled()
        {
            // A connection that breaks meanwhile shows in the request.
            _ = ping.ping(Ping::opaque()).await;
        }
        self.sender.is_extended_connect_protocol_enabled()
    }

    fn begin(&self, sending: Option<AbortHandle>) -> StreamUse {
        self.state.streams.set(self.state.streams.get() + 1);
        StreamUse { state: Rc::clone(&self.state), sending }
    }

    /// Sends a request; its body is sent while the response is waited for.
    pub(crate) async fn send(&self, request: Request<Body>, stall: Duration) -> Result<Sent, Http2Error> {
        let (parts, body) = request.into_parts();
        let end = body.is_empty();
        let (response, mut stream) = self.open(Request::from_parts(parts, ()), end).await?;
        let sending = (!end).then(|| {
            // A failure shows in the response, or does not matter any more.
            tokio::task::spawn_local(async move { _ = pump(body, &mut stream, stall).await }).abort_handle()
        });
        Ok(Sent { response, used: self.begin(sending) })
    }

    /// Opens a tunnel (RFC 8441).
    pub(crate) async fn connect(
        &self,
        request: Request<()>,
    ) -> Result<(Sent, SendStream<Bytes>), Http2Error> {
        let (response, stream) = self.open(request, false).await?;
        Ok((Sent { response, used: self.begin(None) }, stream))
    }

    async fn open(
        &self,
        request: Request<()>,
        end: bool,
    ) -> Result<(ResponseFuture, SendStream<Bytes>), Http2Error> {
        let unsent = |_| Http2Error { unprocessed: true };
        let mut sender = self.sender.clone().ready().await.map_err(unsent)?;
        sender.send_request(request, end).map_err(unsent)
    }
}

impl From<h2::Error> for Http2Error {
    fn from(error: h2::Error) -> Self {
        let refused = error.is_reset() && error.reason() == Some(Reason::REFUSED_STREAM);
        let gone = error.is_go_away() && error.is_remote() && error.reason() == Some(Reason::NO_ERROR);
        Self { unprocessed: refused || gone }
    }
}
