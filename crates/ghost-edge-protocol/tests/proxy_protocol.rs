//! The PROXY protocol against itself and against two other implementations.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::net::{IpAddr, SocketAddr};

use ghost_edge_protocol::proxy_protocol::*;
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;

fn short() -> impl Strategy<Value = Option<Vec<u8>>> {
    of(vec(any::<u8>(), 0..40))
}

fn details() -> impl Strategy<Value = Details> {
    let tls = (short(), short(), short(), short(), short(), any::<[bool; 3]>());
    let tls = tls.prop_map(
        |(version, cipher, client_name, signature_algorithm, key_algorithm, [now, session, verified])| Tls {
            version,
            cipher,
            client_name,
            signature_algorithm,
            key_algorithm,
            client_certificate: now,
            client_certificate_in_session: session,
            verified: verified && (now || session),
        },
    );
    (short(), short(), short(), of(tls)).prop_map(|(alpn, authority, unique_id, tls)| Details {
        alpn,
        authority,
        unique_id,
        tls,
    })
}

fn address() -> impl Strategy<Value = (SocketAddr, SocketAddr)> {
    prop_oneof![
        any::<([u8; 4], u16, [u8; 4], u16)>().prop_map(|(a, p, b, q)| (
            SocketAddr::new(IpAddr::from(a), p),
            SocketAddr::new(IpAddr::from(b), q)
        )),
        any::<([u8; 16], u16, [u8; 16], u16)>().prop_map(|(a, p, b, q)| (
            SocketAddr::new(IpAddr::from(a), p),
            SocketAddr::new(IpAddr::from(b), q)
        )),
    ]
}

fn path() -> impl Strategy<Value = Vec<u8>> {
    vec(1_u8..=255, 0..=108)
}

fn header() -> impl Strategy<Value = Header> {
    let ip = address().prop_map(|(source, destination)| Connection::Ip { source, destination });
    let unix = (path(), path()).prop_map(|(source, destination)| Connection::Unix { source, destination });
    (prop_oneof![4 => ip, 1 => unix], details())
        .prop_map(|(connection, details)| Header { connection: Some(connection), details })
}

fn encoded(header: &Header) -> Vec<u8> {
    let mut out = Vec::new();
    encode(header, &mut out).unwrap();
    out
}

