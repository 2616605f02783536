//! A pattern of any text: refused or bounded, and the whole value agrees with the value in two pieces.
#![no_main]

use ghost_core::model::Pattern;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some(split) = data.iter().position(|byte| *byte == b'\n') else { return };
    let Ok(text) = std::str::from_utf8(&data[..split]) else { return };
    let Ok(pattern) = Pattern::new(text) else { return };
    let value = &data[split + 1..];
    let mut run = pattern.run();
    let (left, right) = value.split_at(value.len() / 2);
    run.feed(left);
    run.feed(right);
    assert_eq!(run.finish(), pattern.takes(value));
});
