//! What a client may cost, how long it may take, and what it is believed.

use std::time::Duration;

pub use ipnet::IpNet as Network;

/// What a client may cost. Every crossing is counted and answered as its own line says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a request head, names, values and request line together: 431.
    pub header_bytes: u32,
    /// Header lines of a request: 431.
    pub headers: u32,
    /// Bytes of a request target: 414.
    pub target_bytes: u32,
    /// Bytes of a request body: 413; 0: no limit.
    pub body_bytes: u64,
    /// Streams of one HTTP/2 or HTTP/3 connection at a time: refused stream.
    pub streams: u32,
    /// Streams that one HTTP/2 connection may reset, or make the edge reset, in a minute: GOAWAY.
    pub resets_per_minute: u32,
    /// CONTINUATION frames of one header block: connection error.
    pub continuation_frames: u32,
    /// Requests on one HTTP/1.1 connection before it is closed in good order; 0: no limit.
    pub requests_per_connection: u32,
    /// Connections of one client at a time (IPv6: of one /64): closed at once.
    pub connections_per_address: u32,
    /// Connections of all listeners together: closed at once.
    pub connections: u32,
    /// Bytes that all buffers of requests and responses may hold together: 503 for new requests.
    pub memory_bytes: u64,
    /// Bytes of one direction that wait for a slow peer.
    pub buffer_bytes: u32,
    /// Least bytes per second a client must take of a response once a buffer is full, after `Timeouts::write_idle`: reset.
    pub min_bytes_per_second: u32,
}

/// How long a client may take. Zero is no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// TLS handshake, with PROXY header.
    pub handshake: Duration,
    /// From the first byte of a request to the end of its head: 408.
    pub header: Duration,
    /// Longest pause between two pieces of a request body: 408.
    pub body_idle: Duration,
    /// An idle connection is closed after this long.
    pub keep_alive: Duration,
    /// Longest pause in which a client takes nothing of a response: reset.
    pub write_idle: Duration,
    /// An upgraded or passed-through connection without a byte either way is closed after this long.
    pub tunnel_idle: Duration,
    /// The whole request where its route sets no timeout: 504.
    pub request: Duration,
}

/// Whose words about a request are believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trust {
    /// Proxies in front of the edge: the client's address is the last one in X-Forwarded-For or Forwarded that is not
    /// theirs.
    pub proxies: Vec<Network>,
    /// What is done with forwarded headers that come in.
    pub forwarded: HeaderTrust,
    /// `Forwarded` (RFC 7239) is written beside the X-Forwarded headers.
    pub write_forwarded: bool,
    /// Whether an X-Request-Id is kept; else it is replaced.
    pub request_id: HeaderTrust,
    /// Whether traceparent and tracestate are kept; else the trace begins here.
    pub trace: HeaderTrust,
}

/// When a header of the client's is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum HeaderTrust {
    /// From trusted proxies.
    #[default]
    Proxies,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl HeaderTrust {
    /// Whether the header is kept of a request that came from a trusted proxy, or did not.
    pub fn believes(self, from_proxy: bool) -> bool {
        match self {
            HeaderTrust::Proxies => from_proxy,
            HeaderTrust::Always => true,
            HeaderTrust::Never => false,
        }
    }
}
