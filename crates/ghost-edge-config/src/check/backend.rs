//! Upstreams, domains and their backends.

use std::collections::HashSet;
use std::net::IpAddr;

use ghost_core::config::Code;
use ghost_core::config::diagnostic::At;
use ghost_core::model::Address;

use super::Check;
use super::value::{MAX_SOCKET_PATH, is_hostname};
use crate::model::{Backend, BackendAddress, Domain, ServicePolicy};
use crate::raw;

/// Most of a weight (Gateway API BackendRef.weight).
const MAX_WEIGHT: u32 = 1_000_000;

/// Key of a domain's service.
pub(super) fn domain_service(domain: &str) -> String {
    format!("domain/{}", domain.to_ascii_lowercase())
}

impl Check<'_, '_> {
    /// How each upstream, domain and named service is spoken to, sorted by service key.
    pub(super) fn services(
        &mut self,
        raw: &raw::Edge,
        base: &ServicePolicy,
    ) -> Vec<(Box<str>, ServicePolicy)> {
        let mut services: Vec<(Box<str>, ServicePolicy)> = Vec::new();
        for (name, upstream) in &raw.upstream {
            let (list, key) =
                (At::ROOT.key("upstream"), self.name(name, &At::ROOT.key("upstream").key(name)));
            services.push((key, self.policy(&upstream.policy, base, &list.key(name))));
        }
        for (index, domain) in raw.domains.iter().enumerate() {
            let policy = self.policy(&domain.policy, base, &At::ROOT.key("domains").index(index));
            services.push((domain_service(&domain.domain).into(), policy));
        }
        for (key, policy) in &raw.policies {
            let list = At::ROOT.key("policies");
            if raw.upstream.contains_key(key) {
                let message = format!("upstream {key:?} says itself how it is spoken to");
                self.findings.found(&list.key(key), Code::SettingConflict, message);
            }
            services.push((key.as_str().into(), self.policy(policy, base, &list.key(key))));
        }
        services.sort_by(|left, right| left.0.cmp(&right.0));
        services
    }

    pub(super) fn domains(&mut self, raw: &raw::Edge) -> Vec<Domain> {
        let list = &At::ROOT.key("domains");
        let mut seen = HashSet::new();
        let mut domains = Vec::with_capacity(raw.domains.len());
        for (index, raw) in raw.domains.iter().enumerate() {
            let at = &list.index(index);
            let domain = raw.domain.to_ascii_lowercase();
            if !seen.insert(domain.clone()) {
                let message = format!("domain {domain:?} is written twice");
                self.findings.found(&at.key("domain"), Code::DuplicateDomain, message);
            }
            domains.push(Domain {
                source: self.findings.source(at),
                service: domain_service(&domain).into(),
                enabled_backends_tag: raw.enabled_backends_tag.as_str().into(),
                http_to_https: raw.http_to_https.unwrap_or(false),
                domain: domain.into(),
            });
        }
        domains
    }

    /// All backends: those of domains, then those of upstreams.
    pub(super) fn backends(&mut self, raw: &raw::Edge, base: &ServicePolicy) -> Vec<Backend> {
        let mut backends = Vec::new();
        for (index, one) in raw.backends.iter().enumerate() {
            let list = At::ROOT.key("backends");
            let at = &list.index(index);
            if one.id.is_none() {
                self.findings.found(at, Code::MissingKey, "\"id\" is missing");
            }
            let tagged = raw.domains.iter().filter(|domain| one.tags.contains(&domain.enabled_backends_tag));
            let services = tagged.map(|domain| domain_service(&domain.domain).into()).collect();
            backends.push(self.backend(one, &format!("{index}"), services, base, at));
        }
        for (index, domain) in raw.domains.iter().enumerate() {
            let at = At::ROOT.key("domains");
            self.known_tag(&domain.enabled_backends_tag, &raw.backends, &at.index(index));
        }
        for (name, upstream) in &raw.upstream {
            let list = At::ROOT.key("upstream");
            let at = list.key(name);
            if upstream.backends.is_empty() && !self.findings.incomplete {
                self.findings.found(&at, Code::NoBackend, format!("upstream {name:?} has no backend"));
            }
            for (index, one) in upstream.backends.iter().enumerate() {
                let id = format!("{name}/{index}");
                let health = upstream.policy.health_check.as_ref();
                let health = self.health_check(health, base.health_check.as_ref(), &At::ROOT);
                let base = ServicePolicy { health_check: health, ..base.clone() };
                backends.push(self.backend(
                    one,
                    &id,
                    vec![name.as_str().into()],
                    &base,
                    &at.key("backends").index(index),
                ));
            }
            if let Some(tag) = &upstream.enabled_backends_tag {
                self.known_tag(tag, &upstream.backends, &at);
            }
        }
        self.distinct_ids(raw, &backends);
        backends
    }

    fn backend(
        &mut self,
        raw: &raw::Backend,
        default_id: &str,
        services: Vec<Box<str>>,
        base: &ServicePolicy,
        at: &At<'_>,
    ) -> Backend {
        let weight = raw.weight.unwrap_or(100);
        if weight > MAX_WEIGHT {
            let message = format!("weight {weight} is above {MAX_WEIGHT}");
            self.findings.found(&at.key("weight"), Code::InvalidWeight, message);
        }
        let own_check = raw.health_check.as_ref();
        Backend {
            id: self.name(raw.id.as_deref().unwrap_or(default_id), &at.key("id")),
            source: self.findings.source(at),
            services,
            address: self.backend_address(&raw.address, &at.key("address")),
            weight,
            tags: raw.tags.iter().map(|tag| Box::from(&**tag)).collect(),
            zone: raw.zone.as_deref().map(Box::from),
            enabled: raw.enabled.unwrap_or(true),
            health_check: own_check.and_then(|check| {
                self.health_check(Some(check), base.health_check.as_ref(), &at.key("health_check"))
            }),
        }
    }

