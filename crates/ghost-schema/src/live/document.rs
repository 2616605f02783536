//! The endpoints document with what is known.

use std::collections::HashMap;

use ghost_core::model::{Address, Endpoint, Service, State};
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use super::LiveEndpoints;

/// `endpoints.json`, as ghost-core reads it.
#[derive(Serialize)]
pub(super) struct Written {
    version: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    generation: Option<u64>,
    #[serde(serialize_with = "as_map")]
    services: Vec<(Box<str>, List)>,
}

#[derive(Serialize)]
struct List {
    endpoints: Vec<One>,
}

#[derive(Serialize)]
struct One {
    address: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    port: Option<u16>,
    weight: u32,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    tags: Box<[Box<str>]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    zone: Option<Box<str>>,
    state: State,
}

/// Keys stay in the order written.
fn as_map<S: Serializer>(services: &[(Box<str>, List)], serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(services.len()))?;
    for (key, list) in services {
        map.serialize_entry(key, list)?;
    }
    map.end()
}

pub(super) fn document(live: &LiveEndpoints) -> Written {
    let mut asking: HashMap<&str, &Service> = live.asking.iter().map(|(key, own)| (&**key, own)).collect();
    let written = live.written();
    let mut services = Vec::with_capacity(written.services.len());
    for (key, list) in &written.services {
        let endpoints = match asking.remove(&**key) {
            Some(settings) => known(live, key, settings),
            None => list.iter().cloned().map(One::from).collect(),
        };
        services.push((key.clone(), List { endpoints }));
    }
    for (key, settings) in &live.asking {
        if asking.remove(&**key).is_some() {
            services.push((key.clone(), List { endpoints: known(live, key, settings) }));
        }
    }
    Written { version: 1, generation: written.generation, services }
}

fn known(live: &LiveEndpoints, key: &str, settings: &Service) -> Vec<One> {
    let mut endpoints = live.endpoints_of(key, settings);
    if settings.health_check.is_none() {
        return endpoints.into_iter().map(One::from).collect();
    }
    let is_unhealthy = |endpoint: &Endpoint| !live.is_healthy(key, &endpoint.address);
    let asked = endpoints.iter().filter(|endpoint| endpoint.state != State::Down);
    let (all, out) =
        asked.fold((0, 0), |(all, out), endpoint| (all + 1, out + usize::from(is_unhealthy(endpoint))));
    // Below the panic threshold health is ignored: a few survivors would only be overrun.
    let threshold = usize::from(settings.load_balancing.panic_threshold);
    if (all - out) * 100 >= threshold * all {
        for endpoint in &mut endpoints {
            if is_unhealthy(endpoint) {
                endpoint.state = State::Down;
            }
        }
    }
    endpoints.into_iter().map(One::from).collect()
}

impl From<Endpoint> for One {
    fn from(Endpoint { address, weight, tags, zone, state }: Endpoint) -> Self {
        let (address, port) = match address {
            Address::Ip(ip, port) => (ip.to_string(), Some(port)),
            Address::Unix(_) => (address.to_string(), None),
        };
        Self { address, port, weight, tags, zone, state }
    }
}
