//! The access log: lines are made by workers and written by one thread, so that no request waits for a disk.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::time::{Duration, UNIX_EPOCH};

use ghost_edge_config::model::{AccessLog, AccessLogFormat, LogOutput, QueryLogging};
use http::HeaderValue;
use serde_json::{Map, Value, json};

use crate::body::End;
use crate::metrics::Metrics;
use crate::receive::Connection;
use crate::record::Record;

/// A worker's lines go to the writer when they are this long.
const LONG: usize = 32 << 10;
/// Batches that wait for the disk; what comes then is lost and counted.
const WAITING: usize = 256;

/// A request that is over.
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
        let fields = fields(line, log.query);
        match log.format {
            AccessLogFormat::Json => {
                // Writing into a Vec does not fail.
                _ = serde_json::to_writer(&mut self.0, &Value::Object(fields));
            }
            AccessLogFormat::Logfmt => self.logfmt(&fields),
            AccessLogFormat::Clf => self.clf(line, &fields),
        }
        self.0.push(b'\n');
    }

    fn logfmt(&mut self, fields: &Map<String, Value>) {
        for (index, (name, value)) in fields.iter().enumerate() {
            let space = if index == 0 { "" } else { " " };
            let text = match value {
                Value::String(text) if !text.is_empty() && text.bytes().all(is_bare) => text.clone(),
                other => other.to_string(),
            };
            self.0.extend_from_slice(format!("{space}{name}={text}").as_bytes());
        }
    }

    /// Apache's Combined Log Format, then route, endpoint and decision.
    fn clf(&mut self, line: &Line<'_>, fields: &Map<String, Value>) {
        let text = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or("-");
        let bytes = if line.bytes == 0 { "-".to_owned() } else { line.bytes.to_string() };
        let client =
            line.connection.peer.address().map_or_else(|| "-".to_owned(), |address| address.to_string());
        let path = fields.get("path").map_or_else(String::new, |path| path.to_string());
        let request = path.trim_matches('"');
        let text = format!(
            "{client} - - [{}] \"{} {request} {:?}\" {} {bytes} {} {} {} {} {}",
            clf_time(line),
            line.record.method,
            line.record.version,
            line.record.status,
            fields.get("referer").unwrap_or(&Value::from("-")),
            fields.get("agent").unwrap_or(&Value::from("-")),
            text("route"),
            text("backend"),
            text("id"),
        );
        self.0.extend_from_slice(text.as_bytes());
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

fn is_bare(byte: u8) -> bool {
    byte.is_ascii_graphic() && !matches!(byte, b'"' | b'=' | b'\\')
}

fn fields(line: &Line<'_>, query: QueryLogging) -> Map<String, Value> {
    let Line { connection, record, .. } = line;
    let text = |value: &Option<HeaderValue>| {
        value.as_ref().map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    let since = record.time.duration_since(UNIX_EPOCH).unwrap_or_default();
    let micros = |duration: Duration| u64::try_from(duration.as_micros()).unwrap_or(u64::MAX);
    let tls = connection.peer.tls.as_ref();
    let rule =
        record.route.as_ref().zip(record.rule).and_then(|(route, rule)| route.rules.get(usize::from(rule)));
    let fields = json!({
        "ts": since.as_secs_f64(),
        "rid": text(&record.request_id),
        "client": connection.peer.address().map(|address| address.to_string()),
        "listener": record.listener,
        "proto": format!("{:?}", record.version),
        "method": record.method.as_str(),
        "host": text(&record.host).or_else(|| record.target.authority().map(ToString::to_string)),
        "path": path(record, query),
        "status": record.status,
        "reason": reason(line),
        "bytes": line.bytes,
        "bytes_in": record.bytes_in.get(),
        "dur_us": micros(line.took),
        "ttfb_us": record.first_byte.map(micros),
        "gen": record.generation,
        "id": record.id,
        "route": record.route.as_ref().map(|route| &route.id),
        "rule": rule.map(|rule| &rule.name),
        "service": record.service,
        "backend": record.endpoint.as_ref().map(|endpoint| &endpoint.name),
        "tries": record.tries,
        "tls": tls.map(|tls| tls.version),
        "sni": tls.and_then(|tls| tls.server_name.as_ref()),
        "agent": text(&record.user_agent),
        "referer": text(&record.referer),
    });
    match fields {
        Value::Object(mut fields) => {
            fields.retain(|_, value| !value.is_null());
            fields
        }
        _ => Map::new(),
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

fn path(record: &Record, query: QueryLogging) -> String {
    let path = record.target.path();
    match (record.target.query(), query) {
        (None, _) | (_, QueryLogging::Off) => path.to_owned(),
        (Some(query), QueryLogging::Full) => format!("{path}?{query}"),
        (Some(query), QueryLogging::Redacted) => {
            let names = query.split('&').map(|pair| match pair.split_once('=') {
                Some((name, _)) => format!("{name}=-"),
                None => pair.to_owned(),
            });
            format!("{path}?{}", names.collect::<Vec<_>>().join("&"))
        }
    }
}

/// `10/Oct/2000:13:55:36 +0000`, from the IMF-fixdate of RFC 9110 section 5.6.7.
fn clf_time(line: &Line<'_>) -> String {
    let date = httpdate::fmt_http_date(line.record.time);
    let words: Vec<&str> = date.split(' ').collect();
    match words[..] {
        [_, day, month, year, time, _] => format!("{day}/{month}/{year}:{time} +0000"),
        _ => date,
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
