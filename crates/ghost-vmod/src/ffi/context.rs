//! `struct vrt_ctx`: the task at hand.

#![expect(unsafe_code, reason = "wraps calls into engine.c")]

use std::ffi::{CStr, CString, c_char, c_uint, c_void};
use std::fmt::{self, Write as _};
use std::marker::PhantomData;
use std::ptr::NonNull;

use super::message::{Message, Which};
use super::raw;
use crate::line::Line;

/// The engine's context, for the time of one call.
#[derive(Clone, Copy)]
pub(crate) struct Context<'c> {
    pub(super) raw: NonNull<raw::Ctx>,
    call: PhantomData<&'c ()>,
}

/// Whose task it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// None: `vcl_init`, events, the CLI.
    NoTask,
    /// A client's request; in pipe mode too.
    Client,
    /// A fetch.
    Backend,
}

/// A subroutine that some methods are bound to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sub {
    Hash = 0,
    Deliver = 1,
    Synth = 2,
    BackendResponse = 3,
    BackendError = 4,
    Pipe = 5,
    Init = 6,
}

/// A value that is kept with a task and dropped at its end, one per owner and kind.
pub(crate) trait KeptTask {
    /// Number in `enum ghost_task_kind`, different for each type.
    const KIND: u8;
}

impl<'c> Context<'c> {
    /// # Safety
    /// `raw` is the context of a call that lasts as long as `'c`.
    pub(crate) unsafe fn new(raw: *const raw::Ctx) -> Option<Self> {
        NonNull::new(raw.cast_mut()).map(|raw| Self { raw, call: PhantomData })
    }

    pub(super) fn as_ptr(self) -> *const raw::Ctx {
        self.raw.as_ptr()
    }

    pub(crate) fn side(self) -> Side {
        // SAFETY: the context is valid, as for every call below.
        match unsafe { raw::ghost_side(self.as_ptr()) } {
            raw::NO_TASK => Side::NoTask,
            raw::CLIENT => Side::Client,
            _ => Side::Backend,
        }
    }

    pub(crate) fn is_in(self, sub: Sub) -> bool {
        // SAFETY: see above.
        unsafe { raw::ghost_is_in(self.as_ptr(), sub as c_uint) != 0 }
    }

    /// Fails the task, or the loading of the VCL.
    pub(crate) fn fail(self, text: &str) {
        let text = c_string(text.as_bytes());
        // SAFETY: the engine copies the text.
        unsafe { raw::ghost_fail(self.as_ptr(), text.as_ptr()) }
    }

    /// Writes a line into the log; what is too long is cut.
    pub(crate) fn log(self, line: fmt::Arguments<'_>) {
        let mut buffer = Line::new();
        // A full buffer ends the writing, which is what is meant.
        let _ = buffer.write_fmt(line);
        self.log_line(&buffer);
    }

    /// Writes a line into the log.
    pub(crate) fn log_line(self, line: &Line) {
        let text = line.as_bytes();
        // SAFETY: the engine copies `len` bytes.
        unsafe { raw::ghost_log(self.as_ptr(), text.as_ptr(), text.len()) }
    }

    /// A copy on the task's workspace for VCL; null when it is full.
    pub(crate) fn copy(self, text: &[u8]) -> *const c_char {
        // SAFETY: the engine copies the text.
        unsafe { raw::ghost_copy(self.as_ptr(), text.as_ptr(), text.len()) }
    }

