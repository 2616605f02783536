//! What a configuration means: defaults, the ways to write it, and that every way gives the same.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::time::Duration;

use ghost_core::model::LoadBalancingKind;
use ghost_core::request::{Entrance, HeaderPairs, Request, Scheme};
use ghost_core::{EndpointTable, Outcome, RouteTable, decide};
use ghost_edge_config::model::*;
use ghost_edge_config::{Blind, EdgeConfiguration, Format, check};

fn read(text: &str, format: Format) -> EdgeConfiguration {
    let checked = check(text.as_bytes(), format, "edge", &Blind);
    checked.configuration.unwrap_or_else(|| panic!("{:#?}", checked.diagnostics))
}

fn found(text: &str, format: Format) -> Vec<(&'static str, u32, u32, String)> {
    let found = check(text.as_bytes(), format, "edge", &Blind).diagnostics;
    found.into_iter().map(|one| (one.code, one.place.line, one.place.column, one.path)).collect()
}

/// Where a request goes: a service, or what else happens.
fn goes(configuration: &EdgeConfiguration, port: u16, host: &str, method: &str, path: &str) -> String {
    let table = RouteTable::build(&configuration.routes);
    let request = Request {
        entrance: Entrance::Port(port),
        scheme: if port == 443 { Scheme::Https } else { Scheme::Http },
        method: method.as_bytes(),
        host: host.as_bytes(),
        path: path.as_bytes(),
        query: None,
        headers: &HeaderPairs(&[]),
    };
    match decide(&table, &request).outcome {
        Outcome::Forward(backends) => backends.backends[0].service.to_string(),
        Outcome::Redirect(redirect) => {
            format!("{} {:?} {:?}", redirect.status, redirect.scheme, redirect.port)
        }
        Outcome::Answer(why) => why.as_str().to_owned(),
        Outcome::Preflight(_) => "preflight".to_owned(),
    }
}

const SMALL: &str =
    "listen: { protocol: http }\nupstream: { api: { backends: [ { address: '127.0.0.1:7001' } ] } }\n";

#[test]
fn what_is_not_written_has_its_default() {
    let read = read(SMALL, Format::Yaml);
    let [listener] = &read.listeners[..] else { panic!("one listener") };
    assert_eq!(
        (listener.bind.to_string().as_str(), &*listener.name, listener.http3),
        ("0.0.0.0:9889", "http", false)
    );
    assert_eq!((read.log.level, read.drain), (LogLevel::Info, Duration::from_secs(5)));
    assert_eq!(read.metrics.as_ref().unwrap().address.to_string(), "127.0.0.1:9090");
    assert_eq!(read.admin.as_ref().unwrap().address.unwrap().to_string(), "127.0.0.1:9180");
    assert_eq!((read.backends[0].weight, &*read.backends[0].id), (100, "api/0"));
    assert_eq!(read.default_policy.in_flight.limit, 64);
    assert_eq!((read.limits.header_bytes, read.limits.resets_per_minute), (32 << 10, 100));
    assert_eq!(read.policy("api"), &read.default_policy);
    assert_eq!(read.default_policy.health_check, None);
}

#[test]
fn health_checks_have_the_defaults_of_the_health_machine() {
    let text = "health_check: {}\nlisten: { protocol: http }\nupstream: { api: { backends: [ { address: 'a:1' } ] } }";
    let check = read(text, Format::Yaml).policy("api").health_check.clone().unwrap();
    assert_eq!(
        (&*check.path, check.interval, check.timeout),
        ("/health", Duration::from_secs(5), Duration::from_secs(1))
    );
    assert_eq!(
        (check.thresholds.failures, check.thresholds.successes, check.thresholds.cooldown),
        (3, 2, 5_000)
    );
    assert!(check.takes(204) && check.takes(399) && !check.takes(404));
}

