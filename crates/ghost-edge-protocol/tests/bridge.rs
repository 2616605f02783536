//! What of a message goes on, for every pair of protocols.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use ghost_edge_protocol::bridge::*;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, Version};

fn headers(lines: &[(&str, &str)]) -> HeaderMap {
    let line = |(name, value): &(&str, &str)| {
        (HeaderName::try_from(*name).unwrap(), HeaderValue::from_bytes(value.as_bytes()).unwrap())
    };
    lines.iter().map(line).collect()
}

fn look(version: Version, method: &str, target: &str, lines: &[(&str, &str)]) -> Result<Inbound, Refusal> {
    let method = Method::from_bytes(method.as_bytes()).unwrap();
    receive(&method, version, &Uri::try_from(target).unwrap(), &headers(lines), None)
}

fn h1(lines: &[(&str, &str)]) -> Result<Inbound, Refusal> {
    let lines = [&[("host", "a.example")], lines].concat();
    look(Version::HTTP_11, "POST", "/x", &lines)
}

fn h2(lines: &[(&str, &str)]) -> Result<Inbound, Refusal> {
    look(Version::HTTP_2, "POST", "https://a.example/x", lines)
}

/// The head that a backend gets.
fn sent(inbound: &Inbound, hop: Hop, lines: &[(&str, &str)]) -> HeaderMap {
    let mut headers = headers(lines);
    let (host, key) =
        (HeaderValue::from_str(&inbound.host).unwrap(), HeaderValue::from_static("a2V5IG9mIHRoZSBlZGdlLg=="));
    request(inbound, &Outbound { hop, host: &host, websocket_key: Some(&key) }, &mut headers);
    headers
}

#[test]
fn one_host_and_one_only() {
    let host = |version, target, lines: &[(&str, &str)]| {
        look(version, "GET", target, lines).map(|inbound| inbound.host.to_string())
    };
    let (h10, h11, h2) = (Version::HTTP_10, Version::HTTP_11, Version::HTTP_2);
    assert_eq!(host(h11, "/", &[("host", "a.example:80")]), Ok("a.example:80".into()));
    assert_eq!(host(h11, "/", &[("host", "")]), Ok(String::new()));
    assert_eq!(host(h11, "/", &[]), Err(Refusal::NoHost));
    assert_eq!(host(h10, "/", &[]), Ok(String::new()));
    assert_eq!(host(h11, "/", &[("host", "a"), ("host", "a")]), Err(Refusal::SeveralHosts));
    assert_eq!(host(h11, "http://a.example/", &[("host", "A.example")]), Ok("a.example".into()));
    assert_eq!(host(h11, "http://a.example/", &[]), Err(Refusal::NoHost), "RFC 9112 section 3.2");
    assert_eq!(host(h10, "http://a.example/", &[]), Ok("a.example".into()));
    assert_eq!(host(h11, "http://a.example/", &[("host", "b.example")]), Err(Refusal::HostConflict));
    assert_eq!(
        host(h11, "http://a.example", &[("host", "b.example")]),
        Err(Refusal::HostConflict),
        "an empty path, too"
    );
    assert_eq!(host(h2, "https://a.example/", &[]), Ok("a.example".into()));
    assert_eq!(host(h2, "https://a.example/", &[("host", "a.example")]), Ok("a.example".into()));
    assert_eq!(host(h2, "https://a.example/", &[("host", "b.example")]), Err(Refusal::HostConflict));
    assert_eq!(host(h2, "/", &[("host", "a.example")]), Ok("a.example".into()));
    assert_eq!(host(h2, "/", &[]), Err(Refusal::NoHost));
    assert_eq!(host(h2, "/", &[("host", "")]), Err(Refusal::NoHost));
    for bad in ["user@a.example", "a b", "a/b", "a?b", "[::1", "a:b", "a,b"] {
        assert_eq!(host(h11, "/", &[("host", bad)]), Err(Refusal::Host), "{bad}");
    }
}

#[test]
fn a_body_ends_in_one_place() {
    assert_eq!(h1(&[]).unwrap().length, Length::Absent);
    assert_eq!(h1(&[("content-length", "7")]).unwrap().length, Length::Known(7));
    assert_eq!(h1(&[("content-length", "7"), ("content-length", "7, 7")]).unwrap().length, Length::Known(7));
    assert_eq!(h1(&[("transfer-encoding", "Chunked")]).unwrap().length, Length::Chunked);
    for value in ["", "-1", "+1", "0x1", "1 1", "1,2", "1,", "99999999999999999999", "1;2"] {
        assert_eq!(h1(&[("content-length", value)]), Err(Refusal::ContentLength), "{value:?}");
    }
    assert_eq!(h1(&[("content-length", "1"), ("content-length", "2")]), Err(Refusal::ContentLength));
    assert_eq!(
        h1(&[("content-length", "1"), ("transfer-encoding", "chunked")]),
        Err(Refusal::TransferEncoding)
    );
    for value in
        ["", "identity", "chunked, gzip", "chunked,", ",chunked", "xchunked", "chunked;q=1", "\u{b}chunked"]
    {
        let value = HeaderValue::from_bytes(value.as_bytes());
        let Ok(value) = value else { continue };
        let found = h1(&[("transfer-encoding", value.to_str().unwrap_or("identity"))]);
        assert_eq!(found, Err(Refusal::TransferEncoding), "{value:?}");
    }
    assert_eq!(
        h1(&[("transfer-encoding", "chunked"), ("transfer-encoding", "chunked")]),
        Err(Refusal::TransferEncoding)
    );
    assert_eq!(h1(&[("transfer-encoding", "gzip, chunked")]), Err(Refusal::TransferCoding));
    let old = look(Version::HTTP_10, "POST", "/", &[("transfer-encoding", "chunked")]);
    assert_eq!(old, Err(Refusal::TransferEncoding), "HTTP/1.0 knows no codings");
}

