//! Query parameters, read without allocation (WHATWG URL section 5.1: `&` separates, `+` is a space).

use super::canonical::escape;

/// Calls `feed` with the decoded bytes of the first parameter named `name`; whether there is one.
pub(crate) fn first_value(query: &[u8], name: &[u8], feed: &mut dyn FnMut(&[u8])) -> bool {
    let pair = query.split(|byte| *byte == b'&').find(|pair| decodes_to(split(pair).0, name));
    let Some(pair) = pair else { return false };
    decode(split(pair).1, feed);
    true
}

/// Name and value of a pair; a bare key has the empty value.
fn split(pair: &[u8]) -> (&[u8], &[u8]) {
    match memchr::memchr(b'=', pair) {
        Some(equals) => (&pair[..equals], &pair[equals + 1..]),
        None => (pair, b""),
    }
}

fn decodes_to(raw: &[u8], name: &[u8]) -> bool {
    let (mut matched, mut equal) = (0, true);
    decode(raw, &mut |bytes| {
        equal = equal && name.get(matched..).is_some_and(|rest| rest.starts_with(bytes));
        matched += bytes.len();
    });
    equal && matched == name.len()
}

fn decode(raw: &[u8], feed: &mut dyn FnMut(&[u8])) {
    let mut rest = raw;
    while let Some(special) = memchr::memchr2(b'%', b'+', rest) {
        feed(&rest[..special]);
        let (decoded, length) = match rest[special] {
            b'+' => (b' ', 1),
            _ => escape(&rest[special..]).map_or((b'%', 1), |byte| (byte, 3)),
        };
        feed(&[decoded]);
        rest = &rest[special + length..];
    }
    feed(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_value_counts_decoded() {
        for (query, name, expected) in [
            ("a=1&a=2", "a", Some("1")),
            ("b=1&a=2", "a", Some("2")),
            ("a", "a", Some("")),
            ("a=", "a", Some("")),
            ("a=x+y", "a", Some("x y")),
            ("a=x%20y", "a", Some("x y")),
            ("%61=1", "a", Some("1")),
            ("a=%zz", "a", Some("%zz")),
            ("a=1=2", "a", Some("1=2")),
            ("A=1", "a", None),
            ("", "a", None),
            ("aa=1", "a", None),
            ("a%26b=1", "a&b", Some("1")),
            ("a=1;b=2", "b", None),
        ] {
            let mut value = Vec::new();
            let found = first_value(query.as_bytes(), name.as_bytes(), &mut |bytes| {
                value.extend_from_slice(bytes);
            });
            assert_eq!(found.then(|| String::from_utf8(value).unwrap()).as_deref(), expected, "{query}");
        }
    }
}
