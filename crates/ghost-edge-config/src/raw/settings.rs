//! Limits, trust, logs, metrics and the rest.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Bytes, Pool, Time};

/// What a client may cost. 0 is no limit where the description says so.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[schemars(rename = "EdgeLimits")]
pub struct Limits {
    /// Bytes of a request head. Absent: 32KiB.
    pub header_bytes: Option<Bytes>,
    /// Header lines of a request. Absent: 100.
    pub headers: Option<u32>,
    /// Bytes of a request target. Absent: 8KiB.
    pub target_bytes: Option<Bytes>,
    /// Bytes of a request body. Absent: 0, no limit.
    pub body_bytes: Option<Bytes>,
    /// Streams of one HTTP/2 or HTTP/3 connection at a time. Absent: 100.
    pub streams: Option<u32>,
    /// Streams that one HTTP/2 connection may reset in a minute. Absent: 100.
    pub resets_per_minute: Option<u32>,
    /// CONTINUATION frames of one header block. Absent: 8.
    pub continuation_frames: Option<u32>,
    /// Requests on one HTTP/1.1 connection. Absent: 0, no limit.
    pub requests_per_connection: Option<u32>,
    /// Connections of one client address (IPv6: of one /64) at a time. Absent: 256.
    pub connections_per_address: Option<u32>,
    /// Connections of all listeners together. Absent: 65536.
    pub connections: Option<u32>,
    /// Bytes that all buffers may hold together. Absent: 256MiB.
    pub memory: Option<Bytes>,
    /// Bytes of one direction that wait for a slow peer. Absent: 256KiB.
    pub buffer: Option<Bytes>,
    /// Least bytes per second that a client must take. Absent: 240.
    pub min_bytes_per_second: Option<u32>,
}

/// How long a client may take. 0s: no limit.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[schemars(rename = "EdgeClientTimeouts")]
pub struct ClientTimeouts {
    /// TLS handshake. Absent: 10s.
    pub handshake: Option<Time>,
    /// From the first byte of a request to the end of its head. Absent: 10s.
    pub header: Option<Time>,
    /// Longest pause between two pieces of a request body. Absent: 30s.
    pub body_idle: Option<Time>,
    /// Idle connections. Absent: 60s.
    pub keep_alive: Option<Time>,
    /// Longest pause in which a client takes nothing. Absent: 30s.
    pub write_idle: Option<Time>,
    /// Upgraded and passed-through connections without a byte. Absent: 1h.
    pub tunnel_idle: Option<Time>,
    /// The whole request where nothing else says. Absent: no limit.
    pub request: Option<Time>,
}

/// Whose words about a request are believed.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[schemars(rename = "EdgeTrust")]
pub struct Trust {
    /// Networks of proxies in front of the edge. Absent: none.
    #[serde(default)]
    pub proxies: Vec<String>,
    /// When X-Forwarded-* and Forwarded are kept and added to; else they are replaced. Absent: proxies.
    pub forwarded: Option<HeaderTrust>,
    /// Whether `Forwarded` is written beside X-Forwarded-*. Absent: false.
    pub write_forwarded: Option<bool>,
    /// When X-Request-Id is kept; else it is replaced. Absent: proxies.
    pub request_id: Option<HeaderTrust>,
    /// When traceparent and tracestate are kept; else the trace begins here. Absent: always.
    pub trace: Option<HeaderTrust>,
}

