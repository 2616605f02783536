//! What is done to requests and responses, computed as data; bodies write it into their own structures.

pub mod cors;
pub mod header;
pub mod mirror;
pub mod redirect;
pub mod rewrite;
