//! Filters.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::config::text::Text;

/// Gateway API `HTTPRouteFilter`: `type` names the one field that is set.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Filter<'a> {
    /// Which filter this is. An unknown one makes its rule answer 500, as the Gateway API asks.
    #[serde(borrow, rename = "type")]
    pub kind: Text<'a>,
    /// With type RequestHeaderModifier.
    pub request_header_modifier: Option<HeaderModifier<'a>>,
    /// With type ResponseHeaderModifier.
    pub response_header_modifier: Option<HeaderModifier<'a>>,
    /// With type URLRewrite.
    pub url_rewrite: Option<UrlRewrite<'a>>,
    /// With type RequestRedirect.
    pub request_redirect: Option<RequestRedirect<'a>>,
    /// With type RequestMirror.
    pub request_mirror: Option<RequestMirror<'a>>,
    /// With type CORS.
    pub cors: Option<Cors<'a>>,
    /// With type ExtensionRef. Ghost has none yet: the rule answers 500.
    pub extension_ref: Option<ExtensionRef<'a>>,
}

/// Gateway API `HTTPHeaderFilter`: set, then add, then remove.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HeaderModifier<'a> {
    /// Replaces every line of that name.
    #[serde(borrow, default)]
    pub set: Vec<HeaderValue<'a>>,
    /// Appends to what is there.
    #[serde(default)]
    pub add: Vec<HeaderValue<'a>>,
    /// Drops every line of that name.
    #[serde(default)]
    pub remove: Vec<Text<'a>>,
}

/// A header line.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HeaderValue<'a> {
    /// Field name (RFC 9110 section 5.1).
    #[serde(borrow)]
    pub name: Text<'a>,
    /// Field value (RFC 9110 section 5.5).
    pub value: Text<'a>,
}

/// Gateway API `HTTPURLRewriteFilter`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UrlRewrite<'a> {
    /// The Host the backend sees.
    #[serde(borrow)]
    pub hostname: Option<Text<'a>>,
    /// The path the backend sees.
    pub path: Option<PathModifier<'a>>,
}

/// Gateway API `HTTPPathModifier`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PathModifier<'a> {
    /// Which field is set.
    #[serde(rename = "type")]
    pub kind: PathModifierKind,
    /// The new path.
    #[serde(borrow)]
    pub replace_full_path: Option<Text<'a>>,
    /// What stands in for the matched prefix.
    pub replace_prefix_match: Option<Text<'a>>,
}

/// Gateway API `HTTPPathModifierType`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum PathModifierKind {
    /// The whole path is replaced.
    ReplaceFullPath,
    /// The matched prefix is replaced, the rest is kept.
    ReplacePrefixMatch,
}

/// Gateway API `HTTPRequestRedirectFilter`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RequestRedirect<'a> {
    /// `http` or `https`. Absent: the request's.
    #[serde(borrow)]
    pub scheme: Option<Text<'a>>,
    /// Host of the Location. Absent: the request's.
    pub hostname: Option<Text<'a>>,
    /// Path of the Location. Absent: the request's.
    pub path: Option<PathModifier<'a>>,
    /// Port of the Location. Absent: the scheme's well-known one where `scheme` is given, else the listener's.
    pub port: Option<u32>,
    /// 301, 302, 303, 307 or 308. Absent: 302.
    pub status_code: Option<u32>,
}

/// Gateway API `HTTPRequestMirrorFilter`; the backend is named by service key.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RequestMirror<'a> {
    /// Key of the service that gets the copies.
    #[serde(borrow)]
    pub service: Text<'a>,
    /// Share of requests in percent, 0 to 100. Absent, and no fraction: all.
    pub percent: Option<u32>,
    /// Share of requests as a fraction.
    pub fraction: Option<Fraction>,
}

/// Gateway API `Fraction`.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Fraction {
    /// Parts taken.
    pub numerator: u32,
    /// Parts there are. Absent: 100.
    pub denominator: Option<u32>,
}

/// Gateway API `HTTPCORSFilter`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Cors<'a> {
    /// `scheme://host[:port]`, with `*` in the host, or `*` alone.
    #[serde(borrow, default)]
    pub allow_origins: Vec<Text<'a>>,
    /// Whether credentials may be sent.
    #[serde(default)]
    pub allow_credentials: bool,
    /// Methods, or `*`.
    #[serde(default)]
    pub allow_methods: Vec<Text<'a>>,
    /// Request headers, or `*`.
    #[serde(default)]
    pub allow_headers: Vec<Text<'a>>,
    /// Response headers, or `*`.
    #[serde(default)]
    pub expose_headers: Vec<Text<'a>>,
    /// Seconds a preflight may be kept. Absent: 5.
    pub max_age: Option<u32>,
}

/// Gateway API `LocalObjectReference`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExtensionRef<'a> {
    /// API group.
    #[serde(borrow)]
    pub group: Text<'a>,
    /// Kind.
    pub kind: Text<'a>,
    /// Name.
    pub name: Text<'a>,
}
