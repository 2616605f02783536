//! Edits of a message, all or none: room is counted before anything is written, because an overflow that the engine has
//! marked can only end as its bare 500.

use ghost_core::filter::header;
use ghost_core::model::HeaderModifier;

use crate::counters::{Counter, Counters};
use crate::ffi::Message;

/// Bytes and header slots that are left to the engine: for its own headers, and for the answer when there is no room.
const RESERVE_BYTES: usize = 2048;
pub(crate) const RESERVE_SLOTS: usize = 4;

/// It does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NoRoom;

/// Everything that is done to one message.
#[derive(Default)]
pub(crate) struct Edits<'e> {
    url: Option<&'e [u8]>,
    /// Whether the URL is another one, not the same in canonical form.
    rewrites: bool,
    lines: Vec<Edit<'e>>,
}

enum Edit<'e> {
    Set(&'e [u8], &'e [u8]),
    Add(&'e [u8], &'e [u8]),
    Remove(&'e [u8]),
}

impl<'e> Edits<'e> {
    pub(crate) fn url(&mut self, url: &'e [u8]) {
        self.url = Some(url);
    }

    pub(crate) fn rewrite(&mut self, url: &'e [u8]) {
        self.url = Some(url);
        self.rewrites = true;
    }

    pub(crate) fn set(&mut self, name: &'e [u8], value: &'e [u8]) {
        self.lines.push(Edit::Set(name, value));
    }

    /// In the spec's order, see [`header::edits`].
    pub(crate) fn modifier(&mut self, modifier: &'e HeaderModifier) {
        self.lines.extend(header::edits(modifier).map(|edit| match edit {
            header::Edit::Set { name, value } => Edit::Set(name.as_bytes(), value.as_bytes()),
            header::Edit::Add { name, value } => Edit::Add(name.as_bytes(), value.as_bytes()),
            header::Edit::Remove { name } => Edit::Remove(name.as_bytes()),
        }));
    }

    pub(crate) fn add(&mut self, name: &'e [u8], value: &'e [u8]) {
        self.lines.push(Edit::Add(name, value));
    }

    pub(crate) fn remove(&mut self, name: &'e [u8]) {
        self.lines.push(Edit::Remove(name));
    }

    /// Does what filters ask for, and counts it.
    pub(crate) fn filter(&self, message: &mut Message<'_>, counters: &Counters) -> Result<(), NoRoom> {
        let done = self.apply(message);
        if self.rewrites || !self.lines.is_empty() {
            let counter = if done.is_ok() { Counter::FiltersApplied } else { Counter::FiltersFailed };
            counters.count(counter);
        }
        done
    }

    /// Does all of them, or none.
    pub(crate) fn apply(&self, message: &mut Message<'_>) -> Result<(), NoRoom> {
        if self.url.is_none() && self.lines.is_empty() {
            return Ok(());
        }
        let room = message.room();
        if self.bytes() + RESERVE_BYTES > room.bytes || self.slots(message) + RESERVE_SLOTS > room.slots {
            return Err(NoRoom);
        }
        let mut done = self.url.is_none_or(|url| message.set_url(url));
        for edit in &self.lines {
            done &= match edit {
                Edit::Set(name, value) => {
                    message.unset(name);
                    message.add(name, value)
                }
                Edit::Add(name, value) => message.add(name, value),
                Edit::Remove(name) => {
                    message.unset(name);
                    true
                }
            };
        }
        if done { Ok(()) } else { Err(NoRoom) }
    }

    /// What a removed line took is not given back before the end of the task.
    fn bytes(&self) -> usize {
        let lines = self.lines.iter().map(|edit| match edit {
            Edit::Set(name, value) | Edit::Add(name, value) => Message::line_cost(name, value),
            Edit::Remove(_) => 0,
        });
        self.url.map_or(0, |url| Message::cost(url.len())) + lines.sum::<usize>()
    }

    /// Slots taken at most: a header that is set stands in the place of those it replaces.
    fn slots(&self, message: &Message<'_>) -> usize {
        let taken = |edit: &&Edit<'_>| match edit {
            Edit::Set(name, _) => message.count(name) == 0,
            Edit::Add(..) => true,
            Edit::Remove(_) => false,
        };
        self.lines.iter().filter(taken).count()
    }
}
