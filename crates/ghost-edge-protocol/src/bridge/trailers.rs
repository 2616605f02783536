//! Which fields may come behind a body (RFC 9110 section 6.5.1).

use http::header::{
    AGE, AUTHORIZATION, CACHE_CONTROL, CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_LOCATION,
    CONTENT_RANGE, CONTENT_TYPE, COOKIE, DATE, EXPECT, EXPIRES, HOST, HeaderMap, HeaderName, LOCATION,
    MAX_FORWARDS, PRAGMA, PROXY_AUTHENTICATE, PROXY_AUTHORIZATION, RANGE, RETRY_AFTER, SET_COOKIE, TE,
    TRAILER, TRANSFER_ENCODING, UPGRADE, VARY, WARNING, WWW_AUTHENTICATE,
};

/// Framing, routing, authentication, request modifiers and what controls a response: a receiver has acted on these before the
/// trailers come, or merges them into the head as if they had stood there.
const HEAD_ONLY: [HeaderName; 29] = [
    AGE,
    AUTHORIZATION,
    CACHE_CONTROL,
    CONNECTION,
    CONTENT_ENCODING,
    CONTENT_LENGTH,
    CONTENT_LOCATION,
    CONTENT_RANGE,
    CONTENT_TYPE,
    COOKIE,
    DATE,
    EXPECT,
    EXPIRES,
    HOST,
    LOCATION,
    MAX_FORWARDS,
    PRAGMA,
    PROXY_AUTHENTICATE,
    PROXY_AUTHORIZATION,
    RANGE,
    RETRY_AFTER,
    SET_COOKIE,
    TE,
    TRAILER,
    TRANSFER_ENCODING,
    UPGRADE,
    VARY,
    WARNING,
    WWW_AUTHENTICATE,
];

/// Whether a field may be a trailer.
pub fn is_allowed_trailer(name: &HeaderName) -> bool {
    let text = name.as_str();
    let families = ["if-", "x-forwarded-", "access-control-", "sec-", "proxy-", "x-http-method"];
    !HEAD_ONLY.contains(name)
        && !families.iter().any(|family| text.starts_with(family))
        && !matches!(
            text,
            "forwarded" | "keep-alive" | "x-real-ip" | "x-request-id" | "traceparent" | "tracestate"
        )
        && !ghost_core::filter::header::is_internal(text.as_bytes())
}

/// Drops what may not be a trailer.
pub fn retain_allowed(trailers: &mut HeaderMap) {
    let refused: Vec<HeaderName> =
        trailers.keys().filter(|name| !is_allowed_trailer(name)).cloned().collect();
    for name in refused {
        trailers.remove(name);
    }
}
