//! The core's interface in JSON: what every binding exports, and the schemas of everything that crosses it.
//!
//! A binding turns its host's bytes and strings into the arguments of [`check`], [`compile`] and [`Table`], and turns
//! results and [`Failure`]s into what its host throws and returns. Converts, calls, converts: no rule lives here, and
//! nothing here knows which host is calling.

#![forbid(unsafe_code)]

pub mod batch;
mod edge;
mod failure;
pub mod live;
mod received;
pub mod replay;
mod report;
pub mod schema;
mod table;

pub use edge::{EdgeReport, EdgeSurroundings, EdgeWanted, check_edge};
pub use failure::{Failure, FailureCode, guard};
pub use live::LiveEndpoints;
pub use replay::{Replay, logged_requests};
pub use report::{CheckReport, check};
pub use table::{Compilation, ListenerSummary, Table, TableSummary, compile, json};

/// Version of the core.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
