//! What is learnt about endpoints while they serve, health and addresses of names, as an endpoints document.
//!
//! Whoever probes and resolves tells results here; when an endpoint changes its state is ghost-core's to say. Documents
//! come in as they were written, and nothing of them is ever changed but what is told about the world: routes stay as
//! they are, and endpoints go out as a document of their own.

mod document;
mod plan;

use std::collections::HashMap;
use std::net::IpAddr;

use ghost_core::model::{Address, Endpoint, Endpoints, Routes, Service, State};
use ghost_core::select::health::{Health, Observation, Thresholds};
use ghost_core::{check, check_endpoints};

use crate::failure::{Failure, FailureCode};
use crate::table::json;

pub use plan::{HealthCheckPlan, LivePlan, PlannedCheck, PlannedEndpoint, PlannedName};

/// Endpoints as documents have them, and what is known beside.
#[derive(Debug, Default)]
pub struct LiveEndpoints {
    /// Services by key, those that ask for something alone.
    asking: Vec<(Box<str>, Service)>,
    /// What the routes document holds itself.
    inline: Endpoints,
    /// What stands apart, where there is such a document.
    apart: Option<Endpoints>,
    /// Where in the document each service stands.
    places: HashMap<Box<str>, usize>,
    probed: HashMap<Box<str>, Probed>,
    /// Addresses of each service's name, sorted.
    resolved: HashMap<Box<str>, Vec<IpAddr>>,
}

/// A service whose endpoints are probed.
#[derive(Debug)]
struct Probed {
    thresholds: Thresholds,
    /// By endpoint, as decisions name it.
    endpoints: HashMap<String, Health>,
}

impl LiveEndpoints {
    /// Nothing is known.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes routes in; false where they cannot be read, and those before stay.
    pub fn set_routes(&mut self, document: &[u8], file: &str) -> bool {
        let Some(Routes { services, endpoints, .. }) = check(document, file).routes else { return false };
        let asks = |service: &Service| service.health_check.is_some() || service.resolve.is_some();
        self.asking = services.into_iter().filter(|(_, service)| asks(service)).collect();
        // Without a question nothing is answered, so nothing need be kept.
        self.inline = if self.asking.is_empty() { Endpoints::default() } else { endpoints };
        self.refresh();
        true
    }

    /// Takes an endpoints document in, or that there is none; false where it cannot be read, and the one before stays.
    pub fn set_endpoints(&mut self, document: Option<(&[u8], &str)>) -> bool {
        let read = document.map(|(bytes, file)| check_endpoints(bytes, file).endpoints);
        if let Some(None) = read {
            return false;
        }
        self.apart = read.flatten();
        self.refresh();
        true
    }

    /// Whether a service asks for probes or addresses. Where none does the documents serve as they are.
    pub fn is_asked(&self) -> bool {
        !self.asking.is_empty()
    }

    /// What is to be probed and resolved, a `LivePlan` in JSON.
    pub fn plan(&self) -> Result<String, Failure> {
        json(&plan::plan(self))
    }

    /// Takes the result of a probe at `now`, in milliseconds of a clock that only rises; whether the endpoint's state changed.
    pub fn observe(&mut self, service: &str, endpoint: &str, passed: bool, now: u64) -> bool {
        let Some(probed) = self.probed.get_mut(service) else { return false };
        let Some(health) = probed.endpoints.get_mut(endpoint) else { return false };
        let observation = if passed { Observation::Passed } else { Observation::Failed };
        let before = *health;
        *health = before.observe(observation, now, &probed.thresholds);
        before.is_healthy() != health.is_healthy()
    }

