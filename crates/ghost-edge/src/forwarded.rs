//! What endpoints are told about the client: X-Forwarded headers, Forwarded (RFC 7239), request id, traceparent.

use std::net::IpAddr;

use ghost_edge_config::model::{HeaderTrust, Trust};
use http::header::{FORWARDED, HeaderMap, HeaderName, HeaderValue};

use crate::exchange::Exchange;
use crate::forward::Plan;

const FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
const HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const PORT: HeaderName = HeaderName::from_static("x-forwarded-port");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
const TRACESTATE: HeaderName = HeaderName::from_static("tracestate");

/// Writes them, keeping what came in only where it is trusted.
pub(crate) fn write(exchange: &mut Exchange<'_>, plan: &Plan<'_>, headers: &mut HeaderMap) {
    let trust = &exchange.generation.configuration.trust;
    let peer = &exchange.connection.peer;
    let client = peer.address();
    let by_proxy = client.is_none_or(|client| trust.proxies.iter().any(|network| network.contains(&client)));
    if !keeps(trust.forwarded, by_proxy) {
        for name in [FOR, PROTO, HOST, PORT, FORWARDED] {
            headers.remove(name);
        }
    }
    if let Some(client) = client {
        append(headers, FOR, &client.to_string());
    }
    let proto = if plan.secure { "https" } else { "http" };
    let authority = String::from_utf8_lossy(&plan.received).into_owned();
    set_once(headers, PROTO, proto);
    set_once(headers, HOST, &authority);
    if let Some(local) = peer.local {
        set_once(headers, PORT, &local.port().to_string());
    }
    if trust.write_forwarded {
        append(headers, FORWARDED, &element(client, proto, &authority));
    }
    identify(exchange, trust.clone(), by_proxy, headers);
}

fn identify(exchange: &mut Exchange<'_>, trust: Trust, by_proxy: bool, headers: &mut HeaderMap) {
    let random = || exchange.connection.worker.random();
    if !keeps(trust.request_id, by_proxy) || !headers.contains_key(REQUEST_ID) {
        headers.remove(REQUEST_ID);
        set_once(headers, REQUEST_ID, &format!("{:016x}{:016x}", random(), random()));
    }
    let kept = keeps(trust.trace, by_proxy) && headers.get(TRACEPARENT).is_some_and(is_traceparent);
    if !kept {
        headers.remove(TRACEPARENT);
        headers.remove(TRACESTATE);
        // Not sampled: whoever samples decides behind the edge.
        set_once(
            headers,
            TRACEPARENT,
            &format!("00-{:016x}{:016x}-{:016x}-00", random() | 1, random(), random() | 1),
        );
    }
    exchange.record.request_id = headers.get(REQUEST_ID).cloned();
}

fn keeps(trust: HeaderTrust, by_proxy: bool) -> bool {
    match trust {
        HeaderTrust::Proxies => by_proxy,
        HeaderTrust::Always => true,
        HeaderTrust::Never => false,
    }
}

/// W3C Trace Context section 3.2.
fn is_traceparent(value: &HeaderValue) -> bool {
    let bytes = value.as_bytes();
    let hex = |range: std::ops::Range<usize>| {
        bytes.get(range).is_some_and(|part| part.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')))
    };
    let dashes = [2, 35, 52].iter().all(|place| bytes.get(*place) == Some(&b'-'));
    bytes.len() == 55 && dashes && hex(0..2) && hex(3..35) && hex(36..52) && hex(53..55)
}

/// RFC 7239 section 4: addresses of IPv6 are quoted and bracketed.
fn element(client: Option<IpAddr>, proto: &str, host: &str) -> String {
    let client = match client {
        Some(IpAddr::V4(address)) => address.to_string(),
        Some(IpAddr::V6(address)) => format!("\"[{address}]\""),
        None => "unknown".to_owned(),
    };
    if host.is_empty() || host.contains(['"', '\\']) {
        return format!("for={client};proto={proto}");
    }
    format!("for={client};proto={proto};host=\"{host}\"")
}

fn set_once(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if !headers.contains_key(&name)
        && let Ok(value) = HeaderValue::from_str(value)
    {
        headers.insert(name, value);
    }
}

/// Behind what is there already, in one line.
fn append(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    let lines: Vec<&str> = headers.get_all(&name).iter().filter_map(|line| line.to_str().ok()).collect();
    let joined = lines.into_iter().chain([value]).collect::<Vec<_>>().join(", ");
    if let Ok(value) = HeaderValue::from_str(&joined) {
        headers.insert(name, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_quoted_where_they_must_be() {
        assert_eq!(element("192.0.2.1".parse().ok(), "http", "a"), "for=192.0.2.1;proto=http;host=\"a\"");
        assert_eq!(element("2001:db8::1".parse().ok(), "https", ""), "for=\"[2001:db8::1]\";proto=https");
    }

    #[test]
    fn traces_are_kept_only_when_they_have_the_form() {
        let is = |text: &str| is_traceparent(&HeaderValue::from_str(text).unwrap());
        assert!(is("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
        assert!(!is("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331"));
        assert!(!is("00-0AF7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
    }
}
