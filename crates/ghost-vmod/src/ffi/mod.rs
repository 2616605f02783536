//! The engine in Rust's words. Unsafe code lives here, in [`crate::entry`] and in [`crate::publish`], nowhere else.

mod context;
mod director;
mod message;
pub(crate) mod raw;

pub(crate) use context::{Context, KeptTask, Side, Sub};
pub(crate) use director::{Cluster, Director, NativeBackend, VclBackend, random};
pub(crate) use message::{Message, Which};
