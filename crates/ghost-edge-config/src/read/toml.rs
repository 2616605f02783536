//! TOML with places.

use ::toml::de::{DeTable, DeValue};
use ghost_core::config::Code;

use super::{MAX_DEPTH, Tree, Unreadable, refuse};
use crate::tree::{Entry, Item, Node, Text, Value};

pub(crate) fn read(text: &str) -> Tree {
    let (table, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        return Err(errors.iter().map(unreadable).collect());
    }
    mapping(table.get_ref(), 0, 0).map_err(|error| vec![error])
}

fn unreadable(error: &::toml::de::Error) -> Unreadable {
    let offset = error.span().map_or(0, |span| span.start);
    Unreadable { offset, code: Code::NotToml, message: error.message().replace('\n', ", ") }
}

fn mapping(table: &DeTable<'_>, start: usize, depth: usize) -> Result<Node, Unreadable> {
    if depth > MAX_DEPTH {
        return refuse(start, Code::NotToml, format!("values are nested deeper than {MAX_DEPTH}"));
    }
    let entries = table.iter().map(|(key, value)| {
        let start = key.span().start;
        let node = node(value.get_ref(), value.span().start, depth + 1)?;
        Ok(Entry { key: key.get_ref().clone().into_owned(), written: None, start, node })
    });
    Ok(Node::new(start, Value::Mapping(entries.collect::<Result<_, _>>()?)))
}

fn node(value: &DeValue<'_>, start: usize, depth: usize) -> Result<Node, Unreadable> {
    if depth > MAX_DEPTH {
        return refuse(start, Code::NotToml, format!("values are nested deeper than {MAX_DEPTH}"));
    }
    let value = match value {
        DeValue::String(text) => {
            Value::String(Text { text: text.clone().into_owned(), from_variable: false })
        }
        DeValue::Integer(number) => {
            let parsed = i64::from_str_radix(&number.as_str().replace('_', ""), number.radix());
            match parsed {
                Ok(number) => Value::Integer(number),
                Err(_) => return refuse(start, Code::NotToml, format!("{} is too large", number.as_str())),
            }
        }
        DeValue::Float(number) => match number.as_str().replace('_', "").parse::<f64>() {
            Ok(number) => Value::Float(number),
            Err(_) => return refuse(start, Code::NotToml, format!("{} is not a number", number.as_str())),
        },
        DeValue::Boolean(truth) => Value::Boolean(*truth),
        // No setting is a date; as text it is told so.
        DeValue::Datetime(time) => Value::String(Text { text: time.to_string(), from_variable: false }),
        DeValue::Array(elements) => {
            let items = elements.iter().enumerate().map(|(index, element)| {
                let node = node(element.get_ref(), element.span().start, depth + 1)?;
                Ok(Item { index, node })
            });
            Value::Sequence(items.collect::<Result<_, _>>()?)
        }
        DeValue::Table(table) => return mapping(table, start, depth),
    };
    Ok(Node::new(start, value))
}
