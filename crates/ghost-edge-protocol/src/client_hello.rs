//! Server name and application protocols of a ClientHello (RFC 8446 section 4.1.2, RFC 6066 section 3, RFC 7301), read without
//! ending TLS. The message may come in pieces, over several records. With Encrypted ClientHello the outer name is seen.

/// Most bytes of records that are looked at before a connection is given up.
pub const MAX_HELLO: usize = 16 << 10;
/// Most application protocols that are kept.
const MAX_PROTOCOLS: usize = 16;

const HANDSHAKE: u8 = 22;
const CLIENT_HELLO: u8 = 1;
const SERVER_NAME: u16 = 0;
const ALPN: u16 = 16;

/// What the bytes received so far are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Peeked {
    /// The beginning of a ClientHello.
    Incomplete,
    /// A whole ClientHello.
    Hello(ClientHello),
    /// No ClientHello.
    Invalid(Invalid),
}

/// What a ClientHello asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClientHello {
    /// Server name, lower-case; a valid host name.
    pub server_name: Option<Box<str>>,
    /// Application protocols in the client's order, 16 at most.
    pub alpn: Vec<Box<[u8]>>,
}

/// Why bytes are no ClientHello.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Invalid {
    /// The first record is no handshake.
    NotTls,
    /// A record or message of another kind comes first, or an empty record.
    NotHello,
    /// A length does not fit what it counts.
    Length,
    /// A server name that is no host name, or two of them.
    ServerName,
    /// More than [`MAX_HELLO`] bytes.
    TooLong,
}

impl std::fmt::Display for Invalid {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(match self {
            Invalid::NotTls => "not TLS",
            Invalid::NotHello => "no ClientHello",
            Invalid::Length => "a length in the ClientHello is wrong",
            Invalid::ServerName => "the server name is not valid",
            Invalid::TooLong => "the ClientHello is too long",
        })
    }
}

impl std::error::Error for Invalid {}

/// Looks at the beginning of a connection; nothing is consumed.
pub fn peek(bytes: &[u8]) -> Peeked {
    match message(bytes) {
        Ok(Some(message)) => hello(&message).map_or_else(Peeked::Invalid, Peeked::Hello),
        Ok(None) if bytes.len() >= MAX_HELLO => Peeked::Invalid(Invalid::TooLong),
        Ok(None) => Peeked::Incomplete,
        Err(invalid) => Peeked::Invalid(invalid),
    }
}

/// The body of the handshake message, put together from its records; `None` while it is not whole.
fn message(bytes: &[u8]) -> Result<Option<Vec<u8>>, Invalid> {
    let mut message: Vec<u8> = Vec::new();
    let mut rest = bytes;
    loop {
        match (rest.first(), rest.get(1)) {
            (None, _) => return Ok(None),
            (Some(&HANDSHAKE), None | Some(3)) => {}
            _ => return Err(if message.is_empty() { Invalid::NotTls } else { Invalid::NotHello }),
        }
        let Some(length) = rest.get(3..5).map(number) else { return Ok(None) };
        // RFC 8446 section 5.1: handshake records are not empty; plaintext is 2^14 bytes at most.
        if length == 0 || length > 1 << 14 {
            return Err(Invalid::NotHello);
        }
        let record = rest.get(5..).unwrap_or_default();
        let part = record.get(..length.min(record.len())).unwrap_or_default();
        message.extend_from_slice(part);
        match (message.first(), message.get(1..4).map(number)) {
            (Some(&CLIENT_HELLO), Some(length)) if length > MAX_HELLO => return Err(Invalid::TooLong),
            (Some(&CLIENT_HELLO), Some(length)) => {
                if let Some(body) = message.get(4..4 + length) {
                    return Ok(Some(body.to_vec()));
                }
            }
            (Some(&CLIENT_HELLO) | None, _) => {}
            (Some(_), _) => return Err(Invalid::NotHello),
        }
        match record.get(length..) {
            Some(next) => rest = next,
            None => return Ok(None),
        }
    }
}

