//! A document as a tree in which every value knows where it was written. YAML, TOML and JSON all become this.

use std::fmt::Write as _;

use ghost_core::config::diagnostic::Step;

/// A value and the byte where it begins.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node {
    pub(crate) start: usize,
    pub(crate) value: Value,
}

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Null,
    /// A variable that has no value, or whose value nobody looked up: nothing is said about it.
    Unknown,
    Boolean(bool),
    Integer(i64),
    Float(f64),
    String(Text),
    Sequence(Vec<Item>),
    Mapping(Vec<Entry>),
}

/// A string.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Text {
    pub(crate) text: String,
    /// Whether it came out of a variable as a whole: then `"8080"` may stand for the number.
    pub(crate) from_variable: bool,
}

/// An element of a sequence with its index as written, which stays when an earlier one is dropped.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Item {
    pub(crate) index: usize,
    pub(crate) node: Node,
}

/// An entry of a mapping.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entry {
    /// The key that is meant.
    pub(crate) key: String,
    /// The key as written, where that is another spelling.
    pub(crate) written: Option<String>,
    /// Where the key begins.
    pub(crate) start: usize,
    pub(crate) node: Node,
}

impl Node {
    pub(crate) fn new(start: usize, value: Value) -> Self {
        Self { start, value }
    }

    pub(crate) fn text(start: usize, text: impl Into<String>) -> Self {
        Self::new(start, Value::String(Text { text: text.into(), from_variable: false }))
    }

    pub(crate) fn mapping(start: usize, entries: Vec<(&str, Node)>) -> Self {
        let entry =
            |(key, node): (&str, Node)| Entry { key: key.to_owned(), written: None, start: node.start, node };
        Self::new(start, Value::Mapping(entries.into_iter().map(entry).collect()))
    }

    pub(crate) fn sequence(start: usize, nodes: Vec<Node>) -> Self {
        let items = nodes.into_iter().enumerate().map(|(index, node)| Item { index, node }).collect();
        Self::new(start, Value::Sequence(items))
    }

    /// The value under a key.
    pub(crate) fn get(&self, key: &str) -> Option<&Node> {
        match &self.value {
            Value::Mapping(entries) => entries.iter().find(|entry| entry.key == key).map(|entry| &entry.node),
            _ => None,
        }
    }

    /// What kind of value it is, in the schema's words.
    pub(crate) fn kind(&self) -> &'static str {
        match &self.value {
            Value::Null | Value::Unknown => "null",
            Value::Boolean(_) => "boolean",
            Value::Integer(_) => "integer",
            Value::Float(_) => "number",
            Value::String(_) => "string",
            Value::Sequence(_) => "array",
            Value::Mapping(_) => "object",
        }
    }

    /// Where the value lies that `steps` lead to (or the last one on the way that exists), and the way as written.
    pub(crate) fn locate(&self, steps: &[Step<'_>]) -> (usize, String) {
        let mut node = self;
        let mut path = String::new();
        for step in steps {
            let next = match (&node.value, step) {
                (Value::Mapping(entries), Step::Key(key)) => entries
                    .iter()
                    .find(|entry| entry.key == *key)
                    .map(|entry| (Step::Key(entry.written.as_deref().unwrap_or(&entry.key)), &entry.node)),
                (Value::Sequence(items), Step::Index(index)) => {
                    items.get(*index).map(|item| (Step::Index(item.index), &item.node))
                }
                _ => None,
            };
            let Some((step, next)) = next else { break };
            path = ghost_core::config::diagnostic::render_path(&path, &[step]);
            node = next;
        }
        (node.start, path)
    }

    /// The way, as written, to the innermost value that begins at an offset.
    pub(crate) fn path_at(&self, offset: usize) -> Option<String> {
        let inside = match &self.value {
            Value::Sequence(items) => items.iter().find_map(|item| {
                item.node.path_at(offset).map(|path| joined(Step::Index(item.index), &path))
            }),
            Value::Mapping(entries) => entries.iter().find_map(|entry| {
                let key = entry.written.as_deref().unwrap_or(&entry.key);
                entry.node.path_at(offset).map(|path| joined(Step::Key(key), &path))
            }),
            _ => None,
        };
        inside.or_else(|| (self.start == offset).then(String::new))
    }

    /// The value as serde reads it.
    pub(crate) fn to_json(&self) -> serde_json::Value {
        match &self.value {
            Value::Null | Value::Unknown => serde_json::Value::Null,
            Value::Boolean(truth) => (*truth).into(),
            Value::Integer(number) => (*number).into(),
            Value::Float(number) => (*number).into(),
            Value::String(text) => text.text.as_str().into(),
            Value::Sequence(items) => items.iter().map(|item| item.node.to_json()).collect(),
            Value::Mapping(entries) => {
                let entries = entries.iter().map(|entry| (entry.key.clone(), entry.node.to_json()));
                serde_json::Value::Object(entries.collect())
            }
        }
    }
}

