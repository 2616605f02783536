//! The access log: lines are made by workers and written by one thread, so that no request waits for a disk.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::time::{Duration, UNIX_EPOCH};

use ghost_edge_config::model::{AccessLog, AccessLogFormat, LogOutput, QueryLogging};
use ghost_edge_protocol::access_log::{self, Format, Query};
use http::{HeaderValue, Version};

use crate::body::End;
use crate::clock::milliseconds;
use crate::metrics::Metrics;
use crate::receive::Connection;
use crate::record::Record;

/// A worker's lines go to the writer when they are this long.
const LONG: usize = 32 << 10;
/// Batches that wait for the disk; what comes then is lost and counted.
const WAITING: usize = 256;

/// A request that is over.
#[derive(Clone, Copy)]
pub(crate) struct Line<'l> {
    /// The client's connection.
    pub(crate) connection: &'l Connection,
    /// What is known of it.
    pub(crate) record: &'l Record,
    /// How the response ended.
    pub(crate) end: End,
    /// Bytes of the response's body.
    pub(crate) bytes: u64,
    /// From its head to the end of the response.
    pub(crate) took: Duration,
}

/// Lines that are not written yet.
#[derive(Default)]
pub(crate) struct LineBuffer(Vec<u8>);

impl LineBuffer {
    /// Adds a line.
    pub(crate) fn write(&mut self, log: &AccessLog, line: &Line<'_>) {
        let format = match log.format {
            AccessLogFormat::Json => Format::Json,
            AccessLogFormat::Logfmt => Format::Logfmt,
            AccessLogFormat::Clf => Format::Clf,
        };
        let query = match log.query {
            QueryLogging::Full => Query::Full,
            QueryLogging::Redacted => Query::Redacted,
            QueryLogging::Off => Query::Off,
        };
        access_log::write(&fields(line), format, query, &mut self.0);
    }

    /// Whether there are enough lines to be written.
    pub(crate) fn is_long(&self) -> bool {
        self.0.len() > LONG
    }

    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them.
    pub(crate) fn take(&mut self) -> Vec<u8> {
        std::mem::replace(&mut self.0, Vec::with_capacity(LONG + 1024))
    }
}

fn fields<'l>(line: &Line<'l>) -> access_log::Record<'l> {
    let Line { connection, record, .. } = *line;
    let tls = connection.peer.tls.as_ref();
    let rule =
        record.route.as_ref().zip(record.rule).and_then(|(route, rule)| route.rules.get(usize::from(rule)));
    let host = record.host.as_ref().map(HeaderValue::as_bytes);
    let authority = || record.target.authority().map(|authority| authority.as_str().as_bytes());
    access_log::Record {
        time: record.time.duration_since(UNIX_EPOCH).map_or(0, milliseconds),
        listener: &record.listener,
        client: record.client,
        method: record.method.as_str().as_bytes(),
        scheme: if record.https { "https" } else { "http" },
        host: host.or_else(authority).unwrap_or_default(),
        path: record.target.path().as_bytes(),
        query: record.target.query().map(str::as_bytes),
        version: version(record.version),
        status: record.status,
        bytes_in: record.bytes_in.get(),
        bytes_out: line.bytes,
        duration: microseconds(line.took),
        first_byte: record.first_byte.map(microseconds),
        upstream: record.upstream.map(microseconds),
        tries: record.tries,
        generation: Some(record.generation).filter(|generation| *generation != 0),
        route: record.route.as_ref().map(|route| &*route.id),
        rule: rule.map(|rule| &*rule.name),
        service: record.service.as_deref(),
        endpoint: record.endpoint.as_ref().map(|endpoint| &*endpoint.name),
        decision: Some(&*record.id).filter(|id| !id.is_empty()),
        reason: reason(line),
        request_id: record.request_id.as_ref().map(HeaderValue::as_bytes).unwrap_or_default(),
        trace: record.trace,
        tls: tls.map(|tls| tls.version),
        server_name: tls.and_then(|tls| tls.server_name.as_deref()),
        client_certificate: tls.and_then(|tls| tls.client_name.as_deref()),
        referer: record.referer.as_ref().map(HeaderValue::as_bytes),
        user_agent: record.user_agent.as_ref().map(HeaderValue::as_bytes),
    }
}

