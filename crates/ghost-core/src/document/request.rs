//! A request as a JSON object: method, URL, headers.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::request::canonical::{self, Profile};
use crate::request::{Entrance, HeaderPairs, Request, Scheme, target};

/// A request to ask about.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
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
    pub(super) headers: Vec<(Vec<u8>, Vec<u8>)>,
}

impl Prepared {
    pub(super) fn new(document: &RequestDocument) -> Result<Self, InvalidRequest> {
        let target = target::split(document.url.as_bytes());
        let scheme = target.scheme.unwrap_or(Scheme::Http);
        let mut headers: Vec<(Vec<u8>, Vec<u8>)> = Vec::with_capacity(document.headers.len());
        let mut host_header: Option<Vec<u8>> = None;
        for (name, value) in &document.headers {
            if !name.eq_ignore_ascii_case("host") {
                headers.push((name.clone().into_bytes(), value.trim_ascii().as_bytes().to_vec()));
            } else if host_header.replace(value.trim_ascii().as_bytes().to_vec()).is_some() {
                return Err(InvalidRequest);
            }
        }
        let authority = host_header.or_else(|| target.authority.map(<[u8]>::to_vec)).unwrap_or_default();
        let mut buffer = Vec::new();
        let host = canonical::host(&authority, &mut buffer).map_err(|_| InvalidRequest)?.to_vec();
        let path =
            canonical::path(target.path, Profile::Lenient, &mut buffer).map_err(|_| InvalidRequest)?.to_vec();
        let query =
            target.query.map(canonical::query).transpose().map_err(|_| InvalidRequest)?.map(<[u8]>::to_vec);
        let port = canonical::port(target.authority.unwrap_or(&authority)).unwrap_or(scheme.default_port());
        Ok(Self {
            scheme,
            port,
            method: document.method.clone().into_bytes(),
            authority,
            host,
            path,
            query,
            headers,
        })
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