#[test]
fn what_is_written_nearer_counts() {
    let text = "
listen: { protocol: http }
health_check: { interval: 1000, path: /alive }
load_balancing: { type: rr }
upstream:
  a:
    health_check: { timeout_ms: 250 }
    route: { path_prefix: /a }
    backends:
      - { id: a1, address: '10.0.0.1:1', health_check: { interval_secs: 9, unhealthy_threshold: 7 } }
      - { id: a2, address: '10.0.0.2:1', health_check: { enabled: false } }
  b: { load_balancing: { type: Consistent-Hash, key: 'header:X-User' }, route: { path_prefix: /b }, backends: [ { address: 'b:1' } ] }
";
    let read = read(text, Format::Yaml);
    let of_a = read.policy("a").health_check.clone().unwrap();
    assert_eq!(
        (&*of_a.path, of_a.interval, of_a.timeout),
        ("/alive", Duration::from_secs(1), Duration::from_millis(250))
    );
    let of_a1 = read.backends[0].health_check.clone().unwrap();
    assert_eq!(
        (of_a1.interval, of_a1.timeout, of_a1.thresholds.failures),
        (Duration::from_secs(9), of_a.timeout, 7)
    );
    assert_eq!(read.backends[1].health_check, None);
    let endpoints = EndpointTable::build(&read.routes, Some(&read.endpoints(None, &|_| vec![])));
    assert_eq!(endpoints.service("a").unwrap().settings.load_balancing.kind, LoadBalancingKind::RoundRobin);
    let b = &endpoints.service("b").unwrap().settings.load_balancing;
    assert_eq!(
        (b.kind, &b.hash_on),
        (LoadBalancingKind::RingHash, &ghost_core::model::HashOn::Header("x-user".into()))
    );
    assert_eq!(endpoints.service("b").unwrap().all.len(), 0, "the name was not resolved");
}

#[test]
fn every_algorithm_has_all_its_spellings() {
    for (spellings, kind) in [
        (&["random", "Random"][..], LoadBalancingKind::Random),
        (&["round_robin", "round-robin", "rr", "RR"], LoadBalancingKind::RoundRobin),
        (&["consistent_hash", "consistent-hash", "ch", "ring-hash"], LoadBalancingKind::RingHash),
        (&["least_request", "least-request", "lr", "least_connections"], LoadBalancingKind::LeastRequest),
        (&["maglev"], LoadBalancingKind::Maglev),
    ] {
        for spelling in spellings {
            let text = format!("{SMALL}load_balancing: {{ type: {spelling} }}\n");
            let routes = read(&text, Format::Yaml).routes;
            assert_eq!(routes.services[0].1.load_balancing.kind, kind, "{spelling}");
        }
    }
}

#[test]
fn the_longest_path_prefix_wins_and_methods_count() {
    let text = "
listen: { protocol: http, port: 80 }
upstream:
  all: { route: { path_prefix: / }, backends: [ { address: 'a:1' } ] }
  api: { route: { path_prefix: /api }, backends: [ { address: 'a:2' } ] }
  post: { route: { path_prefix: /api, methods: [POST, PUT] }, backends: [ { address: 'a:3' } ] }
  host: { matches: [ { host: '*.b.example', path: /x }, { host: c.example } ], backends: [ { address: 'a:4' } ] }
";
    let read = read(text, Format::Yaml);
    let goes = |host, method, path| goes(&read, 80, host, method, path);
    assert_eq!(goes("a.example", "GET", "/"), "all");
    assert_eq!(goes("a.example", "GET", "/api/1"), "api");
    assert_eq!(goes("a.example", "GET", "/apix"), "all");
    assert_eq!(goes("a.example", "PUT", "/api"), "post");
    assert_eq!(goes("x.b.example", "GET", "/x"), "host");
    assert_eq!(goes("x.b.example", "GET", "/api"), "api");
    assert_eq!(goes("c.example", "GET", "/api"), "host");
}

const DOMAINS: &str = r#"
[[domains]]
domain = "Shop.example.com"
enabled_backends_tag = "blue"
http_to_https = true

[[domains]]
domain = "*.tenants.example"
enabled_backends_tag = "green"

[[backends]]
id = "blue-1"
address = "10.0.0.1:3000"
tags = ["blue"]

[[backends]]
id = "both"
address = "[fd00::1]:3000"
tags = ["blue", "green"]
enabled = false

[[certificates]]
cert = "shop.pem"
key = "shop.key"
"#;

