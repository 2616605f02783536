//! Connections to endpoints: dialled, kept, taken again. A pool belongs to one worker, so that nothing is locked.

mod dial;
mod http1;
mod http2;
mod pool;

pub(crate) use dial::{DialError, dial};
pub(crate) use http1::Http1;
pub(crate) use http2::{Http2, Http2Error, Sent, StreamUse};
pub(crate) use pool::{Pool, Taken};

use std::sync::Arc;

use rustls::ClientConfig;

/// What a service's endpoints speak.
#[derive(Debug, Clone)]
pub(crate) enum Wire {
    /// HTTP/1.1.
    Http1,
    /// HTTP/2 with prior knowledge.
    Http2,
    /// HTTP over TLS.
    Tls {
        /// Whom to trust, what to show.
        config: Arc<ClientConfig>,
        /// Server name that is sent and checked; `None`: the request's host.
        server_name: Option<Box<str>>,
        /// HTTP/2 rather than HTTP/1.1.
        http2: bool,
    },
}

impl Wire {
    /// Whether it is HTTP/2.
    pub(crate) fn is_http2(&self) -> bool {
        matches!(self, Wire::Http2 | Wire::Tls { http2: true, .. })
    }

    /// Whether a connection made for one can serve the other.
    pub(crate) fn is_same(&self, other: &Wire) -> bool {
        match (self, other) {
            (Wire::Http1, Wire::Http1) | (Wire::Http2, Wire::Http2) => true,
            (
                Wire::Tls { config, server_name, http2 },
                Wire::Tls { config: other_config, server_name: other_name, http2: other_http2 },
            ) => Arc::ptr_eq(config, other_config) && server_name == other_name && http2 == other_http2,
            _ => false,
        }
    }

    /// The server name for a request to this host.
    pub(crate) fn name<'n>(&'n self, host: &'n str) -> Option<&'n str> {
        match self {
            Wire::Tls { server_name, .. } => Some(server_name.as_deref().unwrap_or(host)),
            _ => None,
        }
    }
}
