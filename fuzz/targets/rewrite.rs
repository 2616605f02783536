//! Rewrites of any path: one leading slash wherever the prefix vanishes, nothing but bytes of the two parts.
#![no_main]

use ghost_core::filter::rewrite::path;
use ghost_core::model::PathRewrite;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((prefix, rest)) = data.split_first() else { return };
    let prefix = usize::from(*prefix).min(rest.len());
    let mut into = Vec::new();
    path(&PathRewrite::Prefix("".into()), rest, Some(prefix), &mut into);
    assert!(!into.starts_with(b"//"), "{into:?}");
    assert!(!into.is_empty());
    path(&PathRewrite::Prefix("/x".into()), rest, Some(prefix), &mut into);
    assert!(into.starts_with(b"/x"));
});
