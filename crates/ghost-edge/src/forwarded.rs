//! What endpoints are told about the client and the request's way, by the configuration's trust.

use ghost_edge_protocol::bridge::Inbound;
use ghost_edge_protocol::forwarded::{Forwarding, Seen, Way, is_trusted};
use ghost_edge_protocol::identity;
use http::header::HeaderMap;

use crate::exchange::Exchange;
use crate::forward::Plan;

/// The way a request came, as far as its headers are believed. The log gets to know its client.
pub(crate) fn way(exchange: &mut Exchange<'_>, inbound: &Inbound, headers: &HeaderMap) -> Way {
    let way = forwarding(exchange).way(&seen(exchange, &inbound.host), headers);
    // Behind a Unix socket without PROXY header the loopback address only stands for "nobody".
    let known = exchange.connection.peer.client.is_some() || !way.client.is_loopback();
    exchange.record.client = known.then_some(way.client);
    exchange.record.https = way.https;
    way
}

/// Writes the headers for an endpoint.
pub(crate) fn write(exchange: &mut Exchange<'_>, plan: &Plan<'_>, headers: &mut HeaderMap) {
    forwarding(exchange).write(&seen(exchange, &plan.inbound.host), plan.way, headers);
    let trust = &exchange.generation.configuration.trust;
    let by_proxy = by_proxy(exchange);
    let worker = &exchange.connection.worker;
    let wide = || u128::from(worker.random()) << 64 | u128::from(worker.random());
    let id = identity::request_id(headers, trust.request_id.believes(by_proxy), wide());
    let trace = identity::trace(headers, trust.trace.believes(by_proxy), wide(), worker.random());
    exchange.record.request_id = Some(id);
    exchange.record.trace = trace.trace;
}

fn by_proxy(exchange: &Exchange<'_>) -> bool {
    let proxies = &exchange.generation.configuration.trust.proxies;
    exchange.connection.peer.address().is_none_or(|client| is_trusted(client, proxies))
}

fn forwarding<'x>(exchange: &Exchange<'x>) -> Forwarding<'x> {
    let trust = &exchange.generation.configuration.trust;
    Forwarding {
        trusted: &trust.proxies,
        believe: trust.forwarded.believes(by_proxy(exchange)),
        write_forwarded: trust.write_forwarded,
    }
}

fn seen<'s>(exchange: &Exchange<'_>, host: &'s str) -> Seen<'s> {
    let peer = &exchange.connection.peer;
    let tls = peer.tls.is_some();
    let port = peer.local.map_or(if tls { 443 } else { 80 }, |local| local.port());
    Seen { peer: peer.client, tls, host, port }
}
