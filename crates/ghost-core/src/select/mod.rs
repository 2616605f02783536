//! Which backend, which endpoint. Randomness, health, load and time come in as arguments.

mod backend;
mod balance;
mod draw;
mod endpoints;
mod hash;
pub mod health;
mod maglev;
mod ring;
mod round_robin;
mod session;
mod weighted;

pub use balance::PickInput;
pub use draw::Draw;
pub use endpoints::{EndpointTable, ServiceEndpoints};
pub use hash::{key_of, request_key};
pub use maglev::Maglev;
pub use ring::Ring;
pub use round_robin::RoundRobin;
pub use session::{session_key, session_value};
pub use weighted::Weighted;
