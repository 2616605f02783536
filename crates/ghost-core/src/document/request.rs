//! A request as a JSON object: method, URL, headers.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::filter::header;
use crate::request::canonical::{self, Profile};
use crate::request::{Entrance, HeaderPairs, Request, Scheme, is_token, target};

/// A request to ask about.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(title = "RequestInput")]
pub struct RequestDocument {
    /// Method, as sent.
    pub method: String,
    /// `http://host[:port]/path?query`, or a path with a Host header beside it.
    pub url: String,
    /// Header lines, names in any case. A Host header wins over the URL's host.
    #[serde(default)]
    pub headers: Vec<(String, String)>,
}

/// What else a decision depends on.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(title = "DecideOptions")]
pub struct DecideOptions {
    /// Name of the listener it comes in by. Absent: the one on the URL's port.
    pub listener: Option<String>,
    /// The random number of the decision, 0 up to 1. Absent: 0.
    pub draw: Option<f64>,
    /// Address of the client.
    pub client_address: Option<String>,
}

/// Why a request document is no HTTP request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidRequest;

/// A request document taken apart, in canonical form.
pub(super) struct Prepared {
    scheme: Scheme,
    port: u16,
    method: Vec<u8>,
    /// Host as received, with port.
    pub(super) authority: Vec<u8>,
    host: Vec<u8>,
    path: Vec<u8>,
    query: Option<Vec<u8>>,
    /// Header lines, Host among them, Ghost's own left out.
    headers: Lines,
}

/// Names and values.
type Lines = Vec<(Vec<u8>, Vec<u8>)>;

impl Prepared {
    pub(super) fn new(document: &RequestDocument) -> Result<Self, InvalidRequest> {
        let target =
            target::of_request(document.method.as_bytes(), document.url.as_bytes()).ok_or(InvalidRequest)?;
        let mut headers = lines(&document.headers)?;
        let authority = authority(&headers, target.authority)?;
        if !authority.is_empty() && !headers.iter().any(|(name, _)| is_host(name)) {
            headers.insert(0, (b"host".to_vec(), authority.clone()));
        }
        let scheme = target.scheme.unwrap_or(Scheme::Http);
        let port = canonical::port(target.authority.unwrap_or(&authority)).unwrap_or(scheme.default_port());
        let (mut host, mut path) = (Vec::new(), Vec::new());
        let host = canonical::host(&authority, &mut host).map_err(|_| InvalidRequest)?.to_vec();
        let path =
            canonical::path(target.path, Profile::Lenient, &mut path).map_err(|_| InvalidRequest)?.to_vec();
        let query =
            target.query.map(canonical::query).transpose().map_err(|_| InvalidRequest)?.map(<[u8]>::to_vec);
        let method = document.method.clone().into_bytes();
        Ok(Self { scheme, port, method, authority, host, path, query, headers })
    }

    /// Header lines as they go on: Host is carried apart.
    pub(super) fn forwarded_headers(&self) -> impl Iterator<Item = &(Vec<u8>, Vec<u8>)> {
        self.headers.iter().filter(|(name, _)| !is_host(name))
    }

    /// Calls `ask` with the request. A closure, because a request borrows its header view.
    pub(super) fn with<T>(&self, listener: Option<&str>, ask: impl FnOnce(&Request<'_>) -> T) -> T {
        ask(&Request {
            entrance: listener.map_or(Entrance::Port(self.port), Entrance::Listener),
            scheme: self.scheme,
            method: &self.method,
            host: &self.host,
            path: &self.path,
            query: self.query.as_deref(),
            headers: &HeaderPairs(&self.headers),
        })
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }
}

/// Header lines that a parser of HTTP/1.1 takes (RFC 9110 sections 5.1 and 5.5), without Ghost's own.
fn lines(headers: &[(String, String)]) -> Result<Lines, InvalidRequest> {
    let mut lines = Vec::with_capacity(headers.len() + 1);
    for (name, value) in headers {
        if !is_token(name.as_bytes()) || value.contains(['\r', '\n', '\0']) {
            return Err(InvalidRequest);
        }
        if !header::is_internal(name.as_bytes()) {
            lines.push((name.clone().into_bytes(), value.trim_ascii().as_bytes().to_vec()));
        }
    }
    Ok(lines)
}

/// The one Host header, else the URL's host. Two of them are a bad request (RFC 9112 section 3.2).
fn authority(headers: &[(Vec<u8>, Vec<u8>)], of_url: Option<&[u8]>) -> Result<Vec<u8>, InvalidRequest> {
    let mut hosts = headers.iter().filter(|(name, _)| is_host(name)).map(|(_, value)| value);
    match (hosts.next(), hosts.next()) {
        (Some(_), Some(_)) => Err(InvalidRequest),
        (Some(host), None) => Ok(host.clone()),
        (None, _) => Ok(of_url.unwrap_or_default().to_vec()),
    }
}

fn is_host(name: &[u8]) -> bool {
    name.eq_ignore_ascii_case(b"host")
}
