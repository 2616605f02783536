//! Bytes -> header.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use super::{Connection, Details, Header, MAX_HEADER, SIGNATURE, Tls, client, crc32c, kind};

/// What the bytes received so far are.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "made once per connection and taken apart at once")]
pub enum Decoded {
    /// The beginning of a header; at least this many bytes in all are needed to know more.
    Incomplete(usize),
    /// A whole header and how many bytes it took; the rest belongs to the connection.
    Header(Header, usize),
    /// No header: the connection must be closed.
    Invalid(Invalid),
}

/// Why bytes are no header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Invalid {
    /// Neither signature.
    Signature,
    /// A version that is not 2, or a command that is not known.
    Command,
    /// A family or transport that is not known or does not fit.
    Family,
    /// An address or port that is none.
    Address,
    /// A length that does not fit what it counts.
    Length,
    /// The checksum does not fit.
    Checksum,
    /// A fact that is said twice.
    Repeated,
    /// More than [`MAX_HEADER`] bytes, or a first line without its end.
    TooLong,
}

impl std::fmt::Display for Invalid {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(match self {
            Invalid::Signature => "no PROXY protocol signature",
            Invalid::Command => "unknown PROXY protocol version or command",
            Invalid::Family => "unknown PROXY protocol family or transport",
            Invalid::Address => "invalid PROXY protocol address",
            Invalid::Length => "invalid PROXY protocol length",
            Invalid::Checksum => "wrong PROXY protocol checksum",
            Invalid::Repeated => "a PROXY protocol value is sent twice",
            Invalid::TooLong => "the PROXY protocol header is too long",
        })
    }
}

impl std::error::Error for Invalid {}

/// Longest line of version 1, with its line end.
const MAX_LINE: usize = 107;
const FIXED: usize = 16;

/// Reads a header from the beginning of a connection.
pub fn decode(bytes: &[u8]) -> Decoded {
    let common = bytes.len().min(SIGNATURE.len());
    if bytes.get(..common) == SIGNATURE.get(..common) && common > 0 {
        return if bytes.len() < FIXED { Decoded::Incomplete(FIXED) } else { second(bytes) };
    }
    let begin = b"PROXY ";
    let common = bytes.len().min(begin.len());
    if bytes.get(..common) != begin.get(..common) {
        return Decoded::Invalid(Invalid::Signature);
    }
    first(bytes)
}

fn first(bytes: &[u8]) -> Decoded {
    let window = bytes.get(..bytes.len().min(MAX_LINE)).unwrap_or_default();
    let Some(end) = window.windows(2).position(|pair| pair == b"\r\n") else {
        return if bytes.len() >= MAX_LINE {
            Decoded::Invalid(Invalid::TooLong)
        } else {
            Decoded::Incomplete(bytes.len() + 1)
        };
    };
    let line = window.get(..end).and_then(|line| std::str::from_utf8(line).ok());
    match line.ok_or(Invalid::Address).and_then(line_of) {
        Ok(connection) => Decoded::Header(Header { connection, details: Details::default() }, end + 2),
        Err(invalid) => Decoded::Invalid(invalid),
    }
}

/// `PROXY TCP4 192.0.2.1 192.0.2.2 1 2`; single spaces, no leading zeros.
fn line_of(line: &str) -> Result<Option<Connection>, Invalid> {
    let rest = line.strip_prefix("PROXY ").ok_or(Invalid::Signature)?;
    if rest == "UNKNOWN" || rest.starts_with("UNKNOWN ") {
        return Ok(None);
    }
    let parts: Vec<&str> = rest.split(' ').collect();
    let [family, source, destination, source_port, destination_port] = parts[..] else {
        return Err(Invalid::Family);
    };
    let address = |text: &str| -> Result<IpAddr, Invalid> {
        match family {
            "TCP4" => text.parse::<Ipv4Addr>().map(IpAddr::from).map_err(|_| Invalid::Address),
            "TCP6" => text.parse::<Ipv6Addr>().map(IpAddr::from).map_err(|_| Invalid::Address),
            _ => Err(Invalid::Family),
        }
    };
    let port = |text: &str| {
        let plain = !text.is_empty()
            && text.bytes().all(|byte| byte.is_ascii_digit())
            && (text == "0" || !text.starts_with('0'));
        text.parse::<u16>().ok().filter(|_| plain).ok_or(Invalid::Address)
    };
    let (source, destination) = (address(source)?, address(destination)?);
    Ok(Some(Connection::Ip {
        source: SocketAddr::new(source, port(source_port)?),
        destination: SocketAddr::new(destination, port(destination_port)?),
    }))
}

