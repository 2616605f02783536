//! Tree -> tree of the right shape: every misfit is reported with its place, and what does not fit is left out, so that the
//! rest can be looked at too.
//!
//! The shape is the JSON Schema that is generated from the types in [`crate::raw`], so reader, schema and documentation
//! cannot disagree. Words are taken in any case; `interval_ms: 500` and `interval_secs: 5` are taken for `interval`.

use ghost_core::config::diagnostic::{At, render_path};
use ghost_core::config::{Code, suggestion};
use schemars::JsonSchema;
use serde_json::Value as Json;

use crate::read::plain;
use crate::report::Report;
use crate::tree::{Entry, Item, Node, Value};

/// The part of `node` that is a `T`; `None`: nothing is.
pub(crate) fn fit<T: JsonSchema>(node: Node, report: &mut Report<'_>) -> Fitted {
    let schema = Json::from(schemars::schema_for!(T));
    let mut walk = Walk { root: &schema, report, misfits: 0 };
    let node = walk.value(node, &schema, &At::ROOT);
    Fitted { node, whole: walk.misfits == 0 }
}

/// What is left of a tree.
pub(crate) struct Fitted {
    pub(crate) node: Option<Node>,
    /// Whether nothing was left out.
    pub(crate) whole: bool,
}

struct Walk<'w, 'r, 'd> {
    root: &'w Json,
    report: &'r mut Report<'d>,
    misfits: usize,
}

impl<'w> Walk<'w, '_, '_> {
    fn value(&mut self, mut node: Node, schema: &'w Json, at: &At<'_>) -> Option<Node> {
        let schema = self.resolve(schema);
        if node.value == Value::Unknown {
            self.misfits += 1;
            return None;
        }
        if let Some(alternatives) = schema.get("anyOf").and_then(Json::as_array) {
            return self.any_of(node, alternatives, at);
        }
        if let Some(words) = words_of(schema) {
            return self.word(node, &words, at);
        }
        let wanted = types_of(schema);
        if !wanted.is_empty() && !has_type(&node, &wanted) {
            node = self.whole_variable(node, &wanted, at)?;
        }
        if let Value::String(text) = &node.value
            && let Some(control) = text.text.chars().find(|character| character.is_control())
        {
            let message = format!("the value holds the control character U+{:04X}", u32::from(control));
            return self.misfit(node.start, at, Code::ControlCharacter, &message, None);
        }
        node.value = match node.value {
            Value::Mapping(entries) => Value::Mapping(self.mapping(node.start, entries, schema, at)?),
            Value::Sequence(items) => Value::Sequence(self.sequence(items, schema, at)),
            Value::Integer(number) => {
                self.number(number, node.start, schema, at)?;
                Value::Integer(number)
            }
            other => other,
        };
        Some(node)
    }

    fn sequence(&mut self, items: Vec<Item>, schema: &'w Json, at: &At<'_>) -> Vec<Item> {
        let Some(schema) = schema.get("items") else { return items };
        let fitting = |item: Item| {
            let node = self.value(item.node, schema, &at.index(item.index))?;
            Some(Item { node, ..item })
        };
        items.into_iter().filter_map(fitting).collect()
    }

