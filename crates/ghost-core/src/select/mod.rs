//! Which backend, which endpoint. Randomness, health and load come in as arguments.

mod backend;
mod draw;
mod endpoints;
mod weighted;

pub use draw::Draw;
pub use endpoints::{EndpointTable, ServiceEndpoints};
pub use weighted::Weighted;
