//! A request as it was received, brought into the form that is decided, without copying what need not be copied.
//!
//! Says what `ghost_core::document` says of a `RequestInput`, in borrowed bytes; the cases hold the two together.

use ghost_core::filter::header::is_internal;
use ghost_core::request::canonical::{self, Profile};
use ghost_core::request::{Entrance, HeaderLines, Request, Scheme, is_token, target};

/// Name and value of a header line.
pub(crate) type Line<'b> = (&'b [u8], &'b [u8]);

/// Where canonical forms are written that differ from what was received; used again for the next request.
#[derive(Default)]
pub(crate) struct Room {
    host: Vec<u8>,
    path: Vec<u8>,
}

/// A request in canonical form.
pub(crate) struct Received<'b> {
    scheme: Scheme,
    port: u16,
    method: &'b [u8],
    host: &'b [u8],
    path: &'b [u8],
    query: Option<&'b [u8]>,
    headers: Lines<'b>,
}

/// Header lines without Ghost's own, with a Host line where only the URL had a host.
struct Lines<'b> {
    host: Option<&'b [u8]>,
    others: &'b [Line<'b>],
}

impl<'b> Received<'b> {
    /// `None`: no HTTP request.
    pub(crate) fn new(
        method: &'b [u8],
        url: &'b [u8],
        lines: &'b [Line<'b>],
        room: &'b mut Room,
    ) -> Option<Self> {
        let target = target::of_request(method, url).filter(|_| lines.iter().all(is_sound))?;
        let mut hosts = lines.iter().filter(|(name, _)| is_host(name)).map(|(_, value)| value.trim_ascii());
        let (line, second) = (hosts.next(), hosts.next());
        // RFC 9112 section 3.2.
        if second.is_some() {
            return None;
        }
        let authority = line.or(target.authority).unwrap_or_default();
        let scheme = target.scheme.unwrap_or(Scheme::Http);
        Some(Self {
            scheme,
            port: canonical::port(target.authority.unwrap_or(authority)).unwrap_or(scheme.default_port()),
            method,
            host: canonical::host(authority, &mut room.host).ok()?,
            path: canonical::path(target.path, Profile::Lenient, &mut room.path).ok()?,
            query: target.query.map(canonical::query).transpose().ok()?,
            headers: Lines { host: target.authority.filter(|_| line.is_none()), others: lines },
        })
    }

    /// Calls `ask` with the request. A closure, because a request borrows its header view.
    pub(crate) fn with<T>(&self, listener: Option<&str>, ask: impl FnOnce(&Request<'_>) -> T) -> T {
        ask(&Request {
            entrance: listener.map_or(Entrance::Port(self.port), Entrance::Listener),
            scheme: self.scheme,
            method: self.method,
            host: self.host,
            path: self.path,
            query: self.query,
            headers: &self.headers,
        })
    }
}

impl HeaderLines for Lines<'_> {
    fn each(&self, visit: &mut dyn FnMut(&[u8], &[u8])) {
        if let Some(host) = self.host.filter(|host| !host.is_empty()) {
            visit(b"host", host);
        }
        for (name, value) in self.others.iter().filter(|(name, _)| !is_internal(name)) {
            visit(name, value.trim_ascii());
        }
    }
}

/// What a parser of HTTP/1.1 takes (RFC 9110 sections 5.1 and 5.5).
fn is_sound((name, value): &Line<'_>) -> bool {
    is_token(name) && !value.iter().any(|byte| matches!(byte, b'\r' | b'\n' | 0))
}

fn is_host(name: &[u8]) -> bool {
    name.eq_ignore_ascii_case(b"host")
}
