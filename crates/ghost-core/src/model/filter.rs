//! What is done to requests and responses, as data.

use super::Pattern;

/// All filters of a rule or of one backend.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filters {
    /// Gateway API RequestHeaderModifier.
    pub request_headers: HeaderModifier,
    /// Gateway API ResponseHeaderModifier.
    pub response_headers: HeaderModifier,
    /// Gateway API URLRewrite.
    pub rewrite: Option<Rewrite>,
    /// Gateway API RequestMirror, in the order written.
    pub mirrors: Box<[Mirror]>,
    /// Gateway API CORS.
    pub cors: Option<Box<Cors>>,
}

/// Header edits in the spec's order: set, add, remove.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HeaderModifier {
    /// Replaces every line of that name.
    pub set: Box<[Header]>,
    /// Appends to what is there.
    pub add: Box<[Header]>,
    /// Drops every line of that name.
    pub remove: Box<[Box<str>]>,
}

impl HeaderModifier {
    /// Whether nothing is done.
    pub fn is_empty(&self) -> bool {
        self.set.is_empty() && self.add.is_empty() && self.remove.is_empty()
    }
}

/// A header line. The name is a token, the value has no control characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// Field name as written.
    pub name: Box<str>,
    /// Field value.
    pub value: Box<str>,
}

/// The request the backend sees.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rewrite {
    /// New Host.
    pub hostname: Option<Box<str>>,
    /// New path.
    pub path: Option<PathRewrite>,
}

/// How a path is replaced. Both texts begin with one slash, or are empty for a prefix that vanishes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PathRewrite {
    /// The whole path.
    Full(Box<str>),
    /// The matched prefix; kept without trailing slash.
    Prefix(Box<str>),
}

/// A redirect as data; [`crate::filter::redirect`] makes the Location.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redirect {
    /// 301, 302, 303, 307 or 308.
    pub status: u16,
    /// `http` or `https`; the request's where absent.
    pub scheme: Option<crate::request::Scheme>,
    /// Host; the request's where absent.
    pub hostname: Option<Box<str>>,
    /// Port; see Gateway API HTTPRequestRedirectFilter.port where absent.
    pub port: Option<u16>,
    /// Path; the request's where absent.
    pub path: Option<PathRewrite>,
}

/// A copy of requests to another service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mirror {
    /// Service key.
    pub service: Box<str>,
    /// Which share of requests.
    pub share: Share,
}

/// A fraction from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// Parts taken.
    pub numerator: u32,
    /// Parts there are, at least 1.
    pub denominator: u32,
}

/// Gateway API HTTPCORSFilter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cors {
    /// Allowed origins.
    pub allow_origins: Box<[OriginPattern]>,
    /// Whether credentials may be sent.
    pub allow_credentials: bool,
    /// Methods or `*`.
    pub allow_methods: Box<[Box<str>]>,
    /// Request headers or `*`.
    pub allow_headers: Box<[Box<str>]>,
    /// Response headers or `*`.
    pub expose_headers: Box<[Box<str>]>,
    /// Seconds a preflight may be kept.
    pub max_age: u32,
}

/// An origin that is allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OriginPattern {
    /// `*`
    Any,
    /// `scheme://host[:port]` without wildcard, lower-case.
    Exact(Box<str>),
    /// With `*` in the host; greedy to the left, as the Gateway API says.
    Wildcard(Pattern),
}
