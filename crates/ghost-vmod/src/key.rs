//! The cache key as one text.

use std::ffi::{CStr, CString};

/// Keys up to this length are put together on the stack.
const ON_STACK: usize = 512;

/// Calls `take` with the parts, a line feed between them. The key ends where the first NUL was.
pub(crate) fn with<T>(parts: &[&[u8]], take: impl FnOnce(&CStr) -> T) -> T {
    let mut room = [0; ON_STACK];
    let mut len = 0;
    for (place, part) in parts.iter().enumerate() {
        let feed = usize::from(place > 0);
        let end = len + feed + part.len();
        // One byte stays for the NUL that ends it.
        let Some(to) = room.get_mut(len..end).filter(|_| end < ON_STACK) else {
            return with_vec(parts, take);
        };
        let (before, to) = to.split_at_mut(feed);
        before.fill(b'\n');
        to.copy_from_slice(part);
        len = end;
    }
    take(CStr::from_bytes_until_nul(&room).unwrap_or_default())
}

fn with_vec<T>(parts: &[&[u8]], take: impl FnOnce(&CStr) -> T) -> T {
    let mut key = parts.join(&b'\n');
    key.truncate(key.iter().position(|byte| *byte == 0).unwrap_or(key.len()));
    take(&CString::new(key).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_and_long_keys_are_joined_alike() {
        for len in [0, 1, ON_STACK - 4, ON_STACK - 3, ON_STACK - 2, ON_STACK, 4 * ON_STACK] {
            let long = vec![b'x'; len];
            let parts: [&[u8]; 3] = [b"a", b"", &long];
            with(&parts, |key| assert_eq!(key.to_bytes(), parts.join(&b'\n'), "{len}"));
        }
    }

    #[test]
    fn a_key_ends_at_the_first_nul() {
        for len in [1, 2 * ON_STACK] {
            let long = vec![b'x'; len];
            with(&[b"a\0b", &long], |key| assert_eq!(key, c"a", "{len}"));
        }
    }
}