    /// Takes the addresses of a service's name, a list in JSON; whether they are others than before.
    pub fn resolve(&mut self, service: &str, addresses: &str) -> Result<bool, Failure> {
        let mut addresses: Vec<IpAddr> = serde_json::from_str(addresses).map_err(|error| {
            Failure::new(FailureCode::InvalidOptions, format!("these are no addresses: {error}"))
        })?;
        if !self.asking.iter().any(|(key, own)| **key == *service && own.resolve.is_some()) {
            return Ok(false);
        }
        addresses.sort_unstable();
        addresses.dedup();
        let before = self.resolved.insert(service.into(), addresses.clone());
        self.refresh();
        Ok(before.unwrap_or_default() != addresses)
    }

    /// The endpoints document to serve, with what is known.
    pub fn document(&self) -> Result<String, Failure> {
        json(&document::document(self))
    }

    fn written(&self) -> &Endpoints {
        self.apart.as_ref().unwrap_or(&self.inline)
    }

    /// Those that are written, in their order, then those of the name.
    fn endpoints_of(&self, service: &str, settings: &Service) -> Vec<Endpoint> {
        let written = self.places.get(service).and_then(|place| self.written().services.get(*place));
        let mut endpoints = written.map(|(_, list)| list.clone()).unwrap_or_default();
        let Some(resolve) = &settings.resolve else { return endpoints };
        for ip in self.resolved.get(service).into_iter().flatten() {
            let address = Address::Ip(*ip, resolve.port);
            if endpoints.iter().all(|endpoint| endpoint.address != address) {
                let tags = settings.active_tag.iter().cloned().collect();
                endpoints.push(Endpoint { address, weight: 1, tags, zone: None, state: State::Ready });
            }
        }
        endpoints
    }

    fn is_healthy(&self, service: &str, address: &Address) -> bool {
        let known = self.probed.get(service).and_then(|probed| probed.endpoints.get(&address.to_string()));
        known.is_none_or(|health| health.is_healthy())
    }

