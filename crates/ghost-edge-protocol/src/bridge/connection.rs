//! Headers of one connection, which never go on (RFC 9110 section 7.6.1, RFC 9113 section 8.2.2).

use http::header::{
    CONNECTION, CONTENT_LENGTH, COOKIE, HOST, HeaderMap, HeaderName, PROXY_AUTHENTICATE, PROXY_AUTHORIZATION,
    TE, TRANSFER_ENCODING, UPGRADE,
};

/// Most names a Connection header may have; one more makes the message a broken one.
const MAX_NAMES: usize = 32;

/// Whether a header belongs to one connection even when Connection does not name it.
pub fn is_hop_by_hop(name: &HeaderName) -> bool {
    *name == CONNECTION
        || *name == TRANSFER_ENCODING
        || *name == UPGRADE
        || *name == TE
        || *name == PROXY_AUTHENTICATE
        || *name == PROXY_AUTHORIZATION
        || matches!(name.as_str(), "keep-alive" | "proxy-connection" | "http2-settings")
}

/// Connection may name a header that is meant for the next hop only. One that says how a message is read, where it goes or
/// for whom it is would then vanish between two readers.
fn is_essential(name: &str) -> bool {
    const FORWARDED: [&str; 7] = [
        "forwarded",
        "x-forwarded-for",
        "x-forwarded-host",
        "x-forwarded-proto",
        "x-forwarded-port",
        "x-real-ip",
        "authorization",
    ];
    name == HOST
        || name == CONTENT_LENGTH
        || name == TRANSFER_ENCODING
        || name == COOKIE
        || FORWARDED.contains(&name)
}

/// The words of the Connection lines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Named {
    /// Headers that are named, lower-case.
    pub(super) headers: Vec<HeaderName>,
    /// `upgrade` is among the words.
    pub(super) upgrade: bool,
}

/// Reads the Connection lines; `Err`: a name that may not stand there, or too many.
pub(super) fn named(headers: &HeaderMap) -> Result<Named, ()> {
    let mut named = Named::default();
    for line in headers.get_all(CONNECTION) {
        for word in line.as_bytes().split(|byte| *byte == b',') {
            let word = word.trim_ascii();
            if word.is_empty() {
                continue;
            }
            let name = HeaderName::from_bytes(word).map_err(|_| ())?;
            match name.as_str() {
                "close" | "keep-alive" | "te" => {}
                "upgrade" => named.upgrade = true,
                name if is_essential(name) => return Err(()),
                _ if named.headers.len() >= MAX_NAMES => return Err(()),
                _ => named.headers.push(name),
            }
        }
    }
    Ok(named)
}

/// Removes what belongs to the connection a message came over.
pub(super) fn strip(headers: &mut HeaderMap, named: &Named) {
    for name in &named.headers {
        headers.remove(name);
    }
    for name in [CONNECTION, TRANSFER_ENCODING, UPGRADE, TE, PROXY_AUTHENTICATE, PROXY_AUTHORIZATION] {
        headers.remove(name);
    }
    for name in ["keep-alive", "proxy-connection", "http2-settings"] {
        headers.remove(name);
    }
    remove_internal(headers);
}

/// Ghost's own headers are never believed and never passed on.
fn remove_internal(headers: &mut HeaderMap) {
    let internal = |name: &HeaderName| ghost_core::filter::header::is_internal(name.as_str().as_bytes());
    if headers.keys().any(internal) {
        let names: Vec<HeaderName> = headers.keys().filter(|name| internal(name)).cloned().collect();
        for name in names {
            headers.remove(name);
        }
    }
}
