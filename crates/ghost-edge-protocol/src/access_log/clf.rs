//! Combined Log Format as Apache and nginx write it, and behind it: host, route, rule, service, endpoint, decision, request id,
//! duration in microseconds, reason.

use super::{Query, Record, display, escape, number, query_parts, time};

pub(super) fn write(record: &Record<'_>, query: Query, out: &mut Vec<u8>) {
    match record.client {
        Some(client) => display(client, out),
        None => out.push(b'-'),
    }
    out.extend_from_slice(b" - - [");
    time::clf(record.time, out);
    out.extend_from_slice(b"] \"");
    escape::quoted(record.method, out);
    out.push(b' ');
    escape::quoted(record.path, out);
    query_parts(record.query, query, &mut |part| escape::quoted(part, out));
    out.push(b' ');
    escape::quoted(record.version.as_bytes(), out);
    out.extend_from_slice(b"\" ");
    number(record.status.into(), out);
    out.push(b' ');
    number(record.bytes_out, out);
    for value in [record.referer, record.user_agent] {
        out.extend_from_slice(b" \"");
        escape::quoted(value.unwrap_or(b"-"), out);
        out.push(b'"');
    }
    let decided = [record.route, record.rule, record.service, record.endpoint, record.decision];
    let decided = decided.into_iter().map(|value| value.unwrap_or_default().as_bytes());
    for value in std::iter::once(record.host).chain(decided).chain(std::iter::once(record.request_id)) {
        out.push(b' ');
        escape::bare(value, out);
    }
    out.push(b' ');
    number(record.duration, out);
    out.push(b' ');
    escape::bare(record.reason.unwrap_or_default().as_bytes(), out);
}