#[test]
fn domains_go_to_the_backends_with_their_tag() {
    let read = read(DOMAINS, Format::Toml);
    let listeners: Vec<_> =
        read.listeners.iter().map(|one| (one.name.to_string(), one.bind.to_string())).collect();
    assert_eq!(
        listeners,
        [("http".into(), "0.0.0.0:80".into()), ("https".to_owned(), "0.0.0.0:443".to_owned())]
    );
    assert_eq!(goes(&read, 80, "shop.example.com", "GET", "/"), "308 Some(Https) Some(443)");
    assert_eq!(goes(&read, 443, "shop.example.com", "GET", "/"), "domain/shop.example.com");
    assert_eq!(goes(&read, 80, "a.tenants.example", "GET", "/"), "domain/*.tenants.example");
    assert_eq!(goes(&read, 80, "other.example", "GET", "/"), "noRoute");
    let endpoints = EndpointTable::build(&read.routes, Some(&read.endpoints(Some(3), &|_| vec![])));
    assert_eq!(endpoints.generation(), Some(3));
    let shop = endpoints.service("domain/shop.example.com").unwrap();
    let addresses: Vec<_> = shop.all.iter().map(|one| (one.address.to_string(), one.state)).collect();
    use ghost_core::model::State;
    assert_eq!(
        addresses,
        [("10.0.0.1:3000".into(), State::Ready), ("[fd00::1]:3000".to_owned(), State::Down)]
    );
    assert_eq!(&*read.routes.routes[0].source, "edge:2:1");
}

#[test]
fn yaml_toml_and_json_mean_the_same() {
    let yaml = "
listen: { name: web, protocol: https, port: 8443, tls: { cert: a.pem, key: a.key } }
upstream: { api: { route: { host: a.example }, backends: [ { id: one, address: '10.0.0.1:80', tags: [x] } ] } }
limits: { header_bytes: 16KiB }
";
    let toml = r#"
listen = { name = "web", protocol = "https", port = 8443, tls = { cert = "a.pem", key = "a.key" } }
limits.header_bytes = "16KiB"
[upstream.api]
route.host = "a.example"
backends = [ { id = "one", address = "10.0.0.1:80", tags = ["x"] } ]
"#;
    let json = r#"{ "listen": { "name": "web", "protocol": "https", "port": 8443, "tls": { "cert": "a.pem", "key": "a.key" } },
        "upstream": { "api": { "route": { "host": "a.example" }, "backends": [ { "id": "one", "address": "10.0.0.1:80", "tags": ["x"] } ] } },
        "limits": { "header_bytes": "16KiB" } }"#;
    let shown = |text, format| {
        let shown = format!("{:?}", read(text, format));
        // Only places may differ.
        shown
            .split("edge:")
            .map(|part| part.trim_start_matches(|c: char| c.is_ascii_digit() || c == ':'))
            .collect::<String>()
    };
    assert_eq!(shown(yaml, Format::Yaml), shown(toml, Format::Toml));
    assert_eq!(shown(yaml, Format::Yaml), shown(json, Format::Json));
}

#[test]
fn a_routing_document_is_a_configuration() {
    let text = r#"{ "version": 1, "listeners": [ { "name": "web", "port": 8080, "protocol": "HTTP" } ],
        "services": { "s": { "endpoints": [ { "address": "10.0.0.1", "port": 80 } ] } },
        "routes": [ { "name": "a", "rules": [ { "backends": [ { "service": "s" } ] } ] }, { "name": "b", "rules": 7 } ] }"#;
    let checked = check(text.as_bytes(), Format::Json, "ghost.json", &Blind);
    assert_eq!(checked.diagnostics[0].code, "GH0005", "the broken route is told, and hurts no other");
    let read = checked.configuration.unwrap();
    assert_eq!(goes(&read, 8080, "any.example", "GET", "/"), "s");
    assert_eq!(read.endpoints(None, &|_| vec![]).services[0].1.len(), 1);
    assert_eq!(read.listeners[0].bind.to_string(), "0.0.0.0:8080");
}