#[test]
fn http2_has_no_connection_headers() {
    for (name, value) in [
        ("connection", "close"),
        ("proxy-connection", "close"),
        ("keep-alive", "1"),
        ("transfer-encoding", "chunked"),
        ("upgrade", "websocket"),
        ("te", "gzip"),
    ] {
        assert_eq!(h2(&[(name, value)]), Err(Refusal::ConnectionHeader), "{name}");
    }
    assert!(h2(&[("te", "trailers")]).unwrap().takes_trailers);
}

#[test]
fn connection_hides_nothing_that_matters() {
    for name in ["host", "Content-Length", "transfer-encoding", "cookie", "X-Forwarded-For", "authorization"]
    {
        assert_eq!(h1(&[("connection", name)]), Err(Refusal::ConnectionNames), "{name}");
    }
    assert_eq!(h1(&[("connection", "a b")]), Err(Refusal::ConnectionNames));
    let many = (0..40).map(|number| format!("x-{number}")).collect::<Vec<_>>().join(",");
    assert_eq!(h1(&[("connection", &many)]), Err(Refusal::ConnectionNames));
    let lines = [
        ("connection", "close, X-Own"),
        ("x-own", "1"),
        ("keep-alive", "1"),
        ("proxy-connection", "x"),
        ("te", "gzip"),
        ("proxy-authorization", "x"),
        ("x-ghost-route", "r"),
        ("accept", "*/*"),
    ];
    let inbound = h1(&lines).unwrap();
    assert_eq!(sent(&inbound, Hop::Http1, &lines), headers(&[("accept", "*/*"), ("host", "a.example")]));
    assert_eq!(sent(&inbound, Hop::Http2, &lines), headers(&[("accept", "*/*")]));
}

#[test]
fn te_goes_on_as_trailers_only() {
    let lines = [("te", "gzip;q=0.5, trailers")];
    let inbound = h1(&lines).unwrap();
    assert_eq!(sent(&inbound, Hop::Http2, &lines), headers(&[("te", "trailers")]));
    let expected = headers(&[("te", "trailers"), ("connection", "TE"), ("host", "a.example")]);
    assert_eq!(sent(&inbound, Hop::Http1, &lines), expected);
}

#[test]
fn lengths_and_cookies_have_one_form() {
    let lines = [
        ("content-length", "3"),
        ("content-length", "3"),
        ("trailer", "x"),
        ("cookie", "a=1"),
        ("cookie", "b=2"),
    ];
    let inbound = h2(&lines).unwrap();
    let expected = headers(&[("content-length", "3"), ("cookie", "a=1; b=2"), ("host", "a.example")]);
    assert_eq!(sent(&inbound, Hop::Http1, &lines), expected);
    let lines = [("transfer-encoding", "chunked"), ("trailer", "x-sum")];
    assert_eq!(sent(&h1(&lines).unwrap(), Hop::Http2, &lines), headers(&[("trailer", "x-sum")]));
}

#[test]
fn expectations() {
    let lines = [("expect", "100-Continue")];
    let inbound = h1(&lines).unwrap();
    assert!(inbound.expects_continue);
    assert!(!sent(&inbound, Hop::Http1, &lines).contains_key("expect"));
    assert_eq!(h1(&[("expect", "200-ok")]), Err(Refusal::Expectation));
    assert!(!look(Version::HTTP_10, "POST", "/", &lines).unwrap().expects_continue);
}

const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";

