//! One configuration, compiled and ready to serve. Requests in flight finish on the one they began with.

use std::collections::HashMap;
use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;

use foldhash::fast::FixedState;
use ghost_core::model::Route;
use ghost_core::{EndpointTable, RouteTable};
use ghost_edge_config::EdgeConfiguration;
use ghost_edge_config::model::Listener;

use super::{Endpoints, Service, Services};
use crate::metrics::{Metrics, RouteMetrics};
use crate::tls::{ListenerTlsError, Tickets, TlsListener, load_certificate};
use crate::varnish::VarnishLeg;

/// One configuration, compiled.
pub(crate) struct Generation {
    /// Counts up from 1 with every change.
    pub(crate) number: u64,
    /// What it was made from.
    pub(crate) configuration: Arc<EdgeConfiguration>,
    /// Who wants what.
    pub(crate) table: RouteTable,
    /// Where services live.
    pub(crate) endpoints: EndpointTable,
    /// How services are spoken to.
    pub(crate) services: Services,
    /// Where requests enter.
    pub(crate) entrances: Vec<Arc<Entrance>>,
    /// The varnishd behind, where there is one.
    pub(crate) varnish: Option<VarnishLeg>,
    routes: HashMap<usize, Arc<RouteMetrics>, FixedState>,
    /// Counted for requests that no route takes.
    pub(crate) no_route: Arc<RouteMetrics>,
}

/// A listener with everything its connections need.
pub(crate) struct Entrance {
    /// What it is.
    pub(crate) listener: Listener,
    /// TLS that ends here.
    pub(crate) tls: Option<TlsListener>,
}

/// What a generation is made from besides the configuration.
pub(crate) struct Ingredients<'i> {
    /// Its number.
    pub(crate) number: u64,
    /// Seed of hash tables.
    pub(crate) seed: u64,
    /// Folder of the configuration file.
    pub(crate) base: &'i Path,
    /// What is known of endpoints.
    pub(crate) known: &'i Endpoints,
    /// Session tickets of the process.
    pub(crate) tickets: &'i Tickets,
    /// Counters.
    pub(crate) metrics: &'i Metrics,
    /// The generation before.
    pub(crate) last: Option<&'i Generation>,
    /// Addresses of names.
    pub(crate) resolved: &'i dyn Fn(&str) -> Vec<IpAddr>,
}

/// A listener that cannot serve.
#[derive(Debug)]
pub(crate) struct GenerationError {
    /// Its name.
    pub(crate) listener: Box<str>,
    /// Where it is written.
    pub(crate) source: Box<str>,
    /// Why.
    pub(crate) error: ListenerTlsError,
}

impl std::fmt::Display for GenerationError {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}: listener {}: {}", self.source, self.listener, self.error)
    }
}

impl std::error::Error for GenerationError {}

impl Generation {
    /// Compiles a configuration. Everything that can fail is done here, before anything is put into use.
    ///
    /// # Errors
    /// Every listener whose TLS cannot be used.
    pub(crate) fn new(
        configuration: Arc<EdgeConfiguration>,
        from: &Ingredients<'_>,
    ) -> Result<Self, Vec<GenerationError>> {
        let entrances = entrances(&configuration, from)?;
        let table = RouteTable::build_with_seed(&configuration.routes, from.seed);
        let listed = configuration.endpoints(Some(from.number), from.resolved);
        let endpoints = EndpointTable::build(&configuration.routes, Some(&listed));
        let last = from.last.map(|last| &last.services);
        let services = Service::all(&configuration, &endpoints, from.known, last, from.base);
        let most = configuration.metrics.as_ref().map_or(1_000, |metrics| metrics.max_label_values);
        let routes = configuration.routes.routes.iter().enumerate().map(|(index, route)| {
            let name = if index < most as usize { &*route.id } else { "other" };
            (address_of(route), from.metrics.route(name))
        });
        Ok(Self {
            number: from.number,
            routes: routes.collect(),
            no_route: from.metrics.route("none"),
            varnish: VarnishLeg::new(&configuration, from.known),
            configuration,
            table,
            endpoints,
            services,
            entrances,
        })
    }

    /// The listener of this name.
    pub(crate) fn entrance(&self, name: &str) -> Option<&Arc<Entrance>> {
        self.entrances.iter().find(|entrance| *entrance.listener.name == *name)
    }

    /// What is counted for a route.
    pub(crate) fn route_metrics(&self, route: Option<&Arc<Route>>) -> &Arc<RouteMetrics> {
        route.and_then(|route| self.routes.get(&address_of(route))).unwrap_or(&self.no_route)
    }
}

fn entrances(
    configuration: &EdgeConfiguration,
    from: &Ingredients<'_>,
) -> Result<Vec<Arc<Entrance>>, Vec<GenerationError>> {
    let mut loaded = HashMap::new();
    let mut load = |certificate: &ghost_edge_config::model::Certificate| {
        let key = (certificate.certificate_file.clone(), certificate.key_file.clone());
        if let Some(known) = loaded.get(&key) {
            return Ok(Arc::clone(known));
        }
        let read = load_certificate(certificate, from.base)?;
        loaded.insert(key, Arc::clone(&read));
        Ok(read)
    };
    let (mut entrances, mut errors) = (Vec::new(), Vec::new());
    for listener in &configuration.listeners {
        let tls = listener.tls.as_ref();
        match tls.map(|tls| TlsListener::new(tls, from.base, from.tickets, &mut load)).transpose() {
            Ok(tls) => entrances.push(Arc::new(Entrance { listener: listener.clone(), tls })),
            Err(error) => errors.push(GenerationError {
                listener: listener.name.clone(),
                source: listener.source.clone(),
                error,
            }),
        }
    }
    if errors.is_empty() { Ok(entrances) } else { Err(errors) }
}

fn address_of(route: &Arc<Route>) -> usize {
    Arc::as_ptr(route) as usize
}
