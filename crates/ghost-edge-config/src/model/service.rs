//! How services are spoken to. How an endpoint is chosen stands in `routes` (ghost-core's `Service`).

use std::time::Duration;

use ghost_core::select::health::Thresholds;

use super::{AuthoritiesFile, TlsVersion};

/// How a service is spoken to. Its protocol is that of ghost-core's `Service`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServicePolicy {
    /// TLS to its endpoints; used where the service's protocol has TLS.
    pub tls: BackendTls,
    /// PROXY protocol in front of every connection; such connections are used for one client only.
    pub proxy_protocol: Option<ProxyProtocolOut>,
    /// Active checks; `None`: none are made.
    pub health_check: Option<HealthCheck>,
    /// When results of real requests take an endpoint out and checks bring it back.
    pub thresholds: Thresholds,
    /// Ejection of endpoints that fail more than others; `None`: off.
    pub outlier_ejection: Option<OutlierEjection>,
    /// Requests at a time.
    pub in_flight: InFlight,
    /// Connections that are kept.
    pub pool: ConnectionPool,
    /// Time for TCP connect, PROXY header and TLS handshake together.
    pub connect_timeout: Duration,
    /// Time from the end of the request to the response head, where the route sets none; zero: no limit.
    pub response_timeout: Duration,
    /// Longest pause between two pieces of a response body; zero: no limit.
    pub body_idle_timeout: Duration,
    /// How many tries may be repeats.
    pub retry_budget: RetryBudget,
    /// A response body that is longer, in bytes, ends the stream with an error; 0: no limit.
    pub max_response_body: u64,
}

/// TLS to endpoints. Certificates are always checked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BackendTls {
    /// Whom to trust.
    pub trust: TrustAnchors,
    /// Server name that is sent and checked; `None`: the backend's name where it has one, else the request's host.
    pub server_name: Option<Box<str>>,
    /// Names of which the certificate must have one, instead of `server_name`; empty: `server_name` alone.
    pub subject_alt_names: Vec<Box<str>>,
    /// What the edge shows of itself.
    pub client_certificate: Option<ClientCertificate>,
    /// Least version.
    pub min_version: TlsVersion,
}

/// Whom to trust.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum TrustAnchors {
    /// The system's authorities.
    #[default]
    System,
    /// These alone; at least one.
    Files(Vec<AuthoritiesFile>),
}

/// Certificate and key that the edge shows to endpoints.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ClientCertificate {
    /// PEM, leaf first.
    pub certificate_file: Box<str>,
    /// PEM, one private key.
    pub key_file: Box<str>,
}

/// PROXY protocol version 2 to endpoints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProxyProtocolOut {
    /// Whether ALPN, authority and TLS facts of the client's connection are sent along.
    pub details: bool,
}

/// How an endpoint is asked whether it lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HealthCheck {
    /// Path and query.
    pub path: Box<str>,
    /// Host that is sent; `None`: the endpoint's address.
    pub host: Option<Box<str>>,
    /// Pause between two checks of one endpoint; a tenth of it is random.
    pub interval: Duration,
    /// Time for connection and whole response head.
    pub timeout: Duration,
    /// Status codes that mean alive, lowest and highest.
    pub statuses: Vec<(u16, u16)>,
    /// When the state changes.
    pub thresholds: Thresholds,
}

impl HealthCheck {
    /// Whether a status means alive.
    pub fn takes(&self, status: u16) -> bool {
        self.statuses.iter().any(|(low, high)| (*low..=*high).contains(&status))
    }
}

/// Ejection of endpoints that answer 5xx or not at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutlierEjection {
    /// Failures in a row that eject.
    pub consecutive_failures: u32,
    /// Pause between two looks at failure shares.
    pub interval: Duration,
    /// Share of failures in an interval, in percent, that ejects; 0: only failures in a row count.
    pub failure_percent: u8,
    /// Least requests in an interval before its share counts.
    pub minimum_requests: u32,
    /// First ejection; the nth lasts n times as long.
    pub base_time: Duration,
    /// Longest ejection.
    pub maximum_time: Duration,
    /// Most of a service's endpoints that are out at a time, in percent; one may always be.
    pub maximum_percent: u8,
}

/// Requests in flight per endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InFlight {
    /// At a time.
    pub limit: u32,
    /// Most that wait for their turn; one more is answered 503 at once.
    pub queue: u32,
    /// Longest wait; then 503.
    pub wait: Duration,
}

/// Connections to one endpoint that are kept for the next request, per worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConnectionPool {
    /// Most idle ones; 0: none is kept.
    pub max_idle: u32,
    /// An idle one is closed after this long.
    pub idle_timeout: Duration,
    /// Streams at a time on one HTTP/2 connection, before another is opened.
    pub streams: u32,
}

/// How many tries may be repeats, so that retries cannot multiply an outage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryBudget {
    /// Repeats per hundred requests of the last ten seconds.
    pub percent: u8,
    /// Repeats per second that are always allowed.
    pub minimum_per_second: u32,
    /// Most bytes of a request body that are kept for a repeat; a longer body is never sent twice.
    pub body_bytes: u32,
}
