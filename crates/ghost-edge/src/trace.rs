//! What the edge says about itself.

use std::fs::OpenOptions;
use std::sync::Mutex;

use ghost_edge_config::model::{Log, LogFormat, LogLevel, LogOutput};
use tracing::Level;
use tracing_subscriber::fmt::writer::BoxMakeWriter;

/// Starts it, once.
pub(crate) fn start(log: &Log) {
    let level = match log.level {
        LogLevel::Trace => Level::TRACE,
        LogLevel::Debug => Level::DEBUG,
        LogLevel::Info => Level::INFO,
        LogLevel::Warn => Level::WARN,
        LogLevel::Error => Level::ERROR,
    };
    let writer = match &log.output {
        LogOutput::Stdout => BoxMakeWriter::new(std::io::stdout),
        LogOutput::Stderr => BoxMakeWriter::new(std::io::stderr),
        LogOutput::File(path) => match OpenOptions::new().create(true).append(true).open(&**path) {
            Ok(file) => BoxMakeWriter::new(Mutex::new(file)),
            Err(_) => BoxMakeWriter::new(std::io::stderr),
        },
    };
    let builder = tracing_subscriber::fmt()
        .with_max_level(level)
        .with_target(false)
        .with_ansi(false)
        .with_writer(writer);
    // A second start, as in tests, changes nothing.
    _ = match log.format {
        LogFormat::Text => builder.try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    };
}
