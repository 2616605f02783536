//! What the edge says, and to whom.

use std::fmt;
use std::net::SocketAddr;

/// One line per request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessLog {
    /// How a line is written.
    pub format: AccessLogFormat,
    /// Where it goes.
    pub output: LogOutput,
    /// What is written of queries.
    pub query: QueryLogging,
    /// Requests slower than this, in milliseconds, are logged as warnings too; 0: none.
    pub slow_milliseconds: u64,
}

/// How a line is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AccessLogFormat {
    /// One JSON object.
    #[default]
    Json,
    /// Combined Log Format, with route, endpoint and decision behind it.
    Clf,
    /// `name=value`.
    Logfmt,
}

/// What is written of queries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum QueryLogging {
    /// All of it.
    #[default]
    Full,
    /// Names; values as `-`.
    Redacted,
    /// Nothing.
    Off,
}

/// Where lines go.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum LogOutput {
    /// Standard output.
    #[default]
    Stdout,
    /// Standard error.
    Stderr,
    /// A file, opened again on SIGUSR1.
    File(Box<str>),
}

/// What the edge says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Log {
    /// Least level.
    pub level: LogLevel,
    /// How a line is written.
    pub format: LogFormat,
    /// Where it goes.
    pub output: LogOutput,
}

/// Level of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum LogLevel {
    /// Every step.
    Trace,
    /// For the one who looks for a fault.
    Debug,
    /// What happens.
    #[default]
    Info,
    /// What should not happen.
    Warn,
    /// What does not work.
    Error,
}

impl LogLevel {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            LogLevel::Trace => "trace",
            LogLevel::Debug => "debug",
            LogLevel::Info => "info",
            LogLevel::Warn => "warn",
            LogLevel::Error => "error",
        }
    }
}

/// How a line about the edge itself is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object.
    Json,
}

/// Prometheus metrics.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metrics {
    /// Where they are served, 127.0.0.1:9090 by default.
    pub address: SocketAddr,
    /// Most distinct values of one label; further ones are counted as `other`.
    pub max_label_values: u32,
}

/// Management API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admin {
    /// Unix socket, absolute path; its file mode is the authentication.
    pub socket: Option<Box<str>>,
    /// Address, 127.0.0.1:9180 by default. Beyond the socket every change needs a credential.
    pub address: Option<SocketAddr>,
    /// Who may ask beyond the socket; empty: only reading from loopback.
    pub credentials: Vec<AdminCredential>,
    /// Origins that browsers may ask from; empty: none.
    pub cors_origins: Vec<Box<str>>,
}

/// A bearer token of the management API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdminCredential {
    /// Who it is, for the audit log.
    pub name: Box<str>,
    /// The token.
    pub token: Secret,
    /// Whether it may change anything.
    pub may_write: bool,
}

/// A value that is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Box<str>);

impl Secret {
    /// Keeps a value from being printed.
    pub fn new(value: impl Into<Box<str>>) -> Self {
        Self(value.into())
    }

    /// The value, for use.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("[redacted]")
    }
}
