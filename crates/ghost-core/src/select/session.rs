//! Keeping a client on one endpoint (Gateway API SessionPersistence): the cookie or header names the endpoint by a hash,
//! so that nothing about the inside is told and a made-up value finds nobody.

use super::hash::{each_cookie, key_of};
use crate::model::{Address, SessionPersistence, SessionPersistenceKind};
use crate::request::Request;

/// What stands for an endpoint in a session.
pub fn session_value(address: &Address) -> String {
    format!("{:016x}", key_of(address.to_string().as_bytes()))
}

/// The endpoint hash that a request carries, if it carries a well-formed one.
pub fn session_key(session: &SessionPersistence, request: &Request<'_>) -> Option<u64> {
    let mut found = None;
    let mut read = |name: &[u8], value: &[u8], same: bool| {
        if found.is_none() && same && !name.is_empty() && value.len() == 16 {
            found = std::str::from_utf8(value).ok().and_then(|digits| u64::from_str_radix(digits, 16).ok());
        }
    };
    match session.kind {
        SessionPersistenceKind::Cookie => {
            each_cookie(request, &mut |name, value| read(name, value, name == session.name.as_bytes()));
        }
        SessionPersistenceKind::Header => {
            request.headers.each(&mut |name, value| {
                read(name, value, name.eq_ignore_ascii_case(session.name.as_bytes()));
            });
        }
    }
    found
}

/// Whether an endpoint is the one a session names.
pub(super) fn is_session_of(address: &Address, key: u64) -> bool {
    key_of(address.to_string().as_bytes()) == key
}
