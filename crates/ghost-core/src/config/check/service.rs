//! Services and endpoints.

use std::collections::HashSet;
use std::net::IpAddr;

use serde_json::value::RawValue;

use super::{At, Code, Element, Refused, Report, health, hostname, read, value};
use crate::config::raw::{self, HashOnKind};
use crate::config::text::Entries;
use crate::model::{Address, Endpoint, HashOn, LoadBalancing, LoadBalancingKind, Resolve, Service};

/// A checked service.
pub(super) struct CheckedService {
    pub(super) key: Box<str>,
    pub(super) settings: Service,
    pub(super) endpoints: Vec<Endpoint>,
}

pub(super) fn services<'d>(
    entries: &Entries<'d, &'d RawValue>,
    elsewhere: bool,
    report: &mut Report<'d>,
) -> Vec<CheckedService> {
    let mut services = Vec::with_capacity(entries.0.len());
    let mut seen = HashSet::new();
    for (key, part) in &entries.0 {
        let mut element = element(key, part, report);
        if !seen.insert(&**key) {
            element.found(
                &At::ROOT,
                Code::DuplicateService,
                format!("service {:?} is written twice", &**key),
            );
            continue;
        }
        let Some(raw) = read::part::<raw::Service<'_>>(part.get(), &mut element) else {
            continue;
        };
        if elsewhere && !raw.endpoints.is_empty() {
            element.found(
                &At::ROOT.key("endpoints"),
                Code::EndpointsTwice,
                "these endpoints are not used: endpointsFile is given",
            );
        }
        if let Ok(service) = service(key, &raw, &mut element) {
            services.push(service);
        }
    }
    services
}

/// The lists of an endpoints file.
pub(super) fn endpoint_lists<'d>(
    entries: &Entries<'d, &'d RawValue>,
    report: &mut Report<'d>,
) -> Vec<(Box<str>, Vec<Endpoint>)> {
    let mut lists = Vec::with_capacity(entries.0.len());
    let mut seen = HashSet::new();
    for (key, part) in &entries.0 {
        let mut element = element(key, part, report);
        if !seen.insert(&**key) {
            element.found(
                &At::ROOT,
                Code::DuplicateService,
                format!("service {:?} is written twice", &**key),
            );
            continue;
        }
        let Some(raw) = read::part::<raw::ServiceEndpoints<'_>>(part.get(), &mut element) else {
            continue;
        };
        lists.push((Box::from(&**key), endpoints(&raw.endpoints, &mut element)));
    }
    lists
}

fn element<'r, 'd>(key: &str, part: &'d RawValue, report: &'r mut Report<'d>) -> Element<'r, 'd> {
    let path =
        crate::config::diagnostic::render_path("services", &[crate::config::diagnostic::Step::Key(key)]);
    let mut element = report.element(part.get(), path);
    element.belongs_to(&format!("Service/{key}"));
    element
}

fn service(
    key: &str,
    raw: &raw::Service<'_>,
    element: &mut Element<'_, '_>,
) -> Result<CheckedService, Refused> {
    let key = value::name(key, &At::ROOT, element);
    let load_balancing = match &raw.load_balancing {
        Some(balancing) => load_balancing(balancing, &At::ROOT.key("loadBalancing"), element),
        None => Ok(LoadBalancing::default()),
    };
    // A service without its check serves; one that is left out does not.
    let health_check = raw.health_check.as_ref().and_then(|check| {
        health::health_check(check, raw.protocol, &At::ROOT.key("healthCheck"), element).ok().map(Box::new)
    });
    let resolve = raw
        .resolve
        .as_ref()
        .and_then(|resolve| self::resolve(resolve, &At::ROOT.key("resolve"), element).ok().map(Box::new));
    let endpoints = endpoints(&raw.endpoints, element);
    if let Some(tag) = &raw.active_tag {
        let tagged = |endpoint: &Endpoint| endpoint.tags.iter().any(|own| **own == **tag);
        if !endpoints.is_empty() && !endpoints.iter().any(tagged) {
            element.found(
                &At::ROOT.key("activeTag"),
                Code::UnusedTag,
                format!("no endpoint has the tag {:?}", &**tag),
            );
        }
    }
    let text = |text: &Option<crate::config::text::Text<'_>>| text.as_ref().map(|text| Box::from(&**text));
    let settings = Service {
        protocol: raw.protocol,
        load_balancing: load_balancing?,
        active_tag: text(&raw.active_tag),
        zone: text(&raw.zone),
        health_check,
        resolve,
    };
    Ok(CheckedService { key: key?, settings, endpoints })
}

fn resolve(raw: &raw::Resolve<'_>, at: &At<'_>, element: &mut Element<'_, '_>) -> Result<Resolve, Refused> {
    let port = value::port(raw.port, &at.key("port"), element);
    let is_address = |host: &str| crate::request::canonical::is_address(host.as_bytes());
    match hostname::host(&raw.hostname).filter(|host| !is_address(host)) {
        Some(hostname) => Ok(Resolve { hostname, port: port? }),
        None => element.refuse(
            &at.key("hostname"),
            Code::InvalidHostname,
            format!("{:?} is not a host name", &*raw.hostname),
        ),
    }
}

