//! Choosing endpoints: health, tags, zones, sessions, load and slow start.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use ghost_core::check;
use ghost_core::model::Endpoint;
use ghost_core::select::health::ramp;
use ghost_core::select::{Draw, EndpointTable, PickInput, key_of, session_value};

/// A service with these settings (JSON members) and endpoints; address, more members.
fn service(settings: &str, endpoints: &[(&str, &str)]) -> EndpointTable {
    let endpoints: Vec<String> = endpoints
        .iter()
        .map(|(address, more)| format!(r#"{{ "address": "{address}", "port": 80{more} }}"#))
        .collect();
    let document = format!(
        r#"{{ "version": 1, "services": {{ "s": {{ {settings} "endpoints": [{}] }} }} }}"#,
        endpoints.join(",")
    );
    let checked = check(document.as_bytes(), "ghost.json");
    assert_eq!(checked.diagnostics, [], "{document}");
    EndpointTable::build(&checked.routes.unwrap(), None)
}

/// How often each address is picked over draws that are evenly spread, shuffled by a hash.
fn shares(
    table: &EndpointTable,
    picks: u64,
    input: impl Fn(Draw) -> PickInput<'static>,
) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for step in 0..picks {
        let draw = Draw::from_bits(key_of(&step.to_be_bytes()));
        if let Some(endpoint) = table.service("s").unwrap().pick(&input(draw)) {
            *counts.entry(endpoint.address.to_string()).or_default() += 1;
        }
    }
    counts
}

fn is(endpoint: &Endpoint, address: &str) -> bool {
    endpoint.address.to_string() == address
}

const THREE: [(&str, &str); 3] = [("10.0.0.1", ""), ("10.0.0.2", ""), ("10.0.0.3", "")];

fn of(kind: &str) -> String {
    format!(r#""loadBalancing": {{ "type": "{kind}" }},"#)
}

#[test]
fn an_unusable_endpoint_is_never_picked_by_any_algorithm() {
    for kind in ["random", "roundRobin", "leastRequest", "ringHash", "maglev"] {
        let table = service(&of(kind), &THREE);
        let counts = shares(&table, 3_000, |draw| PickInput {
            key: Some(draw.bits()),
            usable: &|endpoint| !is(endpoint, "10.0.0.2:80"),
            ..PickInput::new(draw)
        });
        assert_eq!(counts.len(), 2, "{kind}: {counts:?}");
        assert_eq!(counts.values().sum::<u64>(), 3_000, "{kind}: {counts:?}");
        assert!(counts.values().all(|count| *count > 600), "{kind}: {counts:?}");
    }
}

#[test]
fn every_algorithm_honours_weights() {
    for kind in ["random", "roundRobin", "ringHash", "maglev"] {
        let table = service(
            &of(kind),
            &[("10.0.0.1", r#", "weight": 3"#), ("10.0.0.2", ""), ("10.0.0.3", r#", "weight": 0"#)],
        );
        let counts =
            shares(&table, 20_000, |draw| PickInput { key: Some(draw.bits()), ..PickInput::new(draw) });
        assert_eq!(counts.len(), 2, "{kind}: weight 0 was picked: {counts:?}");
        let heavy = counts["10.0.0.1:80"];
        assert!((13_500..16_500).contains(&heavy), "{kind}: {counts:?}");
    }
}

#[test]
fn nobody_is_picked_where_nobody_is_usable() {
    for kind in ["random", "roundRobin", "leastRequest", "ringHash", "maglev"] {
        let table = service(&of(kind), &THREE);
        let input = PickInput { key: Some(7), usable: &|_| false, ..PickInput::new(Draw::from_bits(7)) };
        assert_eq!(table.service("s").unwrap().pick(&input), None, "{kind}");
    }
}

#[test]
fn below_the_panic_threshold_health_is_ignored() {
    let picks = |threshold: u32| {
        let settings = format!(r#""loadBalancing": {{ "type": "random", "panicThreshold": {threshold} }},"#);
        shares(&service(&settings, &THREE), 3_000, |draw| PickInput {
            usable: &|endpoint| is(endpoint, "10.0.0.1:80"),
            ..PickInput::new(draw)
        })
    };
    assert_eq!(picks(0).len(), 1);
    assert_eq!(picks(33).len(), 1);
    assert_eq!(picks(34).len(), 3);
}

#[test]
fn terminating_endpoints_serve_only_behind_ready_ones() {
    let serving = r#", "state": "serving""#;
    let down = r#", "state": "down""#;
    let mixed = service("", &[("10.0.0.1", serving), ("10.0.0.2", ""), ("10.0.0.3", down)]);
    assert_eq!(shares(&mixed, 100, PickInput::new).keys().collect::<Vec<_>>(), ["10.0.0.2:80"]);
    let leaving = service("", &[("10.0.0.1", serving), ("10.0.0.3", down)]);
    assert_eq!(shares(&leaving, 100, PickInput::new).keys().collect::<Vec<_>>(), ["10.0.0.1:80"]);
    let unhealthy =
        |draw| PickInput { usable: &|endpoint| !is(endpoint, "10.0.0.2:80"), ..PickInput::new(draw) };
    assert_eq!(shares(&mixed, 100, unhealthy).keys().collect::<Vec<_>>(), ["10.0.0.1:80"]);
}

#[test]
fn the_zone_is_preferred_while_it_has_anybody() {
    let endpoints = [("10.0.0.1", r#", "zone": "a""#), ("10.0.0.2", r#", "zone": "b""#)];
    let table = service(r#""zone": "a","#, &endpoints);
    assert_eq!(shares(&table, 100, PickInput::new).keys().collect::<Vec<_>>(), ["10.0.0.1:80"]);
    let near_is_sick =
        |draw| PickInput { usable: &|endpoint| !is(endpoint, "10.0.0.1:80"), ..PickInput::new(draw) };
    assert_eq!(shares(&table, 100, near_is_sick).keys().collect::<Vec<_>>(), ["10.0.0.2:80"]);
}

#[test]
fn only_the_active_tag_is_used() {
    let endpoints = [("10.0.0.1", r#", "tags": ["blue"]"#), ("10.0.0.2", r#", "tags": ["green", "canary"]"#)];
    let table = service(r#""activeTag": "green","#, &endpoints);
    assert_eq!(shares(&table, 100, PickInput::new).keys().collect::<Vec<_>>(), ["10.0.0.2:80"]);
}

#[test]
fn a_session_stays_where_it_was_until_that_endpoint_fails() {
    let table = service("", &THREE);
    let address = &table.service("s").unwrap().all[2].address;
    let session = u64::from_str_radix(&session_value(address), 16).unwrap();
    let stay = shares(&table, 100, |draw| PickInput { session: Some(session), ..PickInput::new(draw) });
    assert_eq!(stay.keys().collect::<Vec<_>>(), ["10.0.0.3:80"]);
    let moved = shares(&table, 300, |draw| PickInput {
        session: Some(session),
        usable: &|endpoint| !is(endpoint, "10.0.0.3:80"),
        ..PickInput::new(draw)
    });
    assert_eq!(moved.len(), 2);
    let made_up = shares(&table, 300, |draw| PickInput { session: Some(1), ..PickInput::new(draw) });
    assert_eq!(made_up.len(), 3);
}

#[test]
fn the_less_busy_of_two_is_chosen() {
    let table = service(&of("leastRequest"), &THREE);
    let counts = shares(&table, 9_000, |draw| PickInput {
        load: &|endpoint| if is(endpoint, "10.0.0.1:80") { 10 } else { 0 },
        ..PickInput::new(draw)
    });
    // The busy one wins only against itself: one pair in nine.
    assert!((800..1_200).contains(&counts["10.0.0.1:80"]), "{counts:?}");
}

#[test]
fn a_new_endpoint_earns_its_weight_slowly() {
    assert_eq!(
        (ramp(0, 10_000), ramp(5_000, 10_000), ramp(10_000, 10_000), ramp(1, 0)),
        (0.1, 0.5, 1.0, 1.0)
    );
    let table = service("", &[("10.0.0.1", ""), ("10.0.0.2", "")]);
    let counts = shares(&table, 20_000, |draw| PickInput {
        ramp: &|endpoint| if is(endpoint, "10.0.0.2:80") { 0.1 } else { 1.0 },
        ..PickInput::new(draw)
    });
    let cold = counts["10.0.0.2:80"];
    assert!((400..3_500).contains(&cold), "{counts:?}");
}

#[test]
fn a_key_always_meets_the_same_endpoint() {
    for kind in ["ringHash", "maglev"] {
        let table = service(&of(kind), &THREE);
        for key in 0..100 {
            let input =
                |draw: u64| PickInput { key: Some(key_of(&[key])), ..PickInput::new(Draw::from_bits(draw)) };
            let service = table.service("s").unwrap();
            assert_eq!(service.pick(&input(1)), service.pick(&input(u64::MAX)), "{kind}, key {key}");
        }
    }
}
