//! `name=value`, in quotation marks where a value needs them; absent facts are left out.

use super::json::{named, of_client};
use super::{Query, Record, display, escape, number, query_parts, time};

pub(super) fn write(record: &Record<'_>, query: Query, out: &mut Vec<u8>) {
    out.extend_from_slice(b"ts=");
    time::rfc_3339(record.time, out);
    text("requestId", record.request_id, out);
    if let Some(client) = record.client {
        name("client", out);
        display(client, out);
    }
    text("listener", record.listener.as_bytes(), out);
    text("method", record.method, out);
    text("scheme", record.scheme.as_bytes(), out);
    text("host", record.host, out);
    text("path", record.path, out);
    if record.query.is_some() && query != Query::Off {
        name("query", out);
        out.push(b'"');
        let mut first = true;
        query_parts(record.query, query, &mut |part| {
            if !std::mem::take(&mut first) {
                escape::quoted(part, out);
            }
        });
        out.push(b'"');
    }
    text("version", record.version.as_bytes(), out);
    let numbers = [
        ("status", Some(record.status.into())),
        ("bytesIn", Some(record.bytes_in)),
        ("bytesOut", Some(record.bytes_out)),
        ("durationUs", Some(record.duration)),
        ("firstByteUs", record.first_byte),
        ("upstreamUs", record.upstream),
        ("tries", Some(record.tries.into())),
        ("generation", record.generation),
    ];
    for (key, value) in numbers {
        if let Some(value) = value {
            name(key, out);
            number(value, out);
        }
    }
    for (key, value) in named(record) {
        if let Some(value) = value {
            text(key, value.as_bytes(), out);
        }
    }
    if record.trace != 0 {
        name("trace", out);
        display(format_args!("{:032x}", record.trace), out);
    }
    for (key, value) in of_client(record) {
        if let Some(value) = value {
            text(key, value, out);
        }
    }
}

fn name(name: &str, out: &mut Vec<u8>) {
    out.push(b' ');
    out.extend_from_slice(name.as_bytes());
    out.push(b'=');
}

fn text(key: &str, value: &[u8], out: &mut Vec<u8>) {
    name(key, out);
    let plain = |byte: &u8| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\\' | b'=');
    if !value.is_empty() && value.iter().all(plain) {
        out.extend_from_slice(value);
        return;
    }
    out.push(b'"');
    escape::quoted(value, out);
    out.push(b'"');
}
