//! What all workers share: the current generation, what is known of endpoints, counters, limits.

mod endpoint;
mod generation;
mod limits;
mod service;

pub(crate) use endpoint::{Endpoint, Endpoints, InFlight, Refused};
pub(crate) use generation::{Entrance, Generation, GenerationError, Ingredients};
pub(crate) use limits::{Admission, Admitted, Refusal};
pub(crate) use service::{Service, Services};

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use arc_swap::ArcSwap;
use tokio::sync::watch;

use crate::log::Writers;
use crate::metrics::Metrics;

/// How far the end has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Phase {
    /// Serving.
    Running,
    /// No new connections; those that are open end after their request.
    Draining,
    /// Everything is cut.
    Stopping,
}

/// What all workers share.
pub(crate) struct Shared {
    /// What requests are decided by.
    pub(crate) generation: ArcSwap<Generation>,
    /// What is known of endpoints, across generations.
    pub(crate) endpoints: Endpoints,
    /// Who may come in.
    pub(crate) admission: Admission,
    /// Counters.
    pub(crate) metrics: Metrics,
    /// Log files.
    pub(crate) writers: Writers,
    /// How far the end has come.
    pub(crate) phase: watch::Sender<Phase>,
    /// Buffers hold more than they may.
    pub(crate) memory_short: AtomicBool,
}

impl Shared {
    /// The current generation.
    pub(crate) fn current(&self) -> Arc<Generation> {
        self.generation.load_full()
    }
}
