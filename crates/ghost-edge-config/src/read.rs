//! Bytes -> tree. What fails here makes the document unreadable.

mod json;
mod toml;
mod yaml;

pub(crate) use json::read as read_json;
pub(crate) use toml::read as read_toml;
pub(crate) use yaml::{plain, read as read_yaml};

use ghost_core::config::Code;

use crate::tree::Node;

/// Most bytes of a document.
pub(crate) const MAX_DOCUMENT: usize = 16 << 20;
/// Deepest nesting of values.
const MAX_DEPTH: usize = 64;
/// Most values of a document, copies made by aliases included.
const MAX_NODES: usize = 1 << 20;

/// Why a text is no document, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unreadable {
    pub(crate) offset: usize,
    pub(crate) code: Code,
    pub(crate) message: String,
}

/// What a reader makes of a text: a tree, or every reason why not.
pub(crate) type Tree = Result<Node, Vec<Unreadable>>;

fn refuse<T>(offset: usize, code: Code, message: impl Into<String>) -> Result<T, Unreadable> {
    Err(Unreadable { offset, code, message: message.into() })
}
