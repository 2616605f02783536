//! Logs of any bytes, in every format: no panic, and no more entries than lines.

#![no_main]

use ghost_access_log::{LogFormat, Reader};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, &[u8])| {
    let (choice, log) = input;
    // The bytes themselves may be the format.
    let (own, log) = log.split_at(log.len().min(usize::from(choice / 8)));
    let own = String::from_utf8_lossy(own);
    let name = ["common", "combined", "json", "varnishlog", "%v %m %U%q", "$request|$host", &own]
        [usize::from(choice) % 7];
    let format = LogFormat::parse(name).unwrap_or_else(|_| LogFormat::detect(log));
    let mut entries = 0_u32;
    let lines = Reader::new(format, b"a.example").read(log, &mut |_, _| entries += 1);
    assert!(entries <= lines);
});
