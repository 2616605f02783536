//! What is kept with a task of the engine, in its private data: never in headers, where clients could set it and
//! origins see it.

use std::cell::RefCell;
use std::rc::Rc;

use crate::decided::Decided;
use crate::fetch::Fetch;
use crate::ffi::KeptTask;

/// The decision of a client's request, or of a fetch that had to be decided by itself.
pub(crate) struct DecisionTask {
    decided: RefCell<Rc<Decided>>,
}

impl DecisionTask {
    pub(crate) fn new(decided: Rc<Decided>) -> Self {
        Self { decided: RefCell::new(decided) }
    }

    pub(crate) fn decided(&self) -> Rc<Decided> {
        Rc::clone(&self.decided.borrow())
    }

    pub(crate) fn replace(&self, decided: Rc<Decided>) {
        self.decided.replace(decided);
    }
}

impl KeptTask for DecisionTask {
    const KIND: u8 = 0;
}

/// What a fetch has picked.
#[derive(Default)]
pub(crate) struct FetchTask {
    pub(crate) fetch: RefCell<Option<Fetch>>,
}

impl KeptTask for FetchTask {
    const KIND: u8 = 1;
}