    /// Begins with those that are new, drops what is known of those that are gone.
    fn refresh(&mut self) {
        let services = self.written().services.iter().enumerate();
        self.places = match self.is_asked() {
            true => services.map(|(place, (key, _))| (key.clone(), place)).collect(),
            false => HashMap::new(),
        };
        let mut before = std::mem::take(&mut self.probed);
        let mut resolved = std::mem::take(&mut self.resolved);
        for (key, settings) in &self.asking {
            if settings.resolve.is_some()
                && let Some(addresses) = resolved.remove(key)
            {
                self.resolved.insert(key.clone(), addresses);
            }
            let Some(check) = &settings.health_check else { continue };
            let mut known = before.remove(key).map(|probed| probed.endpoints).unwrap_or_default();
            let names = self.endpoints_of(key, settings).into_iter().map(|one| one.address.to_string());
            let endpoints = names.map(|name| {
                let health = known.remove(&name).unwrap_or_default();
                (name, health)
            });
            let probed = Probed { thresholds: check.thresholds, endpoints: endpoints.collect() };
            self.probed.insert(key.clone(), probed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::LiveEndpoints;

    const ROUTES: &[u8] = br#"{ "version": 1, "services": {
        "checked": { "healthCheck": { "failureThreshold": 2, "successThreshold": 1, "cooldown": "0s" },
                     "endpoints": [ { "address": "10.0.0.1", "port": 80 }, { "address": "10.0.0.2", "port": 80, "tags": ["blue"] } ] },
        "named": { "resolve": { "hostname": "Api.Example.com", "port": 443 } },
        "plain": { "endpoints": [ { "address": "10.0.0.3", "port": 80, "state": "serving" } ] } } }"#;

    fn live() -> LiveEndpoints {
        let mut live = LiveEndpoints::new();
        assert!(live.set_routes(ROUTES, "ghost.json"));
        live
    }

    fn written(live: &LiveEndpoints, service: &str) -> String {
        let document: serde_json::Value = serde_json::from_str(&live.document().unwrap()).unwrap();
        document["services"][service]["endpoints"].to_string()
    }

    #[test]
    fn what_nobody_asks_about_stays_as_it_is_written() {
        assert_eq!(
            written(&live(), "plain"),
            r#"[{"address":"10.0.0.3","port":80,"state":"serving","weight":1}]"#
        );
        let mut quiet = LiveEndpoints::new();
        assert!(quiet.set_routes(br#"{ "version": 1, "services": { "s": {} } }"#, "ghost.json"));
        assert!(!quiet.is_asked());
    }

    #[test]
    fn failures_take_an_endpoint_out_and_a_success_brings_it_back() {
        let mut live = live();
        assert!(!live.observe("checked", "10.0.0.1:80", false, 0));
        assert!(live.observe("checked", "10.0.0.1:80", false, 1));
        let down = written(&live, "checked");
        assert!(down.starts_with(r#"[{"address":"10.0.0.1","port":80,"state":"down","weight":1}"#), "{down}");
        assert!(down.contains(r#""tags":["blue"]"#), "{down}");
        assert!(live.observe("checked", "10.0.0.1:80", true, 2));
        assert!(!written(&live, "checked").contains("down"));
        assert!(
            !live.observe("checked", "10.9.9.9:80", false, 3),
            "an endpoint that does not exist has no state"
        );
        assert!(!live.observe("plain", "10.0.0.3:80", false, 3), "nobody asks about it");
    }

    #[test]
    fn a_new_document_keeps_the_health_of_those_that_stay() {
        let mut live = live();
        live.observe("checked", "10.0.0.1:80", false, 0);
        live.observe("checked", "10.0.0.1:80", false, 0);
        let list = |addresses: &str| {
            format!(
                r#"{{ "version": 1, "generation": 7, "services": {{ "checked": {{ "endpoints": [{addresses}] }} }} }}"#
            )
        };
        let [one, other] = ["1", "4"].map(|last| format!(r#"{{ "address": "10.0.0.{last}", "port": 80 }}"#));
        assert!(live.set_endpoints(Some((list(&format!("{one},{other}")).as_bytes(), "endpoints.json"))));
        assert_eq!(written(&live, "checked").matches("down").count(), 1);
        assert!(live.document().unwrap().starts_with(r#"{"version":1,"generation":7,"#));
        assert!(live.set_endpoints(Some((list(&other).as_bytes(), "endpoints.json"))));
        assert!(live.set_endpoints(Some((list(&one).as_bytes(), "endpoints.json"))));
        assert!(!written(&live, "checked").contains("down"), "one that comes back is a new one");
        assert!(!live.set_endpoints(Some((b"{", "endpoints.json"))));
    }

    #[test]
    fn addresses_of_a_name_are_endpoints() {
        let mut live = live();
        assert!(
            live.plan().unwrap().contains(r#"{"service":"named","hostname":"api.example.com","port":443}"#)
        );
        assert!(live.resolve("named", r#"["2001:db8::1","192.0.2.1","192.0.2.1"]"#).unwrap());
        assert!(!live.resolve("named", r#"["192.0.2.1","2001:db8::1"]"#).unwrap(), "order means nothing");
        assert!(!live.resolve("plain", r#"["192.0.2.1"]"#).unwrap());
        assert!(live.resolve("named", "[1]").is_err());
        assert_eq!(written(&live, "named").matches("\"port\":443").count(), 2);
    }

    #[test]
    fn below_the_panic_threshold_health_is_ignored() {
        let mut live = LiveEndpoints::new();
        let routes = br#"{ "version": 1, "services": { "s": { "loadBalancing": { "type": "random", "panicThreshold": 50 },
            "healthCheck": { "failureThreshold": 1 },
            "endpoints": [ { "address": "10.0.0.1", "port": 80 }, { "address": "10.0.0.2", "port": 80 } ] } } }"#;
        assert!(live.set_routes(routes, "ghost.json"));
        live.observe("s", "10.0.0.1:80", false, 0);
        assert!(written(&live, "s").contains("down"), "half of them is not below half");
        live.observe("s", "10.0.0.2:80", false, 0);
        assert!(!written(&live, "s").contains("down"));
    }
}
