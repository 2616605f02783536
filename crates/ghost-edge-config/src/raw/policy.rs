//! How services are spoken to.

use ghost_core::config::raw::ServiceProtocol;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Bytes, Time};

/// How backends are spoken to. Absent keys are as in the defaults of the file, then as described.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[schemars(rename = "EdgePolicy")]
pub struct Policy {
    /// What backends speak. Absent: http1.
    pub protocol: Option<ServiceProtocol>,
    /// How a backend is chosen. Absent: random by weight.
    pub load_balancing: Option<LoadBalancing>,
    /// Active health checks. Absent: none are made.
    pub health_check: Option<HealthCheck>,
    /// When results of real requests take a backend out, and bring it back where no checks are made.
    pub passive_health: Option<PassiveHealth>,
    /// TLS to backends.
    pub tls: Option<BackendTls>,
    /// PROXY protocol version 2 in front of every connection. Absent: none.
    pub proxy_protocol: Option<ProxyProtocolOut>,
    /// Ejection of backends that fail more than others. Absent: none.
    pub outlier_ejection: Option<OutlierEjection>,
    /// Requests in flight per backend.
    pub in_flight: Option<InFlight>,
    /// Connections that are kept per backend and worker.
    pub pool: Option<Pool>,
    /// How long a backend may take.
    pub timeouts: Option<BackendTimeouts>,
    /// When a request is tried again. Absent: never.
    pub retry: Option<Retry>,
    /// How many tries may be repeats.
    pub retry_budget: Option<RetryBudget>,
    /// Keeps a client on one backend.
    pub session: Option<Session>,
    /// A longer response body ends with an error. Absent or 0: no limit.
    pub max_response_body: Option<Bytes>,
}

/// How a backend is chosen.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[schemars(rename = "EdgeLoadBalancing")]
pub struct LoadBalancing {
    /// The algorithm. Absent: random.
    #[serde(rename = "type")]
    pub kind: Option<Algorithm>,
    /// What consistent_hash and maglev hash: `host`, `path`, `client`, `header:NAME` or `cookie:NAME`. Absent: client.
    pub key: Option<String>,
    /// How long a new backend takes to earn its whole weight. Absent: none.
    pub slow_start: Option<Time>,
    /// Share of healthy backends, in percent, below which health is ignored. Absent: 0, never.
    pub panic_threshold: Option<u32>,
}

/// Load balancing algorithms, each with its other spellings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[schemars(rename = "EdgeAlgorithm")]
#[schemars(transform = with_aliases)]
pub enum Algorithm {
    /// Random by weight.
    #[serde(rename = "random")]
    Random,
    /// In turn by weight.
    #[serde(rename = "round_robin", alias = "round-robin", alias = "rr")]
    RoundRobin,
    /// A ring of FNV-1a hashes with 64 replicas per weight.
    #[serde(
        rename = "consistent_hash",
        alias = "consistent-hash",
        alias = "ch",
        alias = "ring_hash",
        alias = "ring-hash"
    )]
    ConsistentHash,
    /// The less busy of two random ones.
    #[serde(
        rename = "least_request",
        alias = "least-request",
        alias = "lr",
        alias = "least_connections",
        alias = "least-connections"
    )]
    LeastRequest,
    /// A Maglev table.
    #[serde(rename = "maglev")]
    Maglev,
}

const SPELLINGS: [&str; 15] = [
    "random",
    "round_robin",
    "round-robin",
    "rr",
    "consistent_hash",
    "consistent-hash",
    "ch",
    "ring_hash",
    "ring-hash",
    "least_request",
    "least-request",
    "lr",
    "least_connections",
    "least-connections",
    "maglev",
];

/// The schema lists every spelling that is read.
fn with_aliases(schema: &mut schemars::Schema) {
    schema.remove("oneOf");
    schema.insert("type".to_owned(), "string".into());
    schema.insert("enum".to_owned(), SPELLINGS.iter().copied().collect());
}

/// How a backend is asked whether it lives.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[schemars(rename = "EdgeHealthCheck")]
pub struct HealthCheck {
    /// Whether checks are made. Absent: true.
    pub enabled: Option<bool>,
    /// Path and query. Absent: /health.
    pub path: Option<String>,
    /// Host that is sent. Absent: the backend's address.
    pub host: Option<String>,
    /// Pause between two checks. Absent: 5s.
    pub interval: Option<Time>,
    /// Time for the answer. Absent: 1s.
    pub timeout: Option<Time>,
    /// Status codes that mean alive: numbers and ranges such as 200-399. Absent: 200-399.
    pub statuses: Option<String>,
    /// Failures in a row that take it out. Absent: 3.
    pub failure_threshold: Option<u32>,
    /// Successes in a row that bring it back. Absent: 2.
    pub success_threshold: Option<u32>,
    /// As `failure_threshold`.
    pub unhealthy_threshold: Option<u32>,
    /// As `success_threshold`.
    pub healthy_threshold: Option<u32>,
    /// Time after which successes count again. Absent: 5s.
    pub cooldown: Option<Time>,
}

