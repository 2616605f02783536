//! What comes before HTTP: PROXY header, TLS, and which version of HTTP it is.

use std::future::Future;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use ghost_edge_config::model::Protocol;
use rustls::server::Acceptor;
use tokio::io::AsyncReadExt;
use tokio_rustls::LazyConfigAcceptor;

use crate::accept::{Counted, admit};
use crate::passthrough;
use crate::proxy;
use crate::receive::{Connection, Peer, TlsFacts, serve_http1, serve_http2};
use crate::state::{Entrance, Phase};
use crate::stream::{Prefixed, Socket, Stream};
use crate::worker::Worker;

/// RFC 9113 section 3.4.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// While draining, a connection that has not said what it wants is closed after this long.
const DRAIN_PATIENCE: Duration = Duration::from_millis(300);

/// Begins a connection and serves it to its end.
pub(crate) async fn begin(
    worker: Rc<Worker>,
    entrance: Arc<Entrance>,
    mut socket: Socket,
    mut peer: Peer,
    counted: Counted,
) {
    let announced = announced(&worker, &entrance, &mut socket, &mut peer);
    if !unless_drained(&worker, announced).await.unwrap_or(false) {
        return;
    }
    let Some(connection) = admit(&worker, &entrance, peer, counted) else { return };
    match entrance.listener.protocol {
        Protocol::Http => plain(connection, socket).await,
        Protocol::Https => tls(connection, socket).await,
        Protocol::Tls => passthrough::serve(connection, socket).await,
    }
}

/// Does something that comes before the first request; `None` when the drain does not wait for it any longer.
async fn unless_drained<T>(worker: &Rc<Worker>, work: impl Future<Output = T>) -> Option<T> {
    let mut phase = worker.shared.phase.subscribe();
    let drained = async {
        // Without a sender the process is at its end.
        _ = phase.wait_for(|phase| *phase != Phase::Running).await;
        tokio::time::sleep(DRAIN_PATIENCE).await;
    };
    tokio::select! {
        biased;
        done = work => Some(done),
        () = drained => None,
    }
}

/// Reads the PROXY header where one must come; whether the connection goes on.
async fn announced(
    worker: &Rc<Worker>,
    entrance: &Arc<Entrance>,
    socket: &mut Socket,
    peer: &mut Peer,
) -> bool {
    let Some(expected) = &entrance.listener.proxy_protocol else { return true };
    let trusted = peer
        .address()
        .is_none_or(|address| expected.trusted.iter().any(|network| network.contains(&address)));
    if !trusted {
        return true;
    }
    match tokio::time::timeout(non_zero(expected.timeout), proxy::read(socket)).await {
        Ok(Ok(Some((client, local)))) => {
            (peer.client, peer.local) = (Some(client), Some(local));
            true
        }
        Ok(Ok(None)) => true,
        Ok(Err(_)) | Err(_) => {
            worker.shared.metrics.limit("proxyHeader");
            false
        }
    }
}

async fn plain(connection: Connection, mut socket: Socket) {
    let http2 = connection.entrance.listener.http2;
    let limit = non_zero(connection.timeouts.keep_alive);
    let Ok(Some((prefix, is_http2))) = tokio::time::timeout(limit, first_bytes(&mut socket, http2)).await
    else {
        return;
    };
    let stream = Stream::Plain(Prefixed::new(prefix, socket));
    let connection = Rc::new(connection);
    if is_http2 { serve_http2(connection, stream).await } else { serve_http1(connection, stream).await }
}

/// Reads until it is clear which version speaks; `None` when nothing comes.
async fn first_bytes(socket: &mut Socket, http2: bool) -> Option<(Bytes, bool)> {
    if !http2 {
        return Some((Bytes::new(), false));
    }
    let mut bytes = BytesMut::with_capacity(1024);
    loop {
        if socket.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
        let length = bytes.len().min(PREFACE.len());
        if bytes[..length] != PREFACE[..length] {
            return Some((bytes.freeze(), false));
        }
        if length == PREFACE.len() {
            return Some((bytes.freeze(), true));
        }
    }
}

async fn tls(mut connection: Connection, socket: Socket) {
    let metrics = &connection.worker.shared;
    let entrance = Arc::clone(&connection.entrance);
    let Some(tls) = &entrance.tls else { return };
    let limit = non_zero(connection.timeouts.handshake);
    let agreed = tokio::time::timeout(limit, async {
        let acceptor = LazyConfigAcceptor::new(Acceptor::default(), Prefixed::new(Bytes::new(), socket));
        let start = acceptor.await.ok()?;
        let name: Option<Box<str>> =
            start.client_hello().server_name().map(|name| name.to_ascii_lowercase().into());
        if tls.certificates.find(name.as_deref()).is_none() {
            // Not a word: an alert would tell that somebody listens here.
            metrics.metrics.handshake("refusedName");
            return None;
        }
        let stream = start.into_stream(Arc::clone(&tls.config)).await;
        stream.inspect_err(|_| metrics.metrics.handshake("failed")).ok().map(|stream| (stream, name))
    });
    let Some(agreed) = unless_drained(&connection.worker, agreed).await else { return };
    let Ok(agreed) = agreed else {
        return connection.worker.shared.metrics.limit("handshakeTime");
    };
    let Some((stream, name)) = agreed else { return };
    let facts = facts(&stream, name);
    let http2 = facts.http2;
    let resumed = stream.get_ref().1.handshake_kind() == Some(rustls::HandshakeKind::Resumed);
    connection.worker.shared.metrics.handshake(if resumed { "resumed" } else { "full" });
    connection.peer.tls = Some(facts);
    let stream = Stream::ServerTls(Box::new(stream));
    let connection = Rc::new(connection);
    if http2 { serve_http2(connection, stream).await } else { serve_http1(connection, stream).await }
}

fn facts(
    stream: &tokio_rustls::server::TlsStream<Prefixed<Socket>>,
    server_name: Option<Box<str>>,
) -> TlsFacts {
    let session = stream.get_ref().1;
    let cipher = session.negotiated_cipher_suite().map(|suite| format!("{:?}", suite.suite()));
    let leaf = session.peer_certificates().and_then(<[_]>::first);
    TlsFacts {
        version: match session.protocol_version() {
            Some(rustls::ProtocolVersion::TLSv1_3) => "TLSv1.3",
            _ => "TLSv1.2",
        },
        cipher: cipher.unwrap_or_default().replace("TLS13_", "TLS_").into(),
        server_name,
        http2: session.alpn_protocol() == Some(b"h2"),
        client_name: leaf.and_then(|leaf| common_name(leaf)),
    }
}

fn common_name(certificate: &[u8]) -> Option<Box<str>> {
    let (_, certificate) = x509_parser::parse_x509_certificate(certificate).ok()?;
    certificate.subject().iter_common_name().next()?.as_str().ok().map(Into::into)
}

pub(crate) fn non_zero(duration: Duration) -> Duration {
    if duration.is_zero() { Duration::from_secs(3600) } else { duration }
}
