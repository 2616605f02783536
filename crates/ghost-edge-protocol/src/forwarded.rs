//! Who the client is, and what backends are told about it: X-Forwarded-For, -Proto, -Host, -Port, and `Forwarded` (RFC 7239).
//!
//! What comes from a proxy that is not trusted is dropped, never passed on beside our own words.

use std::fmt::Write as _;
use std::net::{IpAddr, SocketAddr};

use http::header::{FORWARDED, HeaderMap, HeaderName, HeaderValue};
use ipnet::IpNet;

/// `X-Forwarded-For`
pub const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
/// `X-Forwarded-Proto`
pub const X_FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
/// `X-Forwarded-Host`
pub const X_FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
/// `X-Forwarded-Port`
pub const X_FORWARDED_PORT: HeaderName = HeaderName::from_static("x-forwarded-port");

/// Other spellings that backends are known to believe; never passed on.
const OTHERS: [&str; 9] = [
    "x-real-ip",
    "x-client-ip",
    "true-client-ip",
    "x-forwarded",
    "x-forwarded-ssl",
    "x-forwarded-scheme",
    "x-forwarded-server",
    "x-scheme",
    "front-end-https",
];

/// Most hops that are looked at from the right.
const MAX_HOPS: usize = 32;

/// Whether an address is that of a proxy that is trusted. An IPv4 address inside IPv6 counts as IPv4.
pub fn is_trusted(address: IpAddr, trusted: &[IpNet]) -> bool {
    let address = address.to_canonical();
    trusted.iter().any(|network| network.contains(&address))
}

/// What is known of a request's way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// The client: the last hop that is no trusted proxy.
    pub client: IpAddr,
    /// `https` as the client sees it.
    pub https: bool,
    /// Host as the client sees it, where a trusted proxy says so.
    pub host: Option<Box<str>>,
}

/// What to believe and what to write.
#[derive(Debug, Clone, Copy)]
pub struct Forwarding<'p> {
    /// Networks of trusted proxies.
    pub trusted: &'p [IpNet],
    /// Whether the peer's forwarded headers are believed and added to.
    pub believe: bool,
    /// Whether `Forwarded` is written beside the X-Forwarded headers.
    pub write_forwarded: bool,
}

/// What the edge itself knows of a request.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'s> {
    /// The peer of the connection, or the source of its PROXY header; `None` for a Unix socket without one.
    pub peer: Option<SocketAddr>,
    /// Whether the connection has TLS.
    pub tls: bool,
    /// Host as received.
    pub host: &'s str,
    /// Port of the listener.
    pub port: u16,
}

impl Forwarding<'_> {
    /// What is believed about a request's way.
    pub fn way(&self, seen: &Seen<'_>, headers: &HeaderMap) -> Way {
        let peer = seen.peer.map_or(IpAddr::from([127, 0, 0, 1]), |peer| peer.ip().to_canonical());
        if !self.believe {
            return Way { client: peer, https: seen.tls, host: None };
        }
        let hops = hops(headers);
        let client = hops.iter().rev().take(MAX_HOPS).copied().try_fold(peer, |nearer, hop| match hop {
            // Behind the first hop that is not trusted, or that is no address, nothing can be believed.
            Some(hop) if is_trusted(nearer, self.trusted) || seen.peer.is_none() && nearer == peer => Ok(hop),
            _ => Err(nearer),
        });
        let https = match last_word(headers, &X_FORWARDED_PROTO) {
            Some(word) if word.eq_ignore_ascii_case("https") || word.eq_ignore_ascii_case("wss") => true,
            Some(word) if word.eq_ignore_ascii_case("http") || word.eq_ignore_ascii_case("ws") => false,
            _ => seen.tls,
        };
        let host = last_word(headers, &X_FORWARDED_HOST).filter(|host| is_host(host)).map(Box::from);
        let (Ok(client) | Err(client)) = client;
        Way { client, https, host }
    }

    /// Writes the headers for a backend. Call it after [`Forwarding::way`].
    pub fn write(&self, seen: &Seen<'_>, way: &Way, headers: &mut HeaderMap) {
        for name in OTHERS {
            headers.remove(name);
        }
        let peer = seen.peer.map(|peer| peer.ip().to_canonical());
        let before = self.believe.then(|| joined(headers, &X_FORWARDED_FOR)).flatten();
        let addresses = match (before, peer) {
            (Some(before), Some(peer)) => Some(format!("{before}, {peer}")),
            (Some(before), None) => Some(before),
            (None, peer) => peer.map(|peer| peer.to_string()),
        };
        self.write_rfc_7239(seen, way, peer, headers);
        set(headers, X_FORWARDED_FOR, addresses.as_deref());
        set(headers, X_FORWARDED_PROTO, Some(if way.https { "https" } else { "http" }));
        set(
            headers,
            X_FORWARDED_HOST,
            Some(way.host.as_deref().unwrap_or(seen.host)).filter(|host| !host.is_empty()),
        );
        let port = self.believe.then(|| last_word(headers, &X_FORWARDED_PORT)).flatten();
        let port = port.and_then(|port| port.parse::<u16>().ok()).unwrap_or(seen.port);
        set(headers, X_FORWARDED_PORT, Some(&port.to_string()));
    }

    fn write_rfc_7239(&self, seen: &Seen<'_>, way: &Way, peer: Option<IpAddr>, headers: &mut HeaderMap) {
        let before = self.believe.then(|| joined(headers, &FORWARDED)).flatten();
        if !self.write_forwarded {
            match before {
                // Passed on it would say less than X-Forwarded-For does: our hop would be missing.
                Some(_) if !self.believe => _ = headers.remove(FORWARDED),
                Some(_) => self.append(seen, way, peer, before, headers),
                None => _ = headers.remove(FORWARDED),
            }
            return;
        }
        self.append(seen, way, peer, before, headers);
    }

    fn append(
        &self,
        seen: &Seen<'_>,
        way: &Way,
        peer: Option<IpAddr>,
        before: Option<String>,
        headers: &mut HeaderMap,
    ) {
        let mut text = before.map_or_else(String::new, |before| before + ", ");
        // Writing to a String cannot fail. RFC 7239 section 6: IPv6 in brackets, and then in quotes.
        _ = match peer {
            Some(IpAddr::V4(address)) => write!(text, "for={address}"),
            Some(IpAddr::V6(address)) => write!(text, "for=\"[{address}]\""),
            None => write!(text, "for=unknown"),
        };
        let host = way.host.as_deref().unwrap_or(seen.host);
        if !host.is_empty() && is_host(host) {
            _ = write!(text, ";host=\"{host}\"");
        }
        _ = write!(text, ";proto={}", if way.https { "https" } else { "http" });
        set(headers, FORWARDED, Some(&text));
    }
}

