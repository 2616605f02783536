//! One line of fields between fixed texts.

use crate::format::{Field, Part};
use crate::reader::{Entry, Line, LoggedRequest, has_host, is_absent};

/// Text that had to be put together or unescaped; used again for the next line.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    text: Vec<u8>,
    url: Vec<u8>,
}

/// What the fields of a line gave.
pub(crate) enum Outcome<'l> {
    Request { method: &'l [u8], url: &'l [u8], headers: Vec<Line<'l>> },
    Unreadable(&'static str),
}

impl Outcome<'_> {
    pub(crate) fn entry<'e>(&'e self, line: &'e [u8]) -> Entry<'e> {
        match self {
            Outcome::Request { method, url, headers } => {
                Entry::Request(LoggedRequest { method, url, headers })
            }
            Outcome::Unreadable(reason) => Entry::Unreadable(line, reason),
        }
    }
}

/// Where a value stands: in the line, or unescaped in the scratch text.
#[derive(Clone, Copy, Default)]
struct Value {
    from: usize,
    to: usize,
    is_unescaped: bool,
}

impl Value {
    fn of<'l>(self, line: &'l [u8], text: &'l [u8]) -> &'l [u8] {
        let whole = if self.is_unescaped { text } else { line };
        whole.get(self.from..self.to).unwrap_or_default()
    }
}

#[derive(Default)]
struct Found<'f> {
    request_line: Option<Value>,
    method: Option<Value>,
    path: Option<Value>,
    query: Option<Value>,
    scheme: Option<Value>,
    host: Option<Value>,
    headers: Vec<(&'f str, Value)>,
}

pub(crate) fn read<'l>(
    parts: &'l [Part],
    line: &'l [u8],
    host: &'l [u8],
    scratch: &'l mut Scratch,
) -> Outcome<'l> {
    scratch.text.clear();
    let Some(found) = take(parts, line, &mut scratch.text) else {
        return Outcome::Unreadable("the line does not have the format");
    };
    let text: &'l [u8] = &scratch.text;
    let value =
        |value: Option<Value>| value.map(|value| value.of(line, text)).filter(|value| !is_absent(value));
    let (method, target) = match (value(found.request_line), value(found.path)) {
        (Some(request), _) => match split(request) {
            Some(both) => both,
            None => return Outcome::Unreadable("the request line is none"),
        },
        (None, Some(path)) => (value(found.method).unwrap_or(b"GET"), path),
        (None, None) => return Outcome::Unreadable("no request was logged"),
    };
    let (query, scheme) = (value(found.query), value(found.scheme));
    let host = value(found.host).unwrap_or(host);
    let mut headers: Vec<Line<'l>> = Vec::with_capacity(found.headers.len() + 1);
    let is_whole = has_host(target);
    let url = if query.is_none() && (scheme.is_none() || is_whole) {
        target
    } else {
        join(&mut scratch.url, scheme.filter(|_| !is_whole), host, target, query);
        &scratch.url
    };
    if !has_host(url) && !host.is_empty() {
        headers.push((b"host", host));
    }
    let others = found.headers.iter().map(|(name, one)| (name.as_bytes(), one.of(line, text)));
    headers.extend(others.filter(|(_, value)| !is_absent(value)));
    Outcome::Request { method, url, headers }
}

/// Method and target of `GET /path HTTP/1.1`; the version may be missing (HTTP/0.9), the target may hold spaces.
fn split(request: &[u8]) -> Option<(&[u8], &[u8])> {
    let space = memchr::memchr(b' ', request)?;
    let (method, rest) = (&request[..space], &request[space + 1..]);
    let target = match memchr::memrchr(b' ', rest) {
        Some(last) if rest[last + 1..].starts_with(b"HTTP/") => &rest[..last],
        _ => rest,
    };
    (!method.is_empty() && !target.is_empty()).then_some((method, target))
}

fn join(into: &mut Vec<u8>, scheme: Option<&[u8]>, host: &[u8], target: &[u8], query: Option<&[u8]>) {
    into.clear();
    if let Some(scheme) = scheme.filter(|_| !host.is_empty()) {
        into.extend_from_slice(scheme);
        into.extend_from_slice(b"://");
        into.extend_from_slice(host);
    }
    into.extend_from_slice(target);
    if let Some(query) = query.filter(|_| !target.contains(&b'?')) {
        // Apache's %q begins with the mark, nginx's $args does not.
        if !query.starts_with(b"?") {
            into.push(b'?');
        }
        into.extend_from_slice(query);
    }
}

