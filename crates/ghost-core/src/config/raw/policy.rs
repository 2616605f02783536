//! Timeouts, retries, sessions and caching.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::config::text::Text;

/// Gateway API `HTTPRouteTimeouts`. Durations are Gateway API durations (GEP-2257), `0s` switches off.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Timeouts<'a> {
    /// The whole request, all tries.
    #[serde(borrow)]
    pub request: Option<Text<'a>>,
    /// One try.
    pub backend_request: Option<Text<'a>>,
}

/// Gateway API `HTTPRouteRetry`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Retry<'a> {
    /// Status codes that are tried again.
    #[serde(default)]
    pub codes: Vec<u32>,
    /// Tries after the first. Absent: 1.
    pub attempts: Option<u32>,
    /// Least time between tries.
    #[serde(borrow)]
    pub backoff: Option<Text<'a>>,
}

/// Gateway API `SessionPersistence`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SessionPersistence<'a> {
    /// Name of the cookie or header.
    #[serde(borrow)]
    pub session_name: Option<Text<'a>>,
    /// End of a session, counted from its start.
    pub absolute_timeout: Option<Text<'a>>,
    /// End of a session, counted from its last request.
    pub idle_timeout: Option<Text<'a>>,
    /// `Cookie` (default) or `Header`.
    #[serde(rename = "type", default)]
    pub kind: SessionPersistenceKind,
    /// Cookie settings.
    pub cookie_config: Option<CookieConfig>,
}

/// Gateway API `SessionPersistenceType`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum SessionPersistenceKind {
    /// A cookie.
    #[default]
    Cookie,
    /// A header.
    Header,
}

/// Gateway API `CookieConfig`.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CookieConfig {
    /// `Session` (default) or `Permanent`.
    #[serde(default)]
    pub lifetime_type: CookieLifetime,
}

/// Gateway API `CookieLifetimeType`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum CookieLifetime {
    /// Until the browser closes.
    #[default]
    Session,
    /// Until the absolute timeout.
    Permanent,
}

/// How a cache in the data plane may store responses.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Cache<'a> {
    /// Time to live of responses that say nothing themselves.
    #[serde(borrow)]
    pub default_ttl: Option<Text<'a>>,
    /// How long a stale response may be served while a new one is fetched.
    pub grace: Option<Text<'a>>,
    /// How long a stale response is kept for revalidation.
    pub keep: Option<Text<'a>>,
}
