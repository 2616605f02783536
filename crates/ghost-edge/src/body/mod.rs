//! Bodies on their way through: one type whatever protocol they came by, streamed frame by frame.
//!
//! Nothing here waits for a whole body. A consumer that does not poll is back-pressure: nothing more is read from the
//! other side.

mod guard;
mod http2;
mod replay;
mod tee;

use std::error::Error;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use tokio::sync::oneshot;

pub(crate) use guard::{End, Guard, OnEnd};
pub(crate) use http2::{Http2Body, pump};
pub(crate) use replay::Replay;
pub(crate) use tee::{Copied, Tee};

/// A body.
pub(crate) struct Body {
    source: Source,
    guard: Option<Box<guard::Watch>>,
}

enum Source {
    Empty,
    Whole(Option<Bytes>),
    Http1(hyper::body::Incoming),
    Http2(Http2Body),
    Replay(replay::Reader),
    Copied(Copied),
    /// Waits for leave to send (RFC 9110 section 10.1.1).
    Held(oneshot::Receiver<()>, Box<Source>),
}

/// Why a body broke off.
#[derive(Debug)]
pub(crate) enum BodyError {
    /// More bytes than allowed.
    TooLarge,
    /// No byte for too long.
    Idle,
    /// The request's time is over.
    Deadline,
    /// The side that sends it broke off.
    Peer(Box<dyn Error + Send + Sync>),
}

impl fmt::Display for BodyError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BodyError::TooLarge => out.write_str("the body is larger than allowed"),
            BodyError::Idle => out.write_str("no piece of the body came for too long"),
            BodyError::Deadline => out.write_str("the request took longer than allowed"),
            BodyError::Peer(error) => write!(out, "the body broke off: {error}"),
        }
    }
}

impl Error for BodyError {}

impl fmt::Debug for Body {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hint = http_body::Body::size_hint(self);
        write!(out, "Body({}..{:?})", hint.lower(), hint.upper())
    }
}

impl Body {
    /// No body.
    pub(crate) fn empty() -> Self {
        Self { source: Source::Empty, guard: None }
    }

    /// A body that is known as a whole.
    pub(crate) fn whole(bytes: Bytes) -> Self {
        let source = if bytes.is_empty() { Source::Empty } else { Source::Whole(Some(bytes)) };
        Self { source, guard: None }
    }

    /// A body from an HTTP/1.1 connection.
    pub(crate) fn http1(incoming: hyper::body::Incoming) -> Self {
        let empty = http_body::Body::is_end_stream(&incoming);
        Self { source: if empty { Source::Empty } else { Source::Http1(incoming) }, guard: None }
    }

    /// A body from an HTTP/2 connection.
    pub(crate) fn http2(body: Http2Body) -> Self {
        let empty = body.is_end_stream();
        Self { source: if empty { Source::Empty } else { Source::Http2(body) }, guard: None }
    }

    /// A copy of a body that is being sent elsewhere.
    pub(crate) fn copied(copied: Copied) -> Self {
        Self { source: Source::Copied(copied), guard: None }
    }

    /// Sends nothing before `leave` is given or its giver is gone.
    #[must_use]
    pub(crate) fn held_until(self, leave: oneshot::Receiver<()>) -> Self {
        Self { source: Source::Held(leave, Box::new(self.source)), guard: self.guard }
    }

    /// With limits, counts and what is to be done at its end.
    #[must_use]
    pub(crate) fn guarded(mut self, guard: Guard) -> Self {
        self.guard = Some(Box::new(guard::Watch::new(guard, self.is_empty())));
        self
    }

    /// With one more thing to be done at its end.
    #[must_use]
    pub(crate) fn finished_by(mut self, on_end: Box<dyn OnEnd>) -> Self {
        match &mut self.guard {
            Some(watch) => watch.guard.on_end.push(on_end),
            None => return self.guarded(Guard { on_end: vec![on_end], ..Guard::default() }),
        }
        self
    }

    /// Bytes it has, where that is known.
    pub(crate) fn length(&self) -> Option<u64> {
        self.source.size_hint().exact()
    }

    /// Whether there is nothing to send.
    pub(crate) fn is_empty(&self) -> bool {
        self.source.is_end_stream()
    }
}

impl Source {
    fn poll_frame(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        match self {
            Source::Empty => Poll::Ready(None),
            Source::Whole(bytes) => Poll::Ready(bytes.take().map(|bytes| Ok(Frame::data(bytes)))),
            Source::Http1(incoming) => http_body::Body::poll_frame(Pin::new(incoming), cx)
                .map_err(|error| BodyError::Peer(error.into())),
            Source::Http2(body) => body.poll_frame(cx),
            Source::Replay(reader) => reader.poll_frame(cx),
            Source::Copied(copied) => copied.poll_frame(cx),
            Source::Held(leave, inner) => {
                // An error means that whoever gives leave is gone: nobody will say no any more.
                let (Ok(()) | Err(_)) = std::task::ready!(Pin::new(leave).poll(cx));
                *self = std::mem::replace(&mut **inner, Source::Empty);
                self.poll_frame(cx)
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Source::Empty => true,
            Source::Whole(bytes) => bytes.is_none(),
            Source::Http1(incoming) => http_body::Body::is_end_stream(incoming),
            Source::Http2(body) => body.is_end_stream(),
            Source::Replay(reader) => reader.is_end_stream(),
            Source::Copied(_) => false,
            Source::Held(_, inner) => inner.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Source::Empty | Source::Whole(None) => SizeHint::with_exact(0),
            Source::Whole(Some(bytes)) => SizeHint::with_exact(bytes.len() as u64),
            Source::Http1(incoming) => http_body::Body::size_hint(incoming),
            Source::Http2(body) => body.size_hint(),
            Source::Replay(reader) => reader.size_hint(),
            Source::Copied(copied) => copied.size_hint(),
            Source::Held(_, inner) => inner.size_hint(),
        }
    }
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let this = self.get_mut();
        let polled = this.source.poll_frame(cx);
        match &mut this.guard {
            None => polled,
            Some(guard) => {
                let ended = this.source.is_end_stream();
                guard.watch(polled, ended, cx)
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.source.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.source.size_hint()
    }
}
