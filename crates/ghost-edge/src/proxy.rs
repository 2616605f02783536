//! The PROXY protocol: read in front of clients' connections, written in front of backends'.

use std::io;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use ghost_edge_config::model::ProxyProtocolOut;
use ghost_edge_protocol::proxy_protocol::{self, Decoded, Details, Header, Tls};
use tokio::io::AsyncReadExt;

use crate::receive::{Connection, TlsFacts};
use crate::stream::Socket;

/// Addresses that a header names: client, then the address it connected to.
pub(crate) type Addresses = Option<(SocketAddr, SocketAddr)>;

/// Reads the header, and not a byte more; `None` where it names no client.
///
/// # Errors
/// What came is no header, or the connection broke.
pub(crate) async fn read(socket: &mut Socket) -> io::Result<Addresses> {
    let mut bytes = Vec::new();
    loop {
        match proxy_protocol::decode(&bytes) {
            Decoded::Incomplete(needed) => {
                let known = bytes.len();
                bytes.resize(needed.max(known + 1), 0);
                socket.read_exact(&mut bytes[known..]).await?;
            }
            Decoded::Header(header, length) if length == bytes.len() => return Ok(addresses(&header)),
            Decoded::Header(..) => return Err(io::ErrorKind::InvalidData.into()),
            Decoded::Invalid(invalid) => return Err(io::Error::new(io::ErrorKind::InvalidData, invalid)),
        }
    }
}

fn addresses(header: &Header) -> Addresses {
    match header.connection {
        Some(proxy_protocol::Connection::Ip { source, destination }) => Some((source, destination)),
        _ => None,
    }
}

/// The header that tells an endpoint who the client is.
pub(crate) fn header(connection: &Connection, out: ProxyProtocolOut) -> Vec<u8> {
    let peer = &connection.peer;
    let ends = peer.client.zip(peer.local).map(|(client, local)| one_family(client, local));
    let tls = peer.tls.as_ref().filter(|_| out.details);
    let header = Header {
        connection: ends.map(|(source, destination)| proxy_protocol::Connection::Ip { source, destination }),
        details: tls.map(details).unwrap_or_default(),
    };
    let mut bytes = Vec::new();
    if proxy_protocol::encode(&header, &mut bytes).is_err() {
        // The addresses alone always fit.
        let bare = Header { connection: header.connection, details: Details::default() };
        _ = proxy_protocol::encode(&bare, &mut bytes);
    }
    bytes
}

/// The header of a connection that belongs to no client.
pub(crate) fn local() -> Vec<u8> {
    let mut bytes = Vec::new();
    // Without addresses and details it always fits.
    _ = proxy_protocol::encode(&Header::default(), &mut bytes);
    bytes
}

/// A client of IPv4 that came to a socket of IPv6, or the other way round.
fn one_family(client: SocketAddr, local: SocketAddr) -> (SocketAddr, SocketAddr) {
    if client.is_ipv4() == local.is_ipv4() {
        return (client, local);
    }
    let six = |address: SocketAddr| SocketAddr::new(IpAddr::V6(to_six(address.ip())), address.port());
    (six(client), six(local))
}

fn to_six(address: IpAddr) -> Ipv6Addr {
    match address {
        IpAddr::V4(address) => address.to_ipv6_mapped(),
        IpAddr::V6(address) => address,
    }
}

fn details(tls: &TlsFacts) -> Details {
    let shown = tls.client_name.is_some();
    Details {
        alpn: Some(if tls.http2 { b"h2".to_vec() } else { b"http/1.1".to_vec() }),
        authority: tls.server_name.as_ref().map(|name| name.as_bytes().to_vec()),
        unique_id: None,
        tls: Some(Tls {
            version: Some(tls.version.as_bytes().to_vec()),
            cipher: Some(tls.cipher.as_bytes().to_vec()),
            client_name: tls.client_name.as_ref().map(|name| name.as_bytes().to_vec()),
            client_certificate: shown,
            client_certificate_in_session: shown,
            verified: shown,
            ..Tls::default()
        }),
    }
}
