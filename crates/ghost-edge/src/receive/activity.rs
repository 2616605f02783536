//! What a client's connection is doing, and since when: one timer per connection instead of one per request.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use ghost_edge_config::model::Timeouts;
use ghost_edge_protocol::window::Pace;
use http::{HeaderMap, HeaderValue, StatusCode};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::head::{Excess, Heads};
use crate::clock::{milliseconds, now};
use crate::stream::{Stream, poll_drain};

/// What a connection is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Stage {
    /// Waiting for a request.
    Idle,
    /// Reading the head of one.
    Head,
    /// Working on one or more.
    Busy,
    /// Handed over to a tunnel, which keeps time itself.
    Tunnel,
}

/// Shared by the stream and those who work on its requests.
#[derive(Debug)]
pub(crate) struct Activity {
    stage: AtomicU8,
    since: AtomicU64,
    /// How fast the client takes what it is sent.
    pace: Mutex<Pace>,
    /// Heads of HTTP/1 as they came.
    heads: Mutex<Heads>,
    injected: Mutex<Vec<u8>>,
    has_injected: AtomicBool,
}

/// Which time is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Overdue {
    /// No request came.
    KeepAlive,
    /// The head of a request did not end.
    Header,
    /// The client takes nothing, or too little.
    Write,
}

impl Overdue {
    /// The word that metrics use.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Overdue::KeepAlive => "keepAlive",
            Overdue::Header => "headerTime",
            Overdue::Write => "slowReader",
        }
    }
}

impl Default for Activity {
    fn default() -> Self {
        Self {
            stage: AtomicU8::new(Stage::Idle as u8),
            since: AtomicU64::new(now()),
            pace: Mutex::default(),
            heads: Mutex::default(),
            injected: Mutex::new(Vec::new()),
            has_injected: AtomicBool::new(false),
        }
    }
}

impl Activity {
    /// What it is doing.
    pub(crate) fn stage(&self) -> Stage {
        match self.stage.load(Ordering::Relaxed) {
            0 => Stage::Idle,
            1 => Stage::Head,
            2 => Stage::Busy,
            _ => Stage::Tunnel,
        }
    }

    /// It does something else now.
    pub(crate) fn enter(&self, stage: Stage) {
        if stage == Stage::Idle {
            *self.pace() = Pace::default();
        }
        self.stage.store(stage as u8, Ordering::Relaxed);
        self.since.store(now(), Ordering::Relaxed);
    }

    fn pace(&self) -> MutexGuard<'_, Pace> {
        self.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A request of HTTP/1 was read; gives the Content-Length that it had beside chunked coding.
    pub(super) fn head_taken(&self, chunked: bool, length: u64) -> Option<HeaderValue> {
        self.heads.lock().unwrap_or_else(PoisonError::into_inner).taken(chunked, length)
    }

    fn read(&self, bytes: &[u8], stage: Stage) {
        if stage != Stage::Tunnel {
            let between = matches!(stage, Stage::Idle | Stage::Head);
            self.heads.lock().unwrap_or_else(PoisonError::into_inner).read(bytes, between);
        }
    }

    /// What the head that is being read has too much of.
    pub(super) fn excess(&self, lines: u32) -> Excess {
        self.heads.lock().unwrap_or_else(PoisonError::into_inner).excess(lines)
    }

    /// Since when it is doing that, in milliseconds.
    pub(crate) fn since(&self) -> u64 {
        self.since.load(Ordering::Relaxed)
    }

    /// When which time is over, in milliseconds; `None` while there is no limit.
    pub(crate) fn deadline(&self, timeouts: &Timeouts, least_pace: u32) -> Option<(u64, Overdue)> {
        let since = self.since.load(Ordering::Relaxed);
        let pace = *self.pace();
        let after = |from: u64, limit: std::time::Duration, what| {
            (!limit.is_zero()).then(|| (from.saturating_add(milliseconds(limit)), what))
        };
        let stuck = pace.stuck_since().and_then(|stuck| after(stuck, timeouts.write_idle, Overdue::Write));
        let grace = milliseconds(timeouts.write_idle);
        let slow = pace.too_slow_at(grace, least_pace).filter(|_| grace != 0);
        let stuck = stuck.into_iter().chain(slow.map(|at| (at, Overdue::Write))).min_by_key(|(at, _)| *at);
        let own = match self.stage() {
            Stage::Idle => after(since, timeouts.keep_alive, Overdue::KeepAlive),
            Stage::Head => after(since, timeouts.header, Overdue::Header),
            Stage::Busy => None,
            Stage::Tunnel => return None,
        };
        match (stuck, own) {
            (Some(stuck), Some(own)) => Some(if stuck.0 < own.0 { stuck } else { own }),
            (stuck, own) => stuck.or(own),
        }
    }

