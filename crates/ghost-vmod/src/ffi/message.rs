//! `struct http`: a request or response that the engine holds. Bytes in place, nothing is assumed about them.

#![expect(unsafe_code, reason = "wraps calls into engine.c")]

use std::ffi::{CStr, c_uint};
use std::marker::PhantomData;
use std::ptr::NonNull;

use super::raw;

/// Which message of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Which {
    Req = 0,
    Resp = 1,
    Bereq = 2,
    Beresp = 3,
}

/// A request or response.
pub(crate) struct Message<'c> {
    raw: NonNull<raw::Http>,
    call: PhantomData<&'c ()>,
}

/// What can still be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Room {
    pub(crate) bytes: usize,
    pub(crate) slots: usize,
}

impl<'c> Message<'c> {
    pub(super) fn new(raw: NonNull<raw::Http>) -> Self {
        Self { raw, call: PhantomData }
    }

    pub(crate) fn method(&self) -> &[u8] {
        self.field(0)
    }

    pub(crate) fn url(&self) -> &[u8] {
        self.field(1)
    }

    pub(crate) fn protocol(&self) -> &[u8] {
        self.field(2)
    }

    fn field(&self, which: c_uint) -> &[u8] {
        // SAFETY: the message is valid; the text stays where it is on the workspace for the whole task.
        unsafe { bytes(raw::ghost_field(self.raw.as_ptr(), which)) }
    }

    /// Header lines as the engine keeps them: `Name: value`.
    fn raw_lines(&self) -> &[raw::Text] {
        let mut count = 0;
        // SAFETY: the engine gives `count` lines that stay until the message is changed, which needs `&mut self`.
        unsafe {
            let first = raw::ghost_lines(self.raw.as_ptr(), &raw mut count);
            if first.is_null() { &[] } else { std::slice::from_raw_parts(first, count) }
        }
    }

    /// Name and value of each header line; a line without colon is no header and is left out.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.lines_of(|_| true)
    }

    /// Those lines of [`Message::lines`] whose first byte is wanted.
    pub(crate) fn lines_of(&self, wanted: impl Fn(u8) -> bool) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.raw_lines().iter().filter_map(move |line| {
            // SAFETY: as in `field`.
            let line = unsafe { bytes(*line) };
            line.first().filter(|first| wanted(**first))?;
            let colon = line.iter().position(|byte| *byte == b':')?;
            Some((line.get(..colon)?, line.get(colon + 1..)?.trim_ascii()))
        })
    }

    /// Value of the first line of that name.
    pub(crate) fn header(&self, name: &str) -> Option<&[u8]> {
        self.values(name.as_bytes()).next()
    }

    /// How many lines have that name.
    pub(crate) fn count(&self, name: &[u8]) -> usize {
        self.values(name).count()
    }

    /// Values of the lines of that name, found without a look for the colon of every line.
    fn values<'m>(&'m self, name: &[u8]) -> impl Iterator<Item = &'m [u8]> {
        self.raw_lines().iter().filter_map(move |line| {
            // SAFETY: as in `field`.
            let line = unsafe { bytes(*line) };
            let (own, rest) = line.split_at_checked(name.len())?;
            let [b':', value @ ..] = rest else { return None };
            own.eq_ignore_ascii_case(name).then(|| value.trim_ascii())
        })
    }

    pub(crate) fn status(&self) -> u16 {
        // SAFETY: the message is valid, as for every call below.
        u16::try_from(unsafe { raw::ghost_status(self.raw.as_ptr()) }).unwrap_or_default()
    }

    /// Makes it a response with this status and the usual reason.
    pub(crate) fn put_status(&mut self, status: u16) {
        // SAFETY: see above.
        unsafe { raw::ghost_put_status(self.raw.as_ptr(), c_uint::from(status)) }
    }

    pub(crate) fn room(&self) -> Room {
        let mut room = Room { bytes: 0, slots: 0 };
        // SAFETY: see above.
        unsafe { raw::ghost_room(self.raw.as_ptr(), &raw mut room.bytes, &raw mut room.slots) }
        room
    }

    /// The slots of [`Message::room`], for lines that take no workspace.
    pub(crate) fn free_slots(&self) -> usize {
        // SAFETY: see above.
        unsafe { raw::ghost_free_slots(self.raw.as_ptr()) }
    }

    /// Bytes of workspace that a text takes.
    pub(crate) fn cost(text: usize) -> usize {
        (text + 1).next_multiple_of(size_of::<*const u8>())
    }

    /// Bytes of workspace that a header line takes.
    pub(crate) fn line_cost(name: &[u8], value: &[u8]) -> usize {
        Self::cost(name.len() + 2 + value.len())
    }

    /// Needs [`Message::room`] asked first, like [`Message::add`].
    pub(crate) fn set_url(&mut self, url: &[u8]) -> bool {
        // SAFETY: the engine copies the text.
        unsafe { raw::ghost_set_url(self.raw.as_ptr(), url.as_ptr(), url.len()) != 0 }
    }

    /// Appends a line.
    pub(crate) fn add(&mut self, name: &[u8], value: &[u8]) -> bool {
        // SAFETY: the engine copies both.
        unsafe {
            raw::ghost_add_line(self.raw.as_ptr(), name.as_ptr(), name.len(), value.as_ptr(), value.len())
                != 0
        }
    }

    /// Appends a line that takes no workspace. Needs a free slot.
    pub(crate) fn add_constant(&mut self, line: &'static CStr) {
        // SAFETY: the line lives for ever.
        unsafe { raw::ghost_add_constant(self.raw.as_ptr(), line.as_ptr()) }
    }

    /// Drops every line of that name.
    pub(crate) fn unset(&mut self, name: &[u8]) {
        // SAFETY: the name is read only.
        unsafe { raw::ghost_unset(self.raw.as_ptr(), name.as_ptr(), name.len(), 0) };
    }

    /// Drops every line whose name begins so.
    pub(crate) fn unset_prefix(&mut self, prefix: &[u8]) {
        // SAFETY: the prefix is read only.
        unsafe { raw::ghost_unset(self.raw.as_ptr(), prefix.as_ptr(), prefix.len(), 1) };
    }
}

/// # Safety
/// `text` is a pair of the engine: both null, or the ends of one readable range.
unsafe fn bytes<'t>(text: raw::Text) -> &'t [u8] {
    if text.begin.is_null() || text.end.is_null() {
        return &[];
    }
    let len = (text.end as usize).saturating_sub(text.begin as usize);
    // SAFETY: by contract.
    unsafe { std::slice::from_raw_parts(text.begin, len) }
}
