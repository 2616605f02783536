//! JSON with places, strict as RFC 8259 has it. Used for an edge document that is written in JSON.

use ghost_core::config::Code;
use jsonc_parser::ast;
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use super::{MAX_DEPTH, Tree, Unreadable, refuse};
use crate::tree::{Entry, Item, Node, Text, Value};

const STRICT: ParseOptions = ParseOptions {
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

pub(crate) fn read(text: &str) -> Tree {
    let parsed = parse_to_ast(text, &CollectOptions::default(), &STRICT).map_err(|error| {
        vec![Unreadable {
            offset: error.range().start,
            code: Code::NotJson,
            message: error.kind().to_string(),
        }]
    })?;
    match &parsed.value {
        Some(value) => node(value, 0).map_err(|error| vec![error]),
        None => Err(vec![Unreadable { offset: 0, code: Code::NotJson, message: "the file is empty".into() }]),
    }
}

fn node(value: &ast::Value<'_>, depth: usize) -> Result<Node, Unreadable> {
    let start = value.range().start;
    if depth > MAX_DEPTH {
        return refuse(start, Code::NotJson, format!("values are nested deeper than {MAX_DEPTH}"));
    }
    let value = match value {
        ast::Value::NullKeyword(_) => Value::Null,
        ast::Value::BooleanLit(truth) => Value::Boolean(truth.value),
        ast::Value::NumberLit(number) => number_value(number.value),
        ast::Value::StringLit(text) => {
            Value::String(Text { text: text.value.clone().into_owned(), from_variable: false })
        }
        ast::Value::Array(array) => {
            let items = array.elements.iter().enumerate();
            let items = items.map(|(index, element)| Ok(Item { index, node: node(element, depth + 1)? }));
            Value::Sequence(items.collect::<Result<_, _>>()?)
        }
        ast::Value::Object(object) => {
            let entries = object.properties.iter().map(|property| {
                let key = property.name.as_str().to_owned();
                let node = node(&property.value, depth + 1)?;
                Ok(Entry { key, written: None, start: property.range.start, node })
            });
            Value::Mapping(entries.collect::<Result<_, _>>()?)
        }
    };
    Ok(Node::new(start, value))
}

fn number_value(digits: &str) -> Value {
    match (digits.parse::<i64>(), digits.parse::<f64>()) {
        (Ok(number), _) => Value::Integer(number),
        (_, Ok(number)) => Value::Float(number),
        _ => Value::Float(f64::NAN),
    }
}
