//! Requests from a client's connection, whatever version of HTTP it speaks.

mod activity;
mod head;
mod http1;
mod http2;

pub(crate) use activity::{Activity, Overdue, Stage, Watched};
pub(crate) use http1::serve as serve_http1;
pub(crate) use http2::Http2Duplex;
pub(crate) use http2::serve as serve_http2;

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;

use bytes::Bytes;
use h2::server::SendResponse;
use http::{HeaderMap, Response, StatusCode};

use crate::accept::Counted;
use crate::state::{Admitted, Entrance};
use crate::stream::Duplex;
use crate::worker::Worker;

/// A client's connection.
pub(crate) struct Connection {
    /// Who serves it.
    pub(crate) worker: Rc<Worker>,
    /// Where it came in.
    pub(crate) entrance: Arc<Entrance>,
    /// Who is at the other end.
    pub(crate) peer: Peer,
    /// How long the client may take.
    pub(crate) timeouts: ghost_edge_config::model::Timeouts,
    /// Bytes that it must take in a second while it is waited for.
    pub(crate) least_pace: u32,
    /// Requests so far.
    pub(crate) requests: Cell<u32>,
    /// What it is doing.
    pub(crate) activity: Arc<Activity>,
    /// Its place among all connections.
    pub(crate) _admitted: Admitted,
    /// Its place among the listener's and the worker's connections.
    pub(crate) _counted: Counted,
}

/// While draining, a connection that waits for a request this long is closed, in milliseconds: one that is used gets
/// `Connection: close` with its next response instead, so that nothing is cut.
const DRAIN_IDLE: u64 = 300;

/// When a connection has to be looked at.
pub(crate) enum Due {
    /// Something is overdue.
    Now(Overdue),
    /// Then.
    At(std::time::Instant),
}

impl Connection {
    /// When it has to be looked at.
    pub(crate) fn due(&self, draining: bool) -> Due {
        let mut deadline = self.activity.deadline(&self.timeouts, self.least_pace);
        if draining && self.activity.stage() == Stage::Idle {
            let idle = self.activity.since() + DRAIN_IDLE;
            deadline = Some(deadline.map_or(idle, |(at, _)| at.min(idle))).map(|at| (at, Overdue::KeepAlive));
        }
        let now = crate::clock::now();
        match deadline {
            Some((at, overdue)) if at <= now => Due::Now(overdue),
            Some((at, _)) => Due::At(std::time::Instant::now() + std::time::Duration::from_millis(at - now)),
            None => Due::At(std::time::Instant::now() + std::time::Duration::from_secs(3600)),
        }
    }
}

/// Who is at the other end of a connection.
#[derive(Debug, Clone, Default)]
pub(crate) struct Peer {
    /// Address and port of the client, as the PROXY header or the socket says; `None` on Unix sockets.
    pub(crate) client: Option<SocketAddr>,
    /// The address that the client connected to.
    pub(crate) local: Option<SocketAddr>,
    /// TLS, where there is any.
    pub(crate) tls: Option<TlsFacts>,
}

impl Peer {
    /// Address of the client.
    pub(crate) fn address(&self) -> Option<IpAddr> {
        self.client.map(|client| client.ip().to_canonical())
    }
}

/// What a handshake came to.
#[derive(Debug, Clone)]
pub(crate) struct TlsFacts {
    /// `TLSv1.3`
    pub(crate) version: &'static str,
    /// IANA name of the cipher suite.
    pub(crate) cipher: Box<str>,
    /// Server name, lower-case.
    pub(crate) server_name: Option<Box<str>>,
    /// HTTP/2 was agreed on.
    pub http2: bool,
    /// Common name of the client's certificate.
    pub(crate) client_name: Option<Box<str>>,
}

/// Where interim responses go.
#[derive(Clone)]
pub(crate) enum Interim {
    /// Between the responses of an HTTP/1.1 connection.
    Http1(Arc<Activity>),
    /// Onto an HTTP/2 stream.
    Http2(Rc<RefCell<SendResponse<Bytes>>>),
    /// The client's version has none.
    None,
}

impl Interim {
    /// Passes one on. A client that is gone shows elsewhere.
    pub(crate) fn send(&self, status: StatusCode, headers: &HeaderMap) {
        match self {
            Interim::Http1(activity) => activity.inject(status, headers),
            Interim::Http2(respond) => {
                let mut response = Response::new(());
                *response.status_mut() = status;
                *response.headers_mut() = headers.clone();
                _ = respond.borrow_mut().send_informational(response);
            }
            Interim::None => {}
        }
    }
}

/// Bytes both ways, once a tunnel is open; `None` when it never will be.
pub(crate) type OpenedLater = Pin<Box<dyn Future<Output = Option<Box<dyn Duplex>>>>>;

/// The client's half of a tunnel, once the response has opened it.
pub(crate) struct Tunnel {
    /// What is to be spoken: `websocket`.
    pub(crate) protocol: Box<str>,
    /// HTTP/1.1 Upgrade rather than extended CONNECT.
    pub http1: bool,
    /// The bytes.
    pub(crate) stream: OpenedLater,
}
