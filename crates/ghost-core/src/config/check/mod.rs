//! Raw parts -> the checked model. A part that cannot be used is reported and left out; every other one stays.

mod backend;
mod filter;
mod health;
mod hostname;
mod listener;
mod matching;
mod policy;
mod route;
mod service;
mod value;

use std::collections::HashSet;
use std::sync::Arc;

use super::code::Code;
use super::diagnostic::{At, Diagnostic};
use super::raw::{EndpointsDocument, ServiceEndpoints, SplitDocument, WholeDocument};
use super::read;
use super::report::{Element, Refused, Report};
use crate::model::{Endpoints, Quarantined, Routes};

/// A routing document after checking.
#[derive(Debug)]
pub struct Checked {
    /// What can be served; `None` when the document cannot be read at all and the last good one must stay.
    pub routes: Option<Routes>,
    /// Everything that was found, sorted by place.
    pub diagnostics: Vec<Diagnostic>,
}

/// An endpoints document after checking.
#[derive(Debug)]
pub struct CheckedEndpoints {
    /// Where services live; `None` when the document cannot be read at all.
    pub endpoints: Option<Endpoints>,
    /// Everything that was found, sorted by place.
    pub diagnostics: Vec<Diagnostic>,
}

/// Checks a routing document (`ghost.json`). `file` is the name that diagnostics and sources carry.
///
/// ```
/// let checked = ghost_core::check(br#"{ "version": 1, "routes": [ { "name": "shop", "rules": [] } ] }"#, "ghost.json");
/// assert!(checked.diagnostics.is_empty());
/// assert_eq!(checked.routes.unwrap().routes[0].source.as_ref(), "ghost.json:1:29");
/// ```
pub fn check(document: &[u8], file: &str) -> Checked {
    let (mut report, text) = read::open(document, file);
    let split =
        text.and_then(|text| read::envelope::<SplitDocument<'_>, WholeDocument<'_>>(text, &mut report));
    let routes = split.map(|split| parts(split, &mut report));
    Checked { routes, diagnostics: report.finish() }
}

/// Checks an endpoints document (`endpointsFile`).
pub fn check_endpoints(document: &[u8], file: &str) -> CheckedEndpoints {
    let (mut report, text) = read::open(document, file);
    type Split<'a> = EndpointsDocument<'a, &'a serde_json::value::RawValue>;
    let split = text.and_then(|text| {
        read::envelope::<Split<'_>, EndpointsDocument<'_, ServiceEndpoints<'_>>>(text, &mut report)
    });
    let endpoints = split.map(|split| Endpoints {
        generation: split.generation,
        services: service::endpoint_lists(&split.services, &mut report),
    });
    CheckedEndpoints { endpoints, diagnostics: report.finish() }
}

fn parts<'d>(split: SplitDocument<'d>, report: &mut Report<'d>) -> Routes {
    let services = service::services(&split.services, split.endpoints_file.is_some(), report);
    let listeners = listener::listeners(&split.listeners, report);
    let mut routes = Routes {
        generation: split.generation,
        endpoints_file: split.endpoints_file.map(|file| Box::from(&*file)),
        ..Routes::default()
    };
    let context = route::Context {
        services: services.iter().map(|service| &*service.key).collect(),
        listeners: listeners.iter().map(|listener| &*listener.name).collect(),
    };
    let mut seen = HashSet::with_capacity(split.routes.len());
    for (index, raw) in split.routes.iter().enumerate() {
        let mut element = report.element(raw.get(), format!("routes[{index}]"));
        let checked = route::route(raw.get(), &mut element, &context, &mut routes.quarantined);
        let Some(route) = checked else {
            quarantine(&mut element, format!("routes[{index}]"), &mut routes.quarantined);
            continue;
        };
        if !seen.insert(route.id.clone()) {
            element.found(
                &At::ROOT.key("name"),
                Code::DuplicateRoute,
                format!("{} is written twice", route.id),
            );
            quarantine(&mut element, route.id.to_string(), &mut routes.quarantined);
            continue;
        }
        routes.routes.push(Arc::new(route));
    }
    for service in services {
        routes.endpoints.services.push((service.key.clone(), service.endpoints));
        routes.services.push((service.key, service.settings));
    }
    routes.endpoints.generation = routes.generation;
    routes.listeners = listeners;
    routes
}

/// Notes that something does not serve, with the first reason found.
fn quarantine(element: &mut Element<'_, '_>, fallback: String, list: &mut Vec<Quarantined>) {
    if let Some((code, message)) = element.take_error() {
        let route = element.object().map_or(fallback, str::to_owned);
        list.push(Quarantined { route, code, message });
    }
}
