//! Keeps a client on its endpoint (Gateway API SessionPersistence).

use ghost_core::model::{CookieLifetime, SessionPersistence, SessionPersistenceKind};
use ghost_core::select::session_value;
use http::header::{HeaderMap, HeaderName, HeaderValue, SET_COOKIE};

use crate::state::Endpoint;

/// Names the endpoint in the response, unless the client's request named it already.
pub(crate) fn keep(
    session: &SessionPersistence,
    endpoint: &Endpoint,
    named: Option<u64>,
    secure: bool,
    headers: &mut HeaderMap,
) {
    let value = session_value(&endpoint.address);
    if named.is_some_and(|named| format!("{named:016x}") == value) && session.idle_timeout.is_none() {
        return;
    }
    match session.kind {
        SessionPersistenceKind::Cookie => {
            if let Ok(cookie) = HeaderValue::from_str(&cookie(session, &value, secure)) {
                headers.append(SET_COOKIE, cookie);
            }
        }
        SessionPersistenceKind::Header => {
            let name = HeaderName::from_bytes(session.name.as_bytes());
            if let (Ok(name), Ok(value)) = (name, HeaderValue::from_str(&value)) {
                headers.insert(name, value);
            }
        }
    }
}

fn cookie(session: &SessionPersistence, value: &str, secure: bool) -> String {
    let mut cookie = format!("{}={value}; Path=/; HttpOnly; SameSite=Lax", session.name);
    if secure {
        cookie.push_str("; Secure");
    }
    let permanent = session.cookie_lifetime == CookieLifetime::Permanent;
    let ages = [session.absolute_timeout.filter(|_| permanent), session.idle_timeout];
    if let Some(age) = ages.into_iter().flatten().min() {
        cookie.push_str(&format!("; Max-Age={}", age.div_ceil(1000)));
    }
    cookie
}