proptest! {
    #[test]
    fn what_is_written_is_read(header in header(), rest in vec(any::<u8>(), 0..20)) {
        let bytes = encoded(&header);
        prop_assert_eq!(decode(&[&bytes[..], &rest].concat()), Decoded::Header(header, bytes.len()));
        for end in 1..bytes.len() {
            prop_assert!(matches!(decode(&bytes[..end]), Decoded::Incomplete(needed) if needed > end));
        }
    }

    #[test]
    fn nothing_makes_it_panic(bytes in vec(any::<u8>(), 0..200), signed in any::<bool>()) {
        let bytes = if signed { [b"\r\n\r\n\0\r\nQUIT\n\x21".as_slice(), &bytes].concat() } else { bytes };
        decode(&bytes);
    }

    #[test]
    fn ppp_reads_what_is_written(header in header()) {
        let bytes = encoded(&header);
        let read = ppp::v2::Header::try_from(&bytes[..]).unwrap();
        match (header.connection.unwrap(), read.addresses) {
            (Connection::Ip { source: SocketAddr::V4(source), destination }, ppp::v2::Addresses::IPv4(read)) => {
                prop_assert_eq!((source.ip(), source.port()), (&read.source_address, read.source_port));
                prop_assert_eq!((destination.ip(), destination.port()), (read.destination_address.into(), read.destination_port));
            }
            (Connection::Ip { source: SocketAddr::V6(source), destination }, ppp::v2::Addresses::IPv6(read)) => {
                prop_assert_eq!((source.ip(), source.port()), (&read.source_address, read.source_port));
                prop_assert_eq!((destination.ip(), destination.port()), (read.destination_address.into(), read.destination_port));
            }
            (Connection::Unix { source, destination }, ppp::v2::Addresses::Unix(read)) => {
                prop_assert_eq!(&read.source[..source.len()], &source[..]);
                prop_assert_eq!(&read.destination[..destination.len()], &destination[..]);
            }
            (ours, theirs) => return Err(TestCaseError::fail(format!("{ours:?} is read as {theirs:?}"))),
        }
        let expected = [&header.details.alpn, &header.details.authority, &header.details.unique_id];
        let count = expected.into_iter().flatten().count() + usize::from(header.details.tls.is_some());
        prop_assert_eq!(ppp::v2::Header::try_from(&bytes[..]).unwrap().tlvs().filter_map(Result::ok).count(), count);
    }

    #[test]
    fn proxy_header_reads_what_is_written((source, destination) in address(), details in details()) {
        let bytes = encoded(&Header { connection: Some(Connection::Ip { source, destination }), details: details.clone() });
        let (read, used) = proxy_header::ProxyHeader::parse(&bytes, proxy_header::ParseConfig::default()).unwrap();
        prop_assert_eq!(used, bytes.len());
        let read_address = read.proxied_address().unwrap();
        prop_assert_eq!((read_address.source, read_address.destination), (source, destination));
        let authority = details.authority.as_deref().and_then(|text| std::str::from_utf8(text).ok());
        if let Some(authority) = authority {
            prop_assert_eq!(read.authority(), Some(authority));
        }
    }

    #[test]
    fn lines_of_version_1_mean_the_same_to_ppp((source, destination) in address()) {
        let family = if source.is_ipv4() { "TCP4" } else { "TCP6" };
        let line = format!("PROXY {family} {} {} {} {}\r\n", source.ip(), destination.ip(), source.port(), destination.port());
        prop_assert!(ppp::v1::Header::try_from(line.as_str()).is_ok());
        let header = Header { connection: Some(Connection::Ip { source, destination }), details: Details::default() };
        prop_assert_eq!(decode(line.as_bytes()), Decoded::Header(header, line.len()));
    }
}

#[test]
fn a_checksum_is_looked_at() {
    let header = Header {
        connection: Some(Connection::Ip {
            source: "192.0.2.1:1".parse().unwrap(),
            destination: "192.0.2.2:2".parse().unwrap(),
        }),
        details: Details { alpn: Some(b"h2".to_vec()), ..Details::default() },
    };
    let mut bytes = encoded(&header);
    bytes.extend_from_slice(&[3, 0, 4, 0, 0, 0, 0]);
    bytes[15] += 7;
    let sum = crc(&bytes).to_be_bytes();
    let end = bytes.len();
    bytes[end - 4..].copy_from_slice(&sum);
    assert_eq!(decode(&bytes), Decoded::Header(header, end));
    for place in 16..end {
        let mut broken = bytes.clone();
        broken[place] ^= 1;
        assert!(
            !matches!(
                decode(&broken),
                Decoded::Header(Header { details: Details { alpn: Some(_), .. }, .. }, _)
            ) || place >= end - 7,
            "{place}"
        );
    }
}

/// CRC-32C by its definition over the whole header, the sum itself zero.
fn crc(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for bit in bytes.iter().flat_map(|byte| (0..8).map(move |bit| u32::from(byte >> bit & 1))) {
        crc = if (crc ^ bit) & 1 == 1 { crc >> 1 ^ 0x82f6_3b78 } else { crc >> 1 };
    }
    !crc
}

#[test]
fn local_is_for_the_proxy_itself() {
    assert_eq!(encoded(&Header::default()), b"\r\n\r\n\0\r\nQUIT\n\x20\0\0\0");
    let long = Details { authority: Some(vec![b'a'; 2000]), ..Details::default() };
    let connection = Connection::Unix { source: Vec::new(), destination: Vec::new() };
    assert_eq!(
        encode(&Header { connection: Some(connection), details: long }, &mut Vec::new()),
        Err(TooLong)
    );
}
