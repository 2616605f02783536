//! A request as it came in: what it means, or why it means nothing.

use ghost_core::request::canonical;
use http::header::{
    EXPECT, HOST, HeaderMap, HeaderName, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, TE, UPGRADE,
};
use http::{Method, Uri, Version};

use super::connection::{Named, named};
use super::framing::{BadFraming, length};
use super::{Hop, Length, Refusal};

/// What a request means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inbound {
    /// Protocol family it came by.
    pub hop: Hop,
    /// Host as the client wrote it, with its port; empty where an HTTP/1.0 request or an empty Host line names none.
    pub host: Box<str>,
    /// How long its body is.
    pub length: Length,
    /// The client waits for `100 Continue` before it sends the body.
    pub expects_continue: bool,
    /// The client takes trailers.
    pub takes_trailers: bool,
    /// What the connection or stream is to become.
    pub upgrade: Option<Upgrade>,
    pub(super) named: Named,
}

/// What a connection or stream is to become.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Upgrade {
    /// WebSocket, by `Upgrade` (RFC 6455) or by extended CONNECT (RFC 8441, RFC 9220).
    WebSocket,
}

/// Looks at a request. `protocol` is the `:protocol` of an extended CONNECT.
///
/// # Errors
/// Why the request must not go on.
pub fn receive(
    method: &Method,
    version: Version,
    uri: &Uri,
    headers: &HeaderMap,
    protocol: Option<&str>,
) -> Result<Inbound, Refusal> {
    let hop = Hop::of(version);
    if hop == Hop::Http2 {
        without_connection_headers(headers)?;
    }
    let named = named(headers).map_err(|()| Refusal::ConnectionNames)?;
    if !headers.values().all(|value| is_sound(value.as_bytes())) {
        return Err(Refusal::HeaderValue);
    }
    let host = host(hop, version, uri, headers)?;
    let length = length(version, headers).map_err(refusal)?;
    let upgrade = match (hop, method == Method::CONNECT) {
        (Hop::Http1, true) => return Err(Refusal::Target),
        (Hop::Http1, false) => upgrade(method, version, headers, &named, length)?,
        (Hop::Http2, true) => Some(extended(protocol, uri)?),
        (Hop::Http2, false) => None,
    };
    if uri.path() == "*" && (method != Method::OPTIONS || uri.query().is_some()) {
        return Err(Refusal::Target);
    }
    Ok(Inbound {
        hop,
        host: host.into(),
        length,
        expects_continue: expects_continue(version, headers)?,
        takes_trailers: has_word(headers, &TE, b"trailers"),
        upgrade,
        named,
    })
}

/// RFC 9113 section 8.2.2, RFC 9114 section 4.2.
fn without_connection_headers(headers: &HeaderMap) -> Result<(), Refusal> {
    const NONE: [&str; 6] =
        ["connection", "proxy-connection", "keep-alive", "transfer-encoding", "upgrade", "http2-settings"];
    if NONE.iter().any(|name| headers.contains_key(*name)) {
        return Err(Refusal::ConnectionHeader);
    }
    let only_trailers =
        headers.get_all(TE).iter().all(|value| value.as_bytes().eq_ignore_ascii_case(b"trailers"));
    if only_trailers { Ok(()) } else { Err(Refusal::ConnectionHeader) }
}

/// No control character but the tab: RFC 9110 section 5.5 calls the others dangerous.
fn is_sound(value: &[u8]) -> bool {
    value.iter().all(|byte| *byte == b'\t' || *byte >= b' ' && *byte != 0x7f)
}

