//! The Location of a redirect (Gateway API HTTPRequestRedirectFilter).

use crate::model::Redirect;
use crate::request::Request;

use super::rewrite;

/// Writes the Location, with the query as it came: absolute, unless neither filter nor request names a host.
///
/// The port is the given one; else the well-known one of a given scheme; else the listener's. 80 for http and 443 for
/// https are left out. `listener_port` is the port as clients see it.
pub fn location(
    redirect: &Redirect,
    request: &Request<'_>,
    prefix: Option<usize>,
    listener_port: u16,
    into: &mut Vec<u8>,
) {
    let scheme = redirect.scheme.unwrap_or(request.scheme);
    let port = redirect.port.unwrap_or(if redirect.scheme.is_some() {
        scheme.default_port()
    } else {
        listener_port
    });
    let mut path = Vec::new();
    match &redirect.path {
        Some(replaced) => rewrite::path(replaced, request.path, prefix, &mut path),
        // RFC 9112 section 3.3: the asterisk form has no path.
        None if request.path == b"*" => {}
        None => path.extend_from_slice(request.path),
    }
    let host = redirect.hostname.as_ref().map_or(request.host, |host| host.as_bytes());
    into.clear();
    if host.is_empty() {
        // A request without Host can only be sent to another path; two slashes would name a host.
        if path.is_empty() {
            path.push(b'/');
        }
        path.drain(..path.iter().take_while(|byte| **byte == b'/').count().saturating_sub(1));
    } else {
        into.extend_from_slice(scheme.as_str().as_bytes());
        into.extend_from_slice(b"://");
        into.extend_from_slice(host);
        if port != scheme.default_port() {
            into.extend_from_slice(format!(":{port}").as_bytes());
        }
    }
    into.extend_from_slice(&path);
    if let Some(query) = request.query {
        into.push(b'?');
        into.extend_from_slice(query);
    }
}
