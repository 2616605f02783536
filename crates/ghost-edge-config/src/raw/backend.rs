//! Domains, upstreams and backends.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{HealthCheck, Policy};

/// A virtual host whose requests go to the backends with one tag.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[schemars(rename = "EdgeDomain")]
pub struct Domain {
    /// Host name, exact or `*.suffix`.
    pub domain: String,
    /// Only backends with this tag get its requests.
    pub enabled_backends_tag: String,
    /// Plain requests are redirected to HTTPS. Absent: false.
    pub http_to_https: Option<bool>,
    /// How its backends are spoken to.
    #[serde(flatten)]
    pub policy: Policy,
}

/// A group of backends with the requests they take.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[schemars(rename = "EdgeUpstream")]
pub struct Upstream {
    /// Requests it takes. Absent, and no `matches`: every request, unless there are `routes` or `routes_file`.
    pub route: Option<RouteMatch>,
    /// Several kinds of requests it takes.
    #[serde(default)]
    pub matches: Vec<RouteMatch>,
    /// Its backends; at least one.
    #[serde(default)]
    pub backends: Vec<Backend>,
    /// Only backends with this tag are used. Absent: all.
    pub enabled_backends_tag: Option<String>,
    /// How its backends are spoken to.
    #[serde(flatten)]
    pub policy: Policy,
}

/// Requests that an upstream takes: all given conditions hold. The longest path prefix wins.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[schemars(rename = "EdgeRouteMatch")]
pub struct RouteMatch {
    /// Host, exact or `*.suffix`. Absent: any.
    pub host: Option<String>,
    /// Several hosts.
    #[serde(default)]
    pub hosts: Vec<String>,
    /// Path prefix in whole segments. Absent, and no `path`: every path.
    pub path_prefix: Option<String>,
    /// The whole path.
    pub path: Option<String>,
    /// Method. Absent: any.
    pub method: Option<String>,
    /// Several methods.
    #[serde(default)]
    pub methods: Vec<String>,
    /// Names of the listeners it is for. Absent: all.
    pub listeners: Option<Vec<String>>,
}

/// A place where requests go.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[schemars(rename = "EdgeBackend")]
pub struct Backend {
    /// Unique name, for logs and the management API. Required at the top level; in an upstream, absent: its name and the
    /// place in the list.
    pub id: Option<String>,
    /// `host:port`, `address:port`, `[IPv6]:port` or `unix:/path`. A host name is resolved again and again.
    pub address: String,
    /// Share among the backends, 0 to 1000000. Absent: 100.
    pub weight: Option<u32>,
    /// Labels that `enabled_backends_tag` chooses by.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Whether it gets requests. Absent: true.
    pub enabled: Option<bool>,
    /// Failure domain.
    pub zone: Option<String>,
    /// How it is asked whether it lives. Absent: as its upstream says.
    pub health_check: Option<HealthCheck>,
}
