//! Formats of logs by name or as a format string.

use std::fmt;

/// How the lines of a log are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogFormat(pub(crate) Form);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Form {
    /// Fields between fixed texts, one request a line.
    Fields(Box<[Part]>),
    /// A JSON object a line.
    Json,
    /// Groups of tagged lines.
    Varnishlog,
}

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    Text(Box<[u8]>),
    Field(Field),
}

/// What a field of a line holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Field {
    /// Nothing a request is made of.
    Other,
    /// In brackets, with spaces inside.
    Time,
    /// `GET /path HTTP/1.1`
    RequestLine,
    Method,
    /// Path, or path and query.
    Path,
    Query,
    Scheme,
    Host,
    /// Lower-case name.
    Header(Box<str>),
}

/// Why a format string cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidFormat(String);

impl fmt::Display for InvalidFormat {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl std::error::Error for InvalidFormat {}

const COMMON: &str = r#"%h %l %u %t "%r" %>s %b"#;
const COMBINED: &str = r#"%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i""#;
/// Most parts of a format.
const MAX_PARTS: usize = 256;

impl LogFormat {
    /// `common` (or `ncsa`), `combined`, `varnishncsa`, `json`, `varnishlog`, or a format string: `%` directives as in
    /// Apache and varnishncsa, or `$` variables as in nginx.
    ///
    /// # Errors
    /// A format string from which no request can be read.
    pub fn parse(text: &str) -> Result<Self, InvalidFormat> {
        match text {
            "common" | "ncsa" => fields(COMMON),
            // The default format of varnishncsa is the combined one with a whole URL in the request line.
            "combined" | "varnishncsa" => fields(COMBINED),
            "json" => Ok(Self(Form::Json)),
            "varnishlog" => Ok(Self(Form::Varnishlog)),
            _ if text.contains(['%', '$']) => fields(text),
            _ => Err(InvalidFormat(format!(
                "{text:?} is no format: write common, combined, varnishncsa, json, varnishlog, or a format string with % or $"
            ))),
        }
    }

    /// The format that a log seems to have, by its first lines.
    pub fn detect(beginning: &[u8]) -> Self {
        let mut lines = beginning.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
        let first = lines.find(|line| !line.is_empty()).unwrap_or_default();
        if first.starts_with(b"{") {
            return Self(Form::Json);
        }
        if first.starts_with(b"*") && memchr::memmem::find(first, b"<< ").is_some() {
            return Self(Form::Varnishlog);
        }
        let quotes = memchr::memchr_iter(b'"', first).count();
        fields(if quotes > 2 { COMBINED } else { COMMON }).unwrap_or(Self(Form::Json))
    }

