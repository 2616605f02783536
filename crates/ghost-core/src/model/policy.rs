//! What a rule asks of the body that forwards: carried as data, acted on elsewhere.

use super::{CookieLifetime, SessionPersistenceKind};

/// Timeouts, retries and such. Times are in milliseconds; 0 switches a timeout off.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Policy {
    /// The whole request, all tries.
    pub request_timeout: Option<u64>,
    /// One try.
    pub backend_request_timeout: Option<u64>,
    /// When to try again.
    pub retry: Option<Retry>,
    /// Keeping a client on one endpoint.
    pub session: Option<SessionPersistence>,
    /// What a cache may store.
    pub cache: Option<CachePolicy>,
}

/// Gateway API HTTPRouteRetry.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Retry {
    /// Status codes that are tried again.
    pub codes: Box<[u16]>,
    /// Tries after the first.
    pub attempts: u32,
    /// Least time between tries, in milliseconds.
    pub backoff: Option<u64>,
}

/// Gateway API SessionPersistence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionPersistence {
    /// Name of the cookie or header.
    pub name: Box<str>,
    /// Cookie or header.
    pub kind: SessionPersistenceKind,
    /// End of a session after its start, in milliseconds.
    pub absolute_timeout: Option<u64>,
    /// End of a session after its last request, in milliseconds.
    pub idle_timeout: Option<u64>,
    /// Life of the cookie.
    pub cookie_lifetime: CookieLifetime,
}

/// What a cache may store. Times are in milliseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CachePolicy {
    /// Time to live of responses that say nothing themselves.
    pub default_ttl: Option<u64>,
    /// How long a stale response may be served while a new one is fetched.
    pub grace: Option<u64>,
    /// How long a stale response is kept for revalidation.
    pub keep: Option<u64>,
}