fn hello(message: &[u8]) -> Result<ClientHello, Invalid> {
    let mut reader = Reader(message);
    reader.take(2 + 32)?;
    if reader.counted(1)?.len() > 32 {
        return Err(Invalid::Length);
    }
    reader.counted(2)?;
    reader.counted(1)?;
    let mut found = ClientHello::default();
    // Extensions may be missing altogether (RFC 5246 section 7.4.1.2).
    if reader.0.is_empty() {
        return Ok(found);
    }
    let mut extensions = Reader(reader.counted(2)?);
    if !reader.0.is_empty() {
        return Err(Invalid::Length);
    }
    let (mut named, mut listed) = (false, false);
    while !extensions.0.is_empty() {
        let kind = extensions.take(2).map(number)?;
        let value = extensions.counted(2)?;
        if kind == usize::from(SERVER_NAME) {
            // Two names, two meanings (RFC 8446 section 4.2: no extension twice).
            if std::mem::replace(&mut named, true) {
                return Err(Invalid::ServerName);
            }
            found.server_name = server_name(value)?;
        } else if kind == usize::from(ALPN) {
            if std::mem::replace(&mut listed, true) {
                return Err(Invalid::Length);
            }
            found.alpn = protocols(value)?;
        }
    }
    Ok(found)
}

fn server_name(value: &[u8]) -> Result<Option<Box<str>>, Invalid> {
    let mut list = Reader(value);
    let mut names = Reader(list.counted(2)?);
    if !list.0.is_empty() {
        return Err(Invalid::Length);
    }
    let mut found = None;
    while !names.0.is_empty() {
        let kind = names.take(1)?;
        let name = names.counted(2)?;
        if kind == [0] {
            let name = host_name(name).ok_or(Invalid::ServerName)?;
            if found.replace(name).is_some() {
                return Err(Invalid::ServerName);
            }
        }
    }
    Ok(found)
}

/// A DNS name in lower case; RFC 6066 section 3 allows neither addresses nor a dot at the end.
fn host_name(bytes: &[u8]) -> Option<Box<str>> {
    let label = |label: &[u8]| {
        (1..=63).contains(&label.len())
            && label.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    if bytes.len() > 253 || !bytes.split(|byte| *byte == b'.').all(label) {
        return None;
    }
    let name = std::str::from_utf8(bytes).ok()?;
    let is_address = name.parse::<std::net::Ipv4Addr>().is_ok();
    (!is_address).then(|| name.to_ascii_lowercase().into())
}

fn protocols(value: &[u8]) -> Result<Vec<Box<[u8]>>, Invalid> {
    let mut list = Reader(value);
    let mut names = Reader(list.counted(2)?);
    if !list.0.is_empty() {
        return Err(Invalid::Length);
    }
    let mut found = Vec::new();
    while !names.0.is_empty() {
        let name = names.counted(1)?;
        if name.is_empty() {
            return Err(Invalid::Length);
        }
        if found.len() < MAX_PROTOCOLS {
            found.push(name.into());
        }
    }
    Ok(found)
}

struct Reader<'b>(&'b [u8]);

impl<'b> Reader<'b> {
    fn take(&mut self, count: usize) -> Result<&'b [u8], Invalid> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(Invalid::Length)?;
        self.0 = rest;
        Ok(taken)
    }

    /// A vector with its length in `width` bytes before it.
    fn counted(&mut self, width: usize) -> Result<&'b [u8], Invalid> {
        let length = self.take(width).map(number)?;
        self.take(length)
    }
}