    fn backend_address(&mut self, text: &str, at: &At<'_>) -> BackendAddress {
        parse_address(text).unwrap_or_else(|message| {
            self.findings.found(at, Code::InvalidBackend, message);
            BackendAddress::Fixed(Address::Unix("/".into()))
        })
    }

    fn known_tag(&mut self, tag: &str, backends: &[raw::Backend], at: &At<'_>) {
        let known = backends.iter().flat_map(|backend| &backend.tags).any(|own| own == tag);
        if known || self.findings.incomplete {
            return;
        }
        let mut tags: Vec<&str> =
            backends.iter().flat_map(|backend| &backend.tags).map(String::as_str).collect();
        tags.sort_unstable();
        tags.dedup();
        let help = (!tags.is_empty()).then(|| ghost_core::config::suggestion(tag, &tags));
        let message = format!("no backend has the tag {tag:?}");
        self.findings.found_with_help(&at.key("enabled_backends_tag"), Code::UnknownTag, &message, help);
    }

    fn distinct_ids(&mut self, raw: &raw::Edge, backends: &[Backend]) {
        let mut seen = HashSet::new();
        let twice: Vec<usize> = backends
            .iter()
            .enumerate()
            .filter(|(_, one)| !seen.insert(&*one.id))
            .map(|(index, _)| index)
            .collect();
        for index in twice {
            let Some(backend) = backends.get(index) else { continue };
            let message = format!("backend {:?} is written twice", backend.id);
            let (top, list) = (At::ROOT.key("backends"), At::ROOT.key("upstream"));
            match (index.checked_sub(raw.backends.len()), backend.services.first()) {
                (None, _) | (_, None) => {
                    self.findings.found(&top.index(index).key("id"), Code::DuplicateBackend, message);
                }
                (Some(_), Some(service)) => {
                    let upstream = list.key(service);
                    let same = |one: &&Backend| one.services.first() == Some(service);
                    let place = backends
                        .get(raw.backends.len()..index)
                        .unwrap_or_default()
                        .iter()
                        .filter(same)
                        .count();
                    let backends_at = upstream.key("backends");
                    self.findings.found(&backends_at.index(place).key("id"), Code::DuplicateBackend, message);
                }
            }
        }
    }
}

/// `host:port`, `address:port`, `[IPv6]:port` or `unix:/path`.
fn parse_address(text: &str) -> Result<BackendAddress, String> {
    if text.is_empty() {
        return Err("the address is empty".to_owned());
    }
    if let Some(path) = text.strip_prefix("unix:") {
        return match path.starts_with('/') && path.len() <= MAX_SOCKET_PATH {
            true => Ok(BackendAddress::Fixed(Address::Unix(path.into()))),
            false => Err(format!("{path:?} is not the absolute path of a socket")),
        };
    }
    let (host, port) = text.rsplit_once(':').ok_or_else(|| format!("{text:?} has no port"))?;
    let digits = port.bytes().all(|byte| byte.is_ascii_digit());
    let port = port.parse::<u16>().ok().filter(|port| *port > 0 && digits);
    let port = port.ok_or_else(|| format!("{text:?} has no port from 1 to 65535"))?;
    if let Some(address) = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        let address: std::net::Ipv6Addr =
            address.parse().map_err(|_| format!("{address:?} is not an IPv6 address"))?;
        return Ok(BackendAddress::Fixed(Address::Ip(address.into(), port)));
    }
    match host.parse::<IpAddr>() {
        Ok(IpAddr::V4(address)) => Ok(BackendAddress::Fixed(Address::Ip(address.into(), port))),
        Ok(IpAddr::V6(_)) => Err(format!("{text:?} needs brackets around the IPv6 address")),
        // A name made of digits and dots is a broken address, which a resolver would read in its own way.
        Err(_) if host.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') => {
            Err(format!("{host:?} is not an address"))
        }
        Err(_) if is_hostname(&host.to_ascii_lowercase()) && !host.starts_with('*') => {
            Ok(BackendAddress::Name(host.to_ascii_lowercase().into(), port))
        }
        Err(_) => Err(format!("{host:?} is neither an address nor a host name")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_from_names() {
        for (text, shown) in [
            ("127.0.0.1:80", "127.0.0.1:80"),
            ("[::1]:80", "[::1]:80"),
            ("LOCALHOST:3001", "localhost:3001"),
            ("unix:/run/app.sock", "unix:/run/app.sock"),
            ("api.internal:65535", "api.internal:65535"),
        ] {
            assert_eq!(
                parse_address(text).map(|address| address.to_string()),
                Ok(shown.to_owned()),
                "{text}"
            );
        }
        for text in [
            "",
            "a",
            "a:",
            "a:0",
            "a:65536",
            "a:+80",
            ":80",
            "::1:80",
            "1.2.3:80",
            "1.2.3.4.5:80",
            "http://a:80",
            "a b:80",
            "*.a:80",
            "unix:app.sock",
            "[::1]",
            "[1.2.3.4]:80",
            "a:80/",
        ] {
            assert!(parse_address(text).is_err(), "{text}: {:?}", parse_address(text));
        }
    }
}
