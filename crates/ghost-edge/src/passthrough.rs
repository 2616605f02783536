//! TLS that does not end here: the ClientHello says where it goes, then bytes are spliced untouched.

use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use ghost_core::Draw;
use ghost_core::model::HostPattern;
use ghost_edge_protocol::client_hello::{self, Peeked};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::connect::Wire;
use crate::connect::dial;
use crate::handshake::non_zero;
use crate::proxy;
use crate::receive::{Connection, Stage};
use crate::select::{self, Keys};
use crate::stream::{Prefixed, Socket};
use crate::tunnel::between;

/// Serves a connection to its end.
pub(crate) async fn serve(connection: Connection, mut socket: Socket) {
    let shared = Arc::clone(&connection.worker.shared);
    let limit = non_zero(connection.timeouts.handshake);
    let Ok(hello) = tokio::time::timeout(limit, hello(&mut socket)).await else {
        return shared.metrics.limit("handshakeTime");
    };
    let Some((bytes, name)) = hello else { return shared.metrics.handshake("failed") };
    let generation = connection.worker.generation();
    let Some(entrance) = generation.entrance(&connection.entrance.listener.name) else { return };
    let to = entrance.listener.passthrough.iter().find(|to| takes(&to.server_name, name.as_deref()));
    let Some((service, table)) = to.and_then(|to| {
        Some((generation.services.get(&to.service)?, generation.endpoints.service(&to.service)?))
    }) else {
        return shared.metrics.handshake("refusedName");
    };
    let draw = Draw::from_bits(connection.worker.random());
    let Some(endpoint) = select::endpoint(table, service, Keys::default(), draw, &[]) else {
        return shared.metrics.event("passthroughNoEndpoint");
    };
    let Ok(_in_flight) = endpoint.enter(&service.policy.in_flight).await else {
        return shared.metrics.limit("inFlight");
    };
    let announced = service.policy.proxy_protocol.map(|out| proxy::header(&connection, out));
    let dialled = dial(&endpoint.address, &Wire::Http1, None, &announced);
    let dialled = tokio::time::timeout(service.policy.connect_timeout, dialled).await;
    let Ok(Ok(mut backend)) = dialled else {
        shared.metrics.backend_errors.inc();
        return;
    };
    if backend.write_all(&bytes).await.is_err() {
        return;
    }
    shared.metrics.handshake("passedThrough");
    connection.activity.enter(Stage::Tunnel);
    let idle: Duration = connection.timeouts.tunnel_idle;
    between(Prefixed::new(Bytes::new(), socket), backend, idle, &connection).await;
}

/// The bytes of the ClientHello, and the name in it.
async fn hello(socket: &mut Socket) -> Option<(Bytes, Option<Box<str>>)> {
    let mut bytes = BytesMut::new();
    loop {
        if socket.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
        match client_hello::peek(&bytes) {
            Peeked::Incomplete => {}
            Peeked::Hello(hello) => return Some((bytes.freeze(), hello.server_name)),
            Peeked::Invalid(_) => return None,
        }
    }
}

fn takes(pattern: &HostPattern, name: Option<&str>) -> bool {
    // Without a name only a pattern for any takes it.
    pattern.takes(name.unwrap_or_default().as_bytes())
}