    /// What was kept with the task by this owner.
    pub(crate) fn task<T: KeptTask, O>(self, owner: &O) -> Option<&'c T> {
        // SAFETY: only `keep` stores under this key, always a `T`; the engine drops it at the end of the task at the
        // earliest, and a call ends before its task does.
        unsafe { raw::ghost_task(self.as_ptr(), key::<T, O>(owner)).cast::<T>().as_ref() }
    }

    /// Keeps a value with the task, which must not have one of that owner and kind yet. `None` when there is no room.
    pub(crate) fn keep<T: KeptTask, O>(self, owner: &O, value: T) -> Option<&'c T> {
        let value = Box::into_raw(Box::new(value));
        // SAFETY: the engine takes the pointer and gives it to `ghost_on_client_end` or `ghost_on_fetch_end`.
        let kept = unsafe {
            raw::ghost_keep_task(self.as_ptr(), key::<T, O>(owner), value.cast(), c_uint::from(T::KIND))
        };
        if kept == 0 {
            // SAFETY: the engine did not take it.
            drop(unsafe { Box::from_raw(value) });
            return None;
        }
        // SAFETY: as in `task`.
        unsafe { value.as_ref() }
    }

    /// Name of the socket the client came in by: the one given with `-a`.
    pub(crate) fn socket(self) -> Option<&'c [u8]> {
        // SAFETY: the name lives as long as the socket.
        let name = unsafe { raw::ghost_socket(self.as_ptr()) };
        // SAFETY: the engine's strings end with NUL.
        (!name.is_null()).then(|| unsafe { CStr::from_ptr(name) }.to_bytes())
    }

    /// Port the client came in by; 0 for a Unix socket.
    pub(crate) fn port(self) -> u16 {
        // SAFETY: the context is valid.
        u16::try_from(unsafe { raw::ghost_port(self.as_ptr()) }).unwrap_or_default()
    }

    /// Address of the client in text form, without port.
    pub(crate) fn client_address(self) -> Option<String> {
        let mut text = [0; 64];
        // SAFETY: the engine writes at most that many bytes and tells how many.
        let len = unsafe { raw::ghost_client_address(self.as_ptr(), text.as_mut_ptr(), text.len()) };
        let text = text.get(..len).filter(|text| !text.is_empty())?;
        std::str::from_utf8(text).ok().map(ToOwned::to_owned)
    }

    /// Adds to the cache key. Only in `vcl_hash`.
    pub(crate) fn hash(self, text: &CStr) {
        // SAFETY: the engine hashes the text at once.
        unsafe { raw::ghost_hash(self.as_ptr(), text.as_ptr()) }
    }

    /// Adds to the body of a synthetic answer. Only in `vcl_synth`.
    pub(crate) fn body(self, text: &str) {
        let text = c_string(text.as_bytes());
        // SAFETY: the engine copies the text.
        unsafe { raw::ghost_body(self.as_ptr(), text.as_ptr()) }
    }

    /// Lowers the timeouts of the fetch at hand. Only on the backend side.
    pub(crate) fn limit_timeouts(self, seconds: f64) {
        // SAFETY: the context is valid.
        unsafe { raw::ghost_limit_timeouts(self.as_ptr(), seconds) }
    }

    /// Whether the client has an address: one at a Unix socket has none, unless the PROXY protocol told it.
    pub(crate) fn has_client(self) -> bool {
        // SAFETY: the context is valid.
        unsafe { raw::ghost_has_client(self.as_ptr()) != 0 }
    }

    /// Whether the response comes out of the cache. Only in `vcl_deliver`.
    pub(crate) fn is_hit(self) -> bool {
        // SAFETY: the context is valid.
        unsafe { raw::ghost_is_hit(self.as_ptr()) != 0 }
    }

    /// How often the client's request was restarted.
    pub(crate) fn restarts(self) -> u32 {
        // SAFETY: the context is valid.
        unsafe { raw::ghost_restarts(self.as_ptr()) }
    }

    /// Whether the engine would take another try. Only on the backend side.
    pub(crate) fn may_retry(self) -> bool {
        // SAFETY: the context is valid.
        unsafe { raw::ghost_may_retry(self.as_ptr()) != 0 }
    }

    /// When the fetch began, as [`now`] tells it.
    pub(crate) fn task_start(self) -> f64 {
        // SAFETY: the context is valid.
        unsafe { raw::ghost_task_start(self.as_ptr()) }
    }

    /// Waits, and the thread with it.
    pub(crate) fn wait(self, seconds: f64) {
        // SAFETY: takes a number.
        unsafe { raw::ghost_wait(seconds) }
    }

    /// One of the task's messages, where it has it.
    pub(crate) fn message(self, which: Which) -> Option<Message<'c>> {
        // SAFETY: the message lives as long as the task.
        NonNull::new(unsafe { raw::ghost_message(self.as_ptr(), which as c_uint) }).map(Message::new)
    }
}

/// Seconds since 1970.
pub(crate) fn now() -> f64 {
    // SAFETY: takes nothing.
    unsafe { raw::ghost_now() }
}

/// The owner's address, and next to it for each further kind: owners are larger than that.
fn key<T: KeptTask, O>(owner: &O) -> *const c_void {
    const { assert!(size_of::<O>() > T::KIND as usize) };
    std::ptr::from_ref(owner).cast::<u8>().wrapping_add(usize::from(T::KIND)).cast()
}

/// Text for C; it ends where the first NUL was.
fn c_string(text: &[u8]) -> CString {
    let text = text.split(|byte| *byte == 0).next().unwrap_or_default();
    CString::new(text).unwrap_or_default()
}