#[test]
fn websockets_in_all_directions() {
    let lines = [
        ("host", "a.example"),
        ("connection", "keep-alive, Upgrade"),
        ("upgrade", "WebSocket"),
        ("sec-websocket-key", KEY),
        ("sec-websocket-version", "13"),
    ];
    let inbound = look(Version::HTTP_11, "GET", "/x", &lines).unwrap();
    assert_eq!(inbound.upgrade, Some(Upgrade::WebSocket));
    let to_http1 = sent(&inbound, Hop::Http1, &lines);
    assert_eq!(
        (&to_http1["connection"], &to_http1["upgrade"], &to_http1["sec-websocket-key"]),
        (&"Upgrade".parse().unwrap(), &"websocket".parse().unwrap(), &KEY.parse().unwrap())
    );
    assert_eq!(sent(&inbound, Hop::Http2, &lines), headers(&[("sec-websocket-version", "13")]));

    let uri = Uri::try_from("https://a.example/x").unwrap();
    let extended = |protocol| receive(&Method::CONNECT, Version::HTTP_2, &uri, &HeaderMap::new(), protocol);
    let inbound = extended(Some("websocket")).unwrap();
    let to_http1 = sent(&inbound, Hop::Http1, &[]);
    assert_eq!(to_http1["sec-websocket-key"], "a2V5IG9mIHRoZSBlZGdlLg==");
    assert_eq!(
        (&to_http1["connection"], &to_http1["sec-websocket-version"]),
        (&"Upgrade".parse().unwrap(), &"13".parse().unwrap())
    );
    assert_eq!(extended(Some("connect-udp")).unwrap_err(), Refusal::Protocol);
    assert_eq!(extended(None).unwrap_err(), Refusal::Target);

    let without = |name: &str| lines.iter().copied().filter(|(own, _)| *own != name).collect::<Vec<_>>();
    assert_eq!(look(Version::HTTP_11, "GET", "/x", &without("sec-websocket-key")), Err(Refusal::Upgrade));
    assert_eq!(look(Version::HTTP_11, "POST", "/x", &lines), Err(Refusal::Upgrade));
    assert_eq!(
        look(Version::HTTP_11, "GET", "/x", &[&lines[..], &[("content-length", "1")]].concat()),
        Err(Refusal::Upgrade)
    );
    assert_eq!(look(Version::HTTP_11, "GET", "/x", &without("connection")).unwrap().upgrade, None);
    let offer = [
        ("host", "a"),
        ("connection", "Upgrade, HTTP2-Settings"),
        ("upgrade", "h2c"),
        ("http2-settings", "x"),
    ];
    let inbound = look(Version::HTTP_11, "GET", "/x", &offer).unwrap();
    assert_eq!(
        (inbound.upgrade, sent(&inbound, Hop::Http1, &offer)),
        (None, headers(&[("host", "a")])),
        "an offer is left out"
    );
}

#[test]
fn targets_fit_their_methods() {
    assert_eq!(
        look(Version::HTTP_11, "CONNECT", "a.example:443", &[("host", "a.example:443")]),
        Err(Refusal::Target)
    );
    assert_eq!(look(Version::HTTP_11, "GET", "*", &[("host", "a")]), Err(Refusal::Target));
    assert!(look(Version::HTTP_11, "OPTIONS", "*", &[("host", "a")]).is_ok());
}

fn answered(
    method: Method,
    status: u16,
    client: Hop,
    lines: &[(&str, &str)],
) -> Result<(Length, HeaderMap), BadResponse> {
    let mut headers = headers(lines);
    let status = StatusCode::from_u16(status).unwrap();
    let length = response(&method, status, Version::HTTP_11, client, false, &mut headers)?;
    Ok((length, headers))
}

#[test]
fn responses_lose_what_belongs_to_their_connection() {
    let lines = [
        ("connection", "x-hop, keep-alive"),
        ("x-hop", "1"),
        ("keep-alive", "timeout=5"),
        ("transfer-encoding", "chunked"),
        ("upgrade", "h2c"),
        ("x-ghost-explain", "1"),
        ("etag", "\"x\""),
        ("set-cookie", "a=1"),
        ("set-cookie", "b=2"),
    ];
    for client in [Hop::Http1, Hop::Http2] {
        let expected = headers(&[("etag", "\"x\""), ("set-cookie", "a=1"), ("set-cookie", "b=2")]);
        assert_eq!(answered(Method::GET, 200, client, &lines), Ok((Length::Chunked, expected)));
    }
    assert_eq!(
        answered(Method::GET, 200, Hop::Http1, &[("connection", "content-length")]),
        Err(BadResponse::Connection)
    );
    for broken in [
        &[("content-length", "1"), ("content-length", "2")][..],
        &[("content-length", "1"), ("transfer-encoding", "chunked")],
    ] {
        assert_eq!(answered(Method::GET, 200, Hop::Http2, broken), Err(BadResponse::Framing));
    }
}

#[test]
fn responses_without_body_say_so() {
    let length = [("content-length", "5")];
    assert_eq!(answered(Method::GET, 204, Hop::Http1, &length), Ok((Length::Known(0), HeaderMap::new())));
    for (method, status) in [(Method::HEAD, 200), (Method::GET, 304)] {
        assert_eq!(answered(method, status, Hop::Http2, &length), Ok((Length::Known(0), headers(&length))));
    }
    assert_eq!(answered(Method::GET, 101, Hop::Http1, &[]), Err(BadResponse::Switching));
}

#[test]
fn trailers_change_no_head() {
    let mut lines = headers(&[
        ("grpc-status", "0"),
        ("x-checksum", "1"),
        ("server-timing", "a"),
        ("content-length", "1"),
        ("set-cookie", "a=1"),
        ("x-forwarded-for", "1.2.3.4"),
        ("x-ghost-route", "r"),
        ("if-match", "*"),
    ]);
    retain_allowed(&mut lines);
    assert_eq!(lines, headers(&[("grpc-status", "0"), ("x-checksum", "1"), ("server-timing", "a")]));
}
