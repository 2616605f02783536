//! Ghost as a front door: TLS, HTTP/1.1 and HTTP/2 in front, services or varnishd behind.
//!
//! A request goes listen -> accept -> handshake -> receive -> decide -> filter -> select -> connect -> forward ->
//! respond -> log; each stage has a file of that name. What is decided, and what is done to a message, is `ghost_core`'s.
//! Each worker is one thread with a runtime, sockets and connections of its own.

#![forbid(unsafe_code)]

mod accept;
mod attempt;
mod body;
mod clock;
pub mod command;
mod connect;
mod control;
mod decide;
mod exchange;
mod filter;
mod forward;
mod forwarded;
mod handshake;
mod health;
mod listen;
mod log;
mod metrics;
mod mirror;
mod observe;
mod outlier;
mod passthrough;
mod proxy;
mod receive;
mod record;
mod respond;
mod retry;
mod run;
mod select;
mod session;
mod source;
mod state;
mod stream;
mod surroundings;
mod tls;
mod trace;
mod tunnel;
mod varnish;
mod worker;

/// 64 bits that nobody can foresee; without a source of them, the time.
fn random() -> u64 {
    let mut bytes = [0; 8];
    match aws_lc_rs::rand::fill(&mut bytes) {
        Ok(()) => u64::from_ne_bytes(bytes),
        Err(_) => clock::now(),
    }
}
