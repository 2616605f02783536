//! YAML 1.2 with places: one document, the core schema's scalars, aliases as copies within a bound. Merge keys and tags
//! are refused, so that what stands in the file is what is meant.

use std::collections::HashMap;

use ghost_core::config::Code;
use granit_parser::{Event, Options, Parser, ScalarStyle, Span};

use super::{MAX_DEPTH, MAX_NODES, Tree, Unreadable, refuse};
use crate::tree::{Entry, Item, Node, Text, Value};

pub(crate) fn read(text: &str) -> Tree {
    let options = granit_parser::options! { emit_comments: false, disallow_directives: true };
    let mut reader = Reader::new(text, options);
    reader.document().map_err(|error| vec![error])
}

struct Reader<'t> {
    parser: Parser<'t, granit_parser::StrInput<'t>>,
    anchors: HashMap<usize, Node>,
    nodes: usize,
}

type Found<T> = Result<T, Unreadable>;

impl<'t> Reader<'t> {
    fn new(text: &'t str, options: Options) -> Self {
        Self { parser: Parser::new_from_str_with_options(text, options), anchors: HashMap::new(), nodes: 0 }
    }

    fn next(&mut self) -> Found<(Event<'t>, usize)> {
        match self.parser.next_event() {
            Some(Ok((event, span))) => Ok((event, offset(&span))),
            Some(Err(error)) => {
                let offset = error.marker().byte_offset().unwrap_or_else(|| error.marker().index());
                refuse(offset, Code::NotYaml, error.info())
            }
            None => Ok((Event::StreamEnd, 0)),
        }
    }

    fn document(&mut self) -> Found<Node> {
        let mut root = None;
        loop {
            let (event, start) = self.next()?;
            match event {
                Event::StreamStart | Event::DocumentEnd => {}
                Event::StreamEnd => return Ok(root.unwrap_or_else(|| Node::new(0, Value::Null))),
                Event::DocumentStart(..) if root.is_some() => {
                    return refuse(
                        start,
                        Code::NotYaml,
                        "a second document begins here; a configuration is one",
                    );
                }
                Event::DocumentStart(..) => {
                    let (event, start) = self.next()?;
                    root = Some(self.node(event, start, 0)?);
                }
                other => return refuse(start, Code::NotYaml, format!("unexpected {}", name_of(&other))),
            }
        }
    }

    fn node(&mut self, event: Event<'t>, start: usize, depth: usize) -> Found<Node> {
        self.nodes += 1;
        if depth > MAX_DEPTH {
            return refuse(start, Code::NotYaml, format!("values are nested deeper than {MAX_DEPTH}"));
        }
        if self.nodes > MAX_NODES {
            return refuse(start, Code::NotYaml, format!("there are more than {MAX_NODES} values"));
        }
        let (anchor, node) = match event {
            Event::Scalar(text, style, anchor, None) => {
                let quoted = style != ScalarStyle::Plain;
                let text = text.into_owned();
                let value = if quoted { string(text) } else { plain(&text).unwrap_or_else(|| string(text)) };
                (anchor, Node::new(start, value))
            }
            Event::SequenceStart(_, anchor, None) => (anchor, Node::new(start, self.sequence(depth)?)),
            Event::MappingStart(_, anchor, None) => (anchor, Node::new(start, self.mapping(depth)?)),
            Event::Alias(anchor) => return self.alias(anchor, start),
            Event::Scalar(..) | Event::SequenceStart(..) | Event::MappingStart(..) => {
                return refuse(start, Code::NotYaml, "tags are not used here");
            }
            other => return refuse(start, Code::NotYaml, format!("unexpected {}", name_of(&other))),
        };
        if anchor != 0 {
            self.anchors.insert(anchor, node.clone());
        }
        Ok(node)
    }

    fn sequence(&mut self, depth: usize) -> Found<Value> {
        let mut items = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd, _) => return Ok(Value::Sequence(items)),
                (event, start) => {
                    let node = self.node(event, start, depth + 1)?;
                    items.push(Item { index: items.len(), node });
                }
            }
        }
    }

    fn mapping(&mut self, depth: usize) -> Found<Value> {
        let mut entries = Vec::new();
        loop {
            let (event, start) = self.next()?;
            let key = match event {
                Event::MappingEnd => return Ok(Value::Mapping(entries)),
                Event::Scalar(key, _, _, _) => key.into_owned(),
                _ => return refuse(start, Code::NotYaml, "a key must be a plain or quoted word"),
            };
            if key == "<<" {
                return refuse(start, Code::NotYaml, "merge keys are not used here; write the entries out");
            }
            let (event, at) = self.next()?;
            let node = self.node(event, at, depth + 1)?;
            entries.push(Entry { key, written: None, start, node });
        }
    }

    /// A copy that counts against the bound, so that a few lines cannot become gigabytes.
    fn alias(&mut self, anchor: usize, start: usize) -> Found<Node> {
        let Some(node) = self.anchors.get(&anchor) else {
            return refuse(start, Code::NotYaml, "an alias stands inside what it names");
        };
        self.nodes += count(node);
        if self.nodes > MAX_NODES {
            return refuse(start, Code::NotYaml, format!("there are more than {MAX_NODES} values"));
        }
        Ok(node.clone())
    }
}

