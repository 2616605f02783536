//! The documents as written: shapes only, nothing judged yet.
//!
//! These types are the one source of the JSON Schema, the TypeScript types and the reader. Names and
//! nesting are the Gateway API's; every object refuses unknown keys. What a value *means* is decided in
//! [`super::check`].

mod document;
mod filter;
mod policy;
mod route;
mod service;

pub use document::*;
pub use filter::*;
pub use policy::*;
pub use route::*;
pub use service::*;
