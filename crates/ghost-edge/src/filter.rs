//! Filters of the core, written into HTTP messages.

use bytes::Bytes;
use ghost_core::filter::header::{self, Edit};
use ghost_core::filter::{cors, rewrite};
use ghost_core::model::{Filters, HeaderModifier};
use ghost_core::request::HeaderLines;
use http::header::{HeaderMap, HeaderName, HeaderValue};

/// Path and host as the endpoint sees them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target {
    /// Path and query.
    pub(crate) path: Vec<u8>,
    /// Host, with port where it was received with one.
    pub(crate) authority: Vec<u8>,
}

/// The target after the rewrites of a rule and of the service that was picked.
pub(crate) fn target(
    chain: &[&Filters],
    canonical: &[u8],
    query: Option<&[u8]>,
    authority: &[u8],
    prefix: Option<usize>,
) -> Target {
    let (mut path, mut authority) = (canonical.to_vec(), authority.to_vec());
    for rewritten in chain.iter().filter_map(|filters| filters.rewrite.as_ref()) {
        if let Some(replaced) = &rewritten.path {
            rewrite::path(replaced, canonical, prefix, &mut path);
        }
        if let Some(hostname) = &rewritten.hostname {
            authority = hostname.as_bytes().to_vec();
        }
    }
    if let Some(query) = query {
        path.push(b'?');
        path.extend_from_slice(query);
    }
    Target { path, authority }
}

/// Does the edits of a modifier.
pub(crate) fn edit(modifier: &HeaderModifier, headers: &mut HeaderMap) {
    for edit in header::edits(modifier) {
        match edit {
            Edit::Set { name, value } => {
                if let Some((name, value)) = line(name, value) {
                    headers.insert(name, value);
                }
            }
            Edit::Add { name, value } => {
                if let Some((name, value)) = line(name, value) {
                    headers.append(name, value);
                }
            }
            Edit::Remove { name } => {
                if let Ok(name) = HeaderName::from_bytes(name.as_bytes()) {
                    headers.remove(name);
                }
            }
        }
    }
}

/// The check lets only lines through that HTTP has, so that nothing is lost here.
fn line(name: &str, value: &str) -> Option<(HeaderName, HeaderValue)> {
    let value = HeaderValue::from_maybe_shared(Bytes::copy_from_slice(value.as_bytes()));
    Some((HeaderName::from_bytes(name.as_bytes()).ok()?, value.ok()?))
}

/// What the client's request means for response headers; kept because the request is gone by then.
pub(crate) type CorsHeaders = Vec<(&'static str, Vec<u8>)>;

/// CORS headers of a filter set for this request.
pub(crate) fn cors_headers(filters: Option<&Filters>, request: &dyn HeaderLines) -> CorsHeaders {
    let cors = filters.and_then(|filters| filters.cors.as_deref());
    cors.map(|cors| cors::response_headers(cors, request)).unwrap_or_default()
}

/// CORS headers first, then the header modifier, as everywhere.
pub(crate) fn response(filters: Option<&Filters>, cors: &CorsHeaders, headers: &mut HeaderMap) {
    put(cors, headers);
    if let Some(filters) = filters {
        edit(&filters.response_headers, headers);
    }
}

/// Sets headers that were computed.
pub(crate) fn put(computed: &CorsHeaders, headers: &mut HeaderMap) {
    for (name, value) in computed {
        if let Ok(value) = HeaderValue::from_bytes(value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
}