/// When a header of the client's is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[schemars(rename = "EdgeHeaderTrust")]
#[serde(rename_all = "snake_case")]
pub enum HeaderTrust {
    /// From trusted proxies.
    Proxies,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What the edge says about itself.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[schemars(rename = "EdgeLog")]
pub struct Log {
    /// Least level. Absent: info.
    pub level: Option<LogLevel>,
    /// How a line is written. Absent: text.
    pub format: Option<LogFormat>,
    /// `console`, `stdout`, `stderr` or the name of a file. Absent: stderr.
    pub output: Option<String>,
}

/// Level of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[schemars(rename = "EdgeLogLevel")]
#[serde(rename_all = "snake_case")]
pub enum LogLevel {
    /// Every step.
    Trace,
    /// For the one who looks for a fault.
    Debug,
    /// What happens.
    Info,
    /// What should not happen.
    Warn,
    /// What does not work.
    Error,
}

/// How a line is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[schemars(rename = "EdgeLogFormat")]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object.
    Json,
}

/// One line per request.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[schemars(rename = "EdgeAccessLog")]
pub struct AccessLog {
    /// Whether lines are written. Absent: true.
    pub enabled: Option<bool>,
    /// How a line is written. Absent: json.
    pub format: Option<AccessLogFormat>,
    /// `stdout`, `stderr` or the name of a file. Absent: stdout.
    pub output: Option<String>,
    /// What is written of queries. Absent: full.
    pub query: Option<QueryLogging>,
    /// Requests that take longer are logged as warnings too. Absent: 0s, none.
    pub slow: Option<Time>,
}

/// How an access log line is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[schemars(rename = "EdgeAccessLogFormat")]
#[serde(rename_all = "snake_case")]
pub enum AccessLogFormat {
    /// One JSON object.
    Json,
    /// Combined Log Format with route, endpoint and decision behind it.
    Clf,
    /// `name=value`.
    Logfmt,
}

/// What is written of queries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[schemars(rename = "EdgeQueryLogging")]
#[serde(rename_all = "snake_case")]
pub enum QueryLogging {
    /// All of it.
    Full,
    /// Names only.
    Redacted,
    /// Nothing.
    Off,
}

/// Prometheus metrics.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[schemars(rename = "EdgeMetrics")]
pub struct Metrics {
    /// Whether they are served. Absent: true.
    pub enabled: Option<bool>,
    /// Where. Absent: 127.0.0.1:9090.
    pub address: Option<String>,
    /// Most distinct values of one label. Absent: 1000.
    pub max_label_values: Option<u32>,
}

/// Management API.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[schemars(rename = "EdgeAdmin")]
pub struct Admin {
    /// Whether it is served. Absent: true.
    pub enabled: Option<bool>,
    /// Unix socket. Absent: `admin.sock` in `state_directory`, where that is given.
    pub socket: Option<String>,
    /// Where it is served over TCP. Absent: 127.0.0.1:9180.
    pub address: Option<String>,
    /// Who may ask over TCP. Absent: nobody may change anything, loopback may read.
    #[serde(default)]
    pub tokens: Vec<Token>,
    /// Origins that browsers may ask from. Absent: none.
    #[serde(default)]
    pub cors_origins: Vec<String>,
}

/// A bearer token.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[schemars(rename = "EdgeToken")]
pub struct Token {
    /// Who it is, for the audit log.
    pub name: String,
    /// The token: `${VARIABLE}` or `file:/path`, at least 16 characters.
    pub token: String,
    /// Whether it may change anything. Absent: false.
    pub may_write: Option<bool>,
}

/// A varnishd with the same routes.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[schemars(rename = "EdgeVarnish")]
pub struct Varnish {
    /// Absolute path of varnishd's Unix socket.
    pub socket: String,
    /// Which requests go there. Absent: always.
    pub when: Option<VarnishUse>,
    /// Only requests of these listeners, by name.
    #[serde(default)]
    pub listeners: Vec<String>,
    /// Connections that are kept.
    #[serde(default)]
    pub pool: Pool,
    /// Time for the response head. Absent: 60s.
    pub response_timeout: Option<Time>,
}

/// Which requests go through varnishd.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[schemars(rename = "EdgeVarnishUse")]
#[serde(rename_all = "snake_case")]
pub enum VarnishUse {
    /// All of them.
    Always,
    /// GET and HEAD.
    Cacheable,
}
