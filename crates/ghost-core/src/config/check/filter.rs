//! Filters of rules and backends.

use super::route::Context;
use super::{At, Code, Element, Refused, hostname, matching, value};
use crate::config::raw::{self, PathMatchKind, PathModifierKind};
use crate::config::text::Text;
use crate::model::{
    Cors, Filters, Header, HeaderModifier, Mirror, OriginPattern, PathRewrite, Pattern, Redirect, Rewrite,
    Share,
};
use crate::request::Scheme;

/// Headers that frame a message or belong to one connection (RFC 9110 section 7.6.1, RFC 9112 section 6): whoever
/// sets them could make two readers see two messages.
const FRAMING: [&str; 10] = [
    "connection",
    "content-length",
    "host",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "http2-settings",
];

/// The fields of a filter and the type each belongs to.
fn fields(raw: &raw::Filter<'_>) -> [(&'static str, &'static str, bool); 7] {
    [
        ("RequestHeaderModifier", "requestHeaderModifier", raw.request_header_modifier.is_some()),
        ("ResponseHeaderModifier", "responseHeaderModifier", raw.response_header_modifier.is_some()),
        ("URLRewrite", "urlRewrite", raw.url_rewrite.is_some()),
        ("RequestRedirect", "requestRedirect", raw.request_redirect.is_some()),
        ("RequestMirror", "requestMirror", raw.request_mirror.is_some()),
        ("CORS", "cors", raw.cors.is_some()),
        ("ExtensionRef", "extensionRef", raw.extension_ref.is_some()),
    ]
}

