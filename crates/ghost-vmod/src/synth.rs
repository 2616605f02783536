//! Answers without a backend, written into a response of the engine.

use ghost_core::model::Filters;

use crate::decided::{Answer, Body, Decided};
use crate::ffi::Message;
use crate::headers::{Edits, NoRoom};

/// Writes status and headers. What a redirect's or preflight's rule does to response headers is done as well.
pub(crate) fn write(answer: &Answer, decided: Option<&Decided>, response: &mut Message<'_>) {
    response.put_status(answer.status);
    let mut edits = Edits::default();
    for (name, value) in &answer.headers {
        edits.set(name.as_bytes(), value);
    }
    match &answer.body {
        // Nothing that Ghost says itself may outlive the state it was said in (RFC 9111 section 4.2.2 would let
        // caches keep a 404).
        Body::Reason => {
            edits.set(b"Content-Type", b"text/plain; charset=utf-8");
            edits.set(b"Cache-Control", b"no-store");
        }
        Body::Json(_) => {
            edits.set(b"Content-Type", b"application/json");
            edits.set(b"Cache-Control", b"no-store");
        }
        Body::Nothing => {}
    }
    if answer.status == 503 {
        edits.set(b"Retry-After", b"5");
    }
    if let (Body::Nothing, Some(decided)) = (&answer.body, decided) {
        response_filters(decided.filters(), decided, &mut edits);
    }
    if edits.apply(response) == Err(NoRoom) {
        response.put_status(503);
    }
}

/// The text that goes with it.
pub(crate) fn body(answer: &Answer, generation: Option<u64>) -> String {
    match &answer.body {
        Body::Nothing => String::new(),
        Body::Reason => {
            format!("{} {} (generation {})\n", answer.status, answer.why, generation.unwrap_or_default())
        }
        Body::Json(text) => text.clone(),
    }
}

/// CORS headers first, then the header modifier, as everywhere.
pub(crate) fn response_filters<'e>(
    filters: Option<&'e Filters>,
    decided: &'e Decided,
    edits: &mut Edits<'e>,
) {
    for (name, value) in &decided.cors {
        edits.set(name.as_bytes(), value);
    }
    if let Some(filters) = filters {
        edits.modifier(&filters.response_headers);
    }
}