    /// An interim response, written before anything else that hyper writes: at this time it has written all of the response
    /// before and nothing of the one to come.
    pub(super) fn inject(&self, status: StatusCode, headers: &HeaderMap) {
        let reason = status.canonical_reason().unwrap_or("");
        let mut bytes = format!("HTTP/1.1 {} {reason}\r\n", status.as_u16()).into_bytes();
        for (name, value) in headers {
            bytes.extend_from_slice(name.as_str().as_bytes());
            bytes.extend_from_slice(b": ");
            bytes.extend_from_slice(value.as_bytes());
            bytes.extend_from_slice(b"\r\n");
        }
        bytes.extend_from_slice(b"\r\n");
        self.injected.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(&bytes);
        self.has_injected.store(true, Ordering::Release);
    }

    /// The answer to a head that took too long; the connection ends behind it.
    pub(super) fn refuse_slow_head(&self) {
        let answer = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
        self.injected.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(answer);
        self.has_injected.store(true, Ordering::Release);
    }

    fn note_write(&self, polled: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        match &polled {
            Poll::Pending => self.pace().waits(now()),
            Poll::Ready(written) => self.pace().took(*written.as_ref().unwrap_or(&0), now()),
        }
        polled
    }
}

/// A stream whose activity is noted.
#[derive(Debug)]
pub(crate) struct Watched {
    stream: Stream,
    activity: std::sync::Arc<Activity>,
    http1: bool,
}

impl Watched {
    /// Watches a stream of HTTP/1.
    pub(super) fn http1(stream: Stream, activity: std::sync::Arc<Activity>) -> Self {
        Self { stream, activity, http1: true }
    }

    /// Watches a stream of HTTP/2.
    pub(super) fn http2(stream: Stream, activity: std::sync::Arc<Activity>) -> Self {
        Self { stream, activity, http1: false }
    }

    fn poll_injected(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if !self.activity.has_injected.load(Ordering::Acquire) {
            return Poll::Ready(Ok(()));
        }
        let mut injected = self.activity.injected.lock().unwrap_or_else(PoisonError::into_inner);
        ready!(poll_drain(&mut self.stream, cx, &mut injected))?;
        self.activity.has_injected.store(false, Ordering::Release);
        Poll::Ready(Ok(()))
    }
}

impl AsyncRead for Watched {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if let Poll::Ready(Err(error)) = this.poll_injected(cx) {
            return Poll::Ready(Err(error));
        }
        let before = into.filled().len();
        let polled = Pin::new(&mut this.stream).poll_read(cx, into);
        if matches!(polled, Poll::Ready(Ok(())))
            && let Some(bytes) = into.filled().get(before..).filter(|bytes| !bytes.is_empty())
        {
            let stage = this.activity.stage();
            if this.http1 {
                this.activity.read(bytes, stage);
            }
            if stage == Stage::Idle {
                this.activity.enter(Stage::Head);
            }
        }
        polled
    }
}

impl AsyncWrite for Watched {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        ready!(this.poll_injected(cx))?;
        let polled = Pin::new(&mut this.stream).poll_write(cx, bytes);
        this.activity.note_write(polled)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        ready!(this.poll_injected(cx))?;
        let polled = Pin::new(&mut this.stream).poll_write_vectored(cx, slices);
        this.activity.note_write(polled)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(this.poll_injected(cx))?;
        let polled = Pin::new(&mut this.stream).poll_flush(cx);
        match &polled {
            Poll::Pending => this.activity.pace().waits(now()),
            Poll::Ready(_) => this.activity.pace().emptied(now()),
        }
        polled
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}
