//! The routing document: domains and upstreams become routes and services in ghost-core's own spelling, `routes` and
//! `services` are joined to them, and ghost-core checks the whole. Its findings are moved to where they come from.

use std::sync::Arc;

use ghost_core::config::Code;
use ghost_core::config::diagnostic::{At, Step};
use ghost_core::model::{HostPattern, Routes};

use super::Check;
use super::backend::domain_service;
use crate::model::{Listener, Protocol};
use crate::raw::{self, Algorithm, Time};
use crate::tree::{Entry, Node, Rendered, Value};

/// What the made document is called in ghost-core's sources, until they are moved.
const MADE: &str = "<made>";

impl Check<'_, '_> {
    /// The routes of everything; `None` where a file with routes cannot be read.
    pub(super) fn routing(&mut self, raw: &raw::Edge, listeners: &mut [Listener]) -> Option<Routes> {
        let nothing = raw.upstream.is_empty() && raw.domains.is_empty() && raw.routes.is_empty();
        let passthrough = listeners.iter().any(|listener| !listener.passthrough.is_empty());
        if nothing && raw.routes_file.is_none() && !passthrough && !self.findings.incomplete {
            self.findings.found(
                &At::ROOT,
                Code::NothingToServe,
                "there is no upstream, no domain and no route",
            );
        }
        set_entrances(listeners);
        let made = self.made_document(raw, listeners);
        let mut routes = self.checked_routes(&made)?;
        if let Some(file) = &raw.routes_file {
            let from_file = self.routes_file(file, &At::ROOT.key("routes_file"))?;
            self.join(&mut routes, from_file, listeners);
        }
        for (place, listener) in listeners.iter().enumerate() {
            for (index, one) in listener.passthrough.iter().enumerate() {
                if !routes.services.iter().any(|(key, _)| *key == one.service) && !self.findings.incomplete {
                    let message = format!("there is no upstream {:?}", one.service);
                    let steps = listener_steps(raw, place);
                    self.at_steps(&steps, &["passthrough"], index, Code::UnknownService, &message);
                }
            }
        }
        Some(routes)
    }

