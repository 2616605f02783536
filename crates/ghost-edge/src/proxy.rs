//! The PROXY protocol, version 2: read in front of clients' connections, written in front of backends'.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use ghost_edge_config::model::ProxyProtocolOut;
use tokio::io::AsyncReadExt;

use crate::receive::{Connection, TlsFacts};
use crate::stream::Socket;

/// HAProxy's proxy-protocol.txt section 2.2.
const SIGNATURE: [u8; 12] = *b"\r\n\r\n\0\r\nQUIT\n";
/// Largest payload that is read: addresses and what TLS says.
const MAX_PAYLOAD: usize = 4096;

/// Addresses that a header names: client, then the address it connected to.
pub(crate) type Addresses = Option<(SocketAddr, SocketAddr)>;

/// Reads the header; `None` where the proxy speaks for itself (LOCAL).
///
/// # Errors
/// What came is no header, or the connection broke.
pub(crate) async fn read(socket: &mut Socket) -> io::Result<Addresses> {
    let mut head = [0; 16];
    socket.read_exact(&mut head).await?;
    let invalid = |what| io::Error::new(io::ErrorKind::InvalidData, what);
    if head[..12] != SIGNATURE || head[12] >> 4 != 2 {
        return Err(invalid("no PROXY header of version 2"));
    }
    let length = usize::from(u16::from_be_bytes([head[14], head[15]]));
    if length > MAX_PAYLOAD {
        return Err(invalid("PROXY header too long"));
    }
    let mut payload = vec![0; length];
    socket.read_exact(&mut payload).await?;
    match (head[12] & 0x0f, head[13]) {
        (0, _) => Ok(None),
        (1, family) => addresses(family, &payload).ok_or_else(|| invalid("PROXY header too short")),
        _ => Err(invalid("unknown PROXY command")),
    }
}

/// Families without an address of a client say nothing about one.
fn addresses(family: u8, payload: &[u8]) -> Option<Addresses> {
    let port = |place: usize| Some(u16::from_be_bytes([*payload.get(place)?, *payload.get(place + 1)?]));
    match family {
        0x11 => {
            let ip = |place: usize| {
                let bytes: [u8; 4] = payload.get(place..place + 4)?.try_into().ok()?;
                Some(IpAddr::V4(Ipv4Addr::from(bytes)))
            };
            Some(Some((SocketAddr::new(ip(0)?, port(8)?), SocketAddr::new(ip(4)?, port(10)?))))
        }
        0x21 => {
            let ip = |place: usize| {
                let bytes: [u8; 16] = payload.get(place..place + 16)?.try_into().ok()?;
                Some(IpAddr::V6(Ipv6Addr::from(bytes)))
            };
            Some(Some((SocketAddr::new(ip(0)?, port(32)?), SocketAddr::new(ip(16)?, port(34)?))))
        }
        _ => Some(None),
    }
}

/// The header that tells an endpoint who the client is.
pub(crate) fn header(connection: &Connection, out: ProxyProtocolOut) -> Vec<u8> {
    let peer = &connection.peer;
    let mut payload = Vec::new();
    let family = match (peer.client, peer.local) {
        (Some(SocketAddr::V4(client)), Some(SocketAddr::V4(local))) => {
            payload.extend_from_slice(&client.ip().octets());
            payload.extend_from_slice(&local.ip().octets());
            payload.extend_from_slice(&client.port().to_be_bytes());
            payload.extend_from_slice(&local.port().to_be_bytes());
            0x11
        }
        (Some(client), Some(local)) => {
            payload.extend_from_slice(&six(client.ip()).octets());
            payload.extend_from_slice(&six(local.ip()).octets());
            payload.extend_from_slice(&client.port().to_be_bytes());
            payload.extend_from_slice(&local.port().to_be_bytes());
            0x21
        }
        _ => 0x00,
    };
    if let Some(tls) = peer.tls.as_ref().filter(|_| out.details) {
        details(tls, &mut payload);
    }
    let command = if family == 0 { 0x20 } else { 0x21 };
    let length = u16::try_from(payload.len()).unwrap_or(u16::MAX);
    [&SIGNATURE[..], &[command, family], &length.to_be_bytes(), &payload].concat()
}

fn six(address: IpAddr) -> Ipv6Addr {
    match address {
        IpAddr::V4(address) => address.to_ipv6_mapped(),
        IpAddr::V6(address) => address,
    }
}

/// Section 2.2.6: what the handshake came to.
fn details(tls: &TlsFacts, payload: &mut Vec<u8>) {
    let mut put = |kind: u8, value: &[u8]| {
        payload.push(kind);
        payload.extend_from_slice(&u16::try_from(value.len()).unwrap_or(0).to_be_bytes());
        payload.extend_from_slice(value);
    };
    put(0x01, if tls.http2 { b"h2" } else { b"http/1.1" });
    if let Some(name) = &tls.server_name {
        put(0x02, name.as_bytes());
    }
    let mut ssl = vec![if tls.client_name.is_some() { 0x07 } else { 0x01 }, 0, 0, 0, 0];
    let mut sub = |kind: u8, value: &str| {
        ssl.push(kind);
        ssl.extend_from_slice(&u16::try_from(value.len()).unwrap_or(0).to_be_bytes());
        ssl.extend_from_slice(value.as_bytes());
    };
    sub(0x21, tls.version);
    sub(0x23, &tls.cipher);
    if let Some(name) = &tls.client_name {
        sub(0x22, name);
    }
    put(0x20, &ssl);
}

/// The header of a connection that belongs to no client.
pub(crate) fn local() -> Vec<u8> {
    [&SIGNATURE[..], &[0x20, 0x00, 0, 0]].concat()
}
