//! One line per request: JSON, Combined Log Format or logfmt, with the words of ghost-core's decisions. A line is appended to a
//! buffer that is used again; nothing else is allocated. No byte of a client's can end a line or leave its field.

mod clf;
mod escape;
mod json;
mod logfmt;
mod time;

use std::net::IpAddr;

/// How a line is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One JSON object.
    Json,
    /// Combined Log Format with route, endpoint, decision and times behind it.
    Clf,
    /// `name=value`.
    Logfmt,
}

/// What is written of queries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Query {
    /// All of it.
    Full,
    /// Names; every value is `-`.
    Redacted,
    /// Nothing.
    Off,
}

/// Everything that a line can say. Times are in microseconds where they are durations.
#[derive(Debug, Clone)]
pub struct Record<'r> {
    /// When the request began, in milliseconds since 1970.
    pub time: u64,
    /// Name of the listener.
    pub listener: &'r str,
    /// The client, as far as it is believed.
    pub client: Option<IpAddr>,
    /// Method as sent.
    pub method: &'r [u8],
    /// `http` or `https`, as the client sees it.
    pub scheme: &'r str,
    /// Host as received.
    pub host: &'r [u8],
    /// Path as sent, so that the request can be decided again.
    pub path: &'r [u8],
    /// Query as received, without the question mark.
    pub query: Option<&'r [u8]>,
    /// `HTTP/1.1`, `HTTP/2.0`.
    pub version: &'r str,
    /// Status that was sent; 0: none.
    pub status: u16,
    /// Body bytes received.
    pub bytes_in: u64,
    /// Body bytes sent.
    pub bytes_out: u64,
    /// From the first byte of the request to the last of the response.
    pub duration: u64,
    /// To the first byte of the response head.
    pub first_byte: Option<u64>,
    /// What the endpoint took to its response head.
    pub upstream: Option<u64>,
    /// Tries.
    pub tries: u32,
    /// Generation of the table that decided.
    pub generation: Option<u64>,
    /// Identity of the route.
    pub route: Option<&'r str>,
    /// Name of the rule.
    pub rule: Option<&'r str>,
    /// Service key.
    pub service: Option<&'r str>,
    /// Address of the endpoint.
    pub endpoint: Option<&'r str>,
    /// Id of the decision, by which it can be run again.
    pub decision: Option<&'r str>,
    /// Why it was decided so, or why the edge refused or broke off.
    pub reason: Option<&'r str>,
    /// Request id.
    pub request_id: &'r [u8],
    /// Trace id; 0: none.
    pub trace: u128,
    /// TLS version, such as `TLSv1.3`.
    pub tls: Option<&'r str>,
    /// Server name of the handshake.
    pub server_name: Option<&'r str>,
    /// Subject of the client's certificate.
    pub client_certificate: Option<&'r str>,
    /// Referer as received.
    pub referer: Option<&'r [u8]>,
    /// User-Agent as received.
    pub user_agent: Option<&'r [u8]>,
}

/// Appends a line, with its line feed.
pub fn write(record: &Record<'_>, format: Format, query: Query, out: &mut Vec<u8>) {
    match format {
        Format::Json => json::write(record, query, out),
        Format::Clf => clf::write(record, query, out),
        Format::Logfmt => logfmt::write(record, query, out),
    }
    out.push(b'\n');
}

/// Calls `part` with the pieces of a query as it is to be written, its question mark included.
fn query_parts(query: Option<&[u8]>, how: Query, part: &mut dyn FnMut(&[u8])) {
    let Some(query) = query else { return };
    match how {
        Query::Off => {}
        Query::Full => {
            part(b"?");
            part(query);
        }
        Query::Redacted => {
            for (index, pair) in query.split(|byte| *byte == b'&').enumerate() {
                part(if index == 0 { b"?" } else { b"&" });
                let equals = pair.iter().position(|byte| *byte == b'=');
                part(pair.get(..equals.unwrap_or(pair.len())).unwrap_or_default());
                if equals.is_some() {
                    part(b"=-");
                }
            }
        }
    }
}

