//! What of a message goes on when HTTP/1.1, HTTP/2 and HTTP/3 meet (RFC 9110, 9112, 9113, 9114, 8441, 9220).
//!
//! [`receive`] looks at a request once and refuses what two parsers could read in two ways; [`request`] and [`response`]
//! then make the head for the next hop. Where the specifications let a gateway choose between mending and refusing, it
//! refuses: what reaches a backend has one meaning.

mod connection;
mod framing;
mod receive;
mod request;
mod response;
mod trailers;

use std::fmt;

use http::StatusCode;

pub use connection::is_hop_by_hop;
pub use framing::Length;
pub use receive::{Inbound, Upgrade, receive};
pub use request::{Outbound, request};
pub use response::{BadResponse, response};
pub use trailers::{is_allowed_trailer, retain_allowed};

/// Protocol family of a hop. HTTP/2 and HTTP/3 have the same rules for heads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Hop {
    /// HTTP/1.0 and HTTP/1.1.
    Http1,
    /// HTTP/2 and HTTP/3.
    Http2,
}

impl Hop {
    /// The family of a version.
    pub fn of(version: http::Version) -> Self {
        if version <= http::Version::HTTP_11 { Hop::Http1 } else { Hop::Http2 }
    }
}

/// Why a request goes no further, and how it is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// No Host in HTTP/1.1, no authority in HTTP/2.
    NoHost,
    /// Several Host lines.
    SeveralHosts,
    /// A host that is none, or with user information.
    Host,
    /// Host and authority differ.
    HostConflict,
    /// A target that does not fit the method, such as `GET *` or CONNECT without a protocol.
    Target,
    /// A Content-Length that is no number, or several that differ.
    ContentLength,
    /// Transfer-Encoding beside Content-Length, in HTTP/1.0, or not ending in chunked.
    TransferEncoding,
    /// A transfer coding other than chunked.
    TransferCoding,
    /// A header that HTTP/2 and HTTP/3 do not have.
    ConnectionHeader,
    /// Connection names a header that says how the message is to be read or where it goes.
    ConnectionNames,
    /// An expectation other than 100-continue.
    Expectation,
    /// An upgrade that cannot be followed, such as WebSocket without its key or with a body.
    Upgrade,
    /// Extended CONNECT with a protocol that is not known.
    Protocol,
    /// A header with a control character or another byte that ends lines somewhere.
    HeaderValue,
}

impl Refusal {
    /// Every reason, for counters.
    pub const ALL: [Refusal; 14] = [
        Refusal::NoHost,
        Refusal::SeveralHosts,
        Refusal::Host,
        Refusal::HostConflict,
        Refusal::Target,
        Refusal::ContentLength,
        Refusal::TransferEncoding,
        Refusal::TransferCoding,
        Refusal::ConnectionHeader,
        Refusal::ConnectionNames,
        Refusal::Expectation,
        Refusal::Upgrade,
        Refusal::Protocol,
        Refusal::HeaderValue,
    ];

    /// The answer.
    pub fn status(self) -> StatusCode {
        match self {
            Refusal::TransferCoding | Refusal::Protocol => StatusCode::NOT_IMPLEMENTED,
            Refusal::Expectation => StatusCode::EXPECTATION_FAILED,
            _ => StatusCode::BAD_REQUEST,
        }
    }

    /// The reason in logs and metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Refusal::NoHost => "noHost",
            Refusal::SeveralHosts => "severalHosts",
            Refusal::Host => "host",
            Refusal::HostConflict => "hostConflict",
            Refusal::Target => "target",
            Refusal::ContentLength => "contentLength",
            Refusal::TransferEncoding => "transferEncoding",
            Refusal::TransferCoding => "transferCoding",
            Refusal::ConnectionHeader => "connectionHeader",
            Refusal::ConnectionNames => "connectionNames",
            Refusal::Expectation => "expectation",
            Refusal::Upgrade => "upgrade",
            Refusal::Protocol => "protocol",
            Refusal::HeaderValue => "headerValue",
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

impl std::error::Error for Refusal {}
