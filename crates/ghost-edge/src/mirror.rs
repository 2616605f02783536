//! Copies of requests for other services (Gateway API HTTPRequestMirrorFilter). Their responses are read and thrown away;
//! they delay nothing.

use std::rc::Rc;
use std::sync::Arc;

use ghost_core::Draw;
use ghost_core::filter::mirror;
use http::header::EXPECT;
use http::{Request, Version};
use http_body_util::BodyExt;

use crate::body::{Body, Tee};
use crate::connect::{Http1, Http2, Taken, Wire, dial};
use crate::exchange::Exchange;
use crate::forward::Plan;
use crate::select::{self, Keys};
use crate::state::{Endpoint, Service};
use crate::worker::Worker;

/// Sends the copies that the rule asks for; what it gives back copies the body.
pub(crate) fn start(
    exchange: &Exchange<'_>,
    plan: &Plan<'_>,
    request: &Request<()>,
    body: &Body,
) -> Vec<Tee> {
    let mut tees = Vec::new();
    let mirrors = plan.chain.iter().flat_map(|filters| filters.mirrors.iter());
    let mirrors: Vec<_> = mirrors.cloned().collect();
    if mirrors.is_empty() {
        return tees;
    }
    let worker = &exchange.connection.worker;
    for key in mirror::copies(&mirrors, Draw::from_bits(worker.random())) {
        let (service, table) =
            (exchange.generation.services.get(key), exchange.generation.endpoints.service(key));
        let Some((service, table)) = service.zip(table) else { continue };
        let draw = Draw::from_bits(worker.random());
        let Some(endpoint) = select::endpoint(table, service, Keys::default(), draw, &[]) else { continue };
        let mut copy = crate::forward::copy(request);
        copy.headers_mut().remove(EXPECT);
        let copied = if body.is_empty() {
            Body::empty()
        } else {
            let (tee, copied) = Tee::new(body.length());
            tees.push(tee);
            Body::copied(copied)
        };
        let sending =
            send(Rc::clone(worker), Arc::clone(service), Arc::clone(endpoint), copy.map(|()| copied));
        tokio::task::spawn_local(sending);
    }
    tees
}

async fn send(worker: Rc<Worker>, service: Arc<Service>, endpoint: Arc<Endpoint>, request: Request<Body>) {
    let metrics = &worker.shared.metrics;
    // A mirror takes its place in the queue like everyone, but never more than is free.
    let Ok(_in_flight) = endpoint.enter(&service.policy.in_flight).await else {
        return metrics.event("mirrorOverloaded");
    };
    let limit = service.policy.response_timeout.max(service.policy.connect_timeout);
    let limit = if limit.is_zero() { std::time::Duration::from_secs(60) } else { limit };
    match tokio::time::timeout(limit, once(&worker, &service, &endpoint, request)).await {
        Ok(Some(())) => metrics.event("mirrored"),
        _ => metrics.event("mirrorFailed"),
    }
}

async fn once(
    worker: &Rc<Worker>,
    service: &Arc<Service>,
    endpoint: &Arc<Endpoint>,
    mut request: Request<Body>,
) -> Option<()> {
    let wire = service.wire.as_ref().ok()?;
    let pool = &service.policy.pool;
    let host =
        request.headers().get(http::header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let host = host.rsplit_once(':').map_or(host, |(host, _)| host).to_owned();
    let name: Option<Box<str>> = wire.name(&host).map(Into::into);
    let taken = worker.pool.take(endpoint, wire, name.as_deref(), pool);
    if wire.is_http2() {
        let connection = match taken {
            Taken::Http2(connection) => connection,
            _ => Http2::new(dial(&endpoint.address, wire, name.as_deref(), &None).await.ok()?, 64 << 10)
                .await
                .ok()?,
        };
        let scheme =
            if matches!(wire, Wire::Tls { .. }) { http::uri::Scheme::HTTPS } else { http::uri::Scheme::HTTP };
        *request.uri_mut() = crate::attempt::absolute(&request, scheme)?;
        *request.version_mut() = Version::HTTP_2;
        request.headers_mut().remove(http::header::HOST);
        // What was written for an HTTP/1.1 service (RFC 9113 section 8.2.2).
        request.headers_mut().remove(http::header::CONNECTION);
        let sent = connection.send(request, service.policy.body_idle_timeout).await.ok()?;
        let mut body = sent.response.await.ok()?.into_body();
        while let Some(data) = body.data().await {
            let length = data.ok()?.len();
            body.flow_control().release_capacity(length).ok()?;
        }
        return Some(());
    }
    let mut connection = match taken {
        Taken::Http1(connection) => connection,
        _ => Http1::new(dial(&endpoint.address, wire, name.as_deref(), &None).await.ok()?, 64 << 10)
            .await
            .ok()?,
    };
    let response = connection.send(request).await.ok()?;
    let mut body = response.into_body();
    while let Some(frame) = body.frame().await {
        frame.ok()?;
    }
    worker.pool.keep_http1(endpoint, wire, name, connection, pool);
    Some(())
}
