//! Copies of a body for mirrored requests. A copy never slows the original: one that cannot keep up is given up.

use std::task::{Context, Poll};

use bytes::Bytes;
use http::HeaderMap;
use http_body::{Frame, SizeHint};
use tokio::sync::mpsc;

use super::BodyError;

/// Pieces that wait for a mirror at most.
const PIECES: usize = 64;

enum Piece {
    Data(Bytes),
    Trailers(HeaderMap),
    End,
}

/// Where the original's pieces are copied to.
pub(crate) struct Tee(mpsc::Sender<Piece>);

/// The copy.
pub(crate) struct Copied {
    pieces: mpsc::Receiver<Piece>,
    length: Option<u64>,
    ended: bool,
}

impl Tee {
    /// A pair; `length` is the original's, where it is known.
    pub(crate) fn new(length: Option<u64>) -> (Self, Copied) {
        let (sender, pieces) = mpsc::channel(PIECES);
        (Self(sender), Copied { pieces, length, ended: false })
    }

    /// Whether the copy keeps up.
    pub(super) fn data(&mut self, data: &Bytes) -> bool {
        self.0.try_send(Piece::Data(data.clone())).is_ok()
    }

    pub(super) fn trailers(&mut self, trailers: &HeaderMap) -> bool {
        self.0.try_send(Piece::Trailers(trailers.clone())).is_ok()
    }

    /// Without this word the copy ends with an error.
    pub(super) fn end(self, complete: bool) {
        if complete {
            _ = self.0.try_send(Piece::End);
        }
    }
}

impl Copied {
    pub(super) fn poll_frame(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        if self.ended {
            return Poll::Ready(None);
        }
        let piece = std::task::ready!(self.pieces.poll_recv(cx));
        Poll::Ready(match piece {
            Some(Piece::Data(data)) => Some(Ok(Frame::data(data))),
            Some(Piece::Trailers(trailers)) => Some(Ok(Frame::trailers(trailers))),
            Some(Piece::End) => {
                self.ended = true;
                None
            }
            None => {
                self.ended = true;
                Some(Err(BodyError::Peer("the original broke off or the mirror was too slow".into())))
            }
        })
    }

    pub(super) fn size_hint(&self) -> SizeHint {
        self.length.map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}
