//! The hash of consistent choices: FNV-1a, mixed once more so that near keys land far apart. The same on every
//! machine, because several proxies must agree.

use crate::model::HashOn;
use crate::request::Request;

/// FNV-1a, 64 bits, with the finalizer of MurmurHash3.
pub fn key_of(bytes: &[u8]) -> u64 {
    mix(bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)))
}

fn mix(mut hash: u64) -> u64 {
    hash = (hash ^ hash >> 33).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash = (hash ^ hash >> 33).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^ hash >> 33
}

/// The key of a request, where it has what is hashed on; without one the choice is random.
pub fn request_key(on: &HashOn, request: &Request<'_>, client_address: Option<&str>) -> Option<u64> {
    match on {
        HashOn::Host => Some(key_of(request.host)),
        HashOn::Path => Some(key_of(request.path)),
        HashOn::ClientAddress => client_address.map(|address| key_of(address.as_bytes())),
        HashOn::Header(name) => {
            let mut key = None;
            request.headers.each(&mut |own, value| {
                if key.is_none() && own.eq_ignore_ascii_case(name.as_bytes()) {
                    key = Some(key_of(value));
                }
            });
            key
        }
        HashOn::Cookie(name) => {
            let mut key = None;
            each_cookie(request, &mut |own, value| {
                if key.is_none() && own == name.as_bytes() {
                    key = Some(key_of(value));
                }
            });
            key
        }
    }
}

/// Calls `visit` with every cookie of the request (RFC 6265 section 5.4), names case-sensitive.
pub(crate) fn each_cookie(request: &Request<'_>, visit: &mut dyn FnMut(&[u8], &[u8])) {
    request.headers.each(&mut |own, value| {
        if !own.eq_ignore_ascii_case(b"cookie") {
            return;
        }
        for pair in value.split(|byte| *byte == b';') {
            if let Some(equals) = memchr::memchr(b'=', pair) {
                visit(pair[..equals].trim_ascii(), pair[equals + 1..].trim_ascii());
            }
        }
    });
}