/// When results of real requests change a backend's state.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[schemars(rename = "EdgePassiveHealth")]
pub struct PassiveHealth {
    /// Failures in a row that take it out. Absent: 3.
    pub failure_threshold: Option<u32>,
    /// Successes in a row that bring it back. Absent: 2.
    pub success_threshold: Option<u32>,
    /// Time after which it is tried again. Absent: 5s.
    pub cooldown: Option<Time>,
}

/// TLS to backends; used with protocol tls or http2. Certificates are always checked.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[schemars(rename = "EdgeBackendTls")]
pub struct BackendTls {
    /// PEM file with the authorities to trust. Absent: the system's.
    pub ca_file: Option<String>,
    /// Further authority files.
    #[serde(default)]
    pub ca_files: Vec<String>,
    /// Server name that is sent and checked. Absent: the backend's host name, else the request's host.
    pub server_name: Option<String>,
    /// Names of which the certificate must have one, instead of `server_name`.
    #[serde(default)]
    pub subject_alt_names: Vec<String>,
    /// PEM file with the certificate that is shown.
    pub cert: Option<String>,
    /// PEM file with its private key.
    pub key: Option<String>,
    /// Least version. Absent: "1.2".
    pub min_version: Option<super::TlsVersion>,
}

/// PROXY protocol version 2 to backends.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[schemars(rename = "EdgeProxyProtocolOut")]
pub struct ProxyProtocolOut {
    /// Whether it is sent. Absent: true.
    pub enabled: Option<bool>,
    /// Whether ALPN, authority and TLS facts of the client's connection are sent along. Absent: true.
    pub details: Option<bool>,
}

/// Ejection of backends that fail more than others.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[schemars(rename = "EdgeOutlierEjection")]
pub struct OutlierEjection {
    /// Failures in a row that eject. Absent: 5.
    pub consecutive_failures: Option<u32>,
    /// Pause between two looks at shares of failures. Absent: 10s.
    pub interval: Option<Time>,
    /// Share of failures in an interval, in percent, that ejects. Absent: 0, only failures in a row count.
    pub failure_percent: Option<u32>,
    /// Least requests in an interval before its share counts. Absent: 50.
    pub minimum_requests: Option<u32>,
    /// First ejection; the nth lasts n times as long. Absent: 30s.
    pub base_time: Option<Time>,
    /// Longest ejection. Absent: 5m.
    pub maximum_time: Option<Time>,
    /// Most backends that are out at a time, in percent; one may always be. Absent: 10.
    pub maximum_percent: Option<u32>,
}

/// Requests in flight per backend.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[schemars(rename = "EdgeInFlight")]
pub struct InFlight {
    /// At a time. Absent: 64.
    pub limit: Option<u32>,
    /// Most that wait. Absent: 256.
    pub queue: Option<u32>,
    /// Longest wait. Absent: 1s.
    pub wait: Option<Time>,
}

/// Connections that are kept.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[schemars(rename = "EdgePool")]
pub struct Pool {
    /// Most idle ones per backend and worker. Absent: 32.
    pub max_idle: Option<u32>,
    /// An idle one is closed after this long. Absent: 60s.
    pub idle_timeout: Option<Time>,
    /// Streams at a time on one HTTP/2 connection. Absent: 100.
    pub streams: Option<u32>,
}

/// How long a backend may take. 0s: no limit.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[schemars(rename = "EdgeBackendTimeouts")]
pub struct BackendTimeouts {
    /// TCP connect and TLS handshake. Absent: 2s.
    pub connect: Option<Time>,
    /// From the end of the request to the response head. Absent: 30s.
    pub response: Option<Time>,
    /// Longest pause between two pieces of a response body. Absent: 30s.
    pub body_idle: Option<Time>,
    /// The whole request, all tries. Absent: no limit.
    pub request: Option<Time>,
}

/// When a request is tried again.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[schemars(rename = "EdgeRetry")]
pub struct Retry {
    /// Tries after the first, at most 16. Absent: 1.
    pub attempts: Option<u32>,
    /// Status codes that are tried again, beside failed connections. Absent: 502, 503 and 504.
    pub codes: Option<Vec<u32>>,
    /// Least time between tries. Absent: 25ms.
    pub backoff: Option<Time>,
}

/// How many tries may be repeats.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[schemars(rename = "EdgeRetryBudget")]
pub struct RetryBudget {
    /// Repeats per hundred requests. Absent: 20.
    pub percent: Option<u32>,
    /// Repeats per second that are always allowed. Absent: 3.
    pub minimum_per_second: Option<u32>,
    /// Most bytes of a request body that are kept for a repeat. Absent: 64KiB.
    pub body: Option<Bytes>,
}

/// Keeps a client on one backend.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[schemars(rename = "EdgeSession")]
pub struct Session {
    /// Name of the cookie.
    pub cookie: Option<String>,
    /// Name of the header, instead of a cookie.
    pub header: Option<String>,
    /// End of a session, counted from its start. Absent: none.
    pub absolute_timeout: Option<Time>,
}
