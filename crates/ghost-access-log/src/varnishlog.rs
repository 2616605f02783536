//! Transactions as `varnishlog -g request` prints them (vsl(7)): the request as it was received, before VCL changed it.

use crate::reader::{Entry, Line, LoggedRequest, Spot, Visit, each_line, has_host};

#[derive(Default)]
struct Transaction<'p> {
    spot: Option<Spot>,
    head: &'p [u8],
    /// Restarts and ESI children are no requests of a client.
    is_client: bool,
    /// VCL has begun to change things.
    is_over: bool,
    method: Option<&'p [u8]>,
    url: Option<&'p [u8]>,
    headers: Vec<Line<'p>>,
}

pub(crate) fn read<'p>(piece: &'p [u8], host: &'p [u8], visit: &mut Visit<'_>) -> u32 {
    let mut open = Transaction::default();
    let lines = each_line(piece, &mut |spot, line| {
        if line.starts_with(b"*") {
            std::mem::take(&mut open).close(host, visit);
            let is_request = memchr::memmem::find(line, b"<< Request").is_some();
            open.spot = is_request.then_some(spot);
            open.head = line;
        } else if open.spot.is_some() && line.starts_with(b"-") {
            open.record(line);
        }
    });
    open.close(host, visit);
    lines
}

impl<'p> Transaction<'p> {
    fn record(&mut self, line: &'p [u8]) {
        let dashes = line.iter().take_while(|byte| **byte == b'-').count();
        let record = line[dashes..].trim_ascii_start();
        let end = memchr::memchr(b' ', record).unwrap_or(record.len());
        let (tag, value) = (&record[..end], record[end..].trim_ascii());
        match tag {
            b"Begin" => self.is_client = value.ends_with(b"rxreq"),
            b"VCL_call" => self.is_over = true,
            _ if self.is_over => {}
            b"ReqMethod" => self.method = Some(value),
            b"ReqURL" => self.url = Some(value),
            b"ReqHeader" => {
                if let Some(colon) = memchr::memchr(b':', value) {
                    self.headers.push((&value[..colon], value[colon + 1..].trim_ascii()));
                }
            }
            _ => {}
        }
    }

    fn close(mut self, host: &'p [u8], visit: &mut Visit<'_>) {
        let Some(spot) = self.spot.filter(|_| self.is_client) else {
            return;
        };
        let (Some(method), Some(url)) = (self.method, self.url) else {
            return visit(spot, Entry::Unreadable(self.head, "no request was logged"));
        };
        let named = self.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case(b"host"));
        if !named && !has_host(url) && !host.is_empty() {
            self.headers.push((b"host", host));
        }
        visit(spot, Entry::Request(LoggedRequest { method, url, headers: &self.headers }));
    }
}
