//! The one canonical form of path and host.
//!
//! Path (RFC 3986 sections 6.2.2.2 and 5.2.4): escapes of unreserved characters are decoded, then dot
//! segments are resolved, each once. Every other byte stays: `%2F` and `%5C` are data, never separators, and
//! slashes are not merged. Host: lower-case, without port and trailing dot, IPv6 in its shortest form.

use std::net::{Ipv4Addr, Ipv6Addr};

/// Why a path cannot be used: RFC 9112 section 3.2 has no such request target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvalidPath {
    /// It does not begin with a slash and is not `*`.
    NotAbsolute,
    /// It holds a control character or a space.
    ForbiddenByte,
    /// Strict profile only: `%2F`, `%5C` or `%00`, which two readers may take differently.
    AmbiguousEscape,
    /// Strict profile only: `%` without two hexadecimal digits.
    BrokenEscape,
}

/// Why a host cannot be used: RFC 9112 section 3.2 asks for 400.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidHost;

/// How doubtful paths are treated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Profile {
    /// Escapes that are not decoded are data.
    #[default]
    Lenient,
    /// Escapes that readers disagree about are refused.
    Strict,
}

/// The canonical path. Borrows `raw` when it already is canonical, else writes into `buffer`.
///
/// # Errors
/// [`InvalidPath`]; the empty path is `/` (RFC 9110 section 4.2.3).
pub fn path<'a>(raw: &'a [u8], profile: Profile, buffer: &'a mut Vec<u8>) -> Result<&'a [u8], InvalidPath> {
    match raw {
        b"" => return Ok(b"/"),
        b"*" => return Ok(raw),
        [b'/', ..] => {}
        _ => return Err(InvalidPath::NotAbsolute),
    }
    let mut forbidden = false;
    let mut suspicious = false;
    for byte in raw {
        forbidden |= *byte <= b' ' || *byte == 0x7f;
        suspicious |= *byte == b'%' || *byte == b'.';
    }
    if forbidden {
        return Err(InvalidPath::ForbiddenByte);
    }
    if !suspicious {
        return Ok(raw);
    }
    if profile == Profile::Strict {
        refuse_doubtful(raw)?;
    }
    if is_canonical(raw) {
        return Ok(raw);
    }
    buffer.clear();
    decode_unreserved(raw, buffer);
    resolve_dot_segments(buffer);
    Ok(buffer)
}

/// A query as it may stand in a request target; it is kept as sent.
///
/// # Errors
/// [`InvalidPath::ForbiddenByte`].
pub fn query(raw: &[u8]) -> Result<&[u8], InvalidPath> {
    let forbidden = raw.iter().fold(false, |forbidden, byte| forbidden | (*byte <= b' ') | (*byte == 0x7f));
    if forbidden { Err(InvalidPath::ForbiddenByte) } else { Ok(raw) }
}

/// The byte that an escape at the front of `rest` stands for.
pub(crate) fn escape(rest: &[u8]) -> Option<u8> {
    match rest {
        [b'%', high, low, ..] => Some(hex(*high)? << 4 | hex(*low)?),
        _ => None,
    }
}

fn hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

/// RFC 3986 section 2.3.
fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

fn refuse_doubtful(raw: &[u8]) -> Result<(), InvalidPath> {
    for position in memchr::memchr_iter(b'%', raw) {
        match escape(&raw[position..]) {
            None => return Err(InvalidPath::BrokenEscape),
            Some(b'/' | b'\\' | 0) => return Err(InvalidPath::AmbiguousEscape),
            Some(_) => {}
        }
    }
    if raw.contains(&b'\\') { Err(InvalidPath::AmbiguousEscape) } else { Ok(()) }
}

fn is_canonical(raw: &[u8]) -> bool {
    let nothing_to_decode =
        memchr::memchr_iter(b'%', raw).all(|position| !escape(&raw[position..]).is_some_and(is_unreserved));
    let no_dot_segment =
        memchr::memmem::find_iter(raw, b"/.").all(|position| !is_dot_segment(&raw[position + 1..]));
    nothing_to_decode && no_dot_segment
}

/// Whether the segment at the front of `rest` is `.` or `..`.
fn is_dot_segment(rest: &[u8]) -> bool {
    matches!(rest, b"." | b".." | [b'.', b'/', ..] | [b'.', b'.', b'/', ..])
}

fn decode_unreserved(raw: &[u8], into: &mut Vec<u8>) {
    let mut position = 0;
    while let Some(byte) = raw.get(position) {
        match escape(&raw[position..])
            .filter(|decoded| is_unreserved(*decoded) && !completes_escape(into, *decoded))
        {
            Some(decoded) => {
                into.push(decoded);
                position += 3;
            }
            None => {
                into.push(*byte);
                position += 1;
            }
        }
    }
}

