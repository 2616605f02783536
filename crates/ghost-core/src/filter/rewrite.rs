//! The path that a backend or a Location shows (Gateway API HTTPPathModifier).
//!
//! Replacements begin with one slash and hold neither query nor control characters, see
//! [`crate::config::check`]; here `//host` is kept out of what is glued together.

use crate::model::PathRewrite;

/// Writes the new path. `prefix` is how many bytes a prefix match took. The query is kept by the caller.
///
/// ReplacePrefixMatch as its table says: `/foo` -> `/xyz` turns `/foo/bar` into `/xyz/bar` and `/foo/` into `/xyz/`;
/// `/foo` -> `/` turns `/foo` into `/` and `/foo/bar` into `/bar`.
pub fn path(rewrite: &PathRewrite, path: &[u8], prefix: Option<usize>, into: &mut Vec<u8>) {
    into.clear();
    match rewrite {
        PathRewrite::Full(text) => into.extend_from_slice(text.as_bytes()),
        PathRewrite::Prefix(text) => {
            let rest = path.get(prefix.unwrap_or(0)..).unwrap_or_default();
            into.extend_from_slice(text.as_bytes());
            let rest = if into.is_empty() { one_slash(rest) } else { rest };
            into.extend_from_slice(rest);
            if into.is_empty() {
                into.push(b'/');
            }
        }
    }
}

/// A path that begins with two slashes names a host where a URL is expected (RFC 3986 section 4.2).
fn one_slash(rest: &[u8]) -> &[u8] {
    let slashes = rest.iter().take_while(|byte| **byte == b'/').count();
    rest.get(slashes.saturating_sub(1)..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_are_replaced_as_the_gateway_api_says() {
        for (text, prefix, from, to) in [
            ("/xyz", "/foo", "/foo/bar", "/xyz/bar"),
            ("/xyz", "/foo", "/foo", "/xyz"),
            ("/xyz", "/foo", "/foo/", "/xyz/"),
            ("", "/foo", "/foo/bar", "/bar"),
            ("", "/foo", "/foo", "/"),
            ("", "/foo", "/foo/", "/"),
            ("", "/foo", "/foo//evil.example", "/evil.example"),
            ("/xyz", "", "/bar", "/xyz/bar"),
            ("/xyz", "", "/", "/xyz/"),
            ("", "", "//evil.example", "/evil.example"),
        ] {
            let mut into = Vec::new();
            path(&PathRewrite::Prefix(text.into()), from.as_bytes(), Some(prefix.len()), &mut into);
            assert_eq!(String::from_utf8(into).unwrap(), to, "{prefix} -> {text} on {from}");
        }
    }

    #[test]
    fn a_full_path_stands_alone() {
        let mut into = b"rest".to_vec();
        path(&PathRewrite::Full("/new".into()), b"/old/x", None, &mut into);
        assert_eq!(into, b"/new");
    }
}
