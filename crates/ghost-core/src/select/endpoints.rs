//! Where services live, ready to be asked for an endpoint.

use std::collections::HashMap;
use std::sync::Arc;

use super::balance::{Group, PickInput, earned};
use super::session::is_session_of;
use crate::model::{Endpoint, Endpoints, Routes, Service, State};

/// Endpoints by service key. Cheap to share, never changed; an endpoint change never rebuilds routes.
#[derive(Debug, Clone, Default)]
pub struct EndpointTable {
    generation: Option<u64>,
    services: HashMap<Box<str>, ServiceEndpoints, foldhash::fast::FixedState>,
    count: usize,
}

/// The endpoints of one service.
#[derive(Debug, Clone, Default)]
pub struct ServiceEndpoints {
    /// How it is spoken to and how endpoints are chosen.
    pub settings: Service,
    /// All endpoints in the order written.
    pub all: Arc<[Endpoint]>,
    /// Those that may be picked, in groups; a group is used while any of its endpoints is usable.
    groups: Box<[Group]>,
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
        let groups = groups(settings, all);
        Self { settings: settings.clone(), all: all.into(), groups }
    }

    /// Whether any endpoint may get requests, health aside.
    pub fn is_available(&self) -> bool {
        !self.groups.is_empty()
    }

    /// An endpoint for a request; `None` where none is usable.
    pub fn pick(&self, input: &PickInput<'_>) -> Option<&Endpoint> {
        if let Some(endpoint) = input.session.and_then(|key| self.of_session(key, input)) {
            return Some(endpoint);
        }
        self.groups.iter().find_map(|group| self.pick_from(group, input))
    }

    fn pick_from(&self, group: &Group, input: &PickInput<'_>) -> Option<&Endpoint> {
        let first = group.first_choice(&self.all, input)?;
        let rest = super::Draw::from_bits(input.draw.bits().rotate_left(32));
        if (input.usable)(first) && earned(first, rest, input) || self.panics(group, input) {
            return Some(first);
        }
        group.next_choice(&self.all, input)
    }

    /// Below the panic threshold health is ignored: a few survivors would only be overrun.
    fn panics(&self, group: &Group, input: &PickInput<'_>) -> bool {
        let threshold = usize::from(self.settings.load_balancing.panic_threshold);
        if threshold == 0 {
            return false;
        }
        let (healthy, all) = group.members(&self.all).fold((0, 0), |(healthy, all), endpoint| {
            (healthy + usize::from((input.usable)(endpoint)), all + 1)
        });
        healthy * 100 < threshold * all
    }

    /// A client stays where it was, as long as that endpoint is not down.
    fn of_session(&self, key: u64, input: &PickInput<'_>) -> Option<&Endpoint> {
        let named = self.all.iter().find(|endpoint| is_session_of(&endpoint.address, key))?;
        (named.state != State::Down && (input.usable)(named)).then_some(named)
    }

    /// The endpoints that may be picked while all are healthy, in the order written.
    pub fn candidates(&self) -> impl Iterator<Item = &Endpoint> {
        self.groups.iter().take(1).flat_map(|group| group.members(&self.all))
    }
}

/// Ready endpoints with the active tag, those of the preferred zone before all others; terminating ones that still serve
/// only behind them (Kubernetes EndpointConditions.serving).
fn groups(settings: &Service, all: &[Endpoint]) -> Box<[Group]> {
    let tagged =
        |endpoint: &Endpoint| settings.active_tag.as_ref().is_none_or(|tag| endpoint.tags.contains(tag));
    let in_zone = |endpoint: &Endpoint| settings.zone.is_some() && endpoint.zone == settings.zone;
    let mut groups = Vec::new();
    for (state, near) in
        [(State::Ready, true), (State::Ready, false), (State::Serving, true), (State::Serving, false)]
    {
        let belongs = |endpoint: &Endpoint| {
            tagged(endpoint) && endpoint.weight > 0 && endpoint.state == state && in_zone(endpoint) == near
        };
        let members: Box<[u32]> =
            (0_u32..).zip(all).filter(|(_, endpoint)| belongs(endpoint)).map(|(index, _)| index).collect();
        if !members.is_empty() {
            groups.push(Group::new(settings.load_balancing.kind, members, all));
        }
    }
    groups.into()
}