fn load_balancing(
    raw: &raw::LoadBalancing<'_>,
    at: &At<'_>,
    element: &mut Element<'_, '_>,
) -> Result<LoadBalancing, Refused> {
    let threshold = raw.panic_threshold.unwrap_or(0);
    let Ok(panic_threshold @ 0..=100) = u8::try_from(threshold) else {
        let message = format!("{threshold} is not a percentage");
        return element.refuse(&at.key("panicThreshold"), Code::InvalidBalancing, message);
    };
    let hash_on = match &raw.hash_on {
        None => HashOn::ClientAddress,
        Some(on) => hash_on(on, &at.key("hashOn"), element)?,
    };
    let hashes = matches!(raw.kind, LoadBalancingKind::RingHash | LoadBalancingKind::Maglev);
    if raw.hash_on.is_some() && !hashes {
        return element.refuse(&at.key("hashOn"), Code::InvalidBalancing, "only ringHash and maglev hash");
    }
    let slow_start = match &raw.slow_start {
        Some(text) => value::duration(text, &at.key("slowStart"), element)?,
        None => 0,
    };
    Ok(LoadBalancing { kind: raw.kind, hash_on, slow_start, panic_threshold })
}

fn hash_on(raw: &raw::HashOn<'_>, at: &At<'_>, element: &mut Element<'_, '_>) -> Result<HashOn, Refused> {
    let name = raw.name.as_deref().filter(|name| value::is_token(name));
    match (raw.kind, name) {
        (HashOnKind::Host, _) => Ok(HashOn::Host),
        (HashOnKind::Path, _) => Ok(HashOn::Path),
        (HashOnKind::ClientAddress, _) => Ok(HashOn::ClientAddress),
        (HashOnKind::Header, Some(name)) => Ok(HashOn::Header(name.to_ascii_lowercase().into())),
        (HashOnKind::Cookie, Some(name)) => Ok(HashOn::Cookie(name.into())),
        (_, None) => element.refuse(
            &at.key("name"),
            Code::InvalidBalancing,
            "a header or cookie to hash on needs a name",
        ),
    }
}

/// The endpoints that can be used; a broken one is reported and left out.
fn endpoints(raw: &[raw::Endpoint<'_>], element: &mut Element<'_, '_>) -> Vec<Endpoint> {
    let at = At::ROOT.key("endpoints");
    let mut endpoints: Vec<Endpoint> = Vec::with_capacity(raw.len());
    let mut seen: HashSet<Address> = HashSet::with_capacity(raw.len());
    for (index, raw) in raw.iter().enumerate() {
        let at = at.index(index);
        let Ok(endpoint) = endpoint(raw, &at, element) else {
            continue;
        };
        if seen.insert(endpoint.address.clone()) {
            endpoints.push(endpoint);
        } else {
            element.found(&at, Code::DuplicateEndpoint, format!("{} is written twice", endpoint.address));
        }
    }
    endpoints
}

fn endpoint(
    raw: &raw::Endpoint<'_>,
    at: &At<'_>,
    element: &mut Element<'_, '_>,
) -> Result<Endpoint, Refused> {
    let address = address(raw, at, element);
    let weight = value::weight(raw.weight, &at.key("weight"), element);
    Ok(Endpoint {
        address: address?,
        weight: weight?,
        tags: raw.tags.iter().map(|tag| Box::from(&**tag)).collect(),
        zone: raw.zone.as_ref().map(|zone| Box::from(&**zone)),
        state: raw.state,
    })
}

/// Most bytes of a socket's path: `sun_path` of unix(7) less its terminator.
const MAX_SOCKET_PATH: usize = 107;

fn address(raw: &raw::Endpoint<'_>, at: &At<'_>, element: &mut Element<'_, '_>) -> Result<Address, Refused> {
    if let Some(path) = raw.address.strip_prefix("unix:") {
        if !path.starts_with('/') || path.len() > MAX_SOCKET_PATH {
            return element.refuse(
                &at.key("address"),
                Code::InvalidAddress,
                format!("{path:?} is not the absolute path of a socket"),
            );
        }
        if raw.port.is_some() {
            return element.refuse(&at.key("port"), Code::InvalidEndpoint, "a Unix socket has no port");
        }
        return Ok(Address::Unix(path.into()));
    }
    let Ok(ip) = raw.address.parse::<IpAddr>() else {
        return element.refuse(
            &at.key("address"),
            Code::InvalidAddress,
            format!("{:?} is not an address", &*raw.address),
        );
    };
    match raw.port {
        Some(port) => Ok(Address::Ip(ip, value::port(port, &at.key("port"), element)?)),
        None => element.refuse(at, Code::InvalidEndpoint, "the endpoint has no port"),
    }
}
