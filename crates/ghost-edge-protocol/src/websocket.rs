//! Key and answer of a WebSocket handshake in HTTP/1 (RFC 6455 section 4), for where one side speaks HTTP/2 and has neither.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderValue;
use sha1::{Digest, Sha1};

const GUID: &[u8] = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// Whether a `Sec-WebSocket-Key` is one: 16 bytes in base64.
pub fn is_key(key: &[u8]) -> bool {
    STANDARD.decode(key).is_ok_and(|bytes| bytes.len() == 16)
}

/// A key made of random bits.
pub fn key(random: u128) -> Option<HeaderValue> {
    HeaderValue::from_str(&STANDARD.encode(random.to_be_bytes())).ok()
}

/// The `Sec-WebSocket-Accept` that belongs to a key.
pub fn accept(key: &[u8]) -> Option<HeaderValue> {
    let digest = Sha1::new().chain_update(key).chain_update(GUID).finalize();
    HeaderValue::from_str(&STANDARD.encode(digest)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_rfc_6455() {
        assert_eq!(accept(b"dGhlIHNhbXBsZSBub25jZQ==").unwrap(), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        assert!(is_key(b"dGhlIHNhbXBsZSBub25jZQ=="));
        assert!(is_key(key(7).unwrap().as_bytes()));
        for key in [&b""[..], b"dGhl", b"dGhlIHNhbXBsZSBub25jZQ", b"dGhlIHNhbXBsZSBub25jZQ==\n"] {
            assert!(!is_key(key), "{key:?}");
        }
    }
}
