//! What is to be probed and resolved.

use ghost_core::model::{Address, HealthCheck, HealthCheckKind, ServiceProtocol, State};
use schemars::JsonSchema;
use serde::Serialize;

use super::LiveEndpoints;

/// What services ask for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LivePlan {
    /// Services whose endpoints are probed.
    pub checks: Vec<PlannedCheck>,
    /// Services whose names are resolved.
    pub names: Vec<PlannedName>,
}

/// A service whose endpoints are probed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PlannedCheck {
    /// Its key.
    pub service: Box<str>,
    /// What it speaks.
    pub protocol: ServiceProtocol,
    /// How it is asked.
    pub check: HealthCheckPlan,
    /// Those that are asked: all that their document does not say are down.
    pub endpoints: Vec<PlannedEndpoint>,
}

/// How endpoints are asked. Times are in milliseconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct HealthCheckPlan {
    /// What is asked.
    #[serde(rename = "type")]
    pub kind: HealthCheckKind,
    /// Path and query of an http check.
    pub path: Box<str>,
    /// Host that is sent; null: the endpoint's address.
    pub host: Option<Box<str>>,
    /// Status codes that mean alive, lowest and highest.
    pub statuses: Box<[(u16, u16)]>,
    /// Service that a grpc check asks for; empty: the server as a whole.
    pub grpc_service: Box<str>,
    /// Pause between two checks of an endpoint.
    pub interval: u64,
    /// Time for connection and answer.
    pub timeout: u64,
}

/// An endpoint that is probed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PlannedEndpoint {
    /// As decisions name it: `10.0.0.7:3000`, `[2001:db8::1]:80` or `unix:/path`.
    pub endpoint: String,
    /// IP address, or the path of a Unix socket.
    pub address: String,
    /// TCP port; null for a Unix socket.
    pub port: Option<u16>,
    /// Whether it gets requests, as far as probes go.
    pub healthy: bool,
}

/// A name that is resolved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PlannedName {
    /// Key of the service.
    pub service: Box<str>,
    /// Host name.
    pub hostname: Box<str>,
    /// TCP port of every address.
    pub port: u16,
}

pub(super) fn plan(live: &LiveEndpoints) -> LivePlan {
    let checks = live.asking.iter().filter_map(|(key, settings)| {
        let check = settings.health_check.as_deref()?;
        let endpoints = live.endpoints_of(key, settings).into_iter();
        let asked = endpoints.filter(|endpoint| endpoint.state != State::Down);
        Some(PlannedCheck {
            service: key.clone(),
            protocol: settings.protocol,
            check: check.into(),
            endpoints: asked
                .map(|endpoint| {
                    PlannedEndpoint::new(&endpoint.address, live.is_healthy(key, &endpoint.address))
                })
                .collect(),
        })
    });
    let names = live.asking.iter().filter_map(|(key, settings)| {
        let resolve = settings.resolve.as_deref()?;
        Some(PlannedName { service: key.clone(), hostname: resolve.hostname.clone(), port: resolve.port })
    });
    LivePlan { checks: checks.collect(), names: names.collect() }
}

impl PlannedEndpoint {
    fn new(address: &Address, healthy: bool) -> Self {
        let (text, port) = match address {
            Address::Ip(ip, port) => (ip.to_string(), Some(*port)),
            Address::Unix(path) => (path.to_string(), None),
        };
        Self { endpoint: address.to_string(), address: text, port, healthy }
    }
}

impl From<&HealthCheck> for HealthCheckPlan {
    fn from(check: &HealthCheck) -> Self {
        Self {
            kind: check.kind,
            path: check.path.clone(),
            host: check.host.clone(),
            statuses: check.statuses.clone(),
            grpc_service: check.grpc_service.clone(),
            interval: check.interval,
            timeout: check.timeout,
        }
    }
}