/// JSON on one line in ASCII, so that a column is an offset, and which of its bytes was written where.
#[derive(Debug, Default)]
pub(crate) struct Rendered {
    pub(crate) json: String,
    /// Offset in `json`, offset in the source and path of every value, rising.
    origins: Vec<(usize, usize, String)>,
}

impl Rendered {
    /// Renders a tree; values of `path` lie below it in the source.
    pub(crate) fn of(node: &Node) -> Self {
        let mut rendered = Self::default();
        rendered.write(node, "");
        rendered
    }

    /// Offset in the source of what stands at a column of the JSON (both from where they start: column 1 is offset 0).
    pub(crate) fn origin(&self, column: u32) -> (usize, &str) {
        let offset = usize::try_from(column).unwrap_or(usize::MAX).saturating_sub(1);
        let after = self.origins.partition_point(|(at, _, _)| *at <= offset);
        self.origins.get(after.saturating_sub(1)).map_or((0, ""), |(_, source, path)| (*source, path))
    }

    fn write(&mut self, node: &Node, path: &str) {
        self.origins.push((self.json.len(), node.start, path.to_owned()));
        match &node.value {
            Value::Sequence(items) => {
                self.json.push('[');
                for (position, item) in items.iter().enumerate() {
                    if position > 0 {
                        self.json.push(',');
                    }
                    self.write(&item.node, &below(path, Step::Index(item.index)));
                }
                self.json.push(']');
            }
            Value::Mapping(entries) => {
                self.json.push('{');
                for (position, entry) in entries.iter().enumerate() {
                    if position > 0 {
                        self.json.push(',');
                    }
                    self.string(&entry.key);
                    self.json.push(':');
                    self.write(&entry.node, &below(path, Step::Key(&entry.key)));
                }
                self.json.push('}');
            }
            Value::String(text) => self.string(&text.text),
            // Writing to a String cannot fail.
            _ => _ = write!(self.json, "{}", node.to_json()),
        }
    }

    fn string(&mut self, text: &str) {
        self.json.push('"');
        for character in text.chars() {
            match character {
                '"' => self.json.push_str("\\\""),
                '\\' => self.json.push_str("\\\\"),
                ' '..='~' => self.json.push(character),
                _ => {
                    let mut units = [0; 2];
                    for unit in character.encode_utf16(&mut units) {
                        _ = write!(self.json, "\\u{unit:04x}");
                    }
                }
            }
        }
        self.json.push('"');
    }
}

fn joined(step: Step<'_>, rest: &str) -> String {
    let first = below("", step);
    match rest.starts_with('[') || rest.is_empty() {
        true => first + rest,
        false => first + "." + rest,
    }
}

fn below(path: &str, step: Step<'_>) -> String {
    ghost_core::config::diagnostic::render_path(path, &[step])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_rendered_remembers_where_it_was_written() {
        let node = Node::mapping(
            5,
            vec![
                ("name", Node::text(12, "a\"\u{e9}\u{1f47b}")),
                ("list", Node::sequence(40, vec![Node::text(42, "x")])),
            ],
        );
        let rendered = Rendered::of(&node);
        assert_eq!(rendered.json, r#"{"name":"a\"\u00e9\ud83d\udc7b","list":["x"]}"#);
        let column = |part: &str| u32::try_from(rendered.json.find(part).unwrap() + 1).unwrap();
        assert_eq!(rendered.origin(1), (5, ""));
        assert_eq!(rendered.origin(column("\"a\\")), (12, "name"));
        assert_eq!(rendered.origin(column("\"x\"")), (42, "list[0]"));
        assert_eq!(serde_json::from_str::<serde_json::Value>(&rendered.json).unwrap(), node.to_json());
    }
}