fn number(bytes: &[u8]) -> usize {
    bytes.iter().fold(0, |number, byte| number << 8 | usize::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(width: usize, bytes: &[u8]) -> Vec<u8> {
        let length = u32::try_from(bytes.len()).unwrap().to_be_bytes();
        [&length[4 - width..], bytes].concat()
    }

    fn extension(kind: u16, value: &[u8]) -> Vec<u8> {
        [&kind.to_be_bytes()[..], &counted(2, value)].concat()
    }

    fn named(name: &[u8]) -> Vec<u8> {
        extension(SERVER_NAME, &counted(2, &[&[0][..], &counted(2, name)].concat()))
    }

    fn alpn(names: &[&[u8]]) -> Vec<u8> {
        let names: Vec<u8> = names.iter().flat_map(|name| counted(1, name)).collect();
        extension(ALPN, &counted(2, &names))
    }

    fn message_of(extensions: &[u8]) -> Vec<u8> {
        let body = [
            &[3, 3][..],
            &[7; 32],
            &counted(1, &[1; 32]),
            &counted(2, &[0x13, 1]),
            &counted(1, &[0]),
            &counted(2, extensions),
        ];
        [&[CLIENT_HELLO][..], &counted(3, &body.concat())].concat()
    }

    fn records(message: &[u8], size: usize) -> Vec<u8> {
        message.chunks(size).flat_map(|part| [&[HANDSHAKE, 3, 1][..], &counted(2, part)].concat()).collect()
    }

    fn peek_at(extensions: &[u8]) -> Peeked {
        peek(&records(&message_of(extensions), 16_000))
    }

    #[test]
    fn name_and_protocols_are_read() {
        let extensions =
            [extension(0x0a0a, b""), named(b"Shop.Example"), alpn(&[b"h2", b"http/1.1"])].concat();
        let expected = ClientHello {
            server_name: Some("shop.example".into()),
            alpn: vec![b"h2".as_slice().into(), b"http/1.1".as_slice().into()],
        };
        assert_eq!(peek_at(&extensions), Peeked::Hello(expected.clone()));
        for size in [1, 2, 3, 4, 5, 17, 100] {
            let bytes = records(&message_of(&extensions), size);
            assert_eq!(peek(&bytes), Peeked::Hello(expected.clone()), "records of {size} bytes");
            for end in 0..bytes.len() {
                assert_eq!(peek(&bytes[..end]), Peeked::Incomplete, "the first {end} bytes");
            }
        }
        assert_eq!(peek_at(b""), Peeked::Hello(ClientHello::default()));
    }

    #[test]
    fn what_is_no_hello_is_refused() {
        let invalid = |peeked: Peeked| match peeked {
            Peeked::Invalid(invalid) => invalid,
            other => panic!("{other:?}"),
        };
        assert_eq!(invalid(peek(b"GET / HTTP/1.1\r\n")), Invalid::NotTls);
        assert_eq!(invalid(peek(&[22, 2, 0])), Invalid::NotTls);
        assert_eq!(invalid(peek(&[22, 3, 1, 0, 0])), Invalid::NotHello);
        assert_eq!(invalid(peek(&[22, 3, 1, 0, 4, 2, 0, 0, 0])), Invalid::NotHello);
        assert_eq!(invalid(peek(&[22, 3, 1, 0, 4, 1, 0xff, 0, 0])), Invalid::TooLong);
        for name in [&b"a..b"[..], b"", b"a b", b"10.0.0.1", b"a.example.", b"a\0b", &[b'a'; 300]] {
            assert_eq!(invalid(peek_at(&named(name))), Invalid::ServerName, "{name:?}");
        }
        assert_eq!(
            invalid(peek_at(&[named(b"a.example"), named(b"b.example")].concat())),
            Invalid::ServerName
        );
        assert_eq!(invalid(peek_at(&extension(SERVER_NAME, &[0, 9, 0]))), Invalid::Length);
        assert_eq!(invalid(peek_at(&alpn(&[b""]))), Invalid::Length);
        let mut broken = records(&message_of(&named(b"a.example")), 16_000);
        let end = broken.len() - 1;
        broken[end - 13] = 0xff;
        assert_eq!(invalid(peek(&broken)), Invalid::Length);
    }
}
