//! A head of any shape through the header bridge: what goes on has one host, one way to end, and nothing of its connection.
#![no_main]

use ghost_edge_protocol::bridge::{Hop, Length, Outbound, is_hop_by_hop, receive, request, response, retain_allowed};
use ghost_edge_protocol::forwarded::{Forwarding, Seen};
use ghost_edge_protocol::identity;
use http::header::{CONNECTION, CONTENT_LENGTH, HOST, TE, UPGRADE};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, Version};
use libfuzzer_sys::fuzz_target;

/// First line: version and method, then the target; each further line a header.
fn head(text: &[u8]) -> Option<(Version, Method, Uri, HeaderMap)> {
    let mut lines = text.split(|byte| *byte == b'\n');
    let first = lines.next()?;
    let version = match first.first()? {
        b'0' => Version::HTTP_10,
        b'1' => Version::HTTP_11,
        _ => Version::HTTP_2,
    };
    let mut words = first.get(1..)?.splitn(2, |byte| *byte == b' ');
    let (method, uri) = (Method::from_bytes(words.next()?).ok()?, Uri::try_from(words.next()?).ok()?);
    let mut headers = HeaderMap::new();
    for line in lines {
        let mut parts = line.splitn(2, |byte| *byte == b':');
        let name = parts.next().and_then(|name| HeaderName::from_bytes(name).ok());
        let value = parts.next().and_then(|value| HeaderValue::from_bytes(value).ok());
        if let (Some(name), Some(value)) = (name, value) {
            headers.append(name, value);
        }
    }
    Some((version, method, uri, headers))
}

fuzz_target!(|text: &[u8]| {
    let Some((version, method, uri, headers)) = head(text) else { return };
    retain_allowed(&mut headers.clone());
    for client in [Hop::Http1, Hop::Http2] {
        let mut headers = headers.clone();
        if response(&method, StatusCode::OK, version, client, false, &mut headers).is_ok() {
            assert!(!headers.keys().any(is_hop_by_hop));
            assert!(headers.get_all(CONTENT_LENGTH).iter().count() <= 1);
        }
    }
    let Ok(inbound) = receive(&method, version, &uri, &headers, None) else { return };
    let Ok(host) = HeaderValue::from_str(&inbound.host) else { panic!("a host that cannot be sent: {:?}", inbound.host) };
    for hop in [Hop::Http1, Hop::Http2] {
        let mut headers = headers.clone();
        request(&inbound, &Outbound { hop, host: &host, websocket_key: None }, &mut headers);
        let allowed = |name: &HeaderName| hop == Hop::Http1 && (name == CONNECTION || name == UPGRADE) || name == TE;
        assert!(headers.keys().all(|name| allowed(name) || !is_hop_by_hop(name)), "{headers:?}");
        assert_eq!(headers.get_all(HOST).iter().count(), usize::from(hop == Hop::Http1));
        let lengths = headers.get_all(CONTENT_LENGTH).iter().count();
        assert_eq!(lengths, usize::from(matches!(inbound.length, Length::Known(_))));
        let forwarding = Forwarding { trusted: &[], believe: true, write_forwarded: true };
        let seen = Seen { peer: None, tls: true, host: &inbound.host, port: 443 };
        let way = forwarding.way(&seen, &headers);
        forwarding.write(&seen, &way, &mut headers);
        identity::request_id(&mut headers, true, 7);
        identity::trace(&mut headers, true, 7, 7);
    }
});
