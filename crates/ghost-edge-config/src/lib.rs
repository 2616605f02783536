//! The edge's configuration: YAML, TOML or `ghost.json` in, one checked model and located findings out.
//!
//! [`read`](self) -> [`raw`] -> [`check`] -> [`model`]. Pure: files, variables, certificates and the time are looked at
//! through [`Surroundings`], which the caller gives, so `ghost-edge` at its start and `ghostctl check` find the same.

#![forbid(unsafe_code)]

mod check;
pub mod model;
pub mod raw;
mod read;
mod report;
mod shape;
mod surroundings;
mod tree;
mod variables;

pub use check::{CheckedEdge, Format, check};
pub use model::EdgeConfiguration;
pub use surroundings::{Blind, NotSet, Problem, ProblemKind, Surroundings};
