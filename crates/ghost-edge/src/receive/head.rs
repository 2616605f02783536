//! Heads of HTTP/1 as they came. hyper drops Content-Length beside Transfer-Encoding before anybody sees the request; RFC 9112
//! section 6.1 lets a server refuse it, and whoever stands in front may have read the other of the two.

use http::HeaderValue;

/// Most bytes that are kept; longer heads are refused before they are whole.
const MOST: usize = 1 << 20;

/// The bytes of a connection from the beginning of the next head. Behind a chunked body it is not known where that is until
/// the connection has been idle: what is pipelined there gets hyper's treatment, which is to close.
#[derive(Debug, Default)]
pub(super) struct Heads {
    bytes: Vec<u8>,
    /// Bytes of the body before the next head.
    skip: u64,
    lost: bool,
}

/// What a head that could not be read has too much of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Excess {
    /// Lines.
    Lines,
    /// Bytes.
    Bytes,
}

impl Heads {
    /// Bytes came; `between`: no request is being worked on.
    pub(super) fn read(&mut self, bytes: &[u8], between: bool) {
        if between {
            self.lost = false;
        }
        let skipped = self.skip.min(bytes.len() as u64);
        self.skip -= skipped;
        let rest = bytes.get(usize::try_from(skipped).unwrap_or(usize::MAX)..).unwrap_or_default();
        if self.lost || self.bytes.len() + rest.len() > MOST {
            self.forget();
            return;
        }
        self.bytes.extend_from_slice(rest);
    }

    fn forget(&mut self) {
        self.lost = true;
        self.bytes = Vec::new();
    }

    /// A request was read; gives the Content-Length that it had beside chunked coding.
    pub(super) fn taken(&mut self, chunked: bool, length: u64) -> Option<HeaderValue> {
        let Some(end) = end(&self.bytes) else {
            self.forget();
            return None;
        };
        let found = self.bytes.get(..end).filter(|_| chunked).and_then(content_length);
        if chunked {
            self.forget();
            return found;
        }
        let body = usize::try_from(length).unwrap_or(usize::MAX).min(self.bytes.len() - end);
        self.skip = length - body as u64;
        self.bytes.drain(..end + body);
        None
    }

    /// What the head that is being read has too much of.
    pub(super) fn excess(&self, lines: u32) -> Excess {
        let read = self.bytes.iter().filter(|byte| **byte == b'\n').count();
        if read > lines as usize { Excess::Lines } else { Excess::Bytes }
    }
}

/// Lines without their ends, empty ones before the request line left out (RFC 9112 section 2.2).
fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let lines = bytes.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    lines.skip_while(|line| line.is_empty())
}

/// Where a head ends: behind its empty line.
fn end(bytes: &[u8]) -> Option<usize> {
    let mut started = false;
    let mut at = 0;
    while let Some(length) = bytes.get(at..)?.iter().position(|byte| *byte == b'\n') {
        let line = bytes.get(at..at + length)?;
        at += length + 1;
        match line {
            [] | [b'\r'] if started => return Some(at),
            [] | [b'\r'] => {}
            _ => started = true,
        }
    }
    None
}

fn content_length(head: &[u8]) -> Option<HeaderValue> {
    lines(head).skip(1).find_map(|line| {
        let colon = line.iter().position(|byte| *byte == b':')?;
        let (name, value) = line.split_at(colon);
        let is = name.trim_ascii().eq_ignore_ascii_case(b"content-length");
        // One that is no value at all is as good a reason to refuse.
        let value = || HeaderValue::from_bytes(value.get(1..)?.trim_ascii()).ok();
        is.then(|| value().unwrap_or(HeaderValue::from_static("")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOTH: [&str; 2] = [
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
        "\r\nPOST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\ncontent-LENGTH:5\r\nHost: a\r\n\r\n",
    ];

    #[test]
    fn both_lengths_are_seen_in_both_orders_and_in_pieces() {
        for head in BOTH {
            for size in [1, 7, 1000] {
                let mut heads = Heads::default();
                head.as_bytes().chunks(size).for_each(|piece| heads.read(piece, true));
                assert_eq!(heads.taken(true, 0), Some(HeaderValue::from_static("5")), "{head}");
            }
        }
    }

    #[test]
    fn what_is_pipelined_behind_a_known_length_is_seen() {
        let first = "POST / HTTP/1.1\r\nContent-Length: 40\r\n\r\n";
        let body = "Transfer-Encoding: x\r\nContent-Length:9\r\n\r\n".as_bytes();
        let all = [first.as_bytes(), &body[..40], BOTH[0].as_bytes()].concat();
        for cut in 0..all.len() {
            let mut heads = Heads::default();
            let (before, after) = all.split_at(cut.max(first.len()));
            heads.read(before, true);
            assert_eq!(heads.taken(false, 40), None);
            heads.read(after, false);
            assert_eq!(heads.taken(true, 0), Some(HeaderValue::from_static("5")), "{cut}");
        }
    }

    #[test]
    fn a_chunked_body_is_no_head() {
        let mut heads = Heads::default();
        heads.read(b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n20\r\nContent-Length: 5\r\n", true);
        assert_eq!(heads.taken(true, 0), None);
        heads.read(b"\r\nContent-Length: 5\r\n\r\n", false);
        assert_eq!(heads.taken(true, 0), None, "nobody knows where the next head begins");
        heads.read(BOTH[1].as_bytes(), true);
        assert!(heads.taken(true, 0).is_some(), "after a pause it is known again");
    }

    #[test]
    fn too_many_lines_or_too_many_bytes() {
        let mut heads = Heads::default();
        heads.read(b"GET / HTTP/1.1\r\nA: b\r\nC: d", true);
        assert_eq!((heads.excess(1), heads.excess(2)), (Excess::Lines, Excess::Bytes));
    }
}
