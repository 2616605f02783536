//! The PROXY protocol, versions 1 and 2 (haproxy.org, `doc/proxy-protocol.txt`, revision of 2020/03/05): read from proxies in
//! front, written (version 2) to backends and varnishd.

mod decode;
mod encode;

use std::net::SocketAddr;

pub use decode::{Decoded, Invalid, decode};
pub use encode::{TooLong, encode};

/// Most bytes that are read before a header is refused. Version 2 could have 64 KiB; what is meant needs far less.
pub const MAX_HEADER: usize = 4096;

/// Most bytes behind the fixed part that varnishd takes, and that [`encode`] writes.
pub const MAX_PAYLOAD: usize = 1024;

pub(crate) const SIGNATURE: &[u8; 12] = b"\r\n\r\n\0\r\nQUIT\n";

/// What a header says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Header {
    /// The connection between client and proxy; `None`: the proxy speaks for itself (LOCAL), or says nothing (UNKNOWN).
    pub connection: Option<Connection>,
    /// What else is known of it.
    pub details: Details,
}

/// The two ends of the connection between client and proxy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Connection {
    /// TCP; both addresses of one family.
    Ip {
        /// The client.
        source: SocketAddr,
        /// Where it connected to.
        destination: SocketAddr,
    },
    /// A Unix socket; paths as bytes, without the zeros behind them, 108 at most.
    Unix {
        /// The client's path, mostly empty.
        source: Vec<u8>,
        /// The path it connected to.
        destination: Vec<u8>,
    },
}

/// Optional facts, each at most once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Details {
    /// Application protocol (`PP2_TYPE_ALPN`).
    pub alpn: Option<Vec<u8>>,
    /// Server name (`PP2_TYPE_AUTHORITY`).
    pub authority: Option<Vec<u8>>,
    /// Connection identifier of up to 128 bytes (`PP2_TYPE_UNIQUE_ID`).
    pub unique_id: Option<Vec<u8>>,
    /// TLS (`PP2_TYPE_SSL`).
    pub tls: Option<Tls>,
}

/// TLS of the connection between client and proxy.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tls {
    /// Version as text, such as `TLSv1.3`.
    pub version: Option<Vec<u8>>,
    /// Cipher, such as `TLS_AES_128_GCM_SHA256`.
    pub cipher: Option<Vec<u8>>,
    /// Common name of the client's certificate.
    pub client_name: Option<Vec<u8>>,
    /// Signature algorithm of the proxy's certificate, such as `SHA256`.
    pub signature_algorithm: Option<Vec<u8>>,
    /// Key algorithm of the proxy's certificate, such as `RSA2048`.
    pub key_algorithm: Option<Vec<u8>>,
    /// The client showed a certificate in this connection.
    pub client_certificate: bool,
    /// It showed one at least once in this session.
    pub client_certificate_in_session: bool,
    /// The certificate was checked and held.
    pub verified: bool,
}

pub(crate) mod kind {
    pub(crate) const ALPN: u8 = 0x01;
    pub(crate) const AUTHORITY: u8 = 0x02;
    pub(crate) const CRC32C: u8 = 0x03;
    pub(crate) const UNIQUE_ID: u8 = 0x05;
    pub(crate) const SSL: u8 = 0x20;
    pub(crate) const SSL_VERSION: u8 = 0x21;
    pub(crate) const SSL_CN: u8 = 0x22;
    pub(crate) const SSL_CIPHER: u8 = 0x23;
    pub(crate) const SSL_SIG_ALG: u8 = 0x24;
    pub(crate) const SSL_KEY_ALG: u8 = 0x25;
}

pub(crate) mod client {
    pub(crate) const SSL: u8 = 0x01;
    pub(crate) const CERT_CONN: u8 = 0x02;
    pub(crate) const CERT_SESS: u8 = 0x04;
}

/// CRC-32C (Castagnoli), bit by bit: headers are short.
pub(crate) fn crc32c(parts: &[&[u8]]) -> u32 {
    let mut crc = u32::MAX;
    for byte in parts.iter().copied().flatten() {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0x82f6_3b78 } else { crc >> 1 };
        }
    }
    !crc
}

#[cfg(test)]
mod tests {
    use super::crc32c;

    #[test]
    fn the_check_value_of_crc_32c() {
        assert_eq!(crc32c(&[b"1234", b"56789"]), 0xe306_9283);
    }
}
