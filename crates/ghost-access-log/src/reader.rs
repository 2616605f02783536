//! A piece of a log, read request by request.

use crate::fields::{self, Scratch};
use crate::format::Form;
use crate::{LogFormat, json, varnishlog};

/// Name and value of a header line.
pub(crate) type Line<'l> = (&'l [u8], &'l [u8]);

/// A request as it was logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LoggedRequest<'l> {
    /// Method.
    pub method: &'l [u8],
    /// A whole URL, or a path whose host is among the headers.
    pub url: &'l [u8],
    /// Header lines that the log has.
    pub headers: &'l [(&'l [u8], &'l [u8])],
}

/// What a line turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry<'l> {
    /// A request.
    Request(LoggedRequest<'l>),
    /// No request can be read: the line, and why.
    Unreadable(&'l [u8], &'static str),
}

/// Where an entry stands in the piece of the log that was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spot {
    /// Number of the line, from 0.
    pub line: u32,
    /// Offset of its first byte.
    pub offset: usize,
}

/// What gets every entry.
pub type Visit<'v> = dyn FnMut(Spot, Entry<'_>) + 'v;

/// Reads pieces of a log.
#[derive(Debug)]
pub struct Reader {
    format: LogFormat,
    /// Where the log has no host.
    host: Box<[u8]>,
    scratch: Scratch,
}

impl Reader {
    /// A reader; `host` is used where the log names none.
    pub fn new(format: LogFormat, host: &[u8]) -> Self {
        Self { format, host: host.into(), scratch: Scratch::default() }
    }

    /// Reads a piece that ends where a request does. Returns how many lines it has.
    pub fn read(&mut self, piece: &[u8], visit: &mut Visit<'_>) -> u32 {
        match &self.format.0 {
            Form::Fields(parts) => each_line(piece, &mut |spot, line| {
                visit(spot, fields::read(parts, line, &self.host, &mut self.scratch).entry(line));
            }),
            Form::Json => each_line(piece, &mut |spot, line| {
                json::read(line, &self.host, &mut |entry| visit(spot, entry));
            }),
            Form::Varnishlog => varnishlog::read(piece, &self.host, visit),
        }
    }
}

/// Calls `visit` with each line that is not blank, without its end; how many lines there are.
pub(crate) fn each_line<'p>(piece: &'p [u8], visit: &mut dyn FnMut(Spot, &'p [u8])) -> u32 {
    let (mut offset, mut number) = (0, 0_u32);
    while offset < piece.len() {
        let rest = &piece[offset..];
        let length = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        let line = rest[..length].strip_suffix(b"\r").unwrap_or(&rest[..length]);
        if !line.trim_ascii().is_empty() {
            visit(Spot { line: number, offset }, line);
        }
        offset += length + 1;
        number = number.saturating_add(1);
    }
    number
}

/// Apache and varnishncsa write `-` for what is not there.
pub(crate) fn is_absent(value: &[u8]) -> bool {
    value.is_empty() || value == b"-"
}

/// Whether a URL has a host of its own.
pub(crate) fn has_host(url: &[u8]) -> bool {
    memchr::memchr(b':', url.get(..6).unwrap_or(url)).is_some_and(|colon| url[colon..].starts_with(b"://"))
}