#[test]
fn everything_is_found_at_once_and_where_it_stands() {
    let text = "\
listen:
  protocol: http
  prot: 80
upstream:
  api:
    route: { path_prefix: api }
    backends:
      - address: ''
      - address: '127.0.0.1:1'
        weight: 2000000
    load_balancing: { type: fastest }
log: { level: loud }
";
    assert_eq!(
        found(text, Format::Yaml),
        [
            ("GH0004", 3, 3, "listen.prot".to_owned()),
            ("GH0104", 6, 27, "upstream.api.route.path_prefix".to_owned()),
            ("GH0513", 8, 18, "upstream.api.backends[0].address".to_owned()),
            ("GH0115", 10, 17, "upstream.api.backends[1].weight".to_owned()),
            ("GH0005", 11, 29, "upstream.api.load_balancing.type".to_owned()),
            ("GH0005", 12, 15, "log.level".to_owned()),
        ]
    );
}

#[test]
fn findings_in_toml_have_places_too() {
    let text = "[[domains]]\ndomain = \"a..b\"\nenabled_backends_tag = \"blue\"\n\n[[backends]]\nid = \"x\"\naddress = \"h:0\"\ntags = [\"bleu\"]\n";
    assert_eq!(
        found(text, Format::Toml),
        [
            ("GH0103", 2, 10, "domains[0].domain".to_owned()),
            ("GH0514", 3, 24, "domains[0].enabled_backends_tag".to_owned()),
            ("GH0513", 7, 11, "backends[0].address".to_owned()),
        ]
    );
}

#[test]
fn a_dropped_element_does_not_move_the_others() {
    let text =
        "listen: { protocol: http }\nupstream:\n  a:\n    backends:\n      - 7\n      - address: 'x'\n";
    assert_eq!(
        found(text, Format::Yaml),
        [
            ("GH0005", 5, 9, "upstream.a.backends[0]".to_owned()),
            ("GH0513", 6, 18, "upstream.a.backends[1].address".to_owned())
        ]
    );
}

#[test]
fn listeners_that_share_a_port_share_an_entrance() {
    let text = "
listeners:
  - { name: a, protocol: http, address: 10.0.0.1, port: 80 }
  - { name: b, protocol: http, address: 10.0.0.2, port: 80 }
  - { name: c, protocol: http, address: 'unix:/run/c.sock', port: 80, hostname: c.example }
upstream: { u: { backends: [ { address: 'a:1' } ] } }
";
    let entrances: Vec<_> =
        read(text, Format::Yaml).listeners.iter().map(|one| one.entrance.to_string()).collect();
    assert_eq!(entrances, ["a", "a", "c"]);
}

#[test]
fn routes_in_the_gateway_apis_spelling_stand_beside_upstreams() {
    let text = "
listen: { protocol: http, port: 80 }
upstream: { cart: { backends: [ { address: '10.0.0.1:80' } ] } }
routes:
  - name: shop
    rules:
      - matches: [ { path: { type: Exact, value: /cart } } ]
        backends: [ { service: cart } ]
";
    let read = read(text, Format::Yaml);
    assert_eq!(goes(&read, 80, "a", "GET", "/cart"), "cart");
    assert_eq!(goes(&read, 80, "a", "GET", "/"), "noRoute", "an upstream without a route is a service only");
    assert_eq!(&*read.routes.routes[0].source, "edge:5:5");
    let broken = text.replace("service: cart }", "service: card }");
    assert_eq!(
        found(&broken, Format::Yaml),
        [("GH0114", 8, 32, "routes[0].rules[0].backends[0].service".to_owned())]
    );
}

#[test]
fn nothing_is_no_configuration() {
    assert_eq!(found("", Format::Yaml)[0].0, "GH0005");
    assert!(found("{}", Format::Yaml).iter().any(|one| one.0 == "GH0511"));
    assert!(found("", Format::Toml).iter().any(|one| one.0 == "GH0511"));
}

#[test]
fn the_examples_are_configurations() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/edge");
    for file in ["config.example.toml", "edge.yaml"] {
        let text = std::fs::read(folder.join(file)).unwrap();
        let checked = check(&text, Format::of(file), file, &Blind);
        assert!(checked.diagnostics.is_empty(), "{:#?}", checked.diagnostics);
        assert!(!checked.configuration.unwrap().routes.routes.is_empty(), "{file}");
    }
}
