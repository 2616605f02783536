//! The head of a request for the next hop.

use http::header::{
    CONNECTION, COOKIE, EXPECT, HOST, HeaderMap, HeaderValue, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, TE,
    TRAILER, UPGRADE,
};

use super::connection::strip;
use super::{Hop, Inbound, Length, Upgrade, framing};

/// What the head for the next hop needs to know.
#[derive(Debug, Clone)]
pub struct Outbound<'o> {
    /// Protocol family of the next hop.
    pub hop: Hop,
    /// Host for the backend: the client's, or what a rewrite made of it.
    pub host: &'o HeaderValue,
    /// Key of a WebSocket handshake in HTTP/1, from [`crate::websocket::key`]; used where the client's request has none.
    pub websocket_key: Option<&'o HeaderValue>,
}

/// Turns the headers of a received request into those for the next hop. In HTTP/2 the host belongs into the URI's authority,
/// and an upgrade is made by method CONNECT with `:protocol`.
pub fn request(inbound: &Inbound, outbound: &Outbound<'_>, headers: &mut HeaderMap) {
    strip(headers, &inbound.named);
    // The body's first bytes are only read once the backend wants them, so the expectation has been met here.
    headers.remove(EXPECT);
    headers.remove(HOST);
    framing::write(inbound.length, headers);
    if matches!(inbound.length, Length::Known(_)) {
        headers.remove(TRAILER);
    }
    if inbound.takes_trailers {
        headers.insert(TE, HeaderValue::from_static("trailers"));
    }
    match outbound.hop {
        Hop::Http1 => {
            headers.insert(HOST, outbound.host.clone());
            join_cookies(headers);
            to_http1(inbound, outbound, headers);
        }
        Hop::Http2 => {
            if inbound.upgrade == Some(Upgrade::WebSocket) {
                // RFC 8441 section 5: key and accept have no place there.
                headers.remove(SEC_WEBSOCKET_KEY);
            }
        }
    }
}

fn to_http1(inbound: &Inbound, outbound: &Outbound<'_>, headers: &mut HeaderMap) {
    match inbound.upgrade {
        Some(Upgrade::WebSocket) => {
            headers.remove(TE);
            headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
            headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
            headers.insert(SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
            if inbound.hop == Hop::Http2
                && let Some(key) = outbound.websocket_key
            {
                headers.insert(SEC_WEBSOCKET_KEY, key.clone());
            }
        }
        // RFC 9110 section 10.1.4: TE is named in Connection.
        None if inbound.takes_trailers => _ = headers.insert(CONNECTION, HeaderValue::from_static("TE")),
        None => {}
    }
}

/// RFC 9113 section 8.2.3: what HTTP/2 may split, HTTP/1 has in one line.
fn join_cookies(headers: &mut HeaderMap) {
    if headers.get_all(COOKIE).iter().nth(1).is_none() {
        return;
    }
    let crumbs: Vec<&[u8]> = headers.get_all(COOKIE).iter().map(HeaderValue::as_bytes).collect();
    if let Ok(cookie) = HeaderValue::from_bytes(&crumbs.join(&b"; "[..])) {
        headers.insert(COOKIE, cookie);
    }
}
