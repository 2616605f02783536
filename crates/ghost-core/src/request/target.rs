//! Request targets and URLs as people write them, taken apart (RFC 9112 section 3.2, RFC 3986 section 3).

use super::{Scheme, is_token};

/// The parts of a URL or of an origin-form target; nothing is decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target<'a> {
    /// Scheme, where the target has one Ghost routes.
    pub scheme: Option<Scheme>,
    /// `host[:port]`, where the target has one.
    pub authority: Option<&'a [u8]>,
    /// Everything before `?`; empty where there is none.
    pub path: &'a [u8],
    /// Everything behind `?`.
    pub query: Option<&'a [u8]>,
}

/// Takes a target apart; a fragment is left out, as it is never sent.
pub fn split(target: &[u8]) -> Target<'_> {
    let target = memchr::memchr(b'#', target).map_or(target, |fragment| &target[..fragment]);
    let (scheme, rest) = scheme_of(target);
    let (authority, rest) = match (scheme, rest) {
        (Some(_), rest) => {
            let end = memchr::memchr2(b'/', b'?', rest).unwrap_or(rest.len());
            (Some(&rest[..end]), &rest[end..])
        }
        (None, rest) => (None, rest),
    };
    let (path, query) = match memchr::memchr(b'?', rest) {
        Some(mark) => (&rest[..mark], Some(&rest[mark + 1..])),
        None => (rest, None),
    };
    Target { scheme, authority, path, query }
}

/// Takes the target of a request apart; `None` when method and target are none that HTTP knows: a method is a token, and a
/// target is absolute, begins with a slash or is `*` (RFC 9112 sections 3.1 and 3.2).
pub fn of_request<'a>(method: &[u8], target: &'a [u8]) -> Option<Target<'a>> {
    let target = split(target);
    let has_form = target.authority.is_some() || matches!(target.path.first(), Some(b'/' | b'*'));
    (has_form && is_token(method)).then_some(target)
}

fn scheme_of(target: &[u8]) -> (Option<Scheme>, &[u8]) {
    let colon = memchr::memmem::find(target, b"://");
    let scheme = colon.and_then(|colon| Scheme::parse(std::str::from_utf8(&target[..colon]).ok()?));
    match (scheme, colon) {
        (Some(scheme), Some(colon)) => (Some(scheme), &target[colon + 3..]),
        _ => (None, target),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_come_apart() {
        let parts = |text: &'static str| {
            let target = split(text.as_bytes());
            let utf8 = |bytes: &'static [u8]| std::str::from_utf8(bytes).unwrap();
            (target.scheme, target.authority.map(utf8), utf8(target.path), target.query.map(utf8))
        };
        assert_eq!(parts("/a?b=c#d"), (None, None, "/a", Some("b=c")));
        assert_eq!(parts("http://h:1/a"), (Some(Scheme::Http), Some("h:1"), "/a", None));
        assert_eq!(parts("HTTPS://h"), (Some(Scheme::Https), Some("h"), "", None));
        assert_eq!(parts("http://h?x"), (Some(Scheme::Http), Some("h"), "", Some("x")));
        assert_eq!(parts("/http://h/a"), (None, None, "/http://h/a", None));
        assert_eq!(parts("*"), (None, None, "*", None));
    }
}