/// Walks the line along the format.
fn take<'f>(parts: &'f [Part], line: &[u8], text: &mut Vec<u8>) -> Option<Found<'f>> {
    let mut found = Found::default();
    let (mut at, mut is_quoted) = (0, false);
    let mut rest = parts.iter().peekable();
    while let Some(part) = rest.next() {
        match part {
            Part::Text(fixed) => {
                let tail = line.get(at..)?;
                // What stands behind the last field does not matter.
                if !tail.starts_with(fixed) {
                    return None;
                }
                at += fixed.len();
                is_quoted = fixed.ends_with(b"\"");
            }
            Part::Field(field) => {
                let stop = match rest.peek() {
                    Some(Part::Text(fixed)) => Some(&**fixed),
                    _ => None,
                };
                let value = value(field, line, at, stop, is_quoted, text)?;
                at = value.1;
                keep(&mut found, field, value.0);
            }
        }
    }
    Some(found)
}

fn keep<'f>(found: &mut Found<'f>, field: &'f Field, value: Value) {
    match field {
        Field::Other | Field::Time => {}
        Field::RequestLine => found.request_line = Some(value),
        Field::Method => found.method = Some(value),
        Field::Path => found.path = Some(value),
        Field::Query => found.query = Some(value),
        Field::Scheme => found.scheme = Some(value),
        Field::Host => found.host = Some(value),
        Field::Header(name) => found.headers.push((name, value)),
    }
}

/// The value of a field that begins at `at`, and where it ends in the line.
fn value(
    field: &Field,
    line: &[u8],
    at: usize,
    stop: Option<&[u8]>,
    is_quoted: bool,
    text: &mut Vec<u8>,
) -> Option<(Value, usize)> {
    let tail = line.get(at..)?;
    if *field == Field::Time && tail.first() == Some(&b'[') {
        let end = at + memchr::memchr(b']', tail)? + 1;
        return Some((Value { from: at, to: end, is_unescaped: false }, end));
    }
    let Some(stop) = stop else {
        return Some((Value { from: at, to: line.len(), is_unescaped: false }, line.len()));
    };
    if is_quoted && stop.first() == Some(&b'"') {
        return quoted(line, at, *field != Field::Other, text);
    }
    let length = match stop {
        [byte] => memchr::memchr(*byte, tail)?,
        [byte, ..] => memchr::memchr_iter(*byte, tail).find(|found| tail[*found..].starts_with(stop))?,
        [] => tail.len(),
    };
    Some((Value { from: at, to: at + length, is_unescaped: false }, at + length))
}

/// Up to the closing quote; `\"`, `\\`, `\xHH` are taken back where the value is wanted.
fn quoted(line: &[u8], at: usize, is_wanted: bool, text: &mut Vec<u8>) -> Option<(Value, usize)> {
    let tail = line.get(at..)?;
    let mut end = memchr::memchr2(b'"', b'\\', tail)?;
    if tail.get(end) == Some(&b'"') {
        return Some((Value { from: at, to: at + end, is_unescaped: false }, at + end));
    }
    while tail.get(end) == Some(&b'\\') {
        end += 2;
        end += memchr::memchr2(b'"', b'\\', tail.get(end..)?)?;
    }
    if !is_wanted {
        return Some((Value { from: at, to: at + end, is_unescaped: false }, at + end));
    }
    let from = text.len();
    unescape(&tail[..end], text);
    Some((Value { from, to: text.len(), is_unescaped: true }, at + end))
}

fn unescape(raw: &[u8], into: &mut Vec<u8>) {
    let mut rest = raw;
    while let Some(slash) = memchr::memchr(b'\\', rest) {
        into.extend_from_slice(&rest[..slash]);
        let (byte, length) = match &rest[slash + 1..] {
            [b'x', high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                (hex(*high) << 4 | hex(*low), 4)
            }
            [b'n', ..] => (b'\n', 2),
            [b'r', ..] => (b'\r', 2),
            [b't', ..] => (b'\t', 2),
            [other, ..] => (*other, 2),
            [] => (b'\\', 1),
        };
        into.push(byte);
        rest = rest.get(slash + length..).unwrap_or_default();
    }
    into.extend_from_slice(rest);
}

fn hex(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        b'a'..=b'f' => digit - b'a' + 10,
        b'A'..=b'F' => digit - b'A' + 10,
        _ => 0,
    }
}