fn number(number: u64, out: &mut Vec<u8>) {
    let mut digits = [0; 20];
    let mut start = digits.len();
    let mut rest = number;
    loop {
        start -= 1;
        if let (Some(place), Ok(digit)) = (digits.get_mut(start), u8::try_from(rest % 10)) {
            *place = b'0' + digit;
        }
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    out.extend_from_slice(digits.get(start..).unwrap_or_default());
}

/// Writes a value by its `Display`; writing to a `Vec` cannot fail.
fn display(value: impl std::fmt::Display, out: &mut Vec<u8>) {
    use std::io::Write as _;
    _ = write!(out, "{value}");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record() -> Record<'static> {
        Record {
            time: 1_795_270_530_123,
            listener: "https",
            client: Some("2001:db8::1".parse().unwrap()),
            method: b"GET",
            scheme: "https",
            host: b"shop.example",
            path: b"/cart/1",
            query: Some(b"token=secret&x&y=2"),
            version: "HTTP/2.0",
            status: 200,
            bytes_in: 0,
            bytes_out: 1234,
            duration: 5678,
            first_byte: Some(5000),
            upstream: Some(4000),
            tries: 1,
            generation: Some(42),
            route: Some("HTTPRoute/default/shop"),
            rule: Some("cart"),
            service: Some("default/cart:80"),
            endpoint: Some("10.0.0.7:3000"),
            decision: Some("42-3f9c"),
            reason: None,
            request_id: b"r-1",
            trace: 0xabc,
            tls: Some("TLSv1.3"),
            server_name: Some("shop.example"),
            client_certificate: None,
            referer: None,
            user_agent: Some(b"curl/8 \"x\"\n\xff"),
        }
    }

    fn line(record: &Record<'_>, format: Format, query: Query) -> String {
        let mut out = Vec::new();
        write(record, format, query, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn json() {
        assert_eq!(
            line(&record(), Format::Json, Query::Full),
            concat!(
                r#"{"ts":"2026-11-21T14:15:30.123Z","requestId":"r-1","client":"2001:db8::1","listener":"https","#,
                r#""method":"GET","scheme":"https","host":"shop.example","path":"/cart/1","query":"token=secret&x&y=2","#,
                r#""version":"HTTP/2.0","status":200,"bytesIn":0,"bytesOut":1234,"durationUs":5678,"firstByteUs":5000,"#,
                r#""upstreamUs":4000,"tries":1,"generation":42,"route":"HTTPRoute/default/shop","rule":"cart","#,
                r#""service":"default/cart:80","endpoint":"10.0.0.7:3000","id":"42-3f9c","#,
                r#""trace":"00000000000000000000000000000abc","tls":"TLSv1.3","sni":"shop.example","#,
                r#""userAgent":"curl/8 \"x\"\n\ufffd"}"#,
                "\n"
            )
        );
    }

    #[test]
    fn combined_log_format() {
        assert_eq!(
            line(&record(), Format::Clf, Query::Off),
            concat!(
                r#"2001:db8::1 - - [21/Nov/2026:14:15:30 +0000] "GET /cart/1 HTTP/2.0" 200 1234 "-" "curl/8 \"x\"\n\xff" "#,
                r#"shop.example HTTPRoute/default/shop cart default/cart:80 10.0.0.7:3000 42-3f9c r-1 5678 -"#,
                "\n"
            )
        );
    }

    #[test]
    fn logfmt() {
        assert_eq!(
            line(&record(), Format::Logfmt, Query::Redacted),
            concat!(
                r#"ts=2026-11-21T14:15:30.123Z requestId=r-1 client=2001:db8::1 listener=https method=GET scheme=https "#,
                r#"host=shop.example path=/cart/1 query="token=-&x&y=-" version=HTTP/2.0 status=200 bytesIn=0 bytesOut=1234 "#,
                r#"durationUs=5678 firstByteUs=5000 upstreamUs=4000 tries=1 generation=42 route=HTTPRoute/default/shop rule=cart "#,
                r#"service=default/cart:80 endpoint=10.0.0.7:3000 id=42-3f9c trace=00000000000000000000000000000abc tls=TLSv1.3 "#,
                r#"sni=shop.example userAgent="curl/8 \"x\"\n\xff""#,
                "\n"
            )
        );
    }

    #[test]
    fn no_byte_leaves_its_field() {
        for byte in 0..=255 {
            let bytes = [byte];
            let record = Record {
                path: &bytes,
                host: &bytes,
                query: Some(&bytes),
                method: &bytes,
                user_agent: Some(&bytes),
                referer: Some(&bytes),
                request_id: &bytes,
                ..record()
            };
            for format in [Format::Json, Format::Clf, Format::Logfmt] {
                let line = line(&record, format, Query::Full);
                assert_eq!(line.matches('\n').count(), 1, "{byte:#x} {format:?}: {line}");
                assert!(
                    !line.trim_end_matches('\n').contains(char::is_control),
                    "{byte:#x} {format:?}: {line}"
                );
            }
        }
    }
}
