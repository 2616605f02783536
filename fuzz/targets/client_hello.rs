//! Any bytes as a ClientHello: no panic, a name is a host name, and more bytes never change what a whole one says.
#![no_main]

use ghost_edge_protocol::client_hello::{Peeked, peek};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let peeked = peek(bytes);
    if let Peeked::Hello(hello) = &peeked {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_.".contains(&byte);
        assert!(hello.server_name.as_deref().is_none_or(|name| name.bytes().all(plain)));
        assert_eq!(peek(&[bytes, &[0; 8]].concat()), peeked);
    }
});