fn microseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

fn version(version: Version) -> &'static str {
    match version {
        Version::HTTP_10 => "HTTP/1.0",
        Version::HTTP_2 => "HTTP/2.0",
        _ => "HTTP/1.1",
    }
}

fn reason(line: &Line<'_>) -> Option<&'static str> {
    match line.end {
        End::Complete => Some(line.record.reason).filter(|reason| !reason.is_empty()),
        End::TooLarge => Some("responseBytes"),
        End::Idle => Some("responseTime"),
        End::Deadline => Some("requestTimeout"),
        End::Broken => Some("backendBroken"),
        End::Dropped => Some("clientGone"),
    }
}

enum Job {
    Lines(Vec<u8>),
    Output(Option<LogOutput>),
    Reopen,
    Flush(SyncSender<()>),
}

/// The thread that writes.
pub(crate) struct Writers(SyncSender<Job>);

impl Default for Writers {
    fn default() -> Self {
        Self::start()
    }
}

impl Writers {
    /// Starts it.
    pub(crate) fn start() -> Self {
        let (sender, jobs) = sync_channel(WAITING);
        // Without a thread every line is counted as lost.
        _ = std::thread::Builder::new().name("log".to_owned()).spawn(move || write(&jobs));
        Self(sender)
    }

    /// Writes lines of the access log, or counts them as lost.
    pub(crate) fn access(&self, lines: Vec<u8>, metrics: &Metrics) {
        if let Err(TrySendError::Full(Job::Lines(lines)) | TrySendError::Disconnected(Job::Lines(lines))) =
            self.0.try_send(Job::Lines(lines))
        {
            metrics.log_lines_lost.inc_by(lines.iter().filter(|byte| **byte == b'\n').count() as u64);
        }
    }

    /// Where lines go from now on.
    pub(crate) fn output(&self, output: Option<LogOutput>) {
        _ = self.0.send(Job::Output(output));
    }

    /// Opens the file again, after somebody moved it.
    pub(crate) fn reopen(&self) {
        _ = self.0.send(Job::Reopen);
    }

    /// Returns when everything is written.
    pub(crate) fn flush(&self) {
        let (done, wait) = sync_channel(1);
        if self.0.send(Job::Flush(done)).is_ok() {
            _ = wait.recv();
        }
    }
}

fn write(jobs: &Receiver<Job>) {
    let (mut output, mut file): (Option<LogOutput>, Option<File>) = (None, None);
    for job in jobs {
        match job {
            Job::Lines(lines) => {
                let written = match &output {
                    None => Ok(()),
                    Some(LogOutput::Stdout) => std::io::stdout().lock().write_all(&lines),
                    Some(LogOutput::Stderr) => std::io::stderr().lock().write_all(&lines),
                    Some(LogOutput::File(_)) => file.as_mut().map_or(Ok(()), |file| file.write_all(&lines)),
                };
                if let Err(error) = written {
                    tracing::warn!(%error, "cannot write the access log");
                }
            }
            Job::Output(next) => {
                if next != output {
                    file = open(next.as_ref());
                    output = next;
                }
            }
            Job::Reopen => file = open(output.as_ref()),
            Job::Flush(done) => _ = done.send(()),
        }
    }
}

fn open(output: Option<&LogOutput>) -> Option<File> {
    let Some(LogOutput::File(path)) = output else { return None };
    OpenOptions::new()
        .create(true)
        .append(true)
        .open(&**path)
        .inspect_err(|error| tracing::error!(%error, path = &**path, "cannot open the access log"))
        .ok()
}
