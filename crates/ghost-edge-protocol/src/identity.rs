//! By which names a request is found again: X-Request-Id, traceparent (W3C Trace Context).

use std::fmt::Write as _;

use http::header::{HeaderMap, HeaderName, HeaderValue};

/// `X-Request-Id`
pub const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// `traceparent`
pub const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
/// `tracestate`
pub const TRACESTATE: HeaderName = HeaderName::from_static("tracestate");

/// Most bytes of a request id that is kept.
const MAX_ID: usize = 128;

/// Gives the request an id and says which: the one it has where that is believed and harmless, else one made of `random`.
pub fn request_id(headers: &mut HeaderMap, believe: bool, random: u128) -> HeaderValue {
    let mut own = headers.get_all(X_REQUEST_ID).iter();
    let kept = match (own.next(), own.next()) {
        (Some(id), None) if believe && is_harmless(id.as_bytes()) => Some(id.clone()),
        _ => None,
    };
    let id = kept.unwrap_or_else(|| {
        HeaderValue::from_bytes(hexadecimal(random).as_bytes()).unwrap_or(HeaderValue::from_static("-"))
    });
    headers.insert(X_REQUEST_ID, id.clone());
    id
}

/// What may stand in a log line and in a URL unchanged.
fn is_harmless(id: &[u8]) -> bool {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~:=+/@".contains(byte);
    (1..=MAX_ID).contains(&id.len()) && id.iter().all(plain)
}

fn hexadecimal(number: u128) -> String {
    format!("{number:032x}")
}

/// Ids of a trace (W3C Trace Context section 3.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trace {
    /// Id of the whole trace; not zero.
    pub trace: u128,
    /// Id of the caller's span, where there is one.
    pub parent: Option<u64>,
    /// Id of this request's span; not zero.
    pub span: u64,
    /// Whether the caller recorded.
    pub sampled: bool,
}

/// Continues the request's trace where it has one that is believed, else begins one, and writes the headers for the backend.
pub fn trace(headers: &mut HeaderMap, believe: bool, random: u128, random_span: u64) -> Trace {
    let mut lines = headers.get_all(TRACEPARENT).iter();
    let parent = match (lines.next(), lines.next()) {
        (Some(line), None) if believe => parse(line.as_bytes()),
        _ => None,
    };
    let span = random_span.max(1);
    let trace = match parent {
        Some((trace, parent, sampled)) => Trace { trace, parent: Some(parent), span, sampled },
        None => {
            // Section 3.3.1.1: without a valid traceparent, tracestate means nothing.
            headers.remove(TRACESTATE);
            Trace { trace: random.max(1), parent: None, span, sampled: false }
        }
    };
    let mut text = String::with_capacity(55);
    // Writing to a String cannot fail.
    _ = write!(text, "00-{:032x}-{:016x}-{:02x}", trace.trace, trace.span, u8::from(trace.sampled));
    if let Ok(value) = HeaderValue::from_str(&text) {
        headers.insert(TRACEPARENT, value);
    }
    trace
}

/// `00-<32 hex>-<16 hex>-<2 hex>`; later versions may have more behind it.
fn parse(line: &[u8]) -> Option<(u128, u64, bool)> {
    let text = std::str::from_utf8(line).ok()?;
    let lower = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f' | b'-'));
    let (version, rest) = (text.get(..2)?, text.get(55..)?);
    let dashes = [2, 35, 52].iter().all(|place| text.as_bytes().get(*place) == Some(&b'-'));
    let ends = if version == "00" { rest.is_empty() } else { rest.is_empty() || rest.starts_with('-') };
    if !dashes || !ends || version == "ff" || !(lower || version != "00") {
        return None;
    }
    u8::from_str_radix(version, 16).ok()?;
    let trace = u128::from_str_radix(text.get(3..35)?, 16).ok().filter(|trace| *trace != 0)?;
    let parent = u64::from_str_radix(text.get(36..52)?, 16).ok().filter(|parent| *parent != 0)?;
    let flags = u8::from_str_radix(text.get(53..55)?, 16).ok()?;
    let plain =
        text.get(3..55)?.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f' | b'-'));
    plain.then_some((trace, parent, flags & 1 == 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    fn with(name: HeaderName, values: &[&str]) -> HeaderMap {
        values.iter().map(|value| (name.clone(), HeaderValue::from_str(value).unwrap())).collect()
    }

    #[test]
    fn ids_are_kept_only_where_they_are_believed_and_harmless() {
        let id = |values: &[&str], believe| {
            let mut headers = with(X_REQUEST_ID, values);
            let id = request_id(&mut headers, believe, 0xabc);
            assert_eq!(headers.get_all(X_REQUEST_ID).iter().collect::<Vec<_>>(), [&id]);
            id.to_str().unwrap().to_owned()
        };
        let own = "00000000000000000000000000000abc";
        assert_eq!(id(&["a-1"], true), "a-1");
        for (values, believe) in [
            (&["a-1"][..], false),
            (&[], true),
            (&["a", "b"], true),
            (&["a b"], true),
            (&["\"x\""], true),
            (&[""], true),
        ] {
            assert_eq!(id(values, believe), own, "{values:?}");
        }
        assert_eq!(id(&["x".repeat(129).as_str()], true), own);
    }

    #[test]
    fn traces_are_continued_or_begun() {
        let mut headers = with(TRACEPARENT, &[PARENT]);
        headers.insert(TRACESTATE, HeaderValue::from_static("a=1"));
        let found = trace(&mut headers, true, 1, 7);
        assert_eq!(
            found,
            Trace {
                trace: 0x4bf92f3577b34da6a3ce929d0e0e4736,
                parent: Some(0xf067aa0ba902b7),
                span: 7,
                sampled: true
            }
        );
        assert_eq!(headers[TRACEPARENT], "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000007-01");
        assert_eq!(headers[TRACESTATE], "a=1");
        let begun = trace(&mut headers, false, 5, 0);
        assert_eq!(begun, Trace { trace: 5, parent: None, span: 1, sampled: false });
        assert!(!headers.contains_key(TRACESTATE));
    }

    #[test]
    fn what_is_no_traceparent_is_not_believed() {
        for text in [
            "",
            "00",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0",
            "00-+bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        ] {
            assert_eq!(parse(text.as_bytes()), None, "{text}");
        }
        assert!(parse(b"01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-later").is_some());
    }
}