    /// The entries that fit; `None` where a required one is missing.
    fn mapping(
        &mut self,
        start: usize,
        entries: Vec<Entry>,
        schema: &'w Json,
        at: &At<'_>,
    ) -> Option<Vec<Entry>> {
        let known = schema.get("properties").and_then(Json::as_object);
        let free = schema.get("additionalProperties").filter(|schema| schema.is_object());
        let required: Vec<&str> = schema
            .get("required")
            .and_then(Json::as_array)
            .into_iter()
            .flatten()
            .filter_map(Json::as_str)
            .collect();
        let mut fitting: Vec<Entry> = Vec::with_capacity(entries.len());
        let mut written: Vec<String> = Vec::new();
        for entry in entries {
            let entry = match known {
                Some(known) => {
                    with_unit(entry, |key| is_duration(known.get(key)), |key| known.contains_key(key))
                }
                None => entry,
            };
            written.push(entry.key.clone());
            let inside = at.key(entry.written.as_deref().unwrap_or(&entry.key));
            if fitting.iter().any(|earlier| earlier.key == entry.key) {
                let message = format!("{:?} is written twice", entry.key);
                self.misfit::<()>(entry.start, &inside, Code::DuplicateKey, &message, None);
                continue;
            }
            let Some(schema) = known.and_then(|known| known.get(&entry.key)).or(free) else {
                self.unknown_key(&entry, &inside, known);
                continue;
            };
            // `log:` with nothing behind it is what an empty section looks like in YAML.
            if entry.node.value == Value::Null && !required.contains(&&*entry.key) {
                continue;
            }
            if let Some(node) = self.value(entry.node, schema, &inside) {
                fitting.push(Entry { node, ..entry });
            }
        }
        for name in required.iter().filter(|name| !written.iter().any(|key| key == *name)) {
            self.misfit::<()>(start, at, Code::MissingKey, &format!("{name:?} is missing"), None);
        }
        required.iter().all(|name| fitting.iter().any(|entry| entry.key == *name)).then_some(fitting)
    }

    /// The alternative of the value's own type is the one that was meant.
    fn any_of(&mut self, node: Node, alternatives: &'w [Json], at: &At<'_>) -> Option<Node> {
        let fits = |schema: &&'w Json| {
            let schema = self.resolve(schema);
            has_type(&node, &types_of(schema))
                || words_of(schema).is_some() && matches!(node.value, Value::String(_))
        };
        if let Some(schema) = alternatives.iter().find(fits) {
            return self.value(node, schema, at);
        }
        let wanted: Vec<&str> =
            alternatives.iter().flat_map(|schema| types_of(self.resolve(schema))).collect();
        let node = self.whole_variable(node, &wanted, at)?;
        let schema = alternatives.iter().find(|schema| has_type(&node, &types_of(self.resolve(schema))))?;
        self.value(node, schema, at)
    }

    /// A whole variable may stand for a number or a truth value.
    fn whole_variable(&mut self, node: Node, wanted: &[&str], at: &At<'_>) -> Option<Node> {
        if let Value::String(text) = &node.value
            && text.from_variable
            && let Some(value) = plain(&text.text)
        {
            let node = Node { value, ..node };
            if has_type(&node, wanted) {
                return Some(node);
            }
        }
        let wanted: Vec<&str> = wanted.iter().copied().filter(|kind| *kind != "null").collect();
        let message = format!("expected {}, found {}", wanted.join(" or "), node.kind());
        let help = match (&node.value, &wanted[..]) {
            (Value::String(text), ["boolean"]) if is_old_boolean(&text.text) => {
                Some("Write true or false.".to_owned())
            }
            (Value::Integer(_) | Value::Float(_) | Value::Boolean(_), ["string"]) => {
                Some("Put the value in quotes.".to_owned())
            }
            _ => None,
        };
        self.misfit(node.start, at, Code::WrongShape, &message, help)
    }

    fn word(&mut self, mut node: Node, words: &[&str], at: &At<'_>) -> Option<Node> {
        let Value::String(text) = &mut node.value else {
            let message = format!("expected string, found {}", node.kind());
            return self.misfit(node.start, at, Code::WrongShape, &message, None);
        };
        if let Some(word) = words.iter().find(|word| word.eq_ignore_ascii_case(&text.text)) {
            text.text = (*word).to_owned();
            return Some(node);
        }
        let message = format!("{:?} is not one of the words known here", text.text);
        let help = format!("Write one of {}.", words.join(", "));
        self.misfit(node.start, at, Code::WrongShape, &message, Some(help))
    }

    fn unknown_key(&mut self, entry: &Entry, at: &At<'_>, known: Option<&serde_json::Map<String, Json>>) {
        let known: Vec<&str> = known.into_iter().flat_map(|known| known.keys().map(String::as_str)).collect();
        let help = suggestion(&entry.key, &known);
        self.misfit::<()>(
            entry.start,
            at,
            Code::UnknownKey,
            &format!("unknown key {:?}", entry.key),
            Some(help),
        );
    }

    fn number(&mut self, number: i64, start: usize, schema: &Json, at: &At<'_>) -> Option<()> {
        let most = match schema.get("format").and_then(Json::as_str) {
            Some("uint8") => i64::from(u8::MAX),
            Some("uint16") => i64::from(u16::MAX),
            Some("uint32") => i64::from(u32::MAX),
            Some("uint64" | "duration" | "bytes") => i64::MAX,
            _ => return Some(()),
        };
        if (0..=most).contains(&number) {
            return Some(());
        }
        let message = format!("{number} is not a whole number from 0 to {most}");
        self.misfit(start, at, Code::WrongShape, &message, None)
    }

    fn misfit<T>(
        &mut self,
        start: usize,
        at: &At<'_>,
        code: Code,
        message: &str,
        help: Option<String>,
    ) -> Option<T> {
        self.misfits += 1;
        self.report.at_offset(start, render_path("", &at.steps()), code, message, help);
        None
    }

    fn resolve(&self, schema: &'w Json) -> &'w Json {
        let target =
            schema.get("$ref").and_then(Json::as_str).and_then(|reference| reference.strip_prefix('#'));
        target.and_then(|pointer| self.root.pointer(pointer)).unwrap_or(schema)
    }
}