/// Whether a decoded digit would turn a broken escape before it into a whole one: `%2%65` must not become `%2e`, which
/// the next reader would decode again.
fn completes_escape(written: &[u8], decoded: u8) -> bool {
    match written {
        [.., b'%'] => decoded.is_ascii_hexdigit(),
        [.., b'%', digit] => digit.is_ascii_hexdigit() && decoded.is_ascii_hexdigit(),
        _ => false,
    }
}

/// RFC 3986 section 5.2.4, in place. The path begins with a slash.
fn resolve_dot_segments(path: &mut Vec<u8>) {
    let (mut read, mut write) = (0, 0);
    while read < path.len() {
        // `read` stands on the slash before a segment, `write` behind what is kept so far.
        let end = memchr::memchr(b'/', &path[read + 1..]).map_or(path.len(), |next| read + 1 + next);
        let is_last = end == path.len();
        match &path[read + 1..end] {
            b"." => {}
            b".." => write = memchr::memrchr(b'/', &path[..write]).unwrap_or(0),
            _ => {
                path.copy_within(read..end, write);
                write += end - read;
                read = end;
                continue;
            }
        }
        if is_last {
            path[write] = b'/';
            write += 1;
        }
        read = end;
    }
    path.truncate(write);
}

/// The canonical host of an authority (`host[:port]`). Borrows `raw` when it already is canonical.
///
/// # Errors
/// [`InvalidHost`]: user information, a port that is no number, or a byte that no host name has.
pub fn host<'a>(raw: &'a [u8], buffer: &'a mut Vec<u8>) -> Result<&'a [u8], InvalidHost> {
    if raw.first() == Some(&b'[') {
        return ipv6(raw, buffer);
    }
    let name = match memchr::memchr(b':', raw) {
        Some(colon) if is_port(&raw[colon + 1..]) => &raw[..colon],
        Some(_) => return Err(InvalidHost),
        None => raw,
    };
    let name = match name.strip_suffix(b".") {
        // A dot alone, or an empty label before it.
        Some(b"" | [.., b'.']) => return Err(InvalidHost),
        Some(name) => name,
        None => name,
    };
    // RFC 1035 section 2.3.4.
    let (mut forbidden, mut seen) = (name.len() > 253, 0);
    let mut label = 0;
    for byte in name {
        let class = HOST_BYTES[usize::from(*byte)];
        seen |= class;
        if class == DOT {
            forbidden |= label == 0;
            label = 0;
        } else {
            label += 1;
            forbidden |= label > 63;
        }
    }
    if forbidden || seen & OUTSIDE != 0 {
        return Err(InvalidHost);
    }
    if seen & UPPER == 0 {
        return Ok(name);
    }
    buffer.clear();
    buffer.extend(name.iter().map(u8::to_ascii_lowercase));
    Ok(buffer)
}

/// Classes of bytes in a host name; 0 is what stays as it is.
const OUTSIDE: u8 = 1;
const UPPER: u8 = 2;
const DOT: u8 = 4;

/// The class of each byte: every request's host is looked at byte by byte, twice where there is a cache.
const HOST_BYTES: [u8; 256] = {
    let mut classes = [OUTSIDE; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        classes[byte as usize] = match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' => 0,
            b'A'..=b'Z' => UPPER,
            b'.' => DOT,
            _ => OUTSIDE,
        };
        byte += 1;
    }
    classes
};

fn is_port(digits: &[u8]) -> bool {
    digits.len() <= 5
        && digits.iter().all(u8::is_ascii_digit)
        && digits.iter().fold(0_u32, |port, digit| port * 10 + u32::from(digit - b'0')) <= 65_535
}

fn ipv6<'a>(raw: &'a [u8], buffer: &'a mut Vec<u8>) -> Result<&'a [u8], InvalidHost> {
    let close = memchr::memchr(b']', raw).ok_or(InvalidHost)?;
    match &raw[close + 1..] {
        b"" => {}
        [b':', digits @ ..] if is_port(digits) => {}
        _ => return Err(InvalidHost),
    }
    let inside = std::str::from_utf8(&raw[1..close]).map_err(|_| InvalidHost)?;
    let address: Ipv6Addr = inside.parse().map_err(|_| InvalidHost)?;
    buffer.clear();
    buffer.extend_from_slice(format!("[{address}]").as_bytes());
    Ok(buffer)
}

/// The port of an authority, where it has one.
pub fn port(authority: &[u8]) -> Option<u16> {
    let from = if authority.first() == Some(&b'[') { memchr::memchr(b']', authority)? } else { 0 };
    let colon = from + memchr::memchr(b':', &authority[from..])?;
    std::str::from_utf8(&authority[colon + 1..]).ok()?.parse().ok()
}

