//! The checked configuration: valid by construction, every default filled in, nothing left to judge.
//!
//! Values are made by this crate's check only. Times are [`Duration`]s, sizes are bytes, file names are as written (relative
//! ones mean the folder of the configuration file). What routes requests is [`ghost_core`]'s own checked document; what
//! stands here is how the edge listens, speaks to endpoints, limits, trusts and reports.

mod access;
mod backend;
mod listener;
mod observe;
mod service;

use std::time::Duration;

pub use access::{HeaderTrust, Limits, Network, Timeouts, Trust};
pub use backend::{Backend, BackendAddress, Domain};
pub use listener::{
    Alpn, AuthoritiesFile, Bind, Certificate, CertificateFacts, ClientAuth, ClientAuthMode, HttpsRedirect,
    Listener, ListenerTls, Passthrough, Protocol, ProxyProtocolIn, TlsVersion,
};
pub use observe::{
    AccessLog, AccessLogFormat, Admin, AdminCredential, Log, LogFormat, LogLevel, LogOutput, Metrics,
    QueryLogging, Secret,
};
pub use service::{
    BackendTls, ClientCertificate, ConnectionPool, HealthCheck, InFlight, OutlierEjection, ProxyProtocolOut,
    RetryBudget, ServicePolicy, TrustAnchors,
};

/// Everything the edge is told.
#[derive(Debug, Clone)]
pub struct EdgeConfiguration {
    /// Where requests enter, in the order written; at least one.
    pub listeners: Vec<Listener>,
    /// Who wants what, ready for `RouteTable::build`: the routes of domains, upstreams and `routes_file` in one document.
    /// Its endpoint lists are empty for services of this file (their endpoints are [`EdgeConfiguration::backends`]).
    pub routes: ghost_core::model::Routes,
    /// Files that were read to make `routes`; a change of any of them is a change of the configuration.
    pub watched_files: Vec<Box<str>>,
    /// How each service is spoken to, by service key, sorted by key. A service that is missing here has
    /// [`EdgeConfiguration::default_policy`].
    pub services: Vec<(Box<str>, ServicePolicy)>,
    /// What holds for services that say nothing themselves.
    pub default_policy: ServicePolicy,
    /// Where services of this file live, in the order written; [`EdgeConfiguration::endpoints`] makes endpoint lists of
    /// them.
    pub backends: Vec<Backend>,
    /// Virtual hosts as written; each is a route and a service in `routes`, too.
    pub domains: Vec<Domain>,
    /// What a client may cost.
    pub limits: Limits,
    /// How long a client may take.
    pub timeouts: Timeouts,
    /// Whose words about a request are believed.
    pub trust: Trust,
    /// One line per request; `None`: no access log.
    pub access_log: Option<AccessLog>,
    /// What the edge says about itself.
    pub log: Log,
    /// Prometheus metrics; `None`: not served on an address of their own.
    pub metrics: Option<Metrics>,
    /// Management API; `None`: not served.
    pub admin: Option<Admin>,
    /// Requests in flight may end this long after the signal to stop.
    pub drain: Duration,
    /// Whether and when requests go through a varnishd that the edge shares its table with.
    pub varnish: Option<Varnish>,
    /// Folder for the last good configuration, ticket keys and health states; `None`: nothing is kept.
    pub state_directory: Option<Box<str>>,
    /// Threads that serve, each with sockets of its own; `None`: one per core.
    pub workers: Option<u16>,
}

/// The leg to a varnishd that loaded `vmod_ghost` with the same routes: there the VMOD alone decides and filters, the edge
/// passes listener, scheme and client over the trusted socket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Varnish {
    /// Absolute path of varnishd's Unix socket.
    pub socket: Box<str>,
    /// Which requests go there.
    pub when: VarnishUse,
    /// Connections kept open to the socket by each worker.
    pub pool: ConnectionPool,
    /// Time for the first byte of the response head.
    pub response_timeout: Duration,
}

/// Which requests go through varnishd.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VarnishUse {
    /// All of them.
    Always,
    /// GET and HEAD.
    Cacheable,
    /// Those for these listeners, by name.
    Listeners(Box<[Box<str>]>),
}

impl EdgeConfiguration {
    /// How a service is spoken to.
    pub fn policy(&self, service: &str) -> &ServicePolicy {
        self.services
            .binary_search_by(|(key, _)| (**key).cmp(service))
            .ok()
            .and_then(|index| self.services.get(index))
            .map_or(&self.default_policy, |(_, policy)| policy)
    }
}
