//! Reads requests back from access logs: NCSA common and combined, custom formats in Apache's, varnishncsa's or nginx's
//! words, JSON lines, and `varnishlog -g request`.
//!
//! Logs are written by clients as much as by servers, so a line may hold anything: what is no request is told as
//! [`Entry::Unreadable`] and never stops the reading. No I/O; memory is bounded by the longest line.
//!
//! ```
//! use ghost_access_log::{Entry, LogFormat, Reader};
//!
//! let mut reader = Reader::new(LogFormat::parse("combined").unwrap(), b"shop.example");
//! let line = br#"::1 - - [01/Jan/2026:00:00:00 +0000] "GET /cart?a=1 HTTP/1.1" 200 5 "-" "curl/8""#;
//! reader.read(line, &mut |_, entry| {
//!     let Entry::Request(request) = entry else { panic!("it is a request") };
//!     assert_eq!((request.method, request.url), (&b"GET"[..], &b"/cart?a=1"[..]));
//!     assert_eq!(request.headers[0], (&b"host"[..], &b"shop.example"[..]));
//! });
//! ```

#![forbid(unsafe_code)]

mod fields;
mod format;
mod json;
mod reader;
mod varnishlog;

pub use format::{InvalidFormat, LogFormat};
pub use reader::{Entry, LoggedRequest, Reader, Spot, Visit};
