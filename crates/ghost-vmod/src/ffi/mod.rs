//! The engine in Rust's words. Unsafe code lives here, in [`crate::entry`] and in [`crate::publish`], nowhere else.

mod context;
mod counters;
mod director;
mod message;
pub(crate) mod raw;

pub(crate) use context::{Context, KeptTask, Side, Sub, now};
pub(crate) use counters::NativeCounters;
pub(crate) use director::{Cluster, Director, NativeBackend, Transport, VclBackend, has_via, random};
pub(crate) use message::{Message, Which};