fn second(bytes: &[u8]) -> Decoded {
    let (Some(command), Some(family), Some(length)) = (bytes.get(12), bytes.get(13), two(bytes, 14)) else {
        return Decoded::Incomplete(FIXED);
    };
    let end = FIXED + usize::from(length);
    if end > MAX_HEADER {
        return Decoded::Invalid(Invalid::TooLong);
    }
    let Some(payload) = bytes.get(FIXED..end) else { return Decoded::Incomplete(end) };
    let header = match command {
        // LOCAL: what follows is to be skipped, whatever it is.
        0x20 => Ok(Header::default()),
        0x21 => proxied(*family, payload, bytes.get(..FIXED).unwrap_or_default()),
        _ => Err(Invalid::Command),
    };
    header.map_or_else(Decoded::Invalid, |header| Decoded::Header(header, end))
}

fn proxied(family: u8, payload: &[u8], fixed: &[u8]) -> Result<Header, Invalid> {
    let (size, connection) = match family {
        0x11 => (12, Some(ip::<4>(payload)?)),
        0x21 => (36, Some(ip::<16>(payload)?)),
        0x31 => (216, Some(unix(payload)?)),
        // UNSPEC: addresses are not there; what is there cannot be told from them.
        0x00 => return Ok(Header::default()),
        // Datagrams do not carry HTTP over a stream.
        _ => return Err(Invalid::Family),
    };
    let tail = payload.get(size..).ok_or(Invalid::Length)?;
    let details = details(tail, &|start| {
        let before = payload.get(..size + start).unwrap_or_default();
        let after = payload.get(size + start + 4..).unwrap_or_default();
        crc32c(&[fixed, before, &[0; 4], after])
    })?;
    Ok(Header { connection, details })
}

fn ip<const SIZE: usize>(payload: &[u8]) -> Result<Connection, Invalid>
where
    IpAddr: From<[u8; SIZE]>,
{
    let address = |start: usize| -> Result<IpAddr, Invalid> {
        let bytes = payload.get(start..start + SIZE).ok_or(Invalid::Length)?;
        Ok(<[u8; SIZE]>::try_from(bytes).map_err(|_| Invalid::Length)?.into())
    };
    let port = |start: usize| two(payload, start).ok_or(Invalid::Length);
    Ok(Connection::Ip {
        source: SocketAddr::new(address(0)?, port(2 * SIZE)?),
        destination: SocketAddr::new(address(SIZE)?, port(2 * SIZE + 2)?),
    })
}

fn unix(payload: &[u8]) -> Result<Connection, Invalid> {
    let path = |start: usize| {
        let path = payload.get(start..start + 108).ok_or(Invalid::Length)?;
        // An abstract name begins with a zero; else the first zero ends the path.
        let end = path.iter().skip(1).position(|byte| *byte == 0).map_or(path.len(), |end| end + 1);
        let path = path.get(..end).unwrap_or_default();
        Ok(if path == [0] { Vec::new() } else { path.to_vec() })
    };
    Ok(Connection::Unix { source: path(0)?, destination: path(108)? })
}

