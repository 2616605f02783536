//! The headers in which a client may claim to be somebody else, and what becomes of them.

use std::ffi::CStr;

use ghost_core::request::Scheme;

use crate::ffi::{Context, Message};
use crate::headers::{Edits, NoRoom, RESERVE_SLOTS};

/// What is done with them: an argument of the object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Forwarded {
    /// They say what the engine knows.
    Replace,
    /// They stay.
    Keep,
}

/// Headers of which the engine knows nothing to say.
const CLAIMS: [&[u8]; 4] = [b"forwarded", b"x-forwarded-host", b"x-forwarded-port", b"x-real-ip"];

/// What a request has of them.
#[derive(Default)]
struct Found {
    claims: bool,
    addresses: usize,
    is_list: bool,
    protocols: usize,
    is_right: bool,
}

impl Forwarded {
    /// The object's argument.
    pub(crate) fn new(word: &[u8]) -> Self {
        if word == b"keep" { Forwarded::Keep } else { Forwarded::Replace }
    }

    /// Brings the headers of a client's request in line. Once for each request, before it is decided.
    pub(crate) fn apply(
        self,
        ctx: Context<'_>,
        message: &mut Message<'_>,
        scheme: Scheme,
    ) -> Result<(), NoRoom> {
        if self == Forwarded::Keep || !ctx.has_client() {
            return Ok(());
        }
        let found = Found::new(message, scheme);
        if found.claims {
            CLAIMS.iter().for_each(|name| message.unset(name));
        }
        // The engine has written the client's address, behind what the client itself sent.
        if found.addresses != 1 || found.is_list || ctx.restarts() > 0 {
            let address = ctx.client_address().unwrap_or_default();
            let mut edits = Edits::default();
            edits.set(b"X-Forwarded-For", address.as_bytes());
            edits.apply(message)?;
        }
        if found.protocols != 1 || !found.is_right {
            if found.protocols > 0 {
                message.unset(b"x-forwarded-proto");
            }
            if message.free_slots() <= RESERVE_SLOTS {
                return Err(NoRoom);
            }
            message.add_constant(protocol_line(scheme));
        }
        Ok(())
    }
}

impl Found {
    fn new(message: &Message<'_>, scheme: Scheme) -> Self {
        let mut found = Self::default();
        // Most lines are told apart by their first byte.
        let lines = message.lines_of(|first| matches!(first, b'x' | b'X' | b'f' | b'F'));
        for (name, value) in lines {
            if name.eq_ignore_ascii_case(b"x-forwarded-for") {
                found.addresses += 1;
                found.is_list |= value.contains(&b',');
            } else if name.eq_ignore_ascii_case(b"x-forwarded-proto") {
                found.protocols += 1;
                found.is_right = value == scheme.as_str().as_bytes();
            } else if CLAIMS.iter().any(|claim| name.eq_ignore_ascii_case(claim)) {
                found.claims = true;
            }
        }
        found
    }
}

fn protocol_line(scheme: Scheme) -> &'static CStr {
    match scheme {
        Scheme::Http => c"X-Forwarded-Proto: http",
        Scheme::Https => c"X-Forwarded-Proto: https",
    }
}
