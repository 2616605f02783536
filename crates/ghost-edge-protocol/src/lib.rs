//! Codecs and policies of the edge, without I/O: bytes, times and random numbers come in as arguments, so each can be tested
//! against its specification, against other people's implementations and by a fuzzer.
//!
//! - [`proxy_protocol`]: the PROXY protocol, in and out.
//! - [`client_hello`]: server name and ALPN of a TLS connection that is passed through.
//! - [`bridge`]: what of a message goes on when HTTP/1.1, HTTP/2 and HTTP/3 meet.
//! - [`forwarded`], [`identity`]: who the client is, and by which name a request is found again.
//! - [`access_log`]: one line per request.
//! - [`budget`], [`outlier`], [`window`], [`peers`], [`labels`]: limits as state machines.

#![forbid(unsafe_code)]

pub mod access_log;
pub mod bridge;
pub mod budget;
pub mod client_hello;
pub mod forwarded;
pub mod identity;
pub mod labels;
pub mod outlier;
pub mod peers;
pub mod proxy_protocol;
pub mod websocket;
pub mod window;