/// All filters but the redirect; `None` where nothing is done.
pub(super) fn filters(
    raw: &[raw::Filter<'_>],
    at: &At<'_>,
    element: &mut Element<'_, '_>,
    context: &Context<'_>,
) -> Result<Option<Box<Filters>>, Refused> {
    let mut filters = Filters::default();
    let mut mirrors = Vec::new();
    for (index, raw_filter) in raw.iter().enumerate() {
        let at = at.index(index);
        well_formed(raw_filter, &at, element)?;
        let repeated = raw.iter().take(index).any(|earlier| earlier.kind == raw_filter.kind);
        if repeated && &*raw_filter.kind != "RequestMirror" {
            return element.refuse(
                &at,
                Code::FilterConflict,
                format!("{} is written twice", &*raw_filter.kind),
            );
        }
        if let Some(modifier) = &raw_filter.request_header_modifier {
            filters.request_headers = header_modifier(modifier, &at.key("requestHeaderModifier"), element)?;
        }
        if let Some(modifier) = &raw_filter.response_header_modifier {
            filters.response_headers = header_modifier(modifier, &at.key("responseHeaderModifier"), element)?;
        }
        if let Some(rewrite) = &raw_filter.url_rewrite {
            filters.rewrite = Some(self::rewrite(rewrite, &at.key("urlRewrite"), element)?);
        }
        if let Some(mirror) = &raw_filter.request_mirror {
            mirrors.extend(self::mirror(mirror, &at.key("requestMirror"), element, context)?);
        }
        if let Some(cors) = &raw_filter.cors {
            filters.cors = Some(Box::new(self::cors(cors, &at.key("cors"), element)?));
        }
    }
    filters.mirrors = mirrors.into();
    Ok((filters != Filters::default()).then(|| Box::new(filters)))
}

/// The type is known and names the one field that is set.
fn well_formed(raw: &raw::Filter<'_>, at: &At<'_>, element: &mut Element<'_, '_>) -> Result<(), Refused> {
    let kind = &*raw.kind;
    let fields = fields(raw);
    let Some((_, own, is_set)) = fields.iter().find(|(known, _, _)| *known == kind) else {
        return element.refuse(&at.key("type"), Code::UnknownFilter, format!("filter {kind:?} is not known"));
    };
    if kind == "ExtensionRef" {
        return element.refuse(&at.key("type"), Code::UnknownFilter, "this Ghost has no extension filters");
    }
    if let Some((_, other, _)) = fields.iter().find(|(known, _, is_set)| *is_set && *known != kind) {
        return element.refuse(
            &at.key(other),
            Code::FilterConflict,
            format!("{other:?} does not belong to type {kind}"),
        );
    }
    if *is_set {
        Ok(())
    } else {
        element.refuse(at, Code::FilterConflict, format!("type {kind} needs {own:?}"))
    }
}

/// The redirect of a rule, if it has one.
pub(super) fn redirect(
    raw: &[raw::Filter<'_>],
    at: &At<'_>,
    element: &mut Element<'_, '_>,
) -> Result<Option<Redirect>, Refused> {
    for (index, filter) in raw.iter().enumerate() {
        if let Some(redirect) = &filter.request_redirect {
            return one_redirect(redirect, &at.index(index).key("requestRedirect"), element).map(Some);
        }
    }
    Ok(None)
}

fn one_redirect(
    raw: &raw::RequestRedirect<'_>,
    at: &At<'_>,
    element: &mut Element<'_, '_>,
) -> Result<Redirect, Refused> {
    let scheme = match raw.scheme.as_deref().map(|text| (Scheme::parse(text), text)) {
        Some((None, text)) => {
            return element.refuse(
                &at.key("scheme"),
                Code::InvalidRedirect,
                format!("{text:?} is not a scheme Ghost redirects to"),
            );
        }
        Some((scheme, _)) => scheme,
        None => None,
    };
    let status = match raw.status_code.unwrap_or(302) {
        301 => 301,
        302 => 302,
        303 => 303,
        307 => 307,
        308 => 308,
        other => {
            return element.refuse(
                &at.key("statusCode"),
                Code::InvalidRedirect,
                format!("{other} is not a redirect status"),
            );
        }
    };
    let hostname =
        raw.hostname.as_ref().map(|text| exact_host(text, &at.key("hostname"), element)).transpose()?;
    let port = raw.port.map(|port| value::port(port, &at.key("port"), element)).transpose()?;
    let path = raw.path.as_ref().map(|path| path_rewrite(path, &at.key("path"), element)).transpose()?;
    Ok(Redirect { status, scheme, hostname, port, path })
}

/// What stands between filters and the rest of the rule.
pub(super) fn fits(raw: &raw::Rule<'_>, at: &At<'_>, element: &mut Element<'_, '_>) -> Result<(), Refused> {
    let at = at.key("filters");
    let rewrites = raw.filters.iter().position(|filter| filter.url_rewrite.is_some());
    let redirects = raw.filters.iter().any(|filter| filter.request_redirect.is_some());
    if let (Some(index), true) = (rewrites, redirects) {
        return element.refuse(
            &at.index(index),
            Code::FilterConflict,
            "a redirected request is not rewritten",
        );
    }
    prefixes_are_there(&raw.filters, &raw.matches, &at, element)
}

/// ReplacePrefixMatch stands only where every match of the rule has a prefix.
pub(super) fn prefixes_are_there(
    filters: &[raw::Filter<'_>],
    matches: &[raw::Match<'_>],
    at: &At<'_>,
    element: &mut Element<'_, '_>,
) -> Result<(), Refused> {
    let is_prefix =
        |one: &raw::Match<'_>| one.path.as_ref().is_none_or(|path| path.kind == PathMatchKind::PathPrefix);
    let all_prefixes = matches.iter().all(is_prefix);
    for (index, filter) in filters.iter().enumerate() {
        let rewrite = filter.url_rewrite.as_ref().and_then(|rewrite| rewrite.path.as_ref());
        let redirect = filter.request_redirect.as_ref().and_then(|redirect| redirect.path.as_ref());
        let replaces_prefix =
            rewrite.or(redirect).is_some_and(|path| path.kind == PathModifierKind::ReplacePrefixMatch);
        if replaces_prefix && !all_prefixes {
            let message = "a match of this rule has no prefix to replace";
            return element.refuse(&at.index(index), Code::PrefixReplacement, message);
        }
    }
    Ok(())
}

fn exact_host(text: &str, at: &At<'_>, element: &mut Element<'_, '_>) -> Result<Box<str>, Refused> {
    match hostname::host(text) {
        Some(host) => Ok(host),
        None => element.refuse(at, Code::InvalidHostname, format!("{text:?} is not a host name")),
    }
}

fn rewrite(
    raw: &raw::UrlRewrite<'_>,
    at: &At<'_>,
    element: &mut Element<'_, '_>,
) -> Result<Rewrite, Refused> {
    let hostname =
        raw.hostname.as_ref().map(|text| exact_host(text, &at.key("hostname"), element)).transpose()?;
    let path = raw.path.as_ref().map(|path| path_rewrite(path, &at.key("path"), element)).transpose()?;
    Ok(Rewrite { hostname, path })
}

/// A replacement begins with exactly one slash, so that no `//host` can come out of it.
fn path_rewrite(
    raw: &raw::PathModifier<'_>,
    at: &At<'_>,
    element: &mut Element<'_, '_>,
) -> Result<PathRewrite, Refused> {
    match (raw.kind, &raw.replace_full_path, &raw.replace_prefix_match) {
        (PathModifierKind::ReplaceFullPath, Some(text), None) => {
            Ok(PathRewrite::Full(replacement(text, &at.key("replaceFullPath"), element)?))
        }
        (PathModifierKind::ReplacePrefixMatch, None, Some(text)) => {
            let path = replacement(text, &at.key("replacePrefixMatch"), element)?;
            Ok(PathRewrite::Prefix(path.strip_suffix('/').unwrap_or(&path).into()))
        }
        _ => {
            element.refuse(at, Code::InvalidRewrite, "the field that `type` names must be set, and no other")
        }
    }
}

fn replacement(text: &Text<'_>, at: &At<'_>, element: &mut Element<'_, '_>) -> Result<Box<str>, Refused> {
    if text.is_empty() {
        return Ok("/".into());
    }
    if text.starts_with("//") {
        return element.refuse(
            at,
            Code::InvalidRewrite,
            format!("{:?} begins with two slashes, which names a host", &**text),
        );
    }
    matching::literal_path(text, at, element)
}

fn header_modifier(
    raw: &raw::HeaderModifier<'_>,
    at: &At<'_>,
    element: &mut Element<'_, '_>,
) -> Result<HeaderModifier, Refused> {
    let set = header_values(&raw.set, &at.key("set"), element)?;
    let add = header_values(&raw.add, &at.key("add"), element)?;
    let remove_at = at.key("remove");
    let mut remove: Vec<Box<str>> = Vec::with_capacity(raw.remove.len());
    for (index, name) in raw.remove.iter().enumerate() {
        remove.push(editable(name, &remove_at.index(index), element)?.into());
    }
    Ok(HeaderModifier { set, add, remove: remove.into() })
}

fn header_values(
    raw: &[raw::HeaderValue<'_>],
    at: &At<'_>,
    element: &mut Element<'_, '_>,
) -> Result<Box<[Header]>, Refused> {
    let mut headers: Vec<Header> = Vec::with_capacity(raw.len());
    for (index, header) in raw.iter().enumerate() {
        let at = at.index(index);
        let name = editable(&header.name, &at.key("name"), element)?;
        if headers.iter().any(|earlier| earlier.name.eq_ignore_ascii_case(name)) {
            element.found(
                &at,
                Code::RepeatedName,
                format!("header {name:?} is written twice, the first entry counts"),
            );
            continue;
        }
        headers.push(Header { name: name.into(), value: header.value.trim_ascii().into() });
    }
    Ok(headers.into())
}

fn editable<'t>(name: &'t str, at: &At<'_>, element: &mut Element<'_, '_>) -> Result<&'t str, Refused> {
    let name = value::header_name(name, at, element)?;
    if FRAMING.iter().any(|framing| framing.eq_ignore_ascii_case(name)) {
        let message = format!(
            "{name} frames the message or names its host and cannot be edited; URLRewrite sets the host"
        );
        return element.refuse(at, Code::InvalidName, message);
    }
    Ok(name)
}

/// A mirror to an unknown service is reported and dropped: traffic goes on (Gateway API HTTPRequestMirrorFilter).
fn mirror(
    raw: &raw::RequestMirror<'_>,
    at: &At<'_>,
    element: &mut Element<'_, '_>,
    context: &Context<'_>,
) -> Result<Option<Mirror>, Refused> {
    let share = match (raw.percent, raw.fraction) {
        (None, None) => Share { numerator: 1, denominator: 1 },
        (Some(percent), None) => Share { numerator: percent, denominator: 100 },
        (None, Some(fraction)) => {
            Share { numerator: fraction.numerator, denominator: fraction.denominator.unwrap_or(100) }
        }
        (Some(_), Some(_)) => {
            return element.refuse(at, Code::InvalidMirror, "percent and fraction are both given");
        }
    };
    if share.denominator == 0 || share.numerator > share.denominator {
        return element.refuse(
            at,
            Code::InvalidMirror,
            format!("{} of {} is not a share", share.numerator, share.denominator),
        );
    }
    if !context.services.contains(&*raw.service) {
        element.found(
            &at.key("service"),
            Code::UnknownService,
            format!("there is no service {:?}", &*raw.service),
        );
        element.take_error();
        return Ok(None);
    }
    Ok(Some(Mirror { service: Box::from(&*raw.service), share }))
}

fn cors(raw: &raw::Cors<'_>, at: &At<'_>, element: &mut Element<'_, '_>) -> Result<Cors, Refused> {
    let origins_at = at.key("allowOrigins");
    let mut allow_origins = Vec::with_capacity(raw.allow_origins.len());
    for (index, text) in raw.allow_origins.iter().enumerate() {
        allow_origins.push(origin(text, &origins_at.index(index), element)?);
    }
    Ok(Cors {
        allow_origins: allow_origins.into(),
        allow_credentials: raw.allow_credentials,
        allow_methods: tokens(&raw.allow_methods, &at.key("allowMethods"), element)?,
        allow_headers: tokens(&raw.allow_headers, &at.key("allowHeaders"), element)?,
        expose_headers: tokens(&raw.expose_headers, &at.key("exposeHeaders"), element)?,
        max_age: raw.max_age.unwrap_or(5),
    })
}

fn tokens(raw: &[Text<'_>], at: &At<'_>, element: &mut Element<'_, '_>) -> Result<Box<[Box<str>]>, Refused> {
    let mut tokens: Vec<Box<str>> = Vec::with_capacity(raw.len());
    for (index, text) in raw.iter().enumerate() {
        if !value::is_token(text) {
            return element.refuse(
                &at.index(index),
                Code::InvalidCors,
                format!("{:?} is not a token", &**text),
            );
        }
        tokens.push(Box::from(&**text));
    }
    Ok(tokens.into())
}

/// `*`, or `scheme://host[:port]` with `*` in the host, greedy to the left (Gateway API HTTPCORSFilter.allowOrigins).
fn origin(text: &str, at: &At<'_>, element: &mut Element<'_, '_>) -> Result<OriginPattern, Refused> {
    if text == "*" {
        return Ok(OriginPattern::Any);
    }
    let lower = text.to_ascii_lowercase();
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._*:[]".contains(&byte);
    let is_origin = lower.split_once("://").is_some_and(|(scheme, rest)| {
        !scheme.is_empty()
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
            && !rest.is_empty()
            && rest.bytes().all(allowed)
    });
    if !is_origin {
        return element.refuse(at, Code::InvalidCors, format!("{text:?} is not an origin"));
    }
    if !lower.contains('*') {
        return Ok(OriginPattern::Exact(without_default_port(&lower).into()));
    }
    let expression: Vec<String> = lower.split('*').map(regex_syntax::escape).collect();
    match Pattern::new(&expression.join("[^/:]+")) {
        Ok(pattern) => Ok(OriginPattern::Wildcard(pattern)),
        Err(invalid) => element.refuse(at, Code::InvalidCors, invalid.0),
    }
}

/// Browsers leave the scheme's own port out of an Origin (RFC 6454 section 6.2).
fn without_default_port(origin: &str) -> &str {
    let port = if origin.starts_with("https:") { ":443" } else { ":80" };
    origin.strip_suffix(port).unwrap_or(origin)
}