/// Whether a canonical host is an address rather than a name.
pub fn is_address(host: &[u8]) -> bool {
    host.first() == Some(&b'[')
        || std::str::from_utf8(host).is_ok_and(|text| text.parse::<Ipv4Addr>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(raw: &str) -> Result<String, InvalidPath> {
        path(raw.as_bytes(), Profile::Lenient, &mut Vec::new())
            .map(|path| String::from_utf8(path.to_vec()).unwrap())
    }

    #[test]
    fn paths_are_decoded_and_resolved_once() {
        for (raw, expected) in [
            ("", "/"),
            ("/", "/"),
            ("*", "*"),
            ("/a.css", "/a.css"),
            ("/%7Euser", "/~user"),
            ("/a%2Fb", "/a%2Fb"),
            ("/a%5cb", "/a%5cb"),
            ("/a/../b", "/b"),
            ("/a/%2e%2E/b", "/b"),
            ("/%252e/", "/%252e/"),
            ("/a/.", "/a/"),
            ("/a/..", "/"),
            ("/..", "/"),
            ("/../../a", "/a"),
            ("/a//../b", "/a/b"),
            ("//a", "//a"),
            ("/a/.../b", "/a/.../b"),
            ("/.hidden", "/.hidden"),
            ("/a%2F../b", "/a%2F../b"),
            ("/a/..%2Fb", "/a/..%2Fb"),
            ("/%zz%4", "/%zz%4"),
            ("/%2%65%2%65/x", "/%2%65%2%65/x"),
            ("/%%32e", "/%%32e"),
            ("/%2%7A", "/%2z"),
            ("/a/./b/./c/..", "/a/b/"),
            ("/;/../x", "/x"),
        ] {
            assert_eq!(canonical(raw).as_deref(), Ok(expected), "{raw}");
        }
    }

    #[test]
    fn what_no_target_may_hold_is_refused() {
        for raw in ["a", "http", "/a b", "/a\tb", "/\0", "/\x7f", "/a\r\n"] {
            assert!(canonical(raw).is_err(), "{raw:?}");
        }
    }

    #[test]
    fn the_strict_profile_refuses_what_readers_disagree_about() {
        let strict = |raw: &str| path(raw.as_bytes(), Profile::Strict, &mut Vec::new()).err();
        for raw in ["/a%2fb", "/a%5Cb", "/%00", "/.\\x"] {
            assert_eq!(strict(raw), Some(InvalidPath::AmbiguousEscape), "{raw}");
        }
        assert_eq!(strict("/%zz"), Some(InvalidPath::BrokenEscape));
        assert_eq!(strict("/%41/../b"), None);
    }

    #[test]
    fn hosts_lose_case_port_and_trailing_dot() {
        for (raw, expected) in [
            ("A.Example", "a.example"),
            ("a.example:80", "a.example"),
            ("a.example:", "a.example"),
            ("a.example.", "a.example"),
            ("a.example.:8080", "a.example"),
            ("", ""),
            ("127.0.0.1:1", "127.0.0.1"),
            ("[::1]:80", "[::1]"),
            ("[0:0:0:0:0:0:0:1]", "[::1]"),
            ("[FE80::A]", "[fe80::a]"),
            ("a_b.example", "a_b.example"),
        ] {
            assert_eq!(host(raw.as_bytes(), &mut Vec::new()), Ok(expected.as_bytes()), "{raw}");
        }
    }

    #[test]
    fn hosts_that_no_name_has_are_refused() {
        for raw in [
            "user@a",
            "a b",
            "a/b",
            "a:x",
            "a:99999",
            "a:1:2",
            "[::1",
            "[::1]x",
            "[fe80::1%eth0]",
            "a..b",
            ".a",
            "a,b",
            "\u{e9}",
        ] {
            assert_eq!(host(raw.as_bytes(), &mut Vec::new()), Err(InvalidHost), "{raw}");
        }
    }

    #[test]
    fn canonical_paths_stay_as_they_are() {
        let mut state = 1_u32;
        for _ in 0..20_000 {
            let mut raw = String::from("/");
            for _ in 0..12 {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                raw.push_str(
                    ["/", ".", "..", "%2e", "%2F", "a", "%", "%41", "//", "%25", "b/", "%2E/"]
                        [state as usize >> 16 & 7 | state as usize >> 28 & 4],
                );
            }
            let once = canonical(&raw).unwrap();
            assert_eq!(canonical(&once).as_deref(), Ok(&*once), "{raw}");
        }
    }
}
