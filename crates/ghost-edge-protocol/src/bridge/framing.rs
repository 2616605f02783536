//! Where a body ends (RFC 9112 section 6, RFC 9113 section 8.1.1).

use http::Version;
use http::header::{CONTENT_LENGTH, HeaderMap, HeaderValue, TRANSFER_ENCODING};

use super::Hop;

/// How long a body is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Length {
    /// Neither length nor coding is given: HTTP/1 requests have no body, HTTP/2 says so by END_STREAM.
    Absent,
    /// This many bytes.
    Known(u64),
    /// Chunked: it ends where its framing says.
    Chunked,
}

/// What the framing headers say, or which of them is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BadFraming {
    ContentLength,
    TransferEncoding,
    TransferCoding,
    ConnectionHeader,
}

pub(super) fn length(version: Version, headers: &HeaderMap) -> Result<Length, BadFraming> {
    let known = content_length(headers)?;
    let mut codings = headers.get_all(TRANSFER_ENCODING).iter();
    let Some(coding) = codings.next() else {
        return Ok(known.map_or(Length::Absent, Length::Known));
    };
    if Hop::of(version) == Hop::Http2 {
        return Err(BadFraming::ConnectionHeader);
    }
    // RFC 9112 section 6.1: both of them, or a coding in HTTP/1.0, is how requests are smuggled.
    if known.is_some() || version < Version::HTTP_11 || codings.next().is_some() {
        return Err(BadFraming::TransferEncoding);
    }
    let words: Vec<&[u8]> = coding.as_bytes().split(|byte| *byte == b',').map(<[u8]>::trim_ascii).collect();
    match words[..] {
        [word] if word.eq_ignore_ascii_case(b"chunked") => Ok(Length::Chunked),
        [.., last] if last.eq_ignore_ascii_case(b"chunked") && words.iter().all(|word| !word.is_empty()) => {
            Err(BadFraming::TransferCoding)
        }
        _ => Err(BadFraming::TransferEncoding),
    }
}

/// One number, however often it is said.
fn content_length(headers: &HeaderMap) -> Result<Option<u64>, BadFraming> {
    let mut found: Option<u64> = None;
    for line in headers.get_all(CONTENT_LENGTH) {
        for word in line.as_bytes().split(|byte| *byte == b',') {
            let word = word.trim_ascii();
            let digits = !word.is_empty() && word.iter().all(u8::is_ascii_digit);
            let number =
                std::str::from_utf8(word).ok().filter(|_| digits).and_then(|text| text.parse::<u64>().ok());
            let number = number.ok_or(BadFraming::ContentLength)?;
            if found.is_some_and(|earlier| earlier != number) {
                return Err(BadFraming::ContentLength);
            }
            found = Some(number);
        }
    }
    Ok(found)
}

/// Writes a length in its one form.
pub(super) fn write(length: Length, headers: &mut HeaderMap) {
    match length {
        Length::Known(number) => _ = headers.insert(CONTENT_LENGTH, HeaderValue::from(number)),
        Length::Absent | Length::Chunked => _ = headers.remove(CONTENT_LENGTH),
    }
}
