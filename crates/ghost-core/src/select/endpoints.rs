//! Where services live, ready to be asked for an endpoint.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Draw, Weighted};
use crate::model::{Endpoint, Endpoints, Routes, Service, State};

/// Endpoints by service key. Cheap to share, never changed; an endpoint change never rebuilds routes.
#[derive(Debug, Clone, Default)]
pub struct EndpointTable {
    generation: Option<u64>,
    services: HashMap<Box<str>, ServiceEndpoints, foldhash::fast::FixedState>,
    count: usize,
}

/// The endpoints of one service that may get requests.
#[derive(Debug, Clone, Default)]
pub struct ServiceEndpoints {
    /// How it is spoken to and how endpoints are chosen.
    pub settings: Service,
    /// All endpoints in the order written.
    pub all: Arc<[Endpoint]>,
    /// Places in `all` of those that may be picked.
    usable: Box<[u32]>,
    weights: Weighted,
}

impl EndpointTable {
    /// Joins the services of a routing document with their endpoints: those of the endpoints document where there is one,
    /// else the ones written inline.
    pub fn build(routes: &Routes, endpoints: Option<&Endpoints>) -> Self {
        let endpoints = endpoints.unwrap_or(&routes.endpoints);
        let lists: HashMap<&str, &[Endpoint]> =
            endpoints.services.iter().map(|(key, list)| (&**key, &**list)).collect();
        let services: HashMap<Box<str>, ServiceEndpoints, _> = routes
            .services
            .iter()
            .map(|(key, settings)| {
                (key.clone(), ServiceEndpoints::new(settings, lists.get(&**key).copied().unwrap_or_default()))
            })
            .collect();
        let count = services.values().map(|service| service.all.len()).sum();
        Self { generation: endpoints.generation, services, count }
    }

    /// The generation of the document the endpoints came from.
    pub fn generation(&self) -> Option<u64> {
        self.generation
    }

    /// How many endpoints all services have.
    pub fn count(&self) -> usize {
        self.count
    }

    /// One service.
    pub fn service(&self, key: &str) -> Option<&ServiceEndpoints> {
        self.services.get(key)
    }

    /// Every service, in no order.
    pub fn services(&self) -> impl Iterator<Item = (&str, &ServiceEndpoints)> {
        self.services.iter().map(|(key, service)| (&**key, service))
    }
}

impl ServiceEndpoints {
    fn new(settings: &Service, all: &[Endpoint]) -> Self {
        let usable = usable(settings, all);
        let weights: Vec<u32> = usable
            .iter()
            .filter_map(|index| all.get(*index as usize))
            .map(|endpoint| endpoint.weight)
            .collect();
        Self { settings: settings.clone(), all: all.into(), usable, weights: Weighted::new(&weights) }
    }

    /// Whether any endpoint may get requests.
    pub fn is_available(&self) -> bool {
        self.weights.total() > 0
    }

    /// An endpoint by weight that is not among `tried`; one that was tried when there is no other.
    pub fn pick(&self, draw: Draw, tried: &[&crate::model::Address]) -> Option<&Endpoint> {
        let (first, rest) = self.weights.pick(draw)?;
        let endpoint = self.at(first)?;
        if tried.is_empty() || !tried.contains(&&endpoint.address) {
            return Some(endpoint);
        }
        let others: Vec<&Endpoint> =
            self.candidates().filter(|other| other.weight > 0 && !tried.contains(&&other.address)).collect();
        let weights: Vec<u32> = others.iter().map(|other| other.weight).collect();
        match Weighted::new(&weights).pick(rest) {
            Some((index, _)) => others.get(index).copied(),
            None => Some(endpoint),
        }
    }

    /// The endpoints that may be picked, in the order written.
    pub fn candidates(&self) -> impl Iterator<Item = &Endpoint> {
        self.usable.iter().filter_map(|index| self.all.get(*index as usize))
    }

    fn at(&self, place: usize) -> Option<&Endpoint> {
        self.all.get(*self.usable.get(place)? as usize)
    }
}

/// Ready ones with the active tag, those of the preferred zone before all others; terminating ones that still serve
/// only where nothing is ready (Kubernetes EndpointConditions.serving).
fn usable(settings: &Service, all: &[Endpoint]) -> Box<[u32]> {
    let tagged =
        |endpoint: &Endpoint| settings.active_tag.as_ref().is_none_or(|tag| endpoint.tags.contains(tag));
    let in_zone = |endpoint: &Endpoint| settings.zone.is_some() && endpoint.zone == settings.zone;
    let among = |wanted: &dyn Fn(&Endpoint) -> bool| -> Box<[u32]> {
        (0_u32..)
            .zip(all)
            .filter(|(_, endpoint)| tagged(endpoint) && endpoint.weight > 0 && wanted(endpoint))
            .map(|(index, _)| index)
            .collect()
    };
    for state in [State::Ready, State::Serving] {
        let near = among(&|endpoint| endpoint.state == state && in_zone(endpoint));
        if !near.is_empty() {
            return near;
        }
        let far = among(&|endpoint| endpoint.state == state);
        if !far.is_empty() {
            return far;
        }
    }
    Box::default()
}