fn count(node: &Node) -> usize {
    match &node.value {
        Value::Sequence(items) => 1 + items.iter().map(|item| count(&item.node)).sum::<usize>(),
        Value::Mapping(entries) => 1 + entries.iter().map(|entry| count(&entry.node)).sum::<usize>(),
        _ => 1,
    }
}

fn string(text: String) -> Value {
    Value::String(Text { text, from_variable: false })
}

/// What a plain scalar means in the core schema (YAML 1.2.2 section 10.3.2); `None`: a string.
pub(crate) fn plain(text: &str) -> Option<Value> {
    let value = match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Boolean(true),
        "false" | "False" | "FALSE" => Value::Boolean(false),
        _ => return number(text),
    };
    Some(value)
}

fn number(text: &str) -> Option<Value> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if let Some(octal) = text.strip_prefix("0o") {
        return i64::from_str_radix(octal, 8).ok().map(Value::Integer);
    }
    if let Some(hexadecimal) = text.strip_prefix("0x") {
        return i64::from_str_radix(hexadecimal, 16).ok().map(Value::Integer);
    }
    if !digits.starts_with(|first: char| first.is_ascii_digit() || first == '.') {
        return None;
    }
    if let Ok(number) = text.parse::<i64>() {
        return Some(Value::Integer(number));
    }
    let is_float = digits.bytes().any(|byte| byte.is_ascii_digit())
        && digits
            .bytes()
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-'));
    text.parse::<f64>().ok().filter(|number| is_float && number.is_finite()).map(Value::Float)
}

fn offset(span: &Span) -> usize {
    span.start.byte_offset().unwrap_or_else(|| span.start.index())
}

fn name_of(event: &Event<'_>) -> &'static str {
    match event {
        Event::SequenceEnd => "end of a sequence",
        Event::MappingEnd => "end of a mapping",
        Event::DocumentEnd | Event::StreamEnd => "end of the file",
        _ => "content",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_know_where_they_begin() {
        let text = "listen:\n  port: 9889 # here\n  é: [a, 'b']\n";
        let root = read(text).unwrap();
        let listen = root.get("listen").unwrap();
        assert_eq!(listen.get("port"), Some(&Node::new(text.find("9889").unwrap(), Value::Integer(9889))));
        let Value::Sequence(items) = &listen.get("é").unwrap().value else { panic!("a sequence") };
        assert_eq!(items[1].node.start, text.find("'b'").unwrap());
    }

    #[test]
    fn scalars_are_those_of_the_core_schema() {
        for (text, value) in [
            ("", Value::Null),
            ("~", Value::Null),
            ("true", Value::Boolean(true)),
            ("0x1f", Value::Integer(31)),
            ("-12", Value::Integer(-12)),
            ("1.5e3", Value::Float(1500.0)),
        ] {
            assert_eq!(plain(text), Some(value), "{text}");
        }
        for text in
            ["yes", "on", "1.2.3.4", "10.0.0.1", "5s", "1_000", "0b1", ".", "inf", "127.0.0.1:80", "::1"]
        {
            assert_eq!(plain(text), None, "{text}");
        }
    }

    #[test]
    fn what_could_mean_two_things_is_refused() {
        let refused = |text: &str| read(text).unwrap_err().remove(0);
        assert_eq!(
            refused("a: 1\n---\nb: 2\n").message,
            "a second document begins here; a configuration is one"
        );
        assert_eq!(refused("a: &x {b: 1}\nc:\n  <<: *x\n").offset, 18);
        assert_eq!(refused("a: !!int '1'\n").message, "tags are not used here");
        assert_eq!(refused("a: [1\n").code, Code::NotYaml);
        assert_eq!(refused("[a, b]: 1\n").message, "a key must be a plain or quoted word");
    }

    #[test]
    fn aliases_are_copies_within_a_bound() {
        let root = read("a: &x [1, 2]\nb: *x\n").unwrap();
        assert_eq!(root.get("a").unwrap().value, root.get("b").unwrap().value);
        let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..12 {
            let before = format!("*a{}", level - 1);
            bomb.push_str(&format!("a{level}: &a{level} [{}]\n", vec![before; 10].join(", ")));
        }
        assert!(read(&bomb).unwrap_err()[0].message.starts_with("there are more than"));
    }

    #[test]
    fn nesting_has_an_end() {
        let deep = "[".repeat(200) + &"]".repeat(200);
        assert!(read(&deep).is_err());
    }
}
