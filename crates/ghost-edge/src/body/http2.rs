//! Bodies of HTTP/2 streams: flow control is the back-pressure.

use std::future::poll_fn;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use h2::{Reason, RecvStream, SendStream};
use http::HeaderMap;
use http_body::{Body as _, Frame, SizeHint};

use super::{Body, BodyError};

/// The receiving half of a stream.
pub(crate) struct Http2Body {
    stream: RecvStream,
    length: Option<u64>,
    data_ended: bool,
}

impl Http2Body {
    /// The body of a message with these headers.
    pub(crate) fn new(stream: RecvStream, headers: &HeaderMap) -> Self {
        let length = headers.get(http::header::CONTENT_LENGTH);
        let length = length.and_then(|value| value.to_str().ok()?.parse().ok());
        Self { stream, length, data_ended: false }
    }

    pub(super) fn poll_frame(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        if !self.data_ended {
            match ready!(self.stream.poll_data(cx)) {
                Some(Ok(bytes)) => {
                    // Whoever polled takes it now: the peer may send as much again.
                    if let Err(error) = self.stream.flow_control().release_capacity(bytes.len()) {
                        return Poll::Ready(Some(Err(BodyError::Peer(error.into()))));
                    }
                    self.length = self.length.map(|length| length.saturating_sub(bytes.len() as u64));
                    return Poll::Ready(Some(Ok(Frame::data(bytes))));
                }
                Some(Err(error)) => {
                    // RFC 9113 section 8.1: a response was complete without all of the request.
                    if error.reason() == Some(Reason::NO_ERROR) {
                        return Poll::Ready(None);
                    }
                    return Poll::Ready(Some(Err(BodyError::Peer(error.into()))));
                }
                None => self.data_ended = true,
            }
        }
        match ready!(self.stream.poll_trailers(cx)) {
            Ok(trailers) => Poll::Ready(trailers.map(|trailers| Ok(Frame::trailers(trailers)))),
            Err(error) => Poll::Ready(Some(Err(BodyError::Peer(error.into())))),
        }
    }

    pub(super) fn is_end_stream(&self) -> bool {
        self.stream.is_end_stream()
    }

    pub(super) fn size_hint(&self) -> SizeHint {
        match self.length {
            Some(length) => SizeHint::with_exact(length),
            None => SizeHint::default(),
        }
    }
}

/// Sends a body; an error leaves the stream reset.
///
/// # Errors
/// The reason the stream was reset with.
pub(crate) async fn pump(
    mut body: Body,
    stream: &mut SendStream<Bytes>,
    stall: Duration,
) -> Result<(), Reason> {
    loop {
        let frame = poll_fn(|cx| {
            if let Poll::Ready(reset) = stream.poll_reset(cx) {
                return Poll::Ready(Err(reset.unwrap_or(Reason::CANCEL)));
            }
            std::pin::Pin::new(&mut body).poll_frame(cx).map(Ok)
        })
        .await?;
        let gone = |_| Reason::CANCEL;
        match frame {
            None => return stream.send_data(Bytes::new(), true).map_err(gone),
            Some(Err(error)) => {
                let reason = match error {
                    BodyError::TooLarge | BodyError::Deadline | BodyError::Idle => Reason::CANCEL,
                    BodyError::Peer(_) => Reason::INTERNAL_ERROR,
                };
                stream.send_reset(reason);
                return Err(reason);
            }
            Some(Ok(frame)) => match frame.into_data() {
                Ok(data) => {
                    let end = body.is_end_stream();
                    send(data, end, stream, stall).await?;
                    if end {
                        return Ok(());
                    }
                }
                Err(frame) => {
                    let trailers = frame.into_trailers().unwrap_or_default();
                    return stream.send_trailers(trailers).map_err(gone);
                }
            },
        }
    }
}

async fn send(
    mut data: Bytes,
    end: bool,
    stream: &mut SendStream<Bytes>,
    stall: Duration,
) -> Result<(), Reason> {
    if data.is_empty() {
        return if end { stream.send_data(data, true).map_err(|_| Reason::CANCEL) } else { Ok(()) };
    }
    while !data.is_empty() {
        stream.reserve_capacity(data.len());
        if stream.capacity() == 0 {
            capacity(stream, stall).await?;
        }
        let part = data.split_to(stream.capacity().min(data.len()));
        let last = end && data.is_empty();
        stream.send_data(part, last).map_err(|_| Reason::CANCEL)?;
    }
    Ok(())
}

/// Waits until the peer takes more, `stall` at most.
async fn capacity(stream: &mut SendStream<Bytes>, stall: Duration) -> Result<(), Reason> {
    let room = poll_fn(|cx| {
        if let Poll::Ready(reset) = stream.poll_reset(cx) {
            return Poll::Ready(Err(reset.unwrap_or(Reason::CANCEL)));
        }
        match ready!(stream.poll_capacity(cx)) {
            Some(Ok(0)) => Poll::Pending,
            Some(Ok(_)) => Poll::Ready(Ok(())),
            Some(Err(_)) | None => Poll::Ready(Err(Reason::CANCEL)),
        }
    });
    if stall.is_zero() {
        return room.await;
    }
    match tokio::time::timeout(stall, room).await {
        Ok(room) => room,
        Err(_) => {
            stream.send_reset(Reason::CANCEL);
            Err(Reason::CANCEL)
        }
    }
}
