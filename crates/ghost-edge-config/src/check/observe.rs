//! Logs, metrics and the management API.

use std::net::{Ipv4Addr, SocketAddr};

use ghost_core::config::Code;
use ghost_core::config::diagnostic::At;

use super::Check;
use crate::model::{
    AccessLog, AccessLogFormat, Admin, AdminCredential, Log, LogFormat, LogLevel, LogOutput, Metrics,
    QueryLogging, Secret,
};
use crate::raw;

/// Least characters of a token that nobody can guess.
const MIN_TOKEN: usize = 16;

impl Check<'_, '_> {
    pub(super) fn log(&mut self, raw: &raw::Log) -> Log {
        Log {
            level: match raw.level {
                None | Some(raw::LogLevel::Info) => LogLevel::Info,
                Some(raw::LogLevel::Trace) => LogLevel::Trace,
                Some(raw::LogLevel::Debug) => LogLevel::Debug,
                Some(raw::LogLevel::Warn) => LogLevel::Warn,
                Some(raw::LogLevel::Error) => LogLevel::Error,
            },
            format: match raw.format {
                None | Some(raw::LogFormat::Text) => LogFormat::Text,
                Some(raw::LogFormat::Json) => LogFormat::Json,
            },
            output: self.output(raw.output.as_deref(), LogOutput::Stderr, &At::ROOT.key("log").key("output")),
        }
    }

    pub(super) fn access_log(&mut self, raw: &raw::AccessLog) -> Option<AccessLog> {
        let at = &At::ROOT.key("access_log");
        let slow = self.time(raw.slow.as_ref(), 0, &at.key("slow"));
        let log = AccessLog {
            format: match raw.format {
                None | Some(raw::AccessLogFormat::Json) => AccessLogFormat::Json,
                Some(raw::AccessLogFormat::Clf) => AccessLogFormat::Clf,
                Some(raw::AccessLogFormat::Logfmt) => AccessLogFormat::Logfmt,
            },
            output: self.output(raw.output.as_deref(), LogOutput::Stdout, &at.key("output")),
            query: match raw.query {
                None | Some(raw::QueryLogging::Full) => QueryLogging::Full,
                Some(raw::QueryLogging::Redacted) => QueryLogging::Redacted,
                Some(raw::QueryLogging::Off) => QueryLogging::Off,
            },
            slow_milliseconds: u64::try_from(slow.as_millis()).unwrap_or(u64::MAX),
        };
        raw.enabled.unwrap_or(true).then_some(log)
    }

    fn output(&mut self, output: Option<&str>, default: LogOutput, at: &At<'_>) -> LogOutput {
        match output {
            None | Some("console") => default,
            Some("stdout") => LogOutput::Stdout,
            Some("stderr") => LogOutput::Stderr,
            Some(file) => LogOutput::File(self.name(file, at)),
        }
    }

    pub(super) fn metrics(&mut self, raw: &raw::Metrics) -> Option<Metrics> {
        let at = &At::ROOT.key("metrics");
        let address = self.own_address(raw.address.as_deref(), loopback(9090), &at.key("address"));
        let max_label_values =
            self.count(raw.max_label_values, 1000, 1..=100_000, &at.key("max_label_values"));
        let enabled = raw.enabled.unwrap_or(true);
        if enabled && !address.ip().is_loopback() {
            let message = format!("metrics on {address} can be read by whoever reaches it");
            self.findings.found(&at.key("address"), Code::OpenMetrics, message);
        }
        enabled.then_some(Metrics { address, max_label_values })
    }

    pub(super) fn admin(&mut self, raw: &raw::Admin, state_directory: Option<&str>) -> Option<Admin> {
        let at = &At::ROOT.key("admin");
        let own_socket = state_directory.map(|directory| format!("{directory}/admin.sock"));
        let own_socket = own_socket.filter(|path| path.len() <= super::value::MAX_SOCKET_PATH);
        let socket = match (&raw.socket, own_socket) {
            (Some(path), _) => Some(self.socket_path(path, &at.key("socket"))),
            (None, own) => own.filter(|path| path.starts_with('/')).map(Box::from),
        };
        let address = self.own_address(raw.address.as_deref(), loopback(9180), &at.key("address"));
        let credentials: Vec<AdminCredential> = raw
            .tokens
            .iter()
            .enumerate()
            .map(|(index, token)| self.credential(token, &at.key("tokens").index(index)))
            .collect();
        let enabled = raw.enabled.unwrap_or(true);
        if enabled && !address.ip().is_loopback() && raw.tokens.is_empty() {
            let message = format!("the management API on {address} asks for no token");
            self.findings.found(&at.key("address"), Code::OpenAdministration, message);
        }
        for (index, origin) in raw.cors_origins.iter().enumerate() {
            let host = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
            if host.is_none_or(|host| host.is_empty() || host.contains('/')) {
                let message = format!("{origin:?} is not an origin");
                self.findings.found(&at.key("cors_origins").index(index), Code::InvalidCors, message);
            }
        }
        let cors_origins = raw.cors_origins.iter().map(|origin| Box::from(&**origin)).collect();
        enabled.then_some(Admin { socket, address: Some(address), credentials, cors_origins })
    }

    fn credential(&mut self, raw: &raw::Token, at: &At<'_>) -> AdminCredential {
        let name = self.name(&raw.name, &at.key("name"));
        let token = self.secret(&raw.token, &at.key("token"));
        AdminCredential { name, token, may_write: raw.may_write.unwrap_or(false) }
    }

    /// A secret as written, or what stands in the file that `file:` names.
    fn secret(&mut self, text: &str, at: &At<'_>) -> Secret {
        let value = match text.strip_prefix("file:") {
            None => text.to_owned(),
            Some(file) => match self.surroundings.file(file) {
                Ok(Some(bytes)) => String::from_utf8_lossy(&bytes).trim_end_matches(['\r', '\n']).to_owned(),
                Ok(None) => return Secret::new(""),
                Err(problem) => {
                    let message = format!("{file}: {}", problem.message);
                    self.findings.found(at, Code::UnreadableFile, message);
                    return Secret::new("");
                }
            },
        };
        if value.len() < MIN_TOKEN || !value.bytes().all(|byte| byte.is_ascii_graphic()) {
            let message = format!("the secret has {} bytes or characters that cannot be sent", value.len());
            self.findings.found(at, Code::InvalidSecret, message);
        }
        Secret::new(value)
    }
}

fn loopback(port: u16) -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, port))
}
