//! What watches a body: limits, pauses, counts, copies, and what is done when it ends.

use std::cell::Cell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use ghost_edge_protocol::bridge::retain_allowed;
use http_body::Frame;
use tokio::time::{Instant, Sleep, sleep, sleep_until};

use super::{BodyError, Tee};

/// How a body ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// All of it went through.
    Complete,
    /// It was longer than allowed.
    TooLarge,
    /// It paused for too long.
    Idle,
    /// The request's time was over.
    Deadline,
    /// The side that sends it broke off.
    Broken,
    /// The side that reads it lost interest.
    Dropped,
}

/// What is done when a body ends. Called once.
pub(crate) trait OnEnd {
    /// `bytes` went through.
    fn ended(self: Box<Self>, end: End, bytes: u64);
}

/// What a body is watched for.
#[derive(Default)]
pub(crate) struct Guard {
    /// Bytes allowed; 0: any.
    pub(crate) limit: u64,
    /// Longest pause; zero: any.
    pub(crate) idle: Duration,
    /// When it must be over.
    pub(crate) deadline: Option<Instant>,
    /// Receive copies.
    pub(crate) tees: Vec<Tee>,
    /// Where the way it ended is told, for those who wait for something else meanwhile.
    pub(crate) told: Option<Rc<Cell<Option<End>>>>,
    /// What is done at the end.
    pub(crate) on_end: Vec<Box<dyn OnEnd>>,
}

/// A guard at work.
pub(super) struct Watch {
    pub(super) guard: Guard,
    /// Bytes that went through.
    bytes: u64,
    /// There was nothing to send from the beginning, so that nobody polls.
    nothing: bool,
    timer: Option<Pin<Box<Sleep>>>,
    paused: bool,
}

impl Watch {
    pub(super) fn new(guard: Guard, nothing: bool) -> Self {
        Self { guard, bytes: 0, nothing, timer: None, paused: false }
    }

    /// Looks at what a source gave.
    pub(super) fn watch(
        &mut self,
        polled: Poll<Option<Result<Frame<Bytes>, BodyError>>>,
        ended: bool,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        match polled {
            Poll::Pending => self.pause(cx),
            Poll::Ready(Some(Ok(frame))) => {
                self.paused = false;
                if let Some(data) = frame.data_ref() {
                    self.bytes += data.len() as u64;
                    if self.guard.limit != 0 && self.bytes > self.guard.limit {
                        return self.fail(BodyError::TooLarge, End::TooLarge);
                    }
                    self.guard.tees.retain_mut(|tee| tee.data(data));
                }
                let frame = self.trailers(frame);
                if ended {
                    self.end(End::Complete);
                }
                Poll::Ready(Some(Ok(frame)))
            }
            Poll::Ready(Some(Err(error))) => self.fail(error, End::Broken),
            Poll::Ready(None) => {
                self.end(End::Complete);
                Poll::Ready(None)
            }
        }
    }

    /// Trailers lose what belongs into a head (RFC 9110 section 6.5.1).
    fn trailers(&mut self, frame: Frame<Bytes>) -> Frame<Bytes> {
        match frame.into_trailers() {
            Ok(mut trailers) => {
                retain_allowed(&mut trailers);
                self.guard.tees.retain_mut(|tee| tee.trailers(&trailers));
                Frame::trailers(trailers)
            }
            Err(frame) => frame,
        }
    }

    fn fail(&mut self, error: BodyError, end: End) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let end = match &error {
            BodyError::TooLarge => End::TooLarge,
            BodyError::Idle => End::Idle,
            BodyError::Deadline => End::Deadline,
            BodyError::Peer(_) => end,
        };
        self.end(end);
        Poll::Ready(Some(Err(error)))
    }

    /// The timer is made at the first pause and set anew only when it fires too early: a body that flows costs no timer.
    fn pause(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        if self.guard.idle.is_zero() && self.guard.deadline.is_none() {
            return Poll::Pending;
        }
        if !self.paused {
            self.paused = true;
            match (self.guard.idle.is_zero(), self.guard.deadline) {
                (false, deadline) => {
                    let end = Instant::now() + self.guard.idle;
                    let end = deadline.map_or(end, |deadline| deadline.min(end));
                    match &mut self.timer {
                        Some(timer) => timer.as_mut().reset(end),
                        None => self.timer = Some(Box::pin(sleep_until(end))),
                    }
                }
                (true, Some(deadline)) if self.timer.is_none() => {
                    self.timer = Some(Box::pin(sleep_until(deadline)));
                }
                _ => {}
            }
        }
        let Some(timer) = &mut self.timer else { return Poll::Pending };
        std::task::ready!(timer.as_mut().poll(cx));
        let late = self.guard.deadline.is_some_and(|deadline| Instant::now() >= deadline);
        self.timer = Some(Box::pin(sleep(Duration::from_secs(3600))));
        if late {
            self.fail(BodyError::Deadline, End::Deadline)
        } else {
            self.fail(BodyError::Idle, End::Idle)
        }
    }

    fn end(&mut self, end: End) {
        for tee in self.guard.tees.drain(..) {
            tee.end(end == End::Complete);
        }
        if let Some(told) = self.guard.told.take() {
            told.set(Some(end));
        }
        for on_end in self.guard.on_end.drain(..) {
            on_end.ended(end, self.bytes);
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.end(if self.nothing { End::Complete } else { End::Dropped });
    }
}
