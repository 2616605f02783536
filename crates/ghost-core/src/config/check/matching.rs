//! Matches: paths, methods, headers, queries.

use super::{At, Code, Element, Refused, value};
use crate::config::raw::{self, MethodMatch, NamedMatch, PathMatchKind, ValueMatchKind};
use crate::model::{GrpcMethod, HeaderMatch, Match, PathMatch, Pattern, QueryMatch, RouteKind, TextMatch};
use crate::request::canonical::{self, Profile};

/// Most bytes of a path to match.
const MAX_PATH: usize = 4096;

/// The matches that can be used; a broken one is reported and left out. No matches written is PathPrefix `/`.
pub(super) fn matches(
    kind: RouteKind,
    raw: &[raw::Match<'_>],
    at: &At<'_>,
    element: &mut Element<'_, '_>,
) -> Box<[Match]> {
    if raw.is_empty() {
        return [everything()].into();
    }
    let checked = raw.iter().zip(0_u16..).filter_map(|(raw, index)| {
        let checked = one(kind, raw, &at.index(usize::from(index)), element).ok()?;
        Some(Match { index, ..checked })
    });
    checked.collect()
}

fn everything() -> Match {
    let path = PathMatch::Prefix(Box::default());
    Match { index: 0, path, method: None, grpc_method: None, headers: Box::default(), query: Box::default() }
}

fn one(
    kind: RouteKind,
    raw: &raw::Match<'_>,
    at: &At<'_>,
    element: &mut Element<'_, '_>,
) -> Result<Match, Refused> {
    let named = match (kind, &raw.method) {
        (RouteKind::Http, _) => http(raw, at, element),
        (RouteKind::Grpc, method) => grpc(raw, method.as_ref(), at, element),
    };
    let headers = headers(&raw.headers, &at.key("headers"), element);
    let query = query(&raw.query_params, &at.key("queryParams"), element);
    let named = named?;
    Ok(Match { headers: headers?, query: query?, ..named })
}

fn http(raw: &raw::Match<'_>, at: &At<'_>, element: &mut Element<'_, '_>) -> Result<Match, Refused> {
    let path = match &raw.path {
        Some(path) => self::path(path, &at.key("path"), element),
        None => Ok(PathMatch::Prefix(Box::default())),
    };
    let method = match &raw.method {
        None => Ok(None),
        Some(MethodMatch::Http(method)) if value::is_token(method) => Ok(Some(Box::from(&**method))),
        Some(MethodMatch::Http(method)) => {
            element.refuse(&at.key("method"), Code::InvalidMethod, format!("{:?} is not a method", &**method))
        }
        Some(MethodMatch::Grpc(_)) => element.refuse(
            &at.key("method"),
            Code::InvalidMethod,
            "an HTTPRoute matches a method by name, not by gRPC service",
        ),
    };
    Ok(Match { path: path?, method: method?, ..everything() })
}

fn path(raw: &raw::PathMatch<'_>, at: &At<'_>, element: &mut Element<'_, '_>) -> Result<PathMatch, Refused> {
    let value = raw.value.as_deref().unwrap_or("/");
    let at = at.key("value");
    match raw.kind {
        PathMatchKind::Exact => Ok(PathMatch::Exact(literal_path(value, &at, element)?)),
        PathMatchKind::PathPrefix => {
            let path = literal_path(value, &at, element)?;
            Ok(PathMatch::Prefix(path.strip_suffix('/').unwrap_or(&path).into()))
        }
        PathMatchKind::RegularExpression => Ok(PathMatch::Regex(pattern(value, &at, element)?)),
    }
}

/// A path in the form that requests have after [`canonical::path`], so that what is written can be met.
pub(super) fn literal_path(
    text: &str,
    at: &At<'_>,
    element: &mut Element<'_, '_>,
) -> Result<Box<str>, Refused> {
    let problem = if !text.starts_with('/') {
        "does not begin with a slash"
    } else if text.len() > MAX_PATH {
        "is longer than 4096 bytes"
    } else if text.contains(['?', '#']) {
        "holds a query or a fragment"
    } else if !text.is_ascii() {
        "holds a character outside ASCII; write it percent-encoded"
    } else {
        match canonical::path(text.as_bytes(), Profile::Lenient, &mut Vec::new()) {
            Err(_) => "holds a space",
            Ok(path)
                if path.len() != text.len()
                    && path.iter().filter(|byte| **byte == b'/').count() != text.matches('/').count() =>
            {
                "holds a dot segment, which no request has"
            }
            Ok(path) => return Ok(String::from_utf8_lossy(path).into()),
        }
    };
    element.refuse(at, Code::InvalidPath, format!("{text:?} {problem}"))
}

fn pattern(text: &str, at: &At<'_>, element: &mut Element<'_, '_>) -> Result<Pattern, Refused> {
    match Pattern::new(text) {
        Ok(pattern) => Ok(pattern),
        Err(invalid) => element.refuse(at, Code::InvalidRegex, format!("{text:?}: {}", invalid.0)),
    }
}

/// A gRPC call is POST `/service/method`, so most of a GRPCMethodMatch is a path condition.
fn grpc(
    raw: &raw::Match<'_>,
    method: Option<&MethodMatch<'_>>,
    at: &At<'_>,
    element: &mut Element<'_, '_>,
) -> Result<Match, Refused> {
    if raw.path.is_some() || !raw.query_params.is_empty() {
        return element.refuse(at, Code::InvalidMethod, "a GRPCRoute matches by method and headers only");
    }
    let at = at.key("method");
    let raw = match method {
        None => return Ok(everything()),
        Some(MethodMatch::Grpc(raw)) => raw,
        Some(MethodMatch::Http(_)) => {
            return element.refuse(
                &at,
                Code::InvalidMethod,
                "a GRPCRoute matches a method by service and method",
            );
        }
    };
    let (service, method) = (raw.service.as_deref(), raw.method.as_deref());
    if service.is_none_or(str::is_empty) && method.is_none_or(str::is_empty) {
        return element.refuse(&at, Code::InvalidMethod, "service, method or both must be given");
    }
    if raw.kind == ValueMatchKind::RegularExpression {
        let part = |text: Option<&str>| {
            text.filter(|text| !text.is_empty())
                .map_or_else(|| "[^/]+".to_owned(), |text| format!("(?:{text})"))
        };
        for text in service.iter().chain(&method) {
            pattern(text, &at, element)?;
        }
        let lengths = (service.map_or(0, str::len), method.map_or(0, str::len));
        let pattern = pattern(&format!("/{}/{}", part(service), part(method)), &at, element)?;
        return Ok(Match { grpc_method: Some(GrpcMethod::Pattern { pattern, lengths }), ..everything() });
    }
    for text in service.iter().chain(&method) {
        if text.contains(['/', '%', '?', '#']) || !text.is_ascii() || text.contains(' ') {
            return element.refuse(&at, Code::InvalidMethod, format!("{text:?} is not a gRPC name"));
        }
    }
    Ok(match (service.filter(|text| !text.is_empty()), method.filter(|text| !text.is_empty())) {
        (Some(service), Some(method)) => {
            Match { path: PathMatch::Exact(format!("/{service}/{method}").into()), ..everything() }
        }
        (Some(service), None) => {
            Match { path: PathMatch::Prefix(format!("/{service}").into()), ..everything() }
        }
        (_, method) => {
            Match { grpc_method: method.map(|method| GrpcMethod::Method(method.into())), ..everything() }
        }
    })
}

fn headers(
    raw: &[NamedMatch<'_>],
    at: &At<'_>,
    element: &mut Element<'_, '_>,
) -> Result<Box<[HeaderMatch]>, Refused> {
    let mut checked: Vec<HeaderMatch> = Vec::with_capacity(raw.len());
    for (index, raw) in raw.iter().enumerate() {
        let at = at.index(index);
        let name: Box<str> =
            value::header_name(&raw.name, &at.key("name"), element)?.to_ascii_lowercase().into();
        let value = text_match(raw, &at, element)?;
        if checked.iter().any(|earlier| earlier.name == name) {
            element.found(
                &at,
                Code::RepeatedName,
                format!("header {name:?} is matched twice, the first entry counts"),
            );
        } else {
            checked.push(HeaderMatch { name, value });
        }
    }
    Ok(checked.into())
}

fn query(
    raw: &[NamedMatch<'_>],
    at: &At<'_>,
    element: &mut Element<'_, '_>,
) -> Result<Box<[QueryMatch]>, Refused> {
    let mut checked: Vec<QueryMatch> = Vec::with_capacity(raw.len());
    for (index, raw) in raw.iter().enumerate() {
        let at = at.index(index);
        let name = value::name(&raw.name, &at.key("name"), element)?;
        let value = text_match(raw, &at, element)?;
        if checked.iter().any(|earlier| earlier.name == name) {
            element.found(
                &at,
                Code::RepeatedName,
                format!("parameter {name:?} is matched twice, the first entry counts"),
            );
        } else {
            checked.push(QueryMatch { name, value });
        }
    }
    Ok(checked.into())
}

fn text_match(
    raw: &NamedMatch<'_>,
    at: &At<'_>,
    element: &mut Element<'_, '_>,
) -> Result<TextMatch, Refused> {
    match raw.kind {
        ValueMatchKind::Exact => Ok(TextMatch::Exact(Box::from(&*raw.value))),
        ValueMatchKind::RegularExpression => {
            Ok(TextMatch::Regex(pattern(&raw.value, &at.key("value"), element)?))
        }
    }
}
