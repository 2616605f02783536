//! Collects findings and gives each its place.

use ghost_core::Diagnostic;
use ghost_core::config::diagnostic::At;
use ghost_core::config::{Code, Place, Severity};

use crate::tree::Node;

/// Everything found in one file.
#[derive(Debug)]
pub(crate) struct Report<'d> {
    pub(crate) file: &'d str,
    text: &'d str,
    line_starts: Vec<usize>,
    diagnostics: Vec<Diagnostic>,
}

impl<'d> Report<'d> {
    pub(crate) fn new(file: &'d str, text: &'d str) -> Self {
        let newlines =
            text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(offset, _)| offset + 1);
        let line_starts = std::iter::once(0).chain(newlines).collect();
        Self { file, text, line_starts, diagnostics: Vec::new() }
    }

    fn place(&self, offset: usize) -> Place {
        let line = self.line_starts.partition_point(|start| *start <= offset).max(1);
        let start = self.line_starts.get(line - 1).copied().unwrap_or(0);
        let before = self.text.as_bytes().get(start..offset.min(self.text.len())).unwrap_or_default();
        let column = String::from_utf8_lossy(before).chars().count() + 1;
        Place { line: number(line), column: number(column) }
    }

    /// `file:line:column` of an offset.
    pub(crate) fn source(&self, offset: usize) -> String {
        let Place { line, column } = self.place(offset);
        format!("{}:{line}:{column}", self.file)
    }

    /// A finding at an offset.
    pub(crate) fn at_offset(
        &mut self,
        offset: usize,
        path: String,
        code: Code,
        message: &str,
        help: Option<String>,
    ) {
        let place = self.place(offset);
        let help = help.unwrap_or_else(|| code.help().to_owned());
        let diagnostic = Diagnostic {
            code: code.as_str(),
            severity: code.severity(),
            file: self.file.to_owned(),
            place,
            path,
            message: printable(message),
            help,
            object: None,
        };
        self.diagnostics.push(diagnostic);
    }

    /// A finding of ghost-core's in a document that was made from this file, moved to where it came from.
    pub(crate) fn moved(&mut self, finding: Diagnostic, offset: usize, path: &str) {
        let place = self.place(offset);
        self.diagnostics.push(Diagnostic {
            file: self.file.to_owned(),
            place,
            path: path.to_owned(),
            ..finding
        });
    }

    /// Findings of another file.
    pub(crate) fn extend(&mut self, findings: Vec<Diagnostic>) {
        self.diagnostics.extend(findings);
    }

    /// Whether anything of this file was refused. What is wrong in a file with routes keeps those routes from serving, and
    /// no others.
    pub(crate) fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|one| one.severity == Severity::Error && one.file == self.file)
    }

    /// All findings: this file's first, sorted by place, then those of other files.
    pub(crate) fn finish(mut self) -> Vec<Diagnostic> {
        let own = self.file;
        self.diagnostics.sort_by(|left, right| {
            let key = |one: &Diagnostic| (one.file != own, one.file.clone(), one.place, one.code);
            key(left).cmp(&key(right))
        });
        self.diagnostics.dedup();
        self.diagnostics
    }
}

fn number(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

/// A message may quote the document; what would end a line or move a cursor is escaped.
fn printable(message: &str) -> String {
    let escaped = |character: char| match character.is_control() {
        true => character.escape_default().to_string(),
        false => character.to_string(),
    };
    message.chars().map(escaped).collect()
}

/// The file while it is being checked: its tree, for places, and its findings.
#[derive(Debug)]
pub(crate) struct Findings<'d> {
    pub(crate) report: Report<'d>,
    pub(crate) tree: Node,
    /// Whether parts were left out because of their shape: then nothing is said about what seems to be missing.
    pub(crate) incomplete: bool,
}

impl Findings<'_> {
    /// A finding at a value.
    pub(crate) fn found(&mut self, at: &At<'_>, code: Code, message: impl AsRef<str>) {
        self.found_with_help(at, code, message.as_ref(), None);
    }

    /// A finding with advice of its own.
    pub(crate) fn found_with_help(&mut self, at: &At<'_>, code: Code, message: &str, help: Option<String>) {
        let (offset, path) = self.tree.locate(&at.steps());
        self.report.at_offset(offset, path, code, message, help);
    }

    /// `file:line:column` of a value.
    pub(crate) fn source(&self, at: &At<'_>) -> Box<str> {
        self.report.source(self.offset(at)).into()
    }

    /// Where a value begins.
    pub(crate) fn offset(&self, at: &At<'_>) -> usize {
        self.tree.locate(&at.steps()).0
    }
}