fn details(tail: &[u8], checksum: &dyn Fn(usize) -> u32) -> Result<Details, Invalid> {
    let mut details = Details::default();
    let mut checked = false;
    let mut rest = Values { bytes: tail, start: 0 };
    while let Some((start, kind, value)) = rest.next()? {
        match kind {
            kind::ALPN => once(&mut details.alpn, value)?,
            kind::AUTHORITY => once(&mut details.authority, value)?,
            kind::UNIQUE_ID if value.len() > 128 => return Err(Invalid::Length),
            kind::UNIQUE_ID => once(&mut details.unique_id, value)?,
            kind::SSL if details.tls.is_some() => return Err(Invalid::Repeated),
            kind::SSL => details.tls = tls(value)?,
            kind::CRC32C if checked => return Err(Invalid::Repeated),
            kind::CRC32C => {
                let sent = <[u8; 4]>::try_from(value).map_err(|_| Invalid::Length)?;
                if u32::from_be_bytes(sent) != checksum(start) {
                    return Err(Invalid::Checksum);
                }
                checked = true;
            }
            _ => {}
        }
    }
    Ok(details)
}

fn tls(value: &[u8]) -> Result<Option<Tls>, Invalid> {
    let (flags, verify) = (value.first().ok_or(Invalid::Length)?, value.get(1..5).ok_or(Invalid::Length)?);
    let mut tls = Tls {
        client_certificate: flags & client::CERT_CONN != 0,
        client_certificate_in_session: flags & client::CERT_SESS != 0,
        verified: verify == [0; 4] && flags & (client::CERT_CONN | client::CERT_SESS) != 0,
        ..Tls::default()
    };
    let mut rest = Values { bytes: value, start: 5 };
    while let Some((_, kind, value)) = rest.next()? {
        match kind {
            kind::SSL_VERSION => once(&mut tls.version, value)?,
            kind::SSL_CN => once(&mut tls.client_name, value)?,
            kind::SSL_CIPHER => once(&mut tls.cipher, value)?,
            kind::SSL_SIG_ALG => once(&mut tls.signature_algorithm, value)?,
            kind::SSL_KEY_ALG => once(&mut tls.key_algorithm, value)?,
            _ => {}
        }
    }
    Ok((flags & client::SSL != 0).then_some(tls))
}

fn once(place: &mut Option<Vec<u8>>, value: &[u8]) -> Result<(), Invalid> {
    match place {
        Some(_) => Err(Invalid::Repeated),
        None => {
            *place = Some(value.to_vec());
            Ok(())
        }
    }
}

/// Where a value begins, its type, and itself.
type Value<'b> = (usize, u8, &'b [u8]);

/// Type, length and value, one behind the other.
struct Values<'b> {
    bytes: &'b [u8],
    start: usize,
}

impl<'b> Values<'b> {
    fn next(&mut self) -> Result<Option<Value<'b>>, Invalid> {
        let Some(kind) = self.bytes.get(self.start) else { return Ok(None) };
        let length = two(self.bytes, self.start + 1).ok_or(Invalid::Length)?;
        let start = self.start + 3;
        let end = start + usize::from(length);
        let value = self.bytes.get(start..end).ok_or(Invalid::Length)?;
        self.start = end;
        Ok(Some((start, *kind, value)))
    }
}

