//! Ghost inside varnishd: the Rust half of `libvmod_ghost.so`.
//!
//! `engine.c` knows the engine, [`entry`] is what the engine calls, `ghost_core` decides. What lies between turns a
//! task of the engine into a request, a decision into directors and answers, and a changed file into a new state,
//! without a lock or an unbounded step on the way of a request.
//!
//! No thread is started here and nothing is kept in thread-locals: the engine unloads VMODs.

mod backend;
mod control;
mod counters;
mod decided;
mod deliver;
mod director;
mod documents;
mod draws;
mod entry;
mod explain;
mod fetch;
mod ffi;
mod forwarded;
mod guard;
mod headers;
mod key;
mod limits;
mod line;
mod publish;
mod reload;
mod request;
mod retry;
mod router;
mod session;
mod shared;
mod state;
mod status;
mod synth;
mod task;
mod timing;
mod upgrade;
