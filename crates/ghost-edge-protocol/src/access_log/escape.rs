//! Bytes of clients, made harmless for each format.

const HEXADECIMAL: &[u8; 16] = b"0123456789abcdef";

/// Inside the quotation marks of JSON (RFC 8259 section 7). What is no UTF-8 becomes U+FFFD.
pub(super) fn json(bytes: &[u8], out: &mut Vec<u8>) {
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            match character {
                '"' => out.extend_from_slice(b"\\\""),
                '\\' => out.extend_from_slice(b"\\\\"),
                '\n' => out.extend_from_slice(b"\\n"),
                character if character.is_control() => {
                    out.extend_from_slice(b"\\u00");
                    hexadecimal(u8::try_from(u32::from(character)).unwrap_or(0), out);
                }
                character => out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
            }
        }
        if !chunk.invalid().is_empty() {
            out.extend_from_slice(b"\\ufffd");
        }
    }
}

/// Inside quotation marks of the other formats: `\xHH` for what is no printable ASCII.
pub(super) fn quoted(bytes: &[u8], out: &mut Vec<u8>) {
    for byte in bytes {
        match byte {
            b'"' | b'\\' => out.extend_from_slice(&[b'\\', *byte]),
            b'\n' => out.extend_from_slice(b"\\n"),
            b' '..=b'~' => out.push(*byte),
            _ => {
                out.extend_from_slice(b"\\x");
                hexadecimal(*byte, out);
            }
        }
    }
}

/// Outside quotation marks: also spaces are written as `\xHH`, and nothing as `-`.
pub(super) fn bare(bytes: &[u8], out: &mut Vec<u8>) {
    if bytes.is_empty() {
        out.push(b'-');
    }
    for byte in bytes {
        match byte {
            b'!' | b'#'..=b'[' | b']'..=b'~' => out.push(*byte),
            _ => {
                out.extend_from_slice(b"\\x");
                hexadecimal(*byte, out);
            }
        }
    }
}

fn hexadecimal(byte: u8, out: &mut Vec<u8>) {
    for nibble in [byte >> 4, byte & 15] {
        out.extend(HEXADECIMAL.get(usize::from(nibble)));
    }
}
