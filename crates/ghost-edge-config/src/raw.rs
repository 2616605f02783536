//! The edge's document as written: shapes only, nothing judged yet.
//!
//! These types are the one source of reader, JSON Schema and documentation. Keys are snake_case; every default stands in
//! the description of its key. `routes` and `services` keep the spelling of `ghost.json`.

mod backend;
mod listener;
mod policy;
mod settings;
mod value;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

pub use backend::*;
pub use listener::*;
pub use policy::*;
pub use settings::*;
pub use value::{Bytes, Time};

/// Configuration of `ghost-edge`, in YAML or TOML.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(title = "ghost-edge configuration")]
pub struct Edge {
    /// Where editors find the schema of this file. Ignored by Ghost.
    #[serde(rename = "$schema")]
    pub schema: Option<String>,
    /// Major version of the format. Absent: 1.
    pub version: Option<u32>,
    /// One listener. Absent, and no `listeners`: HTTP on port 80 and, where there are certificates, HTTPS on port 443 for
    /// `domains`; else one listener with all its defaults.
    pub listen: Option<Listen>,
    /// Several listeners.
    #[serde(default)]
    pub listeners: Vec<Listen>,
    /// Certificates for every listener that ends TLS.
    #[serde(default)]
    pub certificates: Vec<Certificate>,
    /// Virtual hosts whose requests go to the backends with one tag.
    #[serde(default)]
    pub domains: Vec<Domain>,
    /// Backends of all domains.
    #[serde(default)]
    pub backends: Vec<Backend>,
    /// Groups of backends with the requests they take, by name.
    #[serde(default)]
    pub upstream: BTreeMap<String, Upstream>,
    /// Routes as `ghost.json` has them; their services are upstreams, by name, or stand in `services`.
    #[serde(default)]
    #[schemars(with = "Vec<ghost_core::config::raw::Route<'static>>")]
    pub routes: Vec<serde_json::Value>,
    /// Services as `ghost.json` has them, by key.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, ghost_core::config::raw::Service<'static>>")]
    pub services: BTreeMap<String, serde_json::Value>,
    /// A `ghost.json` with more routes and services; relative to this file.
    pub routes_file: Option<String>,
    /// How services of `routes_file` and `services` are spoken to, by key; where they live is said there.
    #[serde(default)]
    pub policies: BTreeMap<String, Policy>,
    /// How services are spoken to where they say nothing themselves. Keys beside this one, such as `load_balancing`, are
    /// the same settings.
    #[serde(flatten)]
    pub defaults: Policy,
    /// What a client may cost.
    #[serde(default)]
    pub limits: Limits,
    /// How long a client may take.
    #[serde(default)]
    pub client_timeouts: ClientTimeouts,
    /// Whose words about a request are believed.
    #[serde(default)]
    pub trust: Trust,
    /// What the edge says about itself.
    #[serde(default)]
    pub log: Log,
    /// One line per request.
    #[serde(default)]
    pub access_log: AccessLog,
    /// Prometheus metrics.
    #[serde(default)]
    pub metrics: Metrics,
    /// Management API.
    #[serde(default)]
    pub admin: Admin,
    /// Requests in flight may end this long after the signal to stop. Absent: 5s.
    pub drain_timeout: Option<Time>,
    /// A varnishd with the same routes that requests go through.
    pub varnish: Option<Varnish>,
    /// Folder for the last good configuration, ticket keys and health states. Absent: nothing is kept.
    pub state_directory: Option<String>,
    /// Threads that serve. Absent: one per core.
    pub workers: Option<u16>,
}
