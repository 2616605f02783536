//! Host names as documents write them.

use super::{At, Code, Element, Refused};
use crate::model::HostPattern;
use crate::request::canonical;

/// An exact host or `*.suffix`.
pub(super) fn pattern(
    text: &str,
    at: &At<'_>,
    element: &mut Element<'_, '_>,
) -> Result<HostPattern, Refused> {
    let name = text.strip_prefix("*.").unwrap_or(text);
    let Some(host) = host(name) else {
        return element.refuse(at, Code::InvalidHostname, format!("{text:?} is not a host name"));
    };
    if name.len() == text.len() {
        return Ok(HostPattern::Exact(host));
    }
    if canonical::is_address(host.as_bytes()) {
        return element.refuse(
            at,
            Code::InvalidHostname,
            format!("{text:?} puts a wildcard before an address"),
        );
    }
    Ok(HostPattern::Wildcard(host))
}

/// The canonical form of one host, without port; `None` where it is none.
pub(super) fn host(text: &str) -> Option<Box<str>> {
    let mut buffer = Vec::new();
    let bytes = canonical::host(text.as_bytes(), &mut buffer).ok()?;
    let host = std::str::from_utf8(bytes).ok()?;
    let has_port = !text.starts_with('[') && text.contains(':') || text.contains("]:");
    let labels_fit = host.starts_with('[')
        || host
            .split('.')
            .all(|label| (1..=63).contains(&label.len()) && !label.starts_with('-') && !label.ends_with('-'));
    (!has_port && labels_fit).then(|| host.into())
}