    fn at_steps(&mut self, steps: &[Step<'_>], keys: &[&str], index: usize, code: Code, message: &str) {
        let mut steps = steps.to_vec();
        steps.extend(keys.iter().map(|key| Step::Key(key)));
        steps.push(Step::Index(index));
        let (offset, path) = self.findings.tree.locate(&steps);
        self.findings.report.at_offset(offset, path, code, message, None);
    }

    fn made_document(&mut self, raw: &raw::Edge, listeners: &[Listener]) -> Node {
        let routes = self.made_routes(raw, listeners);
        let mut services: Vec<Entry> = Vec::new();
        for (name, upstream) in &raw.upstream {
            let list = At::ROOT.key("upstream");
            let tag = upstream.enabled_backends_tag.as_deref();
            services.push(self.made_service(
                name.clone(),
                &upstream.policy,
                &raw.defaults,
                tag,
                &list.key(name),
            ));
        }
        for (index, domain) in raw.domains.iter().enumerate() {
            let list = At::ROOT.key("domains");
            let (key, tag) = (domain_service(&domain.domain), Some(domain.enabled_backends_tag.as_str()));
            if !services.iter().any(|entry| entry.key == key) {
                services.push(self.made_service(key, &domain.policy, &raw.defaults, tag, &list.index(index)));
            }
        }
        if let Some(Node { value: Value::Mapping(written), .. }) = self.findings.tree.get("services") {
            services.extend(written.iter().cloned());
        }
        Node::mapping(
            0,
            vec![
                ("version", Node::new(0, Value::Integer(1))),
                ("listeners", made_listeners(listeners)),
                ("routes", Node::sequence(0, routes)),
                ("services", Node::new(0, Value::Mapping(services))),
            ],
        )
    }

    fn made_routes(&mut self, raw: &raw::Edge, listeners: &[Listener]) -> Vec<Node> {
        let mut routes = self.written_routes();
        let mut seen = std::collections::HashSet::new();
        for (index, domain) in raw.domains.iter().enumerate() {
            // One that is written twice has been told; its routes would only be told again.
            if !seen.insert(domain.domain.to_ascii_lowercase()) {
                continue;
            }
            let list = At::ROOT.key("domains");
            self.domain_routes(domain, &raw.defaults, listeners, &list.index(index), &mut routes);
        }
        let alone = raw.routes.is_empty() && raw.routes_file.is_none();
        for (name, upstream) in &raw.upstream {
            let list = At::ROOT.key("upstream");
            let at = &list.key(name);
            let everything = raw::RouteMatch::default();
            if upstream.route.is_none() && upstream.matches.is_empty() && alone {
                routes.push(self.upstream_route(
                    (name, upstream),
                    &raw.defaults,
                    format!("upstream/{name}"),
                    &everything,
                    at,
                ));
            }
            if let Some(one) = &upstream.route {
                let name_of = format!("upstream/{name}");
                routes.push(self.upstream_route(
                    (name, upstream),
                    &raw.defaults,
                    name_of,
                    one,
                    &at.key("route"),
                ));
            }
            for (index, one) in upstream.matches.iter().enumerate() {
                let name_of = format!("upstream/{name}/{index}");
                routes.push(self.upstream_route(
                    (name, upstream),
                    &raw.defaults,
                    name_of,
                    one,
                    &at.key("matches").index(index),
                ));
            }
        }
        routes
    }

    /// `routes` as written, each with its place as its source.
    fn written_routes(&self) -> Vec<Node> {
        let Some(Node { value: Value::Sequence(items), .. }) = self.findings.tree.get("routes") else {
            return Vec::new();
        };
        let with_source = |mut node: Node| {
            let source = self.findings.report.source(node.start);
            if let Value::Mapping(entries) = &mut node.value
                && !entries.iter().any(|entry| entry.key == "source")
            {
                let start = node.start;
                entries.push(Entry {
                    key: "source".into(),
                    written: None,
                    start,
                    node: Node::text(start, source),
                });
            }
            node
        };
        items.iter().map(|item| with_source(item.node.clone())).collect()
    }

    fn domain_routes(
        &mut self,
        domain: &raw::Domain,
        defaults: &raw::Policy,
        listeners: &[Listener],
        at: &At<'_>,
        routes: &mut Vec<Node>,
    ) {
        let start = self.findings.offset(at);
        let host_start = self.findings.offset(&at.key("domain"));
        let name = format!("domain/{}", domain.domain.to_ascii_lowercase());
        let hosts = || Node::sequence(host_start, vec![Node::text(host_start, domain.domain.clone())]);
        let mut rule = vec![("backends", made_backends(start, &domain_service(&domain.domain)))];
        self.rule_policy(&domain.policy, defaults, at, &mut rule);
        let mut route = vec![
            ("name", Node::text(host_start, name.clone())),
            ("source", Node::text(start, self.findings.report.source(start))),
            ("hostnames", hosts()),
            ("rules", Node::sequence(start, vec![Node::mapping(start, rule)])),
        ];
        if domain.http_to_https == Some(true) {
            let plain = entrances(listeners, Protocol::Http);
            let ended = entrances(listeners, Protocol::Https);
            let port =
                listeners.iter().find(|one| one.protocol == Protocol::Https).map_or(443, |one| one.port);
            if ended.is_empty() && !self.findings.incomplete {
                let message = "http_to_https needs a listener with protocol https or http3";
                self.findings.found(&at.key("http_to_https"), Code::SettingConflict, message);
            }
            if !plain.is_empty() && !ended.is_empty() {
                let texts = |names: Vec<&str>| {
                    Node::sequence(start, names.into_iter().map(|name| Node::text(start, name)).collect())
                };
                route.push(("listeners", texts(ended)));
                routes.push(Node::mapping(
                    start,
                    vec![
                        ("name", Node::text(host_start, format!("{name}/https"))),
                        ("source", Node::text(start, self.findings.report.source(start))),
                        ("hostnames", hosts()),
                        ("listeners", texts(plain)),
                        ("rules", Node::sequence(start, vec![redirect_rule(start, port)])),
                    ],
                ));
            }
        }
        routes.push(Node::mapping(start, route));
    }

    fn upstream_route(
        &mut self,
        (service, upstream): (&str, &raw::Upstream),
        defaults: &raw::Policy,
        name: String,
        one: &raw::RouteMatch,
        at: &At<'_>,
    ) -> Node {
        let start = self.findings.offset(at);
        let mut hosts = Vec::new();
        if let Some(host) = &one.host {
            hosts.push(Node::text(self.findings.offset(&at.key("host")), host.clone()));
        }
        for (index, host) in one.hosts.iter().enumerate() {
            hosts.push(Node::text(self.findings.offset(&at.key("hosts").index(index)), host.clone()));
        }
        let matches = self.made_matches(one, start, at);
        let mut rule =
            vec![("matches", Node::sequence(start, matches)), ("backends", made_backends(start, service))];
        let list = At::ROOT.key("upstream");
        self.rule_policy(&upstream.policy, defaults, &list.key(service), &mut rule);
        let mut route = vec![
            ("name", Node::text(start, name)),
            ("source", Node::text(start, self.findings.report.source(start))),
            ("hostnames", Node::sequence(start, hosts)),
            ("rules", Node::sequence(start, vec![Node::mapping(start, rule)])),
        ];
        if let Some(names) = &one.listeners {
            let at = at.key("listeners");
            let names = (0..)
                .zip(names)
                .map(|(index, name)| Node::text(self.findings.offset(&at.index(index)), name.clone()));
            route.push(("listeners", Node::sequence(start, names.collect())));
        }
        Node::mapping(start, route)
    }

    /// One match for each method.
    fn made_matches(&mut self, one: &raw::RouteMatch, start: usize, at: &At<'_>) -> Vec<Node> {
        let path = match (&one.path, &one.path_prefix) {
            (Some(_), Some(_)) => {
                self.findings.found(
                    &at.key("path"),
                    Code::SettingConflict,
                    "path and path_prefix stand together",
                );
                None
            }
            (Some(path), None) => Some(("Exact", path, "path")),
            (None, Some(path)) => Some(("PathPrefix", path, "path_prefix")),
            (None, None) => None,
        };
        let path = path.map(|(kind, path, key)| {
            let start = self.findings.offset(&at.key(key));
            Node::mapping(
                start,
                vec![("type", Node::text(start, kind)), ("value", Node::text(start, path.clone()))],
            )
        });
        let mut methods: Vec<Option<Node>> = Vec::new();
        if let Some(method) = &one.method {
            methods.push(Some(Node::text(self.findings.offset(&at.key("method")), method.clone())));
        }
        for (index, method) in one.methods.iter().enumerate() {
            methods.push(Some(Node::text(
                self.findings.offset(&at.key("methods").index(index)),
                method.clone(),
            )));
        }
        if methods.is_empty() {
            methods.push(None);
        }
        let made = |method: Option<Node>| {
            let path = path.clone().map(|path| ("path", path));
            Node::mapping(start, path.into_iter().chain(method.map(|method| ("method", method))).collect())
        };
        methods.into_iter().map(made).collect()
    }

    fn made_service(
        &mut self,
        key: String,
        policy: &raw::Policy,
        defaults: &raw::Policy,
        tag: Option<&str>,
        at: &At<'_>,
    ) -> Entry {
        let start = self.findings.offset(at);
        let mut service = Vec::new();
        let here = policy.protocol.is_some();
        if let Some(protocol) = policy.protocol.or(defaults.protocol) {
            let at = if here { at.key("protocol") } else { At::ROOT.key("protocol") };
            service.push(("protocol", Node::text(self.findings.offset(&at), protocol_word(protocol))));
        }
        let here = policy.load_balancing.is_some();
        if let Some(balancing) = policy.load_balancing.as_ref().or(defaults.load_balancing.as_ref()) {
            let at = if here { at.key("load_balancing") } else { At::ROOT.key("load_balancing") };
            service.push(("loadBalancing", self.load_balancing(balancing, &at)));
        }
        if let Some(tag) = tag {
            service
                .push(("activeTag", Node::text(self.findings.offset(&at.key("enabled_backends_tag")), tag)));
        }
        Entry { key, written: None, start, node: Node::mapping(start, service) }
    }

    fn load_balancing(&mut self, raw: &raw::LoadBalancing, at: &At<'_>) -> Node {
        let start = self.findings.offset(at);
        let kind = match raw.kind.unwrap_or(Algorithm::Random) {
            Algorithm::Random => "random",
            Algorithm::RoundRobin => "roundRobin",
            Algorithm::ConsistentHash => "ringHash",
            Algorithm::LeastRequest => "leastRequest",
            Algorithm::Maglev => "maglev",
        };
        let mut balancing = vec![("type", Node::text(start, kind))];
        if let Some(key) = &raw.key {
            let at = &at.key("key");
            let start = self.findings.offset(at);
            match hash_key(key) {
                Some((kind, name)) => {
                    let name = name.map(|name| ("name", Node::text(start, name)));
                    let on = std::iter::once(("type", Node::text(start, kind))).chain(name).collect();
                    balancing.push(("hashOn", Node::mapping(start, on)));
                }
                None => {
                    let message = format!("{key:?} is not host, path, client, header:NAME or cookie:NAME");
                    self.findings.found(at, Code::InvalidBalancing, message);
                }
            }
        }
        if let Some(time) = &raw.slow_start {
            let time = self.duration_node(time, &at.key("slow_start"));
            balancing.push(("slowStart", time));
        }
        if let Some(threshold) = raw.panic_threshold {
            let start = self.findings.offset(&at.key("panic_threshold"));
            balancing.push(("panicThreshold", Node::new(start, Value::Integer(threshold.into()))));
        }
        Node::mapping(start, balancing)
    }

    /// Timeouts, retries and sessions of a rule: the service's own, else the defaults'.
    fn rule_policy(
        &mut self,
        policy: &raw::Policy,
        defaults: &raw::Policy,
        at: &At<'_>,
        rule: &mut Vec<(&'static str, Node)>,
    ) {
        let request =
            |policy: &raw::Policy| policy.timeouts.as_ref().and_then(|timeouts| timeouts.request.clone());
        let place = |own: bool| if own { *at } else { At::ROOT };
        if let Some(time) = request(policy).or_else(|| request(defaults)) {
            let at = place(request(policy).is_some());
            let time = self.duration_node(&time, &at.key("timeouts").key("request"));
            rule.push(("timeouts", Node::mapping(time.start, vec![("request", time)])));
        }
        if let Some(retry) = policy.retry.as_ref().or(defaults.retry.as_ref()) {
            let at = place(policy.retry.is_some());
            rule.push(("retry", self.retry(retry, &at.key("retry"))));
        }
        if let Some(session) = policy.session.as_ref().or(defaults.session.as_ref()) {
            let at = place(policy.session.is_some());
            let session = self.session(session, &at.key("session"));
            rule.extend(session.map(|session| ("sessionPersistence", session)));
        }
    }

    fn retry(&mut self, raw: &raw::Retry, at: &At<'_>) -> Node {
        let start = self.findings.offset(at);
        let codes = raw.codes.clone().unwrap_or_else(|| vec![502, 503, 504]);
        let code = |(index, code): (usize, u32)| {
            Node::new(self.findings.offset(&at.key("codes").index(index)), Value::Integer(code.into()))
        };
        let mut retry = vec![
            ("codes", Node::sequence(start, codes.into_iter().enumerate().map(code).collect())),
            (
                "attempts",
                Node::new(
                    self.findings.offset(&at.key("attempts")),
                    Value::Integer(raw.attempts.unwrap_or(1).into()),
                ),
            ),
        ];
        let backoff = raw.backoff.clone().unwrap_or(Time::Milliseconds(25));
        retry.push(("backoff", self.duration_node(&backoff, &at.key("backoff"))));
        Node::mapping(start, retry)
    }

    fn session(&mut self, raw: &raw::Session, at: &At<'_>) -> Option<Node> {
        let start = self.findings.offset(at);
        let (kind, name) = match (&raw.cookie, &raw.header) {
            (Some(cookie), None) => ("Cookie", cookie),
            (None, Some(header)) => ("Header", header),
            (Some(_), Some(_)) => {
                self.findings.found(at, Code::SettingConflict, "cookie and header stand together");
                return None;
            }
            (None, None) => {
                self.findings.found(at, Code::MissingKey, "\"cookie\" or \"header\" is missing");
                return None;
            }
        };
        self.token(name, &at.key(if kind == "Cookie" { "cookie" } else { "header" }));
        let mut session =
            vec![("sessionName", Node::text(start, name.clone())), ("type", Node::text(start, kind))];
        if let Some(time) = &raw.absolute_timeout {
            session.push(("absoluteTimeout", self.duration_node(time, &at.key("absolute_timeout"))));
            if kind == "Cookie" {
                session.push((
                    "cookieConfig",
                    Node::mapping(start, vec![("lifetimeType", Node::text(start, "Permanent"))]),
                ));
            }
        }
        Some(Node::mapping(start, session))
    }

    /// A duration in the Gateway API's spelling.
    fn duration_node(&mut self, time: &Time, at: &At<'_>) -> Node {
        let duration = self.time(Some(time), 0, at);
        Node::text(self.findings.offset(at), gateway_duration(duration.as_millis()))
    }

    /// Has ghost-core check the document, and moves what it finds and names to where that comes from.
    fn checked_routes(&mut self, document: &Node) -> Option<Routes> {
        let rendered = Rendered::of(document);
        let checked = ghost_core::check(rendered.json.as_bytes(), MADE);
        for finding in checked.diagnostics {
            let (offset, path) = rendered.origin(finding.place.column);
            let path = if path.is_empty() { finding.path.clone() } else { path.to_owned() };
            let path = self.findings.tree.path_at(offset).unwrap_or(path);
            self.findings.report.moved(finding, offset, &path);
        }
        let mut routes = checked.routes?;
        let moved = |source: &mut Box<str>| {
            let column = source.strip_prefix(MADE).and_then(|rest| rest.strip_prefix(":1:"));
            if let Some(column) = column.and_then(|column| column.parse().ok()) {
                *source = self.findings.report.source(rendered.origin(column).0).into();
            }
        };
        for route in &mut routes.routes {
            let route = Arc::make_mut(route);
            moved(&mut route.source);
            route.rules.iter_mut().filter_map(|rule| rule.source.as_mut()).for_each(moved);
        }
        Some(routes)
    }

    /// Adds the routes of a file to those of the configuration.
    fn join(&mut self, routes: &mut Routes, from_file: Routes, listeners: &mut [Listener]) {
        for (key, _) in &from_file.services {
            if routes.services.iter().any(|(known, _)| known == key) {
                let message = format!("service {key:?} is also in the file");
                self.findings.found(&At::ROOT.key("routes_file"), Code::DuplicateService, message);
            }
        }
        for route in &from_file.routes {
            if routes.routes.iter().any(|known| known.id == route.id) {
                let message = format!("{} is also in the file", route.id);
                self.findings.found(&At::ROOT.key("routes_file"), Code::DuplicateRoute, message);
            }
        }
        routes.generation = from_file.generation;
        routes.endpoints.generation = from_file.endpoints.generation;
        routes.routes.extend(from_file.routes);
        routes.services.extend(from_file.services);
        routes.endpoints.services.extend(from_file.endpoints.services);
        routes.quarantined.extend(from_file.quarantined);
        // The file's own listeners count where they have the same name or the same port and host.
        let mut joined = from_file.listeners;
        for own in std::mem::take(&mut routes.listeners) {
            let known = joined
                .iter()
                .find(|one| one.name == own.name || one.port == own.port && one.hostname == own.hostname);
            match known {
                Some(known) => {
                    let known = known.name.clone();
                    listeners
                        .iter_mut()
                        .filter(|one| one.entrance == own.name)
                        .for_each(|one| one.entrance.clone_from(&known));
                }
                None => joined.push(own),
            }
        }
        routes.listeners = joined;
    }
}

/// Steps to a listener's place.
fn listener_steps(raw: &raw::Edge, place: usize) -> Vec<Step<'static>> {
    match (&raw.listen, place) {
        (Some(_), 0) => vec![Step::Key("listen")],
        (listen, place) => vec![Step::Key("listeners"), Step::Index(place - usize::from(listen.is_some()))],
    }
}

/// Listeners that share port and host share an entrance: the first one's.
fn set_entrances(listeners: &mut [Listener]) {
    for index in 0..listeners.len() {
        let (before, rest) = listeners.split_at_mut(index);
        let Some(listener) = rest.first_mut() else { return };
        if let Some(first) =
            before.iter().find(|one| one.port == listener.port && one.hostname == listener.hostname)
        {
            listener.entrance = first.entrance.clone();
        }
    }
}

fn entrances(listeners: &[Listener], protocol: Protocol) -> Vec<&str> {
    let mut names: Vec<&str> =
        listeners.iter().filter(|one| one.protocol == protocol).map(|one| &*one.entrance).collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn made_listeners(listeners: &[Listener]) -> Node {
    let made = |listener: &Listener| {
        let protocol = match listener.protocol {
            Protocol::Http => "HTTP",
            Protocol::Https => "HTTPS",
            Protocol::Tls => "TLS",
        };
        let mut node = vec![
            ("name", Node::text(0, &*listener.name)),
            ("port", Node::new(0, Value::Integer(listener.port.into()))),
            ("protocol", Node::text(0, protocol)),
        ];
        if let Some(host) = listener.hostname.as_ref().filter(|host| **host != HostPattern::Any) {
            node.push(("hostname", Node::text(0, host.to_string())));
        }
        Node::mapping(0, node)
    };
    let own = listeners.iter().filter(|listener| listener.entrance == listener.name);
    let mut seen: Vec<&str> = Vec::new();
    let distinct = own.filter(|listener| {
        let new = !seen.contains(&&*listener.name);
        seen.push(&listener.name);
        new
    });
    Node::sequence(0, distinct.map(made).collect())
}

fn made_backends(start: usize, service: &str) -> Node {
    Node::sequence(start, vec![Node::mapping(start, vec![("service", Node::text(start, service))])])
}

fn redirect_rule(start: usize, port: u16) -> Node {
    let redirect = Node::mapping(
        start,
        vec![
            ("scheme", Node::text(start, "https")),
            ("port", Node::new(start, Value::Integer(port.into()))),
            ("statusCode", Node::new(start, Value::Integer(308))),
        ],
    );
    let filter = Node::mapping(
        start,
        vec![("type", Node::text(start, "RequestRedirect")), ("requestRedirect", redirect)],
    );
    Node::mapping(start, vec![("filters", Node::sequence(start, vec![filter]))])
}

fn protocol_word(protocol: ghost_core::model::ServiceProtocol) -> &'static str {
    use ghost_core::model::ServiceProtocol as Protocol;
    match protocol {
        Protocol::Http1 => "http1",
        Protocol::H2c => "h2c",
        Protocol::Http2 => "http2",
        Protocol::Grpc => "grpc",
        Protocol::Websocket => "websocket",
        Protocol::Tls => "tls",
    }
}

/// Kind and name of what is hashed.
fn hash_key(key: &str) -> Option<(&'static str, Option<&str>)> {
    match key.split_once(':') {
        None => match key {
            "host" => Some(("host", None)),
            "path" => Some(("path", None)),
            "client" | "client_address" | "client-address" => Some(("clientAddress", None)),
            _ => None,
        },
        Some(("header", name)) if !name.is_empty() => Some(("header", Some(name))),
        Some(("cookie", name)) if !name.is_empty() => Some(("cookie", Some(name))),
        Some(_) => None,
    }
}

/// Milliseconds as a Gateway API duration, whose numbers have five digits at most (GEP-2257).
fn gateway_duration(milliseconds: u128) -> String {
    let units = [(3_600_000, "h"), (60_000, "m"), (1000, "s"), (1, "ms")];
    let mut rest = milliseconds;
    let mut text = String::new();
    for (unit, name) in units {
        let number = rest / unit;
        rest %= unit;
        if number > 0 {
            text.push_str(&format!("{number}{name}"));
        }
    }
    if text.is_empty() { "0s".to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_those_of_the_gateway_api() {
        for milliseconds in [0, 1, 999, 1000, 61_001, 3_600_000, 31_536_000_000] {
            let text = gateway_duration(milliseconds);
            assert_eq!(
                ghost_core::model::parse_duration(&text).map(u128::from),
                Some(milliseconds),
                "{text}"
            );
        }
    }
}
