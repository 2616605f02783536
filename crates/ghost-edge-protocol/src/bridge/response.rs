//! The head of a response for the client.

use http::header::{CONTENT_LENGTH, HeaderMap, SEC_WEBSOCKET_ACCEPT, TRAILER};
use http::{Method, StatusCode, Version};

use super::connection::{named, strip};
use super::framing::{self, length};
use super::{Hop, Length};

/// Why a backend's response cannot be passed on; it is answered 502.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadResponse {
    /// Its framing headers contradict themselves.
    Framing,
    /// Its Connection header names what it may not.
    Connection,
    /// It switches protocols and was not asked to.
    Switching,
}

impl BadResponse {
    /// The reason in logs and metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            BadResponse::Framing => "backendFraming",
            BadResponse::Connection => "backendConnection",
            BadResponse::Switching => "backendSwitching",
        }
    }
}

impl std::fmt::Display for BadResponse {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(self.as_str())
    }
}

impl std::error::Error for BadResponse {}

/// Turns the headers of a backend's response into those for the client, and says how long its body is. `asked_to_switch`:
/// the request to the backend was an upgrade.
///
/// # Errors
/// The response has no one meaning.
pub fn response(
    method: &Method,
    status: StatusCode,
    version: Version,
    client: Hop,
    asked_to_switch: bool,
    headers: &mut HeaderMap,
) -> Result<Length, BadResponse> {
    let switching = status == StatusCode::SWITCHING_PROTOCOLS;
    if switching && !asked_to_switch {
        return Err(BadResponse::Switching);
    }
    let named = named(headers).map_err(|()| BadResponse::Connection)?;
    let length = length(version, headers).map_err(|_| BadResponse::Framing)?;
    strip(headers, &named);
    // RFC 9110 section 8.6: neither length nor body.
    if status.is_informational()
        || status == StatusCode::NO_CONTENT
        || method == Method::CONNECT && status.is_success()
    {
        headers.remove(CONTENT_LENGTH);
        headers.remove(TRAILER);
        if switching && client == Hop::Http2 {
            headers.remove(SEC_WEBSOCKET_ACCEPT);
        }
        return Ok(Length::Known(0));
    }
    framing::write(length, headers);
    if matches!(length, Length::Known(_)) {
        headers.remove(TRAILER);
    }
    // RFC 9110 section 6.4.1: the length is that of the body there would be.
    if method == Method::HEAD || status == StatusCode::NOT_MODIFIED {
        return Ok(Length::Known(0));
    }
    Ok(length)
}
