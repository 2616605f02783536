//! A request body that can be sent again, as long as it is short enough to be kept.

use std::cell::RefCell;
use std::rc::Rc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::HeaderMap;
use http_body::{Body as _, Frame, SizeHint};

use super::{Body, BodyError, Source};

/// A body and what went through of it so far. Every try reads it from the beginning.
pub(crate) struct Replay {
    state: Rc<RefCell<State>>,
}

struct State {
    body: Body,
    kept: Vec<Bytes>,
    trailers: Option<HeaderMap>,
    /// Bytes that may still be kept.
    room: usize,
    /// Something went through that was not kept.
    lost: bool,
    ended: bool,
}

/// One try.
pub(super) struct Reader {
    state: Rc<RefCell<State>>,
    position: usize,
    trailers_read: bool,
}

impl Replay {
    /// Keeps `limit` bytes at most.
    pub(crate) fn new(body: Body, limit: usize) -> Self {
        let ended = body.is_empty();
        let state = State { body, kept: Vec::new(), trailers: None, room: limit, lost: false, ended };
        Self { state: Rc::new(RefCell::new(state)) }
    }

    /// The body for one try. The readers of earlier tries must be gone.
    pub(crate) fn read(&self) -> Body {
        let reader = Reader { state: Rc::clone(&self.state), position: 0, trailers_read: false };
        Body { source: Source::Replay(reader), guard: None }
    }

    /// Whether another try would send the same bytes.
    pub(crate) fn can_repeat(&self) -> bool {
        !self.state.borrow().lost
    }
}

impl Reader {
    pub(super) fn poll_frame(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let state = &mut *self.state.borrow_mut();
        if let Some(bytes) = state.kept.get(self.position) {
            self.position += 1;
            return Poll::Ready(Some(Ok(Frame::data(bytes.clone()))));
        }
        if state.ended {
            let trailers = state.trailers.clone().filter(|_| !self.trailers_read);
            self.trailers_read = true;
            return Poll::Ready(trailers.map(|trailers| Ok(Frame::trailers(trailers))));
        }
        let frame = ready!(std::pin::Pin::new(&mut state.body).poll_frame(cx));
        match &frame {
            Some(Ok(frame)) => {
                if let Some(data) = frame.data_ref() {
                    state.keep(data);
                    self.position = state.kept.len();
                } else if let Some(trailers) = frame.trailers_ref() {
                    state.trailers = Some(trailers.clone());
                    state.ended = true;
                    self.trailers_read = true;
                }
                state.ended |= state.body.is_end_stream();
            }
            Some(Err(_)) => state.lost = true,
            None => state.ended = true,
        }
        Poll::Ready(frame)
    }

    pub(super) fn is_end_stream(&self) -> bool {
        let state = self.state.borrow();
        state.ended && self.position >= state.kept.len() && (self.trailers_read || state.trailers.is_none())
    }

    pub(super) fn size_hint(&self) -> SizeHint {
        let state = self.state.borrow();
        let kept: usize = state.kept.iter().skip(self.position).map(Bytes::len).sum();
        match state.body.size_hint().exact() {
            Some(rest) => SizeHint::with_exact(rest + kept as u64),
            None => SizeHint::default(),
        }
    }
}

impl State {
    fn keep(&mut self, data: &Bytes) {
        match self.room.checked_sub(data.len()) {
            Some(room) if !self.lost => {
                self.room = room;
                self.kept.push(data.clone());
            }
            _ => {
                self.lost = true;
                self.kept.clear();
            }
        }
    }
}
