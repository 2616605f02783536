//! Any bytes as a PROXY protocol header: no panic, no more bytes taken than there are, and what is read can be written and read again.
#![no_main]

use ghost_edge_protocol::proxy_protocol::{Decoded, decode, encode};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    match decode(bytes) {
        Decoded::Header(header, used) => {
            assert!(used <= bytes.len());
            let mut written = Vec::new();
            if encode(&header, &mut written).is_ok() {
                assert_eq!(decode(&written), Decoded::Header(header, written.len()));
            }
        }
        Decoded::Incomplete(needed) => assert!(needed > bytes.len()),
        Decoded::Invalid(_) => {}
    }
});