/// `interval_ms: 500` as `interval: 500ms`, where `interval` is a duration and `interval_ms` is nothing of its own.
fn with_unit(entry: Entry, duration: impl Fn(&str) -> bool, known: impl Fn(&str) -> bool) -> Entry {
    let unit = [("_ms", "ms"), ("_secs", "s")].into_iter().find_map(|(ending, unit)| {
        let key = entry.key.strip_suffix(ending)?;
        (!known(&entry.key) && duration(key)).then(|| (key.to_owned(), unit))
    });
    match (unit, &entry.node.value) {
        (Some((key, unit)), Value::Integer(number)) if *number >= 0 => {
            let node = Node::text(entry.node.start, format!("{number}{unit}"));
            Entry { key, written: Some(entry.key), start: entry.start, node }
        }
        _ => entry,
    }
}

fn is_duration(schema: Option<&Json>) -> bool {
    let format = |schema: &Json| schema.get("format").and_then(Json::as_str) == Some("duration");
    schema.is_some_and(|schema| {
        let alternatives = schema.get("anyOf").and_then(Json::as_array);
        format(schema) || alternatives.is_some_and(|alternatives| alternatives.iter().any(format))
    })
}

fn is_old_boolean(text: &str) -> bool {
    ["yes", "no", "on", "off"].iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// The words of an enumeration, whether the schema lists them plainly or with a description each.
fn words_of(schema: &Json) -> Option<Vec<&str>> {
    if let Some(words) = schema.get("enum").and_then(Json::as_array) {
        return Some(words.iter().filter_map(Json::as_str).collect());
    }
    let choices = schema.get("oneOf").and_then(Json::as_array)?;
    let mut words = Vec::new();
    for choice in choices {
        match (choice.get("const"), choice.get("enum").and_then(Json::as_array)) {
            (Some(word), _) => words.push(word.as_str()?),
            (None, Some(list)) => words.extend(list.iter().filter_map(Json::as_str)),
            (None, None) => return None,
        }
    }
    Some(words)
}

fn types_of(schema: &Json) -> Vec<&str> {
    match schema.get("type") {
        Some(Json::String(kind)) => vec![kind],
        Some(Json::Array(kinds)) => kinds.iter().filter_map(Json::as_str).collect(),
        _ => Vec::new(),
    }
}

fn has_type(node: &Node, wanted: &[&str]) -> bool {
    let found = node.kind();
    wanted.contains(&found) || found == "integer" && wanted.contains(&"number")
}
