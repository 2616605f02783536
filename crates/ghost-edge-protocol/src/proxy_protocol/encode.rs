//! Header -> bytes, version 2.

use std::net::SocketAddr;

use super::{Connection, Header, MAX_PAYLOAD, SIGNATURE, Tls, client, kind};

/// The header does not fit [`MAX_PAYLOAD`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLong;

impl std::fmt::Display for TooLong {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "the PROXY protocol header is longer than {MAX_PAYLOAD} bytes")
    }
}

impl std::error::Error for TooLong {}

/// Appends a header to `out`. Without a connection it is LOCAL, as for health checks.
///
/// # Errors
/// The header is longer than receivers take; nothing was written.
pub fn encode(header: &Header, out: &mut Vec<u8>) -> Result<(), TooLong> {
    let mut payload = Vec::with_capacity(64);
    let family = match &header.connection {
        None => 0x00,
        Some(Connection::Ip { source, destination }) => addresses(*source, *destination, &mut payload),
        Some(Connection::Unix { source, destination }) => {
            for path in [source, destination] {
                let path = path.get(..108).unwrap_or(path);
                payload.extend_from_slice(path);
                payload.resize(payload.len() + 108 - path.len(), 0);
            }
            0x31
        }
    };
    if header.connection.is_some() {
        let details = &header.details;
        value(kind::ALPN, details.alpn.as_deref(), &mut payload)?;
        value(kind::AUTHORITY, details.authority.as_deref(), &mut payload)?;
        value(kind::UNIQUE_ID, details.unique_id.as_deref(), &mut payload)?;
        let tls = details.tls.as_ref().map(tls).transpose()?;
        value(kind::SSL, tls.as_deref(), &mut payload)?;
    }
    if payload.len() > MAX_PAYLOAD {
        return Err(TooLong);
    }
    let length = u16::try_from(payload.len()).map_err(|_| TooLong)?;
    out.extend_from_slice(SIGNATURE);
    out.push(if header.connection.is_some() { 0x21 } else { 0x20 });
    out.push(family);
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(&payload);
    Ok(())
}

/// Both as IPv4, or both as IPv6 where one of them is.
fn addresses(source: SocketAddr, destination: SocketAddr, payload: &mut Vec<u8>) -> u8 {
    let family = match (source, destination) {
        (SocketAddr::V4(source), SocketAddr::V4(destination)) => {
            payload.extend_from_slice(&source.ip().octets());
            payload.extend_from_slice(&destination.ip().octets());
            0x11
        }
        _ => {
            for address in [source, destination] {
                let octets = match address {
                    SocketAddr::V4(address) => address.ip().to_ipv6_mapped().octets(),
                    SocketAddr::V6(address) => address.ip().octets(),
                };
                payload.extend_from_slice(&octets);
            }
            0x21
        }
    };
    payload.extend_from_slice(&source.port().to_be_bytes());
    payload.extend_from_slice(&destination.port().to_be_bytes());
    family
}

fn tls(tls: &Tls) -> Result<Vec<u8>, TooLong> {
    let mut flags = client::SSL;
    if tls.client_certificate {
        flags |= client::CERT_CONN;
    }
    if tls.client_certificate_in_session {
        flags |= client::CERT_SESS;
    }
    let mut out = vec![flags];
    out.extend_from_slice(&u32::from(!tls.verified).to_be_bytes());
    value(kind::SSL_VERSION, tls.version.as_deref(), &mut out)?;
    value(kind::SSL_CN, tls.client_name.as_deref(), &mut out)?;
    value(kind::SSL_CIPHER, tls.cipher.as_deref(), &mut out)?;
    value(kind::SSL_SIG_ALG, tls.signature_algorithm.as_deref(), &mut out)?;
    value(kind::SSL_KEY_ALG, tls.key_algorithm.as_deref(), &mut out)?;
    Ok(out)
}

fn value(kind: u8, value: Option<&[u8]>, out: &mut Vec<u8>) -> Result<(), TooLong> {
    let Some(value) = value else { return Ok(()) };
    out.push(kind);
    out.extend_from_slice(&u16::try_from(value.len()).map_err(|_| TooLong)?.to_be_bytes());
    out.extend_from_slice(value);
    Ok(())
}
