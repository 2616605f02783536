//! `struct VSC_ghost`: numbers in memory that is shared with whoever reads statistics.

#![expect(unsafe_code, reason = "wraps calls into engine.c")]

use std::ffi::CString;
use std::ops::Deref;
use std::ptr::{NonNull, null_mut};
use std::sync::atomic::AtomicU64;

use super::raw;

/// A set of numbers, from 0 up.
pub(crate) struct NativeCounters {
    first: NonNull<AtomicU64>,
    length: usize,
    segment: NonNull<raw::Segment>,
}

// SAFETY: atomic numbers in memory that stays until the drop; the engine guards its list of segments with a lock.
unsafe impl Send for NativeCounters {}
// SAFETY: as above.
unsafe impl Sync for NativeCounters {}

impl NativeCounters {
    /// `length` is `GHOST_COUNTERS` of `engine.h`.
    pub(crate) fn new(name: &str, length: usize) -> Option<Self> {
        let name = CString::new(name).ok()?;
        let mut segment = null_mut();
        // SAFETY: the engine copies the name and writes the segment.
        let first = unsafe { raw::ghost_counters(name.as_ptr(), &raw mut segment) };
        Some(Self { first: NonNull::new(first.cast())?, length, segment: NonNull::new(segment)? })
    }
}

impl Deref for NativeCounters {
    type Target = [AtomicU64];

    fn deref(&self) -> &[AtomicU64] {
        // SAFETY: engine.c asserts that the segment holds that many; they are aligned and live until the drop.
        unsafe { std::slice::from_raw_parts(self.first.as_ptr(), self.length) }
    }
}

impl Drop for NativeCounters {
    fn drop(&mut self) {
        // SAFETY: the segment is ours.
        unsafe { raw::ghost_drop_counters(self.segment.as_ptr()) }
    }
}
