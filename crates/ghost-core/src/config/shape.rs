//! Why a value does not have the shape its type asks for: every reason at once, each with its place.
//!
//! The reader stops at the first misfit. Only then is this walk made, along the JSON Schema that is
//! generated from the very types the reader fills, so the two cannot disagree about what is allowed.

use jsonc_parser::ast::{Object, Value};
use schemars::JsonSchema;
use serde_json::Value as Json;

use super::code::Code;
use super::diagnostic::At;
use super::place;

/// A misfit: its path, its code and what to say.
pub(super) type Misfit<'r> = &'r mut dyn FnMut(&At<'_>, Code, String, Option<String>);

/// Reports every way in which `value` is not a `T`.
pub(super) fn inspect<T: JsonSchema>(value: &Value<'_>, report: Misfit<'_>) {
    let schema = Json::from(schemars::schema_for!(T));
    Walk { root: &schema, report }.value(value, &schema, &At::ROOT);
}

struct Walk<'w, 'r> {
    root: &'w Json,
    report: Misfit<'r>,
}

impl<'w> Walk<'w, '_> {
    fn value(&mut self, value: &Value<'_>, schema: &'w Json, at: &At<'_>) {
        let schema = self.resolve(schema);
        if let Some(alternatives) = schema.get("anyOf").and_then(Json::as_array) {
            return self.any_of(value, alternatives, at);
        }
        if let Some(words) = words_of(schema) {
            return self.word(value, &words, at);
        }
        let wanted = types_of(schema);
        if !wanted.is_empty() && !wanted.iter().any(|kind| has_type(value, kind)) {
            return self.wrong(at, value, &wanted.join(" or "));
        }
        match value {
            Value::Object(object) => self.object(object, schema, at),
            Value::Array(array) => {
                let Some(items) = schema.get("items") else { return };
                for (index, element) in array.elements.iter().enumerate() {
                    self.value(element, items, &at.index(index));
                }
            }
            Value::StringLit(text) => self.text(&text.value, at),
            Value::NumberLit(number) => self.number(number.value, schema, at),
            Value::BooleanLit(_) | Value::NullKeyword(_) => {}
        }
    }

    fn resolve(&self, schema: &'w Json) -> &'w Json {
        let target =
            schema.get("$ref").and_then(Json::as_str).and_then(|reference| reference.strip_prefix('#'));
        target.and_then(|pointer| self.root.pointer(pointer)).unwrap_or(schema)
    }

    /// The alternative of the value's own JSON type is the one that was meant.
    fn any_of(&mut self, value: &Value<'_>, alternatives: &'w [Json], at: &At<'_>) {
        let fits = |schema: &&Json| {
            let schema = self.resolve(schema);
            types_of(schema).iter().any(|kind| has_type(value, kind))
                || words_of(schema).is_some() && matches!(value, Value::StringLit(_))
        };
        match alternatives.iter().find(fits) {
            Some(schema) => self.value(value, schema, at),
            None => {
                let wanted: Vec<&str> =
                    alternatives.iter().flat_map(|schema| types_of(self.resolve(schema))).collect();
                self.wrong(at, value, &wanted.join(" or "));
            }
        }
    }

    fn word(&mut self, value: &Value<'_>, words: &[&str], at: &At<'_>) {
        let Value::StringLit(text) = value else {
            return self.wrong(at, value, "string");
        };
        if words.contains(&text.value.as_ref()) {
            return;
        }
        let help = format!("Write one of {}.", words.join(", "));
        (self.report)(
            at,
            Code::WrongShape,
            format!("{:?} is not one of the words known here", text.value),
            Some(help),
        );
    }

    fn object(&mut self, object: &Object<'_>, schema: &'w Json, at: &At<'_>) {
        let known = schema.get("properties").and_then(Json::as_object);
        let free = schema.get("additionalProperties").filter(|schema| schema.is_object());
        for (position, property) in object.properties.iter().enumerate() {
            let name = place::name_of(&property.name);
            let inside = at.key(name);
            self.text(name, &inside);
            if object.properties[..position].iter().any(|earlier| place::name_of(&earlier.name) == name) {
                (self.report)(&inside, Code::DuplicateKey, format!("{name:?} is written twice"), None);
            }
            match known.and_then(|known| known.get(name)).or(free) {
                Some(schema) => self.value(&property.value, schema, &inside),
                None => self.unknown_key(&inside, name, known),
            }
        }
        for name in
            schema.get("required").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str)
        {
            if !object.properties.iter().any(|property| place::name_of(&property.name) == name) {
                (self.report)(at, Code::MissingKey, format!("{name:?} is missing"), None);
            }
        }
    }

    fn unknown_key(&mut self, at: &At<'_>, name: &str, known: Option<&serde_json::Map<String, Json>>) {
        let known: Vec<&str> = known.into_iter().flat_map(|known| known.keys().map(String::as_str)).collect();
        let help = suggestion(name, &known);
        (self.report)(at, Code::UnknownKey, format!("unknown key {name:?}"), Some(help));
    }

    fn text(&mut self, text: &str, at: &At<'_>) {
        if let Some(control) = text.chars().find(|character| character.is_control()) {
            let message = format!("the value holds the control character U+{:04X}", u32::from(control));
            (self.report)(at, Code::ControlCharacter, message, None);
        }
    }

    fn number(&mut self, digits: &str, schema: &Json, at: &At<'_>) {
        let limit = match schema.get("format").and_then(Json::as_str) {
            Some("uint32") => u64::from(u32::MAX),
            Some("uint64") => u64::MAX,
            _ => return,
        };
        if digits.parse::<u64>().is_ok_and(|value| value <= limit) {
            return;
        }
        (self.report)(
            at,
            Code::WrongShape,
            format!("{digits} is not a whole number from 0 to {limit}"),
            None,
        );
    }

    fn wrong(&mut self, at: &At<'_>, value: &Value<'_>, wanted: &str) {
        let wanted = wanted.replace(" or null", "");
        let message = format!("expected {wanted}, found {}", type_of(value));
        (self.report)(at, Code::WrongShape, message, None);
    }
}

