//! One HTTP/1.1 connection to an endpoint.

use std::cell::RefCell;
use std::rc::Rc;

use http::{HeaderMap, Request, Response, StatusCode};
use hyper::body::Incoming;
use hyper::client::conn::http1::{Builder, SendRequest};
use hyper_util::rt::TokioIo;
use tokio::sync::mpsc;

use crate::body::Body;
use crate::stream::Stream;

/// Interim responses that wait to be passed on, per connection.
const INTERIM: usize = 16;

/// An interim response: status and headers.
pub(crate) type InterimHead = (StatusCode, HeaderMap);

/// A connection that can take a request.
pub(crate) struct Http1 {
    sender: SendRequest<Body>,
    interim_sender: mpsc::Sender<InterimHead>,
    /// Interim responses to the request at hand.
    pub(crate) interim: Rc<RefCell<mpsc::Receiver<InterimHead>>>,
}

/// A request that got no response.
pub(crate) struct SendError {
    /// The request, where not one byte of it was sent.
    pub(crate) unsent: Option<Box<Request<Body>>>,
    /// Why.
    pub(crate) error: hyper::Error,
}

impl Http1 {
    /// Speaks HTTP/1.1 on a stream.
    pub(crate) async fn new(stream: Stream, buffer: usize) -> hyper::Result<Self> {
        let mut builder = Builder::new();
        builder.max_buf_size(buffer.max(8192)).max_headers(256);
        let (sender, connection) = builder.handshake(TokioIo::new(stream)).await?;
        // Its errors reach whoever waits for a response.
        tokio::task::spawn_local(async move { _ = connection.with_upgrades().await });
        let (interim_sender, interim) = mpsc::channel(INTERIM);
        Ok(Self { sender, interim_sender, interim: Rc::new(RefCell::new(interim)) })
    }

    /// Whether the other side has closed it.
    pub(crate) fn is_closed(&self) -> bool {
        self.sender.is_closed()
    }

    /// Sends a request and waits for the head of the response.
    pub(crate) async fn send(&mut self, mut request: Request<Body>) -> Result<Response<Incoming>, SendError> {
        let interim = self.interim_sender.clone();
        hyper::ext::on_informational(&mut request, move |response| {
            // One that does not fit is left out: interim responses are hints.
            _ = interim.try_send((response.status(), response.headers().clone()));
        });
        self.sender.try_send_request(request).await.map_err(|mut failed| SendError {
            unsent: failed.take_message().map(Box::new),
            error: failed.into_error(),
        })
    }
}
