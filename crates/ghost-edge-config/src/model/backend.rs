//! Where services live, and virtual hosts.

use std::fmt;
use std::net::IpAddr;

use ghost_core::model::{Address, Endpoint, Endpoints, State};

use super::EdgeConfiguration;

/// One backend as written: an address, or a name that stands for several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backend {
    /// Unique among all backends: what the management API calls it.
    pub id: Box<str>,
    /// `file:line:column`.
    pub source: Box<str>,
    /// Services it belongs to, by key. A backend of the top-level list belongs to every domain.
    pub services: Vec<Box<str>>,
    /// Where it is.
    pub address: BackendAddress,
    /// Share among the service's endpoints, 0 to 1,000,000.
    pub weight: u32,
    /// Labels that a service's active tag chooses by.
    pub tags: Box<[Box<str>]>,
    /// Failure domain.
    pub zone: Option<Box<str>>,
    /// A disabled one gets no requests.
    pub enabled: bool,
    /// How it is asked whether it lives; `None`: as its service says.
    pub health_check: Option<super::HealthCheck>,
}

/// Where a backend is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BackendAddress {
    /// A fixed address or a Unix socket.
    Fixed(Address),
    /// A DNS name and a port; every address of the name is an endpoint.
    Name(Box<str>, u16),
}

impl fmt::Display for BackendAddress {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BackendAddress::Fixed(address) => address.fmt(out),
            BackendAddress::Name(name, port) => write!(out, "{name}:{port}"),
        }
    }
}

/// A virtual host with tagged backends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Domain {
    /// Host name, exact or `*.suffix`.
    pub domain: Box<str>,
    /// `file:line:column`.
    pub source: Box<str>,
    /// Key of its service in `routes`.
    pub service: Box<str>,
    /// Only backends with this tag get its requests.
    pub enabled_backends_tag: Box<str>,
    /// Plain requests are redirected to HTTPS.
    pub http_to_https: bool,
}

impl EdgeConfiguration {
    /// Names that have to be resolved, each once, in the order written.
    pub fn names_to_resolve(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for backend in &self.backends {
            if let BackendAddress::Name(name, _) = &backend.address
                && !names.contains(&&**name)
            {
                names.push(name);
            }
        }
        names
    }

    /// Endpoint lists for `EndpointTable::build`: this file's backends, names as `resolved` has them (a name without
    /// addresses gives no endpoint), after the lists that came with `routes`.
    pub fn endpoints(&self, generation: Option<u64>, resolved: &dyn Fn(&str) -> Vec<IpAddr>) -> Endpoints {
        let mut services = self.routes.endpoints.services.clone();
        for backend in &self.backends {
            let endpoints = backend.endpoints(resolved);
            for key in &backend.services {
                match services.iter_mut().find(|(known, _)| known == key) {
                    Some((_, list)) => extend(list, &endpoints),
                    None => services.push((key.clone(), endpoints.clone())),
                }
            }
        }
        Endpoints { generation, services }
    }
}

fn extend(list: &mut Vec<Endpoint>, more: &[Endpoint]) {
    for endpoint in more {
        if !list.iter().any(|known| known.address == endpoint.address) {
            list.push(endpoint.clone());
        }
    }
}

impl Backend {
    fn endpoints(&self, resolved: &dyn Fn(&str) -> Vec<IpAddr>) -> Vec<Endpoint> {
        let addresses = match &self.address {
            BackendAddress::Fixed(address) => vec![address.clone()],
            BackendAddress::Name(name, port) => {
                resolved(name).into_iter().map(|address| Address::Ip(address, *port)).collect()
            }
        };
        let endpoint = |address| Endpoint {
            address,
            weight: self.weight,
            tags: self.tags.clone(),
            zone: self.zone.clone(),
            state: if self.enabled { State::Ready } else { State::Down },
        };
        addresses.into_iter().map(endpoint).collect()
    }
}
