//! From byte offsets and paths to lines and columns. Only documents with findings pay for it.

use std::cell::{Cell, OnceCell};

use jsonc_parser::ast::{ObjectPropName, Value};
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use super::diagnostic::{Place, Step};

/// A file's text with its line starts, found when first asked for.
#[derive(Debug)]
pub(super) struct SourceText<'d> {
    text: &'d str,
    line_starts: OnceCell<Vec<usize>>,
    /// Offset and column that were asked for last: the next place on the same line is counted from there, so that a
    /// document of one line costs one walk.
    last: Cell<(usize, usize)>,
}

impl<'d> SourceText<'d> {
    pub(super) fn new(text: &'d str) -> Self {
        Self { text, line_starts: OnceCell::new(), last: Cell::new((0, 1)) }
    }

    /// Line and column of a byte offset.
    pub(super) fn place(&self, offset: usize) -> Place {
        let starts = self.line_starts.get_or_init(|| line_starts(self.text));
        let line = starts.partition_point(|start| *start <= offset).max(1);
        let start = starts.get(line - 1).copied().unwrap_or(0);
        let offset = offset.min(self.text.len());
        let (from, column) = match self.last.get() {
            (last, column) if (start..=offset).contains(&last) => (last, column),
            _ => (start, 1),
        };
        let column = column + self.text.get(from..offset).unwrap_or("").chars().count();
        self.last.set((offset, column));
        Place { line: number(line), column: number(column) }
    }

    /// Offset of a slice of this text.
    pub(super) fn offset_of(&self, part: &str) -> usize {
        (part.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize).min(self.text.len())
    }
}

fn line_starts(text: &str) -> Vec<usize> {
    std::iter::once(0).chain(memchr::memchr_iter(b'\n', text.as_bytes()).map(|newline| newline + 1)).collect()
}

fn number(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

/// JSON as RFC 8259 has it, with ranges. `None`: not JSON.
pub(super) fn parse(text: &str) -> Option<Value<'_>> {
    let strict = ParseOptions {
        allow_comments: false,
        allow_loose_object_property_names: false,
        allow_trailing_commas: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    };
    parse_to_ast(text, &CollectOptions::default(), &strict).ok()?.value
}

/// Offset of the value that `steps` lead to, or of the last value on the way that exists.
pub(super) fn locate(root: &Value<'_>, steps: &[Step<'_>]) -> usize {
    let mut value = root;
    for step in steps {
        let next = match (value, step) {
            (Value::Object(object), Step::Key(key)) => object
                .properties
                .iter()
                .find(|property| name_of(&property.name) == *key)
                .map(|property| &property.value),
            (Value::Array(array), Step::Index(index)) => array.elements.get(*index),
            _ => None,
        };
        match next {
            Some(next) => value = next,
            None => break,
        }
    }
    value.range().start
}

/// The text of an object's key.
pub(super) fn name_of<'v>(name: &'v ObjectPropName<'_>) -> &'v str {
    match name {
        ObjectPropName::String(text) => text.value.as_ref(),
        ObjectPropName::Word(word) => word.value,
    }
}
