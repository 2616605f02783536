//! One value for many readers, replaced while they read.
//!
//! A reader counts itself into the slot of the current value and looks again whether it is still the current one:
//! two atomic steps, no lock, no waiting. A writer replaces the current slot and frees old values later, when their
//! count is 0, at a time and on a thread of its choice: never on a reader's. Knows nothing of what it holds.

#![expect(unsafe_code, reason = "shares memory between threads without a lock; the protocol is above")]

use std::cell::UnsafeCell;
use std::ops::Deref;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicPtr, AtomicUsize, Ordering::SeqCst};
use std::sync::{Mutex, PoisonError};

/// A value that is read without lock and replaced as a whole.
pub(crate) struct Published<T> {
    current: AtomicPtr<Slot<T>>,
    /// Every slot there is: the current one, those still read, and empty ones to be used again. They stay where they
    /// are as long as this lives, so a reader may always count itself in and out.
    slots: Mutex<Vec<NonNull<Slot<T>>>>,
}

struct Slot<T> {
    readers: AtomicUsize,
    value: UnsafeCell<Option<T>>,
}

/// The value as it was when it was taken; it stays while this lives.
pub(crate) struct Guard<T>(NonNull<Slot<T>>);

// SAFETY: values are shared among threads and dropped on any of them.
unsafe impl<T: Send + Sync> Send for Published<T> {}
// SAFETY: as above.
unsafe impl<T: Send + Sync> Sync for Published<T> {}
// SAFETY: as above.
unsafe impl<T: Send + Sync> Send for Guard<T> {}
// SAFETY: as above.
unsafe impl<T: Send + Sync> Sync for Guard<T> {}

impl<T> Published<T> {
    pub(crate) fn new(value: T) -> Self {
        let slot = Self::slot(value);
        Self { current: AtomicPtr::new(slot.as_ptr()), slots: Mutex::new(vec![slot]) }
    }

    fn slot(value: T) -> NonNull<Slot<T>> {
        let slot = Box::new(Slot { readers: AtomicUsize::new(0), value: UnsafeCell::new(Some(value)) });
        NonNull::from(Box::leak(slot))
    }

    /// The current value.
    pub(crate) fn load(&self) -> Guard<T> {
        loop {
            let current = self.current.load(SeqCst);
            // SAFETY: `current` is never null and slots outlive `self`.
            let slot = unsafe { NonNull::new_unchecked(current) };
            // SAFETY: as above.
            let readers = unsafe { &slot.as_ref().readers };
            readers.fetch_add(1, SeqCst);
            // Whoever frees a value has replaced `current` before it looks at `readers`. So either it sees this
            // reader, or this reader sees the replacement.
            if self.current.load(SeqCst) == current {
                return Guard(slot);
            }
            readers.fetch_sub(1, SeqCst);
        }
    }

    /// Makes another value the current one. The old one stays until [`Published::retire`].
    pub(crate) fn publish(&self, value: T) {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        let unused = slots.iter().copied().find(|slot| self.is_empty(*slot));
        let slot = match unused {
            Some(slot) => {
                // SAFETY: an empty slot is not current, so no reader gets hold of its value, and writers hold the lock.
                unsafe { *slot.as_ref().value.get() = Some(value) };
                slot
            }
            None => {
                let slot = Self::slot(value);
                slots.push(slot);
                slot
            }
        };
        self.current.store(slot.as_ptr(), SeqCst);
    }

    fn is_empty(&self, slot: NonNull<Slot<T>>) -> bool {
        // SAFETY: only writers touch the value of a slot that is not current, and they hold the lock.
        slot.as_ptr() != self.current.load(SeqCst) && unsafe { (*slot.as_ref().value.get()).is_none() }
    }

    /// Frees the old values that nobody reads any more. Tells how many.
    pub(crate) fn retire(&self) -> usize {
        let mut old = Vec::new();
        let slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        for slot in slots.iter() {
            // SAFETY: slots outlive `self`.
            let unread = unsafe { slot.as_ref().readers.load(SeqCst) } == 0;
            if slot.as_ptr() != self.current.load(SeqCst) && unread {
                // SAFETY: not current, so a reader that counts itself in now sees that and turns away; writers hold
                // the lock.
                old.extend(unsafe { (*slot.as_ref().value.get()).take() });
            }
        }
        drop(slots);
        old.len()
    }
}

impl<T> Drop for Published<T> {
    fn drop(&mut self) {
        let slots = std::mem::take(self.slots.get_mut().unwrap_or_else(PoisonError::into_inner));
        for slot in slots {
            // A slot that is still read is left behind rather than pulled away.
            // SAFETY: the slot is a leaked box and nobody else frees it.
            unsafe {
                if slot.as_ref().readers.load(SeqCst) == 0 {
                    drop(Box::from_raw(slot.as_ptr()));
                }
            }
        }
    }
}

impl<T> Deref for Guard<T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: while this reader is counted, its slot and the value in it stay; a slot that was given out is full.
        unsafe { (*self.0.as_ref().value.get()).as_ref().unwrap_unchecked() }
    }
}

impl<T> Drop for Guard<T> {
    fn drop(&mut self) {
        // SAFETY: as in `deref`.
        unsafe { self.0.as_ref().readers.fetch_sub(1, SeqCst) };
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::AtomicBool;
    use std::thread;

    use super::*;

    #[test]
    fn a_value_stays_while_it_is_read_and_goes_afterwards() {
        let published = Published::new(Arc::new(1));
        let first = published.load();
        let witness = Arc::downgrade(&first);
        published.publish(Arc::new(2));
        assert_eq!(published.retire(), 0);
        assert_eq!((**first, **published.load()), (1, 2));
        drop(first);
        assert!(witness.upgrade().is_some(), "a reader freed the value");
        assert_eq!(published.retire(), 1);
        assert!(witness.upgrade().is_none());
    }

    #[test]
    fn slots_are_used_again() {
        let published = Published::new(0);
        for value in 1..100 {
            published.publish(value);
            published.retire();
        }
        assert_eq!(published.slots.lock().unwrap().len(), 2);
        assert_eq!(*published.load(), 99);
    }

    /// A value that says whether it was dropped under a reader.
    struct Live(AtomicBool);

    impl Drop for Live {
        fn drop(&mut self) {
            self.0.store(false, SeqCst);
        }
    }

    #[test]
    fn no_reader_sees_a_freed_value() {
        let published = Published::new(Live(AtomicBool::new(true)));
        let done = AtomicBool::new(false);
        let (readers, rounds) = if cfg!(miri) { (2, 20) } else { (4, 20_000) };
        thread::scope(|scope| {
            for _ in 0..readers {
                scope.spawn(|| {
                    while !done.load(SeqCst) {
                        assert!((*published.load()).0.load(SeqCst), "freed under a reader");
                    }
                });
            }
            for _ in 0..rounds {
                published.publish(Live(AtomicBool::new(true)));
                published.retire();
            }
            done.store(true, SeqCst);
        });
    }
}
