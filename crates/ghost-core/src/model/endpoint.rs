//! Where services live.

use std::fmt;
use std::net::IpAddr;

pub use crate::config::raw::EndpointState as State;

use super::{HealthCheck, LoadBalancingKind, ServiceProtocol};

/// How a service is spoken to and how its endpoints are chosen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Service {
    /// What the endpoints speak.
    pub protocol: ServiceProtocol,
    /// How an endpoint is chosen.
    pub load_balancing: LoadBalancing,
    /// Only endpoints with this tag are used.
    pub active_tag: Option<Box<str>>,
    /// Endpoints of this zone are preferred.
    pub zone: Option<Box<str>>,
    /// How endpoints are asked whether they live.
    pub health_check: Option<Box<HealthCheck>>,
    /// A name whose addresses are endpoints too.
    pub resolve: Option<Box<Resolve>>,
}

/// A name to resolve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolve {
    /// Host name in its canonical form; no address.
    pub hostname: Box<str>,
    /// TCP port of every address.
    pub port: u16,
}

/// How an endpoint is chosen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LoadBalancing {
    /// The algorithm.
    pub kind: LoadBalancingKind,
    /// What the consistent hashes hash.
    pub hash_on: HashOn,
    /// Milliseconds a new endpoint takes to earn its whole weight; 0 is none.
    pub slow_start: u64,
    /// Share of healthy endpoints, in percent, below which health is ignored; 0 is never.
    pub panic_threshold: u8,
}

/// Where a hash key comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum HashOn {
    /// The client's address.
    #[default]
    ClientAddress,
    /// The canonical host.
    Host,
    /// The canonical path.
    Path,
    /// A header, by lower-case name.
    Header(Box<str>),
    /// A cookie, by name.
    Cookie(Box<str>),
}

/// Endpoints by service key, each list in the order written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Endpoints {
    /// The file's generation, where its writer set one.
    pub generation: Option<u64>,
    /// The lists.
    pub services: Vec<(Box<str>, Vec<Endpoint>)>,
}

/// One address of a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// Where it is.
    pub address: Address,
    /// Share among the service's endpoints, 0 to 1,000,000.
    pub weight: u32,
    /// Labels that the active tag chooses by.
    pub tags: Box<[Box<str>]>,
    /// Failure domain.
    pub zone: Option<Box<str>>,
    /// Whether it may get requests.
    pub state: State,
}

/// An address a connection can be made to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Address {
    /// TCP.
    Ip(IpAddr, u16),
    /// Unix socket, absolute path.
    Unix(Box<str>),
}

impl fmt::Display for Address {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Address::Ip(IpAddr::V4(address), port) => write!(out, "{address}:{port}"),
            Address::Ip(IpAddr::V6(address), port) => write!(out, "[{address}]:{port}"),
            Address::Unix(path) => write!(out, "unix:{path}"),
        }
    }
}