fn two(bytes: &[u8], start: usize) -> Option<u16> {
    Some(u16::from_be_bytes([*bytes.get(start)?, *bytes.get(start + 1)?]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_version_1() {
        let ip = |text: &str| match decode(text.as_bytes()) {
            Decoded::Header(
                Header { connection: Some(Connection::Ip { source, destination }), .. },
                used,
            ) => Ok((source.to_string(), destination.to_string(), used)),
            other => Err(format!("{other:?}")),
        };
        assert_eq!(
            ip("PROXY TCP4 192.0.2.1 192.0.2.2 56324 443\r\nGET"),
            Ok(("192.0.2.1:56324".into(), "192.0.2.2:443".into(), 42))
        );
        assert_eq!(
            ip("PROXY TCP6 ::1 fd00::2 1 65535\r\n"),
            Ok(("[::1]:1".into(), "[fd00::2]:65535".into(), 32))
        );
        assert_eq!(decode(b"PROXY UNKNOWN ffff::1 what ever\r\n"), Decoded::Header(Header::default(), 33));
        assert_eq!(decode(b"PROXY UNKNOWN\r\n"), Decoded::Header(Header::default(), 15));
        for (text, why) in [
            ("GET / HTTP/1.1\r\n", Invalid::Signature),
            ("proxy TCP4 1.2.3.4 1.2.3.4 1 2\r\n", Invalid::Signature),
            ("PROXY TCP4 1.2.3.4 1.2.3.4 1\r\n", Invalid::Family),
            ("PROXY TCP4  1.2.3.4 1.2.3.4 1 2\r\n", Invalid::Family),
            ("PROXY TCP4 1.2.3.4 ::1 1 2\r\n", Invalid::Address),
            ("PROXY TCP4 1.2.3.04 1.2.3.4 1 2\r\n", Invalid::Address),
            ("PROXY TCP4 1.2.3.4 1.2.3.4 01 2\r\n", Invalid::Address),
            ("PROXY TCP4 1.2.3.4 1.2.3.4 +1 2\r\n", Invalid::Address),
            ("PROXY TCP4 1.2.3.4 1.2.3.4 65536 2\r\n", Invalid::Address),
            ("PROXY UDP4 1.2.3.4 1.2.3.4 1 2\r\n", Invalid::Family),
        ] {
            assert_eq!(decode(text.as_bytes()), Decoded::Invalid(why), "{text}");
        }
        assert_eq!(
            decode(&[b"PROXY UNKNOWN ".as_slice(), &[b'x'; 200]].concat()),
            Decoded::Invalid(Invalid::TooLong)
        );
    }

    #[test]
    fn every_beginning_is_incomplete() {
        let line = b"PROXY TCP4 192.0.2.1 192.0.2.2 56324 443\r\n";
        for end in 0..line.len() {
            assert!(matches!(decode(&line[..end]), Decoded::Incomplete(needed) if needed > end), "{end}");
        }
    }

    #[test]
    fn what_version_2_may_not_hold_is_refused() {
        let header = |command: u8, family: u8, payload: &[u8]| {
            let length = u16::try_from(payload.len()).unwrap().to_be_bytes();
            decode(&[SIGNATURE.as_slice(), &[command, family], &length, payload].concat())
        };
        assert_eq!(header(0x20, 0x7f, b"anything"), Decoded::Header(Header::default(), 24));
        assert_eq!(header(0x22, 0x11, &[0; 12]), Decoded::Invalid(Invalid::Command));
        assert_eq!(header(0x11, 0x11, &[0; 12]), Decoded::Invalid(Invalid::Command));
        assert_eq!(header(0x21, 0x12, &[0; 12]), Decoded::Invalid(Invalid::Family));
        assert_eq!(header(0x21, 0x11, &[0; 11]), Decoded::Invalid(Invalid::Length));
        assert_eq!(
            header(0x21, 0x11, &[&[0; 12][..], &[1, 0, 9, 0]].concat()),
            Decoded::Invalid(Invalid::Length)
        );
        let twice = [&[0; 12][..], &[1, 0, 1, b'x', 1, 0, 1, b'y']].concat();
        assert_eq!(header(0x21, 0x11, &twice), Decoded::Invalid(Invalid::Repeated));
        let wrong = [&[0; 12][..], &[3, 0, 4, 1, 2, 3, 4]].concat();
        assert_eq!(header(0x21, 0x11, &wrong), Decoded::Invalid(Invalid::Checksum));
        assert_eq!(header(0x21, 0x11, &[0; 5000]), Decoded::Invalid(Invalid::TooLong));
    }
}
