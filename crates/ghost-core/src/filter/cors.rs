//! CORS answers (Gateway API HTTPCORSFilter, WHATWG Fetch section 3.2).

use crate::model::{Cors, OriginPattern};
use crate::request::{HeaderLines, Request};

/// OPTIONS with Origin and Access-Control-Request-Method (Fetch section 3.2.2).
pub fn is_preflight(request: &Request<'_>) -> bool {
    request.method == b"OPTIONS"
        && first(request.headers, "origin").is_some()
        && first(request.headers, "access-control-request-method").is_some()
}

/// The headers that answer a preflight; empty where the origin is not allowed.
pub fn preflight_headers(cors: &Cors, headers: &dyn HeaderLines) -> Vec<(&'static str, Vec<u8>)> {
    let Some(mut answer) = allowed_origin(cors, headers) else {
        return Vec::new();
    };
    let asked_method = first(headers, "access-control-request-method");
    let asked_headers = first(headers, "access-control-request-headers");
    if let Some(value) = granted(&cors.allow_methods, asked_method, cors.allow_credentials) {
        answer.push(("access-control-allow-methods", value));
    }
    if let Some(value) = granted(&cors.allow_headers, asked_headers, cors.allow_credentials) {
        answer.push(("access-control-allow-headers", value));
    }
    answer.push(("access-control-max-age", cors.max_age.to_string().into_bytes()));
    answer.extend(exposed(cors));
    answer
}

/// The headers that go with the response to a plain request; empty where the origin is not allowed.
pub fn response_headers(cors: &Cors, headers: &dyn HeaderLines) -> Vec<(&'static str, Vec<u8>)> {
    let Some(mut answer) = allowed_origin(cors, headers) else {
        return Vec::new();
    };
    answer.extend(exposed(cors));
    answer
}

/// Allow-Origin echoes the origin; `*` is said only for `*` without credentials.
fn allowed_origin(cors: &Cors, headers: &dyn HeaderLines) -> Option<Vec<(&'static str, Vec<u8>)>> {
    let origin = first(headers, "origin")?;
    let lower = origin.to_ascii_lowercase();
    let own_port: &[u8] = if lower.starts_with(b"https:") { b":443" } else { b":80" };
    let lower = lower.strip_suffix(own_port).unwrap_or(&lower);
    let mut any = false;
    let allowed = cors.allow_origins.iter().any(|pattern| match pattern {
        OriginPattern::Any => {
            any = true;
            true
        }
        OriginPattern::Exact(text) => text.as_bytes() == lower,
        OriginPattern::Wildcard(pattern) => pattern.takes(lower),
    });
    if !allowed {
        return None;
    }
    let value = if any && !cors.allow_credentials { b"*".to_vec() } else { origin };
    let mut answer = vec![("access-control-allow-origin", value)];
    if cors.allow_credentials {
        answer.push(("access-control-allow-credentials", b"true".to_vec()));
    }
    Some(answer)
}

/// Lists are sent as configured; a wildcard echoes what was asked for, or is `*` without credentials.
fn granted(list: &[Box<str>], asked: Option<Vec<u8>>, credentials: bool) -> Option<Vec<u8>> {
    let asked = asked?;
    if !list.iter().any(|entry| **entry == *"*") {
        return (!list.is_empty()).then(|| list.join(", ").into_bytes());
    }
    Some(if credentials { asked } else { b"*".to_vec() })
}

/// With credentials a wildcard has no meaning (Fetch section 3.2.5), so it is left out.
fn exposed(cors: &Cors) -> Option<(&'static str, Vec<u8>)> {
    let meant = cors.expose_headers.iter().filter(|name| !cors.allow_credentials || ***name != *"*");
    let names: Vec<&str> = meant.map(|name| &**name).collect();
    (!names.is_empty()).then(|| ("access-control-expose-headers", names.join(", ").into_bytes()))
}

fn first(headers: &dyn HeaderLines, name: &str) -> Option<Vec<u8>> {
    let mut found = None;
    headers.each(&mut |own, value| {
        if found.is_none() && own.eq_ignore_ascii_case(name.as_bytes()) {
            found = Some(value.to_vec());
        }
    });
    found
}
