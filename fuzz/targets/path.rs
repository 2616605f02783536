//! The canonical path is canonical: once more changes nothing, and no dot segment is left.
#![no_main]

use ghost_core::request::canonical::{Profile, path};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let (mut buffer, mut again) = (Vec::new(), Vec::new());
    let Ok(once) = path(data, Profile::Lenient, &mut buffer) else { return };
    assert!(once == b"*" || once.first() == Some(&b'/'));
    assert!(once.iter().all(|byte| *byte > b' ' && *byte != 0x7f));
    assert!(!once.split(|byte| *byte == b'/').any(|segment| segment == b"." || segment == b".."));
    assert_eq!(path(once, Profile::Lenient, &mut again), Ok(once));
    // Slashes are never made: %2F stays data.
    assert!(once.iter().filter(|byte| **byte == b'/').count() <= data.iter().filter(|byte| **byte == b'/').count().max(1));
});
