//! Bytes -> raw parts. What fails here makes the document unreadable, and the last good one stays.

use schemars::JsonSchema;
use serde::Deserialize;

use super::code::Code;
use super::diagnostic::At;
use super::report::Report;

/// The format version this build reads.
pub(super) const VERSION: u32 = 1;

/// The report of a document and its text; no text, and a finding, where it is not UTF-8.
pub(super) fn open<'d>(document: &'d [u8], file: &'d str) -> (Report<'d>, Option<&'d str>) {
    match std::str::from_utf8(document) {
        Ok(text) => (Report::new(file, text), Some(text)),
        Err(error) => {
            let good = error.valid_up_to();
            let before =
                document.get(..good).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default();
            let mut report = Report::new(file, before);
            report.at_offset(good, Code::NotUtf8, format!("byte {good} is not UTF-8"));
            (report, None)
        }
    }
}

/// Reads the outer object of a document: `Split` is what is read, `Whole` what the schema describes.
pub(super) fn envelope<'d, Split, Whole>(text: &'d str, report: &mut Report<'d>) -> Option<Split>
where
    Split: Deserialize<'d> + Versioned,
    Whole: JsonSchema,
{
    match serde_json::from_str::<Split>(text) {
        Ok(document) if document.version() == VERSION => Some(document),
        Ok(document) => {
            let message =
                format!("version {} is not known, this Ghost reads version {VERSION}", document.version());
            report.element(text, String::new()).found(
                &At::ROOT.key("version"),
                Code::UnknownVersion,
                message,
            );
            None
        }
        Err(error) => {
            // What does not fit may stand before what is no JSON at all; the latter has to be told first.
            if error.is_data() && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok() {
                report.element(text, String::new()).misfit::<Whole>(&error);
                return None;
            }
            let error = serde_json::from_str::<serde::de::IgnoredAny>(text).err().unwrap_or(error);
            report.at_offset(offset_of(text, &error), Code::NotJson, plain_message(&error));
            None
        }
    }
}

/// Reads one part of the document; a misfit is reported and the part left out.
pub(super) fn part<'d, T: Deserialize<'d> + JsonSchema>(
    raw: &'d str,
    element: &mut super::report::Element<'_, 'd>,
) -> Option<T> {
    match serde_json::from_str::<T>(raw) {
        Ok(part) => Some(part),
        Err(error) => {
            element.misfit::<T>(&error);
            None
        }
    }
}

/// A document that begins with its format version.
pub(super) trait Versioned {
    /// Major version as written.
    fn version(&self) -> u32;
}

impl<L, R, S> Versioned for super::raw::Document<'_, L, R, S> {
    fn version(&self) -> u32 {
        self.version
    }
}

impl<S> Versioned for super::raw::EndpointsDocument<'_, S> {
    fn version(&self) -> u32 {
        self.version
    }
}

/// serde_json counts lines from 1 and columns in bytes from 1 (0 before the first).
fn offset_of(text: &str, error: &serde_json::Error) -> usize {
    let start = match error.line() {
        0 | 1 => 0,
        line => memchr::memchr_iter(b'\n', text.as_bytes()).nth(line - 2).map_or(0, |newline| newline + 1),
    };
    let mut offset = (start + error.column().saturating_sub(1)).min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

/// The reader's words without the place, which the diagnostic already carries.
fn plain_message(error: &serde_json::Error) -> String {
    let message = error.to_string();
    message.split(" at line ").next().unwrap_or_default().to_owned()
}
