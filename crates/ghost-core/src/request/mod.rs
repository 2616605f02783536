//! The request as the decision sees it: borrowed bytes in canonical form.
//!
//! Bodies fill a [`Request`] from their own structures. Path and host come from [`canonical`], so that what
//! is matched, rewritten, logged, used in cache keys and forwarded is one and the same value.

pub mod canonical;
pub mod query;
pub mod target;

/// Scheme of the request as the client sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scheme {
    /// Plain.
    Http,
    /// Over TLS.
    Https,
}

impl Scheme {
    /// `http` or `https`, in any case.
    pub fn parse(text: &str) -> Option<Self> {
        if text.eq_ignore_ascii_case("http") {
            Some(Scheme::Http)
        } else if text.eq_ignore_ascii_case("https") {
            Some(Scheme::Https)
        } else {
            None
        }
    }

    /// As written in URLs.
    pub fn as_str(self) -> &'static str {
        match self {
            Scheme::Http => "http",
            Scheme::Https => "https",
        }
    }

    /// RFC 9110 sections 4.2.1 and 4.2.2.
    pub fn default_port(self) -> u16 {
        match self {
            Scheme::Http => 80,
            Scheme::Https => 443,
        }
    }
}

/// Whether a method or header name has a form that HTTP allows (RFC 9110 section 5.6.2).
pub fn is_token(text: &[u8]) -> bool {
    !text.is_empty()
        && text.iter().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte))
}

/// Header lines of a request, in whatever structure the body keeps them.
pub trait HeaderLines {
    /// Calls `visit` with name and value of each line, in order. Names in any case; values without the
    /// white space around them.
    fn each(&self, visit: &mut dyn FnMut(&[u8], &[u8]));
}

/// Header lines as a list of pairs.
#[derive(Debug, Clone, Copy, Default)]
pub struct HeaderPairs<'a>(pub &'a [(Vec<u8>, Vec<u8>)]);

impl HeaderLines for HeaderPairs<'_> {
    fn each(&self, visit: &mut dyn FnMut(&[u8], &[u8])) {
        for (name, value) in self.0 {
            visit(name, value);
        }
    }
}

/// Where the request came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entrance<'a> {
    /// The socket of this listener; listeners that share its port and protocol share the socket.
    Listener(&'a str),
    /// A port, where the listener's name is not known.
    Port(u16),
}

/// A request, ready to be decided.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// Where it came in.
    pub entrance: Entrance<'a>,
    /// Scheme the client used.
    pub scheme: Scheme,
    /// Method, as sent.
    pub method: &'a [u8],
    /// Host from [`canonical::host`]; empty when the request has none.
    pub host: &'a [u8],
    /// Path from [`canonical::path`].
    pub path: &'a [u8],
    /// Query as sent, without `?`; `None` where the target has no `?`.
    pub query: Option<&'a [u8]>,
    /// Header lines.
    pub headers: &'a dyn HeaderLines,
}

impl std::fmt::Debug for Request<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
        write!(out, "{} {}://{}{}", text(self.method), self.scheme.as_str(), text(self.host), text(self.path))
    }
}
