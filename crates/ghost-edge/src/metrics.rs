//! What is counted. Labels are bounded: routes by the configuration and its `max_label_values`, everything else by
//! this file. Handles are resolved when a generation is made, not per request.

use std::sync::Arc;
use std::sync::atomic::AtomicI64;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

/// Upper bounds of the latency histogram, in seconds.
const SECONDS: [f64; 14] =
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// One word that tells two counters apart.
#[derive(Debug, Clone, Hash, PartialEq, Eq, EncodeLabelSet)]
pub(crate) struct Kind {
    kind: &'static str,
}

/// A route and the class of a status: `2xx`.
#[derive(Debug, Clone, Hash, PartialEq, Eq, EncodeLabelSet)]
pub(crate) struct RouteClass {
    route: Arc<str>,
    class: &'static str,
}

/// A route.
#[derive(Debug, Clone, Hash, PartialEq, Eq, EncodeLabelSet)]
pub(crate) struct RouteLabel {
    route: Arc<str>,
}

/// A service and one of its endpoints.
#[derive(Debug, Clone, Hash, PartialEq, Eq, EncodeLabelSet)]
pub(crate) struct EndpointLabel {
    service: String,
    endpoint: String,
}

/// All counters.
pub(crate) struct Metrics {
    registry: Registry,
    requests: Family<RouteClass, Counter>,
    durations: Family<RouteLabel, Histogram, fn() -> Histogram>,
    /// Requests answered below 500.
    pub(crate) success: Counter,
    /// Requests answered 500 and above, or cut.
    pub(crate) failure: Counter,
    /// Tries that endpoints did not answer in time.
    pub(crate) backend_timeouts: Counter,
    /// Tries that failed otherwise.
    pub(crate) backend_errors: Counter,
    /// Tries after the first.
    pub(crate) retries: Counter,
    /// Open connections of clients.
    pub(crate) connections: Gauge,
    /// Resident memory.
    pub(crate) memory: Gauge,
    /// The generation in use.
    pub(crate) generation: Gauge,
    /// Access log lines that were lost because the disk was too slow.
    pub(crate) log_lines_lost: Counter,
    limits: Family<Kind, Counter>,
    handshakes: Family<Kind, Counter>,
    reloads: Family<Kind, Counter>,
    refused: Family<Kind, Counter>,
    events: Family<Kind, Counter>,
    healthy: Family<EndpointLabel, Gauge<i64, AtomicI64>>,
    transitions: Family<EndpointLabel, Counter>,
}

/// What is counted for one route.
pub(crate) struct RouteMetrics {
    classes: [Counter; 5],
    duration: Histogram,
}

impl RouteMetrics {
    /// Counts a finished request.
    pub(crate) fn observe(&self, status: u16, seconds: f64) {
        let class = usize::from(status / 100).saturating_sub(1);
        if let Some(counter) = self.classes.get(class) {
            counter.inc();
        }
        self.duration.observe(seconds);
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl Metrics {
    /// All at zero.
    pub(crate) fn new() -> Self {
        let histogram: fn() -> Histogram = || Histogram::new(SECONDS);
        let mut metrics = Self {
            registry: Registry::with_prefix("ghost_edge"),
            requests: Family::default(),
            durations: Family::new_with_constructor(histogram),
            success: Counter::default(),
            failure: Counter::default(),
            backend_timeouts: Counter::default(),
            backend_errors: Counter::default(),
            retries: Counter::default(),
            connections: Gauge::default(),
            memory: Gauge::default(),
            generation: Gauge::default(),
            log_lines_lost: Counter::default(),
            limits: Family::default(),
            handshakes: Family::default(),
            reloads: Family::default(),
            refused: Family::default(),
            events: Family::default(),
            healthy: Family::default(),
            transitions: Family::default(),
        };
        metrics.register();
        metrics
    }

    fn register(&mut self) {
        let to = &mut self.registry;
        to.register("requests", "Requests by route and class of status", self.requests.clone());
        to.register(
            "request_duration_seconds",
            "From request head to end of response",
            self.durations.clone(),
        );
        to.register("requests_success", "Requests answered below 500", self.success.clone());
        to.register("requests_failure", "Requests answered 500 and above, or cut", self.failure.clone());
        to.register("backend_timeouts", "Tries not answered in time", self.backend_timeouts.clone());
        to.register("backend_errors", "Tries that failed otherwise", self.backend_errors.clone());
        to.register("retries", "Tries after the first", self.retries.clone());
        to.register("connections", "Open connections of clients", self.connections.clone());
        to.register("memory_bytes", "Resident memory", self.memory.clone());
        to.register("generation", "Generation of the configuration in use", self.generation.clone());
        to.register("access_log_lost", "Access log lines lost to a slow disk", self.log_lines_lost.clone());
        to.register("limits_crossed", "Limits that clients ran into", self.limits.clone());
        to.register("tls_handshakes", "Handshakes by outcome", self.handshakes.clone());
        to.register("reloads", "Changes of the configuration by outcome", self.reloads.clone());
        to.register("refused_messages", "Messages that have no one meaning", self.refused.clone());
        to.register("events", "What else happened", self.events.clone());
        to.register("health_check_healthy", "1 while an endpoint may get requests", self.healthy.clone());
        to.register("health_check_transitions", "Changes of an endpoint's health", self.transitions.clone());
    }

    /// The counters of a route.
    pub(crate) fn route(&self, name: &str) -> Arc<RouteMetrics> {
        let route: Arc<str> = name.into();
        let counter =
            |class| self.requests.get_or_create(&RouteClass { route: Arc::clone(&route), class }).clone();
        let classes = ["1xx", "2xx", "3xx", "4xx", "5xx"].map(counter);
        let duration = self.durations.get_or_create(&RouteLabel { route }).clone();
        Arc::new(RouteMetrics { classes, duration })
    }

    /// A client ran into a limit.
    pub(crate) fn limit(&self, kind: &'static str) {
        self.limits.get_or_create(&Kind { kind }).inc();
    }

    /// A message was refused because two readers could read it in two ways.
    pub(crate) fn refused(&self, kind: &'static str) {
        self.refused.get_or_create(&Kind { kind }).inc();
    }

    /// A handshake ended.
    pub(crate) fn handshake(&self, kind: &'static str) {
        self.handshakes.get_or_create(&Kind { kind }).inc();
    }

    /// A change of the configuration ended.
    pub(crate) fn reload(&self, kind: &'static str) {
        self.reloads.get_or_create(&Kind { kind }).inc();
    }

    /// Something else happened.
    pub(crate) fn event(&self, kind: &'static str) {
        self.events.get_or_create(&Kind { kind }).inc();
    }

    /// What is known of an endpoint's health; `changed` counts a transition.
    pub(crate) fn health(&self, service: &str, endpoint: &str, healthy: bool, changed: bool) {
        let label = EndpointLabel { service: service.to_owned(), endpoint: endpoint.to_owned() };
        self.healthy.get_or_create(&label).set(i64::from(healthy));
        if changed {
            self.transitions.get_or_create(&label).inc();
        }
    }

    /// Forgets endpoints that are no longer configured.
    pub(crate) fn forget_endpoints(&self) {
        self.healthy.clear();
    }

    /// Everything, as Prometheus reads it (OpenMetrics 1.0).
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        // Writing into a String does not fail.
        _ = encode(&mut text, &self.registry);
        text
    }
}
