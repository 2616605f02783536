//! Decides where an HTTP request goes.
//!
//! Documents are checked ([`check`]), compiled ([`RouteTable`], [`EndpointTable`]) and asked ([`decide`]). The crate does
//! no I/O, reads no clock, draws no random numbers and starts no threads: all of that comes in as arguments, so the
//! same inputs give the same decision in varnishd, at the edge and in a terminal.

#![forbid(unsafe_code)]

pub mod compile;
pub mod config;
pub mod decide;
pub mod document;
pub mod filter;
mod lint;
pub mod model;
pub mod request;
pub mod select;

pub use compile::RouteTable;
pub use config::{Checked, CheckedEndpoints, Diagnostic, check, check_endpoints};
pub use decide::{Decision, Outcome, Why, decide};
pub use lint::lint;
pub use select::{Draw, EndpointTable};
