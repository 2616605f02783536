//! Keeping a client on one endpoint (Gateway API SessionPersistence): what tells the client which one.
//!
//! The fetch knows the endpoint, the client's task gives the cookie, and the engine carries nothing between the two but
//! the response. So the value travels as a header of the response, only for rules that ask for sessions, and
//! `deliver()` takes it out again. On a cache hit nobody was picked, and no session is given.

use ghost_core::model::{CookieLifetime, PathMatch, SessionPersistence, SessionPersistenceKind};
use ghost_core::request::Scheme;

/// The header between fetch and delivery.
pub(crate) const CARRIER: &str = "X-Ghost-Session";

/// Name and value of the header that gives a client its session.
pub(crate) fn header(
    session: &SessionPersistence,
    value: &str,
    path: Option<&PathMatch>,
    scheme: Scheme,
) -> (String, String) {
    if session.kind == SessionPersistenceKind::Header {
        return (session.name.to_string(), value.to_owned());
    }
    // A session is the rule's own: its cookie goes where the rule's requests go.
    let path = match path {
        Some(PathMatch::Exact(path) | PathMatch::Prefix(path)) if is_cookie_path(path) => path,
        _ => "/",
    };
    let lifetime = match (session.cookie_lifetime, session.absolute_timeout) {
        (CookieLifetime::Permanent, Some(milliseconds)) => format!("; Max-Age={}", milliseconds / 1000),
        _ => String::new(),
    };
    let secure = if scheme == Scheme::Https { "; Secure" } else { "" };
    let cookie = format!("{}={value}; Path={path}{lifetime}; HttpOnly; SameSite=Lax{secure}", session.name);
    ("Set-Cookie".to_owned(), cookie)
}

/// RFC 6265 section 4.1.1: any character but controls and semicolons; the prefix `/` is kept empty.
fn is_cookie_path(path: &str) -> bool {
    path.starts_with('/') && path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b';')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(kind: SessionPersistenceKind, lifetime: CookieLifetime) -> SessionPersistence {
        SessionPersistence {
            name: "s".into(),
            kind,
            absolute_timeout: Some(90_000),
            idle_timeout: None,
            cookie_lifetime: lifetime,
        }
    }

    #[test]
    fn a_cookie_goes_where_the_rule_is_and_lives_as_it_says() {
        let of = |lifetime, path: Option<PathMatch>, scheme| {
            header(&session(SessionPersistenceKind::Cookie, lifetime), "00ff", path.as_ref(), scheme).1
        };
        let cart = || Some(PathMatch::Prefix("/cart".into()));
        assert_eq!(
            of(CookieLifetime::Session, cart(), Scheme::Http),
            "s=00ff; Path=/cart; HttpOnly; SameSite=Lax"
        );
        assert_eq!(
            of(CookieLifetime::Permanent, None, Scheme::Https),
            "s=00ff; Path=/; Max-Age=90; HttpOnly; SameSite=Lax; Secure"
        );
        for odd in ["", "/a;b", "/ä"] {
            let cookie = of(CookieLifetime::Session, Some(PathMatch::Exact(odd.into())), Scheme::Http);
            assert!(cookie.contains("; Path=/; "), "{cookie}");
        }
    }

    #[test]
    fn a_header_is_just_the_value() {
        let session = session(SessionPersistenceKind::Header, CookieLifetime::Session);
        assert_eq!(header(&session, "00ff", None, Scheme::Http), ("s".to_owned(), "00ff".to_owned()));
    }
}
