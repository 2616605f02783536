//! The request as `ghost_core` decides it: canonical host and path, entrance, scheme.

use ghost_core::filter::header;
use ghost_core::request::canonical::{self, Profile};
use ghost_core::request::{Entrance, HeaderLines, Request, Scheme};
use ghost_edge_protocol::bridge::Inbound;
use ghost_edge_protocol::forwarded::Way;
use http::header::HOST;
use http::request::Parts;
use http::{HeaderMap, Method, Version};

/// The target is none that is routed (RFC 9112 section 3.2): 400.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BadRequest;

/// Host and path of a request, in canonical form.
#[derive(Debug)]
pub(crate) struct Asked {
    /// What the request means; its host is the one that was received.
    pub(crate) inbound: Inbound,
    /// Which way it came.
    pub(crate) way: Way,
    /// Canonical host.
    pub(crate) host: Vec<u8>,
    /// Canonical path.
    pub(crate) path: Vec<u8>,
    /// Query as sent.
    pub(crate) query: Option<Vec<u8>>,
}

impl Asked {
    /// Takes them from the head of a request.
    ///
    /// # Errors
    /// [`BadRequest`].
    pub(crate) fn new(parts: &Parts, inbound: Inbound, way: Way) -> Result<Self, BadRequest> {
        has_form(parts)?;
        let (mut host, mut path) = (Vec::new(), Vec::new());
        let host = canonical::host(inbound.host.as_bytes(), &mut host).map_err(|_| BadRequest)?.to_vec();
        // An extended CONNECT has a path, a plain one has none.
        let raw = parts.uri.path().as_bytes();
        let path = canonical::path(raw, Profile::Lenient, &mut path).map_err(|_| BadRequest)?.to_vec();
        let query = parts.uri.query().map(|query| canonical::query(query.as_bytes()));
        let query = query.transpose().map_err(|_| BadRequest)?.map(<[u8]>::to_vec);
        Ok(Self { inbound, way, host, path, query })
    }

    /// Host and port as received; empty where the request has none.
    pub(crate) fn authority(&self) -> &[u8] {
        self.inbound.host.as_bytes()
    }

    /// What is decided about. `method` is the one that routes see: an extended CONNECT opens what a GET opens in HTTP/1.1.
    pub(crate) fn request<'r>(
        &'r self,
        method: &'r Method,
        entrance: &'r str,
        scheme: Scheme,
        headers: &'r FromOutside<'r>,
    ) -> Request<'r> {
        Request {
            entrance: Entrance::Listener(entrance),
            scheme,
            method: method.as_str().as_bytes(),
            host: &self.host,
            path: &self.path,
            query: self.query.as_deref(),
            headers,
        }
    }
}

/// RFC 9112 section 3.2: origin-form, absolute-form of a scheme that is routed, or the asterisk; RFC 9113 section 8.3.1: a
/// path of HTTP/2 is not only a query.
fn has_form(parts: &Parts) -> Result<(), BadRequest> {
    let uri = &parts.uri;
    let known = uri.scheme_str().is_none_or(|scheme| Scheme::parse(scheme).is_some());
    let authority_form = uri.scheme().is_none() && uri.authority().is_some();
    let path = uri.path_and_query().map_or("", |path| path.as_str());
    let only_query = parts.version == Version::HTTP_2 && path.starts_with('?');
    if known && !authority_form && !only_query { Ok(()) } else { Err(BadRequest) }
}

/// The headers without Ghost's own: nothing that a client puts into those is believed. Host is there in every version.
pub(crate) struct FromOutside<'m> {
    /// As received.
    pub(crate) headers: &'m HeaderMap,
    /// Host as received, which HTTP/2 keeps elsewhere.
    pub(crate) authority: &'m [u8],
}

impl HeaderLines for FromOutside<'_> {
    fn each(&self, visit: &mut dyn FnMut(&[u8], &[u8])) {
        if !self.headers.contains_key(HOST) && !self.authority.is_empty() {
            visit(HOST.as_str().as_bytes(), self.authority);
        }
        for (name, value) in self.headers {
            if !header::is_internal(name.as_str().as_bytes()) {
                visit(name.as_str().as_bytes(), value.as_bytes().trim_ascii());
            }
        }
    }
}
