//! Collects findings and gives each its place, element by element.

use jsonc_parser::ast::Value;

use super::code::Code;
use super::diagnostic::{At, Diagnostic, Place, Severity, render_path};
use super::place::{self, SourceText};

/// Everything found in one file.
pub(super) struct Report<'d> {
    file: &'d str,
    source: SourceText<'d>,
    diagnostics: Vec<Diagnostic>,
}

impl<'d> Report<'d> {
    pub(super) fn new(file: &'d str, text: &'d str) -> Self {
        Self { file, source: SourceText::new(text), diagnostics: Vec::new() }
    }

    /// An element of the document, such as one route: `raw` is a slice of the document's text.
    pub(super) fn element<'r>(&'r mut self, raw: &'d str, path: String) -> Element<'r, 'd> {
        Element { report: self, raw, path, object: None, tree: None, first_error: None }
    }

    /// A finding at a byte offset, where no value is to be walked to.
    pub(super) fn at_offset(&mut self, offset: usize, code: Code, message: String) {
        let place = self.source.place(offset);
        self.push(code, place, String::new(), message, None, None);
    }

    fn source_at(&self, offset: usize) -> String {
        let place = self.source.place(offset);
        format!("{}:{}:{}", self.file, place.line, place.column)
    }

    fn push(
        &mut self,
        code: Code,
        place: Place,
        path: String,
        message: String,
        help: Option<String>,
        object: Option<String>,
    ) {
        let help = help.unwrap_or_else(|| code.help().to_owned());
        let message = printable(message);
        let (file, severity, code) = (self.file.to_owned(), code.severity(), code.as_str());
        self.diagnostics.push(Diagnostic { code, severity, file, place, path, message, help, object });
    }

    /// All findings, sorted by place.
    pub(super) fn finish(mut self) -> Vec<Diagnostic> {
        self.diagnostics.sort_by(|left, right| (left.place, left.code).cmp(&(right.place, right.code)));
        self.diagnostics
    }
}

/// A message may quote the document; what would end a line or move a cursor is escaped.
fn printable(message: String) -> String {
    if !message.contains(char::is_control) {
        return message;
    }
    message
        .chars()
        .map(|character| {
            if character.is_control() {
                character.escape_default().to_string()
            } else {
                character.to_string()
            }
        })
        .collect()
}

/// One part of the document while it is being checked.
pub(super) struct Element<'r, 'd> {
    report: &'r mut Report<'d>,
    raw: &'d str,
    path: String,
    object: Option<String>,
    /// Parsed for places, when first needed; `Some(None)` cannot happen for text that was read before.
    tree: Option<Option<Value<'d>>>,
    /// Code and message of the first error since [`Element::take_error`].
    first_error: Option<(&'static str, String)>,
}

/// A finding was reported and the value cannot be used.
#[derive(Debug, Clone, Copy)]
pub(super) struct Refused;

impl<'d> Element<'_, 'd> {
    /// Names the object that later findings belong to.
    pub(super) fn belongs_to(&mut self, object: &str) {
        self.object = Some(object.to_owned());
    }

    /// The object that findings belong to.
    pub(super) fn object(&self) -> Option<&str> {
        self.object.as_deref()
    }

    /// A finding at a value inside the element.
    pub(super) fn found(&mut self, at: &At<'_>, code: Code, message: impl Into<String>) {
        self.found_with_help(at, code, message.into(), None);
    }

    /// A finding with advice of its own.
    pub(super) fn found_with_help(&mut self, at: &At<'_>, code: Code, message: String, help: Option<String>) {
        if code.severity() == Severity::Error && self.first_error.is_none() {
            self.first_error = Some((code.as_str(), message.clone()));
        }
        let steps = at.steps();
        let offset = self.offset(at);
        let place = self.report.source.place(offset);
        let path = render_path(&self.path, &steps);
        self.report.push(code, place, path, message, help, self.object.clone());
    }

    /// `file:line:column` of a value inside the element.
    pub(super) fn source_of(&mut self, at: &At<'_>) -> String {
        let offset = self.offset(at);
        self.report.source_at(offset)
    }

    fn offset(&mut self, at: &At<'_>) -> usize {
        let steps = at.steps();
        let start = self.report.source.offset_of(self.raw);
        if steps.is_empty() {
            return start;
        }
        let tree = self.tree.get_or_insert_with(|| place::parse(self.raw));
        start + tree.as_ref().map_or(0, |root| place::locate(root, &steps))
    }

    /// A finding that makes its value useless.
    pub(super) fn refuse<T>(
        &mut self,
        at: &At<'_>,
        code: Code,
        message: impl Into<String>,
    ) -> Result<T, Refused> {
        self.found(at, code, message);
        Err(Refused)
    }

    /// The first error since this was last called.
    pub(super) fn take_error(&mut self) -> Option<(&'static str, String)> {
        self.first_error.take()
    }

    /// Explains why the element is not a `T`; `fallback` is what the reader said.
    pub(super) fn misfit<T: schemars::JsonSchema>(&mut self, fallback: &serde_json::Error) {
        if let Some(tree) = place::parse(self.raw) {
            let mut report = |at: &At<'_>, code, message, help| self.found_with_help(at, code, message, help);
            super::shape::inspect::<T>(&tree, &mut report);
        }
        if self.first_error.is_none() {
            self.found(&At::ROOT, Code::WrongShape, fallback.to_string());
        }
    }
}
