//! Rules that several parts share.

use super::{At, Code, Element, Refused};

/// Most bytes of a name that Ghost prints.
const MAX_NAME: usize = 512;
/// Most bytes of a header name: the engines keep its length in a signed byte.
const MAX_HEADER_NAME: usize = 126;
/// Most of a weight (Gateway API BackendRef.weight).
const MAX_WEIGHT: u32 = 1_000_000;

/// A name of 1 to 512 bytes.
pub(super) fn name(text: &str, at: &At<'_>, element: &mut Element<'_, '_>) -> Result<Box<str>, Refused> {
    match text.len() {
        1..=MAX_NAME => Ok(text.into()),
        0 => element.refuse(at, Code::EmptyName, "the name is empty"),
        length => element.refuse(
            at,
            Code::EmptyName,
            format!("the name has {length} bytes, at most {MAX_NAME} are taken"),
        ),
    }
}

/// RFC 9110 section 5.6.2.
pub(super) fn is_token(text: &str) -> bool {
    crate::request::is_token(text.as_bytes())
}

/// A header name, as written.
pub(super) fn header_name<'t>(
    text: &'t str,
    at: &At<'_>,
    element: &mut Element<'_, '_>,
) -> Result<&'t str, Refused> {
    if is_token(text) && text.len() <= MAX_HEADER_NAME {
        return Ok(text);
    }
    element.refuse(at, Code::InvalidName, format!("{text:?} is not a header name"))
}

/// A port, 1 to 65535.
pub(super) fn port(number: u32, at: &At<'_>, element: &mut Element<'_, '_>) -> Result<u16, Refused> {
    match u16::try_from(number) {
        Ok(port) if port > 0 => Ok(port),
        _ => element.refuse(at, Code::InvalidPort, format!("{number} is not a port")),
    }
}

/// A weight, 0 to 1,000,000; absent is 1.
pub(super) fn weight(
    number: Option<u32>,
    at: &At<'_>,
    element: &mut Element<'_, '_>,
) -> Result<u32, Refused> {
    match number.unwrap_or(1) {
        weight @ 0..=MAX_WEIGHT => Ok(weight),
        weight => element.refuse(at, Code::InvalidWeight, format!("weight {weight} is above {MAX_WEIGHT}")),
    }
}

/// Milliseconds of a Gateway API duration.
pub(super) fn duration(text: &str, at: &At<'_>, element: &mut Element<'_, '_>) -> Result<u64, Refused> {
    match crate::model::parse_duration(text) {
        Some(milliseconds) => Ok(milliseconds),
        None => element.refuse(at, Code::InvalidTime, format!("{text:?} is not a duration")),
    }
}