/// The one host of a request, said by target, `:authority` or Host line.
fn host<'r>(hop: Hop, version: Version, uri: &'r Uri, headers: &'r HeaderMap) -> Result<&'r str, Refusal> {
    let mut lines = headers.get_all(HOST).iter();
    let line =
        lines.next().map(|line| line.to_str().map(str::trim)).transpose().map_err(|_| Refusal::Host)?;
    if lines.next().is_some() {
        return Err(Refusal::SeveralHosts);
    }
    let authority = uri.authority().map(http::uri::Authority::as_str);
    let host = match (authority, line) {
        // RFC 9112 section 3.2.2 lets the target win, RFC 9113 section 8.3.1 calls it malformed: two hosts are two routes.
        (Some(authority), Some(line)) if !authority.eq_ignore_ascii_case(line) => {
            return Err(Refusal::HostConflict);
        }
        // RFC 9112 section 3.2: the line must be there whatever the target says.
        (Some(_), None) if version == Version::HTTP_11 => return Err(Refusal::NoHost),
        (Some(authority), _) => authority,
        (None, Some(line)) => line,
        (None, None) if hop == Hop::Http1 && version < Version::HTTP_11 => "",
        (None, None) => return Err(Refusal::NoHost),
    };
    if hop == Hop::Http2 && host.is_empty() {
        return Err(Refusal::NoHost);
    }
    canonical::host(host.as_bytes(), &mut Vec::new()).map_err(|_| Refusal::Host)?;
    Ok(host)
}

fn refusal(framing: BadFraming) -> Refusal {
    match framing {
        BadFraming::ContentLength => Refusal::ContentLength,
        BadFraming::TransferEncoding => Refusal::TransferEncoding,
        BadFraming::TransferCoding => Refusal::TransferCoding,
        BadFraming::ConnectionHeader => Refusal::ConnectionHeader,
    }
}

/// An upgrade that is followed. Others are offers, which RFC 9110 section 7.8 lets a server ignore.
fn upgrade(
    method: &Method,
    version: Version,
    headers: &HeaderMap,
    named: &Named,
    length: Length,
) -> Result<Option<Upgrade>, Refusal> {
    if !named.upgrade || version < Version::HTTP_11 || !has_word(headers, &UPGRADE, b"websocket") {
        return Ok(None);
    }
    let bodiless = matches!(length, Length::Absent | Length::Known(0));
    let one = |name: HeaderName| {
        let mut values = headers.get_all(name).iter();
        values.next().filter(|_| values.next().is_none()).map(http::HeaderValue::as_bytes)
    };
    let key = one(SEC_WEBSOCKET_KEY).is_some_and(|key| crate::websocket::is_key(key.trim_ascii()));
    let current = one(SEC_WEBSOCKET_VERSION).is_some_and(|version| version.trim_ascii() == b"13");
    if method == Method::GET && bodiless && key && current {
        Ok(Some(Upgrade::WebSocket))
    } else {
        Err(Refusal::Upgrade)
    }
}

/// RFC 8441 section 4: scheme and path are there, and the protocol says what it is.
fn extended(protocol: Option<&str>, uri: &Uri) -> Result<Upgrade, Refusal> {
    match protocol {
        None => Err(Refusal::Target),
        Some(_) if uri.scheme().is_none() || !uri.path().starts_with('/') => Err(Refusal::Target),
        Some("websocket") => Ok(Upgrade::WebSocket),
        Some(_) => Err(Refusal::Protocol),
    }
}

fn expects_continue(version: Version, headers: &HeaderMap) -> Result<bool, Refusal> {
    let mut expects = false;
    for value in headers.get_all(EXPECT) {
        if !value.as_bytes().trim_ascii().eq_ignore_ascii_case(b"100-continue") {
            return Err(Refusal::Expectation);
        }
        // RFC 9110 section 10.1.1: in HTTP/1.0 it is ignored.
        expects = version > Version::HTTP_10;
    }
    Ok(expects)
}

fn has_word(headers: &HeaderMap, name: &HeaderName, word: &[u8]) -> bool {
    let words = headers.get_all(name).iter().flat_map(|line| line.as_bytes().split(|byte| *byte == b','));
    let mut words =
        words.map(|part| part.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii());
    words.any(|own| own.eq_ignore_ascii_case(word))
}
