//! What is wrong with a document, where, and what to do about it.

use serde::Serialize;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Something is left out, or answers 500, or the document is refused.
    Error,
    /// Served as written, but probably not what was meant.
    Warning,
    /// Worth knowing.
    Info,
}

/// A place in a file; both numbers start at 1, the column counts characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Place {
    /// Line.
    pub line: u32,
    /// Column, in Unicode scalar values.
    pub column: u32,
}

/// One finding, in the shape every Ghost program prints.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Diagnostic {
    /// Stable code; `docs/errors/` has a page for each.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// The file as it was named by the caller.
    pub file: String,
    /// Line and column.
    #[serde(flatten)]
    pub place: Place,
    /// JSON path of the value, such as `routes[0].rules[1].name`; empty for the document itself.
    pub path: String,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
    /// Identity of the route, listener or service it belongs to, such as `HTTPRoute/default/shop`.
    pub object: Option<String>,
}

impl Diagnostic {
    /// Whether something is left out because of it.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// A step from a value to one inside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step<'p> {
    /// Into an object.
    Key(&'p str),
    /// Into an array.
    Index(usize),
}

/// The way from an element's root to the value at hand; a list on the stack, so that the good case costs nothing.
#[derive(Debug, Clone, Copy)]
pub struct At<'p> {
    parent: Option<&'p At<'p>>,
    step: Option<Step<'p>>,
}

impl<'p> At<'p> {
    /// The element itself.
    pub const ROOT: At<'static> = At { parent: None, step: None };

    /// The value under `key`.
    pub fn key(&'p self, key: &'p str) -> At<'p> {
        At { parent: Some(self), step: Some(Step::Key(key)) }
    }

    /// The value at `index`.
    pub fn index(&'p self, index: usize) -> At<'p> {
        At { parent: Some(self), step: Some(Step::Index(index)) }
    }

    /// The steps from the root down.
    pub fn steps(&self) -> Vec<Step<'p>> {
        let mut steps: Vec<Step<'p>> = self.parent.map(At::steps).unwrap_or_default();
        steps.extend(self.step);
        steps
    }
}

/// Writes steps as a JSON path behind `base`.
pub fn render_path(base: &str, steps: &[Step<'_>]) -> String {
    let mut path = base.to_owned();
    for step in steps {
        match step {
            Step::Index(index) => path.push_str(&format!("[{index}]")),
            Step::Key(key) if is_plain(key) => {
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(key);
            }
            Step::Key(key) => path.push_str(&format!("[{}]", serde_json::Value::from(*key))),
        }
    }
    path
}

fn is_plain(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$')
}
