//! How endpoints are asked whether they live: carried as data, asked elsewhere.

use super::HealthCheckKind;

/// How endpoints of a service are asked. Times are in milliseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HealthCheck {
    /// What is asked.
    pub kind: HealthCheckKind,
    /// Path and query of an http check.
    pub path: Box<str>,
    /// Host that is sent; `None`: the endpoint's address.
    pub host: Option<Box<str>>,
    /// Status codes that mean alive, lowest and highest.
    pub statuses: Box<[(u16, u16)]>,
    /// Service that a grpc check asks for; empty: the server as a whole.
    pub grpc_service: Box<str>,
    /// Pause between two checks of an endpoint.
    pub interval: u64,
    /// Time for connection and answer.
    pub timeout: u64,
    /// When the state changes.
    pub thresholds: Thresholds,
}

/// When an endpoint changes its state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Thresholds {
    /// Failures in a row that make it unhealthy, at least 1.
    pub failures: u32,
    /// Successes in a row that make it healthy again, at least 1.
    pub successes: u32,
    /// Milliseconds after it became unhealthy before successes count.
    pub cooldown: u64,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self { failures: 3, successes: 2, cooldown: 5_000 }
    }
}