/// The words of an enumeration, whether the schema lists them plainly or with a description each.
fn words_of(schema: &Json) -> Option<Vec<&str>> {
    if let Some(words) = schema.get("enum").and_then(Json::as_array) {
        return Some(words.iter().filter_map(Json::as_str).collect());
    }
    let choices = schema.get("oneOf").and_then(Json::as_array)?;
    choices.iter().map(|choice| choice.get("const").and_then(Json::as_str)).collect()
}

fn types_of(schema: &Json) -> Vec<&str> {
    match schema.get("type") {
        Some(Json::String(kind)) => vec![kind],
        Some(Json::Array(kinds)) => kinds.iter().filter_map(Json::as_str).collect(),
        _ => Vec::new(),
    }
}

fn has_type(value: &Value<'_>, kind: &str) -> bool {
    let found = type_of(value);
    found == kind || (kind == "integer" && found == "number")
}

fn type_of(value: &Value<'_>) -> &'static str {
    match value {
        Value::StringLit(_) => "string",
        Value::NumberLit(_) => "number",
        Value::BooleanLit(_) => "boolean",
        Value::Object(_) => "object",
        Value::Array(_) => "array",
        Value::NullKeyword(_) => "null",
    }
}

/// Advice for a word that is not among the known ones: the nearest of them, or all.
pub fn suggestion(word: &str, known: &[&str]) -> String {
    match known.iter().map(|key| (edit_distance(word, key), key)).min() {
        Some((distance, key)) if distance <= 1 + word.len() / 3 => format!("Did you mean {key:?}?"),
        _ => format!("Known here: {}.", known.join(", ")),
    }
}

/// Levenshtein distance, for short names only.
fn edit_distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (above, from) in left.chars().take(64).enumerate() {
        let mut diagonal = above;
        row[0] = above + 1;
        for (column, to) in right.iter().enumerate() {
            let replaced = diagonal + usize::from(!from.eq_ignore_ascii_case(to));
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row.last().copied().unwrap_or(0)
}
