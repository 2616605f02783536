//! The canonical host is canonical: lower-case, no port, once more changes nothing.
#![no_main]

use ghost_core::request::canonical::host;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let (mut buffer, mut again) = (Vec::new(), Vec::new());
    let Ok(once) = host(data, &mut buffer) else { return };
    assert!(!once.iter().any(|byte| byte.is_ascii_uppercase() || *byte <= b' ' || *byte >= 0x7f || b"/@?#,".contains(byte)));
    if !once.ends_with(b".") {
        assert_eq!(host(once, &mut again), Ok(once));
    }
});
