//! A message of the engine as the request that `ghost_core` decides: canonical host and path, listener, scheme.

use ghost_core::filter::header;
use ghost_core::request::canonical::{self, Profile};
use ghost_core::request::{Entrance, HeaderLines, Request, Scheme, target};

use crate::ffi::{Context, Message};
use crate::state::ListenerNames;

/// The request has no usable host or path (RFC 9112 section 3.2): 400.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BadRequest;

/// What a request needs besides its message.
pub(crate) struct Surroundings<'s> {
    pub(crate) entrance: Entrance<'s>,
    pub(crate) scheme: Scheme,
}

impl<'s> Surroundings<'s> {
    /// By the name of the socket the client came in by; where no listener has that name, by its port.
    pub(crate) fn new(ctx: Context<'s>, listeners: &'s ListenerNames) -> Self {
        let socket = ctx.socket().unwrap_or_default();
        match listeners.of(socket) {
            Some((name, scheme)) => Self { entrance: Entrance::Listener(name), scheme },
            None => Self { entrance: Entrance::Port(ctx.port()), scheme: Scheme::Http },
        }
    }
}

/// Calls `ask` with the request. A closure, because a request borrows what is made here.
pub(crate) fn with<T>(
    message: &Message<'_>,
    surroundings: &Surroundings<'_>,
    ask: impl FnOnce(&Request<'_>) -> T,
) -> Result<T, BadRequest> {
    let (mut host_buffer, mut path_buffer) = (Vec::new(), Vec::new());
    // The engine has taken the absolute form apart, mostly.
    let target = target::of_request(message.method(), message.url()).ok_or(BadRequest)?;
    let authority = authority(message, target.authority)?;
    Ok(ask(&Request {
        entrance: surroundings.entrance,
        scheme: surroundings.scheme,
        method: message.method(),
        host: canonical::host(authority, &mut host_buffer).map_err(|_| BadRequest)?,
        path: canonical::path(target.path, Profile::Lenient, &mut path_buffer).map_err(|_| BadRequest)?,
        query: target.query.map(canonical::query).transpose().map_err(|_| BadRequest)?,
        headers: &FromOutside(message),
    }))
}

/// The headers without Ghost's own: nothing that a client puts into those is believed.
struct FromOutside<'m>(&'m Message<'m>);

impl HeaderLines for FromOutside<'_> {
    fn each(&self, visit: &mut dyn FnMut(&[u8], &[u8])) {
        self.0
            .lines()
            .filter(|(name, _)| !header::is_internal(name))
            .for_each(|(name, value)| visit(name, value));
    }
}

/// RFC 9112 section 3.2: HTTP/1.1 without Host is a bad request; older clients have none to send. Where the engine has left
/// the absolute form as it was, a Host that says something else is one too: origins would follow it, not the target.
fn authority<'m>(message: &'m Message<'_>, of_target: Option<&[u8]>) -> Result<&'m [u8], BadRequest> {
    match message.header("host") {
        Some(authority) if of_target.is_some_and(|target| !target.eq_ignore_ascii_case(authority)) => {
            Err(BadRequest)
        }
        Some(authority) => Ok(authority),
        None if message.protocol() == b"HTTP/1.1" => Err(BadRequest),
        None => Ok(b""),
    }
}

/// The port in the Host header, or the scheme's own: the listener's where the document names none.
pub(crate) fn port(message: &Message<'_>, scheme: Scheme) -> u16 {
    message.header("host").and_then(canonical::port).unwrap_or(scheme.default_port())
}

/// Path and query as one.
pub(crate) fn join(path: &[u8], query: Option<&[u8]>) -> Vec<u8> {
    let mut url = Vec::with_capacity(path.len() + query.map_or(0, |query| query.len() + 1));
    url.extend_from_slice(path);
    if let Some(query) = query {
        url.push(b'?');
        url.extend_from_slice(query);
    }
    url
}
