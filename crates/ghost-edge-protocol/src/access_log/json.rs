//! One JSON object per line; absent facts are left out.

use super::{Query, Record, display, escape, number, query_parts, time};

pub(super) fn write(record: &Record<'_>, query: Query, out: &mut Vec<u8>) {
    out.extend_from_slice(b"{\"ts\":\"");
    time::rfc_3339(record.time, out);
    out.push(b'"');
    let mut line = Line(out);
    line.text("requestId", record.request_id);
    if let Some(client) = record.client {
        line.quoted("client", |out| display(client, out));
    }
    line.text("listener", record.listener.as_bytes());
    line.text("method", record.method);
    line.text("scheme", record.scheme.as_bytes());
    line.text("host", record.host);
    line.text("path", record.path);
    if record.query.is_some() && query != Query::Off {
        line.quoted("query", |out| {
            let mut first = true;
            query_parts(record.query, query, &mut |part| {
                if !std::mem::take(&mut first) {
                    escape::json(part, out);
                }
            });
        });
    }
    line.text("version", record.version.as_bytes());
    line.number("status", record.status.into());
    line.number("bytesIn", record.bytes_in);
    line.number("bytesOut", record.bytes_out);
    line.number("durationUs", record.duration);
    line.some_number("firstByteUs", record.first_byte);
    line.some_number("upstreamUs", record.upstream);
    line.number("tries", record.tries.into());
    line.some_number("generation", record.generation);
    for (name, value) in named(record) {
        if let Some(value) = value {
            line.text(name, value.as_bytes());
        }
    }
    if record.trace != 0 {
        line.quoted("trace", |out| display(format_args!("{:032x}", record.trace), out));
    }
    for (name, value) in of_client(record) {
        if let Some(value) = value {
            line.text(name, value);
        }
    }
    line.0.push(b'}');
}

/// Facts of the decision by name.
pub(super) fn named<'r>(record: &Record<'r>) -> [(&'static str, Option<&'r str>); 6] {
    [
        ("route", record.route),
        ("rule", record.rule),
        ("service", record.service),
        ("endpoint", record.endpoint),
        ("id", record.decision),
        ("reason", record.reason),
    ]
}

/// Facts of the client by name.
pub(super) fn of_client<'r>(record: &Record<'r>) -> [(&'static str, Option<&'r [u8]>); 5] {
    [
        ("tls", record.tls.map(str::as_bytes)),
        ("sni", record.server_name.map(str::as_bytes)),
        ("clientCertificate", record.client_certificate.map(str::as_bytes)),
        ("referer", record.referer),
        ("userAgent", record.user_agent),
    ]
}

struct Line<'o>(&'o mut Vec<u8>);

impl Line<'_> {
    fn name(&mut self, name: &str) {
        self.0.extend_from_slice(b",\"");
        self.0.extend_from_slice(name.as_bytes());
        self.0.extend_from_slice(b"\":");
    }

    fn quoted(&mut self, name: &str, value: impl FnOnce(&mut Vec<u8>)) {
        self.name(name);
        self.0.push(b'"');
        value(self.0);
        self.0.push(b'"');
    }

    fn text(&mut self, name: &str, value: &[u8]) {
        self.quoted(name, |out| escape::json(value, out));
    }

    fn number(&mut self, name: &str, value: u64) {
        self.name(name);
        number(value, self.0);
    }

    fn some_number(&mut self, name: &str, value: Option<u64>) {
        if let Some(value) = value {
            self.number(name, value);
        }
    }
}