    /// Whether a request is one line, so that a log may be cut behind any line.
    pub fn is_by_line(&self) -> bool {
        self.0 != Form::Varnishlog
    }
}

fn fields(format: &str) -> Result<LogFormat, InvalidFormat> {
    let mut parts: Vec<Part> = Vec::new();
    let mut rest = format;
    while !rest.is_empty() {
        if parts.len() >= MAX_PARTS {
            return Err(InvalidFormat(format!("the format has more than {MAX_PARTS} parts")));
        }
        let (part, length) = match rest.as_bytes() {
            [b'%', b'%', ..] => (Part::Text(b"%".as_slice().into()), 2),
            [b'%', ..] => directive(rest)?,
            [b'$', b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'{', ..] => variable(rest)?,
            _ => {
                let length = rest.char_indices().skip(1).find(|(_, one)| matches!(one, '%' | '$'));
                let length = length.map_or(rest.len(), |(at, _)| at);
                (Part::Text(rest.as_bytes()[..length].into()), length)
            }
        };
        match (parts.last_mut(), part) {
            (Some(Part::Text(before)), Part::Text(text)) => *before = [&**before, &*text].concat().into(),
            // Apache's %q brings its own mark, so that %U%q is one target.
            (Some(Part::Field(Field::Path)), Part::Field(Field::Query)) => {}
            (Some(Part::Field(_)), Part::Field(_)) => {
                return Err(InvalidFormat(
                    "two fields stand side by side without anything between them".to_owned(),
                ));
            }
            (_, part) => parts.push(part),
        }
        rest = rest.get(length..).unwrap_or_default();
    }
    let names_target = parts.iter().any(|part| matches!(part, Part::Field(Field::RequestLine | Field::Path)));
    if !names_target {
        return Err(InvalidFormat(
            "the format has no request: it needs %r, %U, $request or $request_uri".to_owned(),
        ));
    }
    Ok(LogFormat(Form::Fields(parts.into())))
}

/// `%h`, `%>s`, `%{Name}i`.
fn directive(text: &str) -> Result<(Part, usize), InvalidFormat> {
    let bytes = text.as_bytes();
    let mut at = 1;
    while matches!(bytes.get(at), Some(b'<' | b'>' | b'!' | b',' | b'0'..=b'9')) {
        at += 1;
    }
    let mut name = "";
    if bytes.get(at) == Some(&b'{') {
        let close = memchr::memchr(b'}', &bytes[at..])
            .ok_or_else(|| InvalidFormat(format!("{text:?}: the brace is not closed")))?;
        name = text.get(at + 1..at + close).unwrap_or_default();
        at += close + 1;
    }
    let letter = *bytes.get(at).ok_or_else(|| InvalidFormat(format!("{text:?}: a letter is missing")))?;
    let field = match letter {
        b'r' => Field::RequestLine,
        b'm' => Field::Method,
        b'U' => Field::Path,
        b'q' => Field::Query,
        b't' if name.is_empty() => Field::Time,
        b'v' | b'V' => Field::Host,
        b'i' => header(name),
        b'a'..=b'z' | b'A'..=b'Z' => Field::Other,
        _ => return Err(InvalidFormat(format!("{text:?}: % must be followed by a letter"))),
    };
    Ok((Part::Field(field), at + 1))
}

/// `$request_uri`, `${request_uri}`.
fn variable(text: &str) -> Result<(Part, usize), InvalidFormat> {
    let is_braced = text.as_bytes().get(1) == Some(&b'{');
    let start = if is_braced { 2 } else { 1 };
    let tail = text.get(start..).unwrap_or_default();
    let length = tail.find(|one: char| !(one.is_ascii_alphanumeric() || one == '_')).unwrap_or(tail.len());
    let name = tail.get(..length).unwrap_or_default();
    if is_braced && !tail.get(length..).unwrap_or_default().starts_with('}') {
        return Err(InvalidFormat(format!("{text:?}: the brace is not closed")));
    }
    let field = match name {
        "request" => Field::RequestLine,
        "request_method" => Field::Method,
        "request_uri" | "uri" | "document_uri" => Field::Path,
        "args" | "query_string" => Field::Query,
        "scheme" => Field::Scheme,
        "host" | "http_host" | "server_name" => Field::Host,
        _ => match name.strip_prefix("http_") {
            Some(name) => header(&name.replace('_', "-")),
            None => Field::Other,
        },
    };
    Ok((Part::Field(field), start + length + usize::from(is_braced)))
}

fn header(name: &str) -> Field {
    let name = name.to_ascii_lowercase();
    if name == "host" { Field::Host } else { Field::Header(name.into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_told_apart() {
        let detect = |text: &str| LogFormat::detect(text.as_bytes());
        assert_eq!(detect("\n{\"a\":1}\n").0, Form::Json);
        assert_eq!(detect("*   << Request  >> 3\n-   Begin").0, Form::Varnishlog);
        assert_eq!(detect(r#"h - - [t] "GET / HTTP/1.1" 200 1"#), LogFormat::parse("common").unwrap());
        assert_eq!(
            detect(r#"h - - [t] "GET / HTTP/1.1" 200 1 "-" "-""#),
            LogFormat::parse("combined").unwrap()
        );
    }

    #[test]
    fn what_gives_no_request_is_refused() {
        for format in ["", "clf", "%h %s", "%r%m", "%{Host", "%", "$status", "%U ${args", "%é"] {
            assert!(LogFormat::parse(format).is_err(), "{format}");
        }
        for format in ["%r", "%m %U%%", "$request_method $uri", "${request_uri}x", "%{Host}i %>U"] {
            assert!(LogFormat::parse(format).is_ok(), "{format}");
        }
    }
}
