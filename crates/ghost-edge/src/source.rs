//! The configuration file: read, checked, kept as the last good one, watched.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use ghost_core::Diagnostic;
use ghost_core::config::{Place, Severity};
use ghost_edge_config::{EdgeConfiguration, Format, check};

use crate::surroundings::Machine;

/// Largest configuration file.
const MAX_FILE: u64 = 256 << 20;
/// Name of the last good configuration in the state directory.
const LAST_GOOD: &str = "last-good";

/// Where the configuration comes from.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    file: PathBuf,
}

/// What was read.
pub(crate) struct Loaded {
    /// What to run with; `None` where anything is wrong.
    pub(crate) configuration: Option<EdgeConfiguration>,
    /// Everything that was found.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// The file's bytes.
    pub(crate) bytes: Vec<u8>,
}

/// Which files there are, and when they were written: changes when any of them does.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Stamp(BTreeMap<PathBuf, Option<(SystemTime, u64, u64)>>);

impl Stamp {
    /// Files that were looked at before count as they were then: one that changed while it was read is still to be read.
    pub(crate) fn keep(&mut self, before: &Self) {
        for (file, stamp) in &mut self.0 {
            if let Some(earlier) = before.0.get(file) {
                *stamp = *earlier;
            }
        }
    }
}

impl Source {
    /// A configuration file.
    pub(crate) fn new(file: &Path) -> Self {
        Self { file: file.to_owned() }
    }

    /// Its folder: relative names in it mean this.
    pub(crate) fn base(&self) -> PathBuf {
        let parent = self.file.parent().filter(|parent| !parent.as_os_str().is_empty());
        parent.unwrap_or(Path::new(".")).to_owned()
    }

    /// Reads and checks it.
    pub(crate) fn load(&self) -> Loaded {
        let name = self.file.to_string_lossy();
        let mut bytes = Vec::new();
        let read = fs::File::open(&self.file).and_then(|file| file.take(MAX_FILE).read_to_end(&mut bytes));
        match read {
            Ok(_) => self.check(bytes, &name),
            Err(error) => Loaded { configuration: None, diagnostics: vec![unreadable(&name, &error)], bytes },
        }
    }

    fn check(&self, bytes: Vec<u8>, name: &str) -> Loaded {
        let format = Format::of(&self.file.to_string_lossy());
        let checked = check(&bytes, format, name, &Machine::new(&self.base()));
        Loaded { configuration: checked.configuration, diagnostics: checked.diagnostics, bytes }
    }

    /// The last configuration that served, where one is kept.
    pub(crate) fn last_good(&self, state: &Path) -> Option<Loaded> {
        let file = state.join(LAST_GOOD);
        let bytes = fs::read(&file).ok()?;
        Some(self.check(bytes, &file.to_string_lossy()))
    }

    /// Keeps bytes that serve: temporary file, fsync, rename, fsync of the folder.
    ///
    /// # Errors
    /// The state directory cannot be written.
    pub(crate) fn keep(&self, state: &Path, bytes: &[u8]) -> io::Result<()> {
        fs::create_dir_all(state)?;
        let temporary = state.join(format!(".{LAST_GOOD}.{}", std::process::id()));
        let mut file = fs::File::create(&temporary)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&temporary, state.join(LAST_GOOD))?;
        fs::File::open(state)?.sync_all()
    }

    /// The files as they are now.
    pub(crate) fn stamp(&self, configuration: Option<&EdgeConfiguration>) -> Stamp {
        let base = self.base();
        let mut files = vec![self.file.clone()];
        if let Some(configuration) = configuration {
            files.extend(configuration.watched_files.iter().map(|file| base.join(&**file)));
            for tls in configuration.listeners.iter().filter_map(|listener| listener.tls.as_ref()) {
                for certificate in &tls.certificates {
                    files.push(base.join(&*certificate.certificate_file));
                    files.push(base.join(&*certificate.key_file));
                }
                let authorities = tls.client_auth.iter().flat_map(|auth| auth.authorities.iter());
                files.extend(authorities.map(|file| base.join(&*file.0)));
            }
        }
        Stamp(files.into_iter().map(|file| (file.clone(), stamp(&file))).collect())
    }
}

fn stamp(file: &Path) -> Option<(SystemTime, u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    let metadata = fs::metadata(file).ok()?;
    Some((metadata.modified().ok()?, metadata.len(), metadata.ino()))
}

fn unreadable(file: &str, error: &io::Error) -> Diagnostic {
    Diagnostic {
        code: "GH0501",
        severity: Severity::Error,
        file: file.to_owned(),
        place: Place { line: 1, column: 1 },
        path: String::new(),
        message: format!("The file cannot be read: {error}"),
        help: "Give the path of the configuration with --config, and see that this user may read it."
            .to_owned(),
        object: None,
    }
}

/// A finding as lines: place, code and message, then what to do.
pub(crate) fn lines(finding: &Diagnostic) -> String {
    let Diagnostic { file, place, code, message, help, severity, .. } = finding;
    let word = if *severity == Severity::Error { "error" } else { "warning" };
    let help = if help.is_empty() { String::new() } else { format!("\n  help: {help}") };
    format!("{file}:{}:{}: {word}[{code}]: {message}{help}", place.line, place.column)
}