/// Addresses of the hops, the client first; `None` for what is no address. X-Forwarded-For counts where it is there.
fn hops(headers: &HeaderMap) -> Vec<Option<IpAddr>> {
    if let Some(list) = joined(headers, &X_FORWARDED_FOR) {
        return list.split(',').map(|hop| node(hop.trim())).collect();
    }
    let Some(list) = joined(headers, &FORWARDED) else { return Vec::new() };
    quoted_split(&list, ',').into_iter().map(forwarded_for).collect()
}

/// The node behind `for=` of one element of `Forwarded`.
fn forwarded_for(element: &str) -> Option<IpAddr> {
    quoted_split(element, ';').into_iter().find_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        let value = value.trim();
        let value = value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value);
        name.trim().eq_ignore_ascii_case("for").then(|| node(value))?
    })
}

/// Splits outside quotation marks.
fn quoted_split(text: &str, at: char) -> Vec<&str> {
    let (mut quoted, mut escaped) = (false, false);
    text.split(move |character: char| {
        let was_escaped = escaped;
        escaped = quoted && !escaped && character == '\\';
        if character == '"' && !was_escaped {
            quoted = !quoted;
        }
        character == at && !quoted
    })
    .collect()
}

/// An address, with or without port and brackets.
fn node(text: &str) -> Option<IpAddr> {
    if let Ok(address) = text.parse::<IpAddr>() {
        return Some(address.to_canonical());
    }
    if let Ok(address) = text.parse::<SocketAddr>() {
        return Some(address.ip().to_canonical());
    }
    let inside = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'))?;
    inside.parse::<std::net::Ipv6Addr>().ok().map(|address| IpAddr::from(address).to_canonical())
}

/// All lines of a list header as one; `None` where one of them is no text.
fn joined(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let mut values = headers.get_all(name).iter();
    let mut list = values.next()?.to_str().ok()?.to_owned();
    for value in values {
        list.push_str(", ");
        list.push_str(value.to_str().ok()?);
    }
    (!list.is_empty()).then_some(list)
}

/// The last element of a list header: what the nearest proxy said.
fn last_word<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    let line = headers.get_all(name).iter().next_back()?.to_str().ok()?;
    line.rsplit(',').next().map(str::trim).filter(|word| !word.is_empty())
}

fn is_host(host: &str) -> bool {
    let plain =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b':' | b'[' | b']');
    (1..=261).contains(&host.len()) && host.bytes().all(plain)
}

