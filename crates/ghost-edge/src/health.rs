//! Active checks of endpoints, and the word about every change of health.

use std::sync::Arc;
use std::time::Duration;

use ghost_core::model::{Address, State};
use ghost_core::select::health::Observation;
use ghost_edge_config::model::HealthCheck;
use http::header::{HOST, HeaderValue, USER_AGENT};
use http::{Request, Version};
use tokio::sync::watch;

use crate::attempt::absolute;
use crate::body::Body;
use crate::clock;
use crate::connect::{Http1, Http2, Wire, dial};
use crate::metrics::Metrics;
use crate::state::{Endpoint, Generation, Service, Shared};

/// Checks every endpoint of a generation that has a check, until another generation takes over.
pub(crate) fn check(shared: &Arc<Shared>, generation: &Arc<Generation>, over: &watch::Receiver<u64>) {
    for service in generation.services.values() {
        for (endpoint, listed) in service.endpoints.iter().zip(listed(generation, service)) {
            shared.metrics.health(&service.key, &endpoint.name, endpoint.is_healthy(), false);
            let own = generation.configuration.backends.iter().find(|backend| {
                backend.services.contains(&service.key) && backend.address.to_string() == *endpoint.name
            });
            let check = own
                .and_then(|backend| backend.health_check.as_ref())
                .or(service.policy.health_check.as_ref());
            if let Some(check) = check.filter(|_| listed != State::Down) {
                let work = endless(
                    Arc::clone(shared),
                    Arc::clone(service),
                    Arc::clone(endpoint),
                    check.clone(),
                    over.clone(),
                );
                tokio::task::spawn_local(work);
            }
        }
    }
}

fn listed(generation: &Generation, service: &Service) -> Vec<State> {
    let table = generation.endpoints.service(&service.key);
    table.map(|table| table.all.iter().map(|endpoint| endpoint.state).collect()).unwrap_or_default()
}

async fn endless(
    shared: Arc<Shared>,
    service: Arc<Service>,
    endpoint: Arc<Endpoint>,
    check: HealthCheck,
    mut over: watch::Receiver<u64>,
) {
    let mut state = clock::now() ^ (Arc::as_ptr(&endpoint) as usize as u64);
    loop {
        let passed =
            tokio::time::timeout(check.timeout, once(&service, &endpoint, &check)).await.unwrap_or(false);
        let observation = if passed { Observation::Passed } else { Observation::Failed };
        if let Some(healthy) = endpoint.observe(observation, &check.thresholds) {
            changed(&shared.metrics, &endpoint, healthy, "check");
        }
        // A tenth is random, so that many edges do not check in step.
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let tenth = u32::try_from(state >> 40).unwrap_or(0) % 1000;
        let pause = check.interval - check.interval / 20 + check.interval * tenth / 10_000;
        tokio::select! {
            () = tokio::time::sleep(pause.max(Duration::from_millis(10))) => {}
            _ = over.changed() => return,
        }
    }
}

/// Whether one check finds it alive.
async fn once(service: &Service, endpoint: &Arc<Endpoint>, check: &HealthCheck) -> bool {
    answer(service, endpoint, check).await.is_some_and(|status| check.takes(status))
}

async fn answer(service: &Service, endpoint: &Arc<Endpoint>, check: &HealthCheck) -> Option<u16> {
    let wire = service.wire.as_ref().ok()?;
    let host = check.host.clone().unwrap_or_else(|| match &endpoint.address {
        Address::Ip(..) => endpoint.name.clone(),
        Address::Unix(_) => "localhost".into(),
    });
    let bare = host.rsplit_once(':').map_or(&*host, |(host, _)| host);
    let announced = service.policy.proxy_protocol.map(|_| crate::proxy::local());
    let stream = dial(&endpoint.address, wire, wire.name(bare), &announced).await.ok()?;
    let mut request = Request::new(Body::empty());
    *request.uri_mut() = check.path.parse().ok()?;
    request.headers_mut().insert(HOST, HeaderValue::from_str(&host).ok()?);
    request.headers_mut().insert(USER_AGENT, HeaderValue::from_static("ghost-edge health check"));
    if wire.is_http2() {
        let scheme =
            if matches!(wire, Wire::Tls { .. }) { http::uri::Scheme::HTTPS } else { http::uri::Scheme::HTTP };
        *request.uri_mut() = absolute(&request, scheme)?;
        *request.version_mut() = Version::HTTP_2;
        request.headers_mut().remove(HOST);
        let connection = Http2::new(stream, 64 << 10).await.ok()?;
        let sent = connection.send(request, Duration::ZERO).await.ok()?;
        return Some(sent.response.await.ok()?.status().as_u16());
    }
    let mut connection = Http1::new(stream, 64 << 10).await.ok()?;
    Some(connection.send(request).await.ok()?.status().as_u16())
}

/// Tells that an endpoint's health changed.
pub(crate) fn changed(metrics: &Metrics, endpoint: &Endpoint, healthy: bool, by: &'static str) {
    metrics.health(&endpoint.service, &endpoint.name, healthy, true);
    let (service, endpoint) = (&*endpoint.service, &*endpoint.name);
    if healthy {
        tracing::info!(service, endpoint, by, "endpoint is healthy");
    } else {
        tracing::warn!(service, endpoint, by, "endpoint is unhealthy");
    }
}