/// One line of the name, or none.
fn set(headers: &mut HeaderMap, name: HeaderName, value: Option<&str>) {
    match value.and_then(|value| HeaderValue::from_str(value).ok()) {
        Some(value) => _ = headers.insert(name, value),
        None => _ = headers.remove(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[(&'static str, &str)]) -> HeaderMap {
        let line = |(name, value): &(&'static str, &str)| {
            (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap())
        };
        lines.iter().map(line).collect()
    }

    fn forwarding(trusted: &[IpNet], believe: bool) -> Forwarding<'_> {
        Forwarding { trusted, believe, write_forwarded: true }
    }

    fn seen(peer: &str) -> Seen<'static> {
        Seen { peer: Some(peer.parse().unwrap()), tls: true, host: "shop.example", port: 443 }
    }

    fn networks() -> Vec<IpNet> {
        vec!["10.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()]
    }

    #[test]
    fn the_client_is_the_last_hop_that_is_not_trusted() {
        let networks = networks();
        let client = |peer: &str, lines: &[(&'static str, &str)]| {
            let peer: SocketAddr = peer.parse().unwrap();
            let believe = is_trusted(peer.ip(), &networks);
            forwarding(&networks, believe)
                .way(&Seen { peer: Some(peer), ..seen("1.1.1.1:1") }, &headers(lines))
                .client
                .to_string()
        };
        assert_eq!(
            client("192.0.2.1:5", &[("x-forwarded-for", "198.51.100.1")]),
            "192.0.2.1",
            "a client's own words"
        );
        assert_eq!(client("10.0.0.1:5", &[("x-forwarded-for", "198.51.100.1")]), "198.51.100.1");
        assert_eq!(
            client("10.0.0.1:5", &[("x-forwarded-for", "1.2.3.4, 198.51.100.1, 10.9.9.9")]),
            "198.51.100.1"
        );
        assert_eq!(
            client("10.0.0.1:5", &[("x-forwarded-for", "1.2.3.4"), ("x-forwarded-for", "10.2.2.2")]),
            "1.2.3.4"
        );
        assert_eq!(client("10.0.0.1:5", &[("x-forwarded-for", "1.2.3.4, nonsense")]), "10.0.0.1");
        assert_eq!(client("[::ffff:10.0.0.1]:5", &[("x-forwarded-for", "[2001:db8::1]:80")]), "2001:db8::1");
        assert_eq!(
            client("[fd00::1]:5", &[("forwarded", "for=\"[2001:db8::7]:4711\";proto=http, for=10.1.1.1")]),
            "2001:db8::7"
        );
        assert_eq!(client("10.0.0.1:5", &[("forwarded", "for=unknown")]), "10.0.0.1");
        assert_eq!(client("10.0.0.1:5", &[("forwarded", "By=\"a,for=6.6.6.6\";For=1.2.3.4")]), "1.2.3.4");
    }

    #[test]
    fn words_of_strangers_are_replaced() {
        let networks = networks();
        let forwarding = forwarding(&networks, false);
        let mut lines = headers(&[
            ("x-forwarded-for", "6.6.6.6"),
            ("x-forwarded-proto", "http"),
            ("x-forwarded-host", "evil.example"),
            ("x-forwarded-port", "1"),
            ("forwarded", "for=6.6.6.6"),
            ("x-real-ip", "6.6.6.6"),
        ]);
        let seen = seen("[2001:db8::1]:5");
        let way = forwarding.way(&seen, &lines);
        assert_eq!(way, Way { client: "2001:db8::1".parse().unwrap(), https: true, host: None });
        forwarding.write(&seen, &way, &mut lines);
        let expected = headers(&[
            ("x-forwarded-for", "2001:db8::1"),
            ("x-forwarded-proto", "https"),
            ("x-forwarded-host", "shop.example"),
            ("x-forwarded-port", "443"),
            ("forwarded", "for=\"[2001:db8::1]\";host=\"shop.example\";proto=https"),
        ]);
        assert_eq!(lines, expected);
    }

    #[test]
    fn words_of_trusted_proxies_are_added_to() {
        let networks = networks();
        let forwarding = forwarding(&networks, true);
        let mut lines = headers(&[
            ("x-forwarded-for", "198.51.100.1"),
            ("x-forwarded-proto", "http"),
            ("x-forwarded-host", "www.example"),
            ("x-forwarded-port", "8080"),
            ("forwarded", "for=198.51.100.1"),
        ]);
        let seen = seen("10.0.0.1:5");
        let way = forwarding.way(&seen, &lines);
        assert_eq!(
            way,
            Way { client: "198.51.100.1".parse().unwrap(), https: false, host: Some("www.example".into()) }
        );
        forwarding.write(&seen, &way, &mut lines);
        let expected = headers(&[
            ("x-forwarded-for", "198.51.100.1, 10.0.0.1"),
            ("x-forwarded-proto", "http"),
            ("x-forwarded-host", "www.example"),
            ("x-forwarded-port", "8080"),
            ("forwarded", "for=198.51.100.1, for=10.0.0.1;host=\"www.example\";proto=http"),
        ]);
        assert_eq!(lines, expected);
    }
}
