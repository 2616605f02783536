//! `${NAME}` and `${NAME:-default}` in values; `$${` is a plain `${`. Keys are never replaced.

use ghost_core::config::Code;
use ghost_core::config::diagnostic::At;

use crate::report::Report;
use crate::surroundings::Surroundings;
use crate::tree::{Node, Text, Value};

/// Most bytes that variables may bring into one value.
const MAX_VALUE: usize = 64 << 10;

/// Puts the values of variables into every string.
pub(crate) fn expand(node: &mut Node, surroundings: &dyn Surroundings, report: &mut Report<'_>) {
    walk(node, &At::ROOT, surroundings, report);
}

fn walk(node: &mut Node, at: &At<'_>, surroundings: &dyn Surroundings, report: &mut Report<'_>) {
    let start = node.start;
    match &mut node.value {
        Value::String(text) if text.text.contains("${") => match replaced(&text.text, surroundings) {
            Ok(Some(value)) => {
                let from_variable =
                    text.text.starts_with("${") && text.text.find('}') == Some(text.text.len() - 1);
                *text = Text { text: value, from_variable };
            }
            Ok(None) => node.value = Value::Unknown,
            Err(message) => {
                let path = ghost_core::config::diagnostic::render_path("", &at.steps());
                report.at_offset(start, path, Code::UnknownVariable, &message, None);
                node.value = Value::Unknown;
            }
        },
        Value::Sequence(items) => {
            for item in items {
                walk(&mut item.node, &at.index(item.index), surroundings, report);
            }
        }
        Value::Mapping(entries) => {
            for entry in entries {
                walk(&mut entry.node, &at.key(&entry.key), surroundings, report);
            }
        }
        _ => {}
    }
}

/// The text with its variables replaced; `None` where one of them is not known here.
fn replaced(text: &str, surroundings: &dyn Surroundings) -> Result<Option<String>, String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut known = true;
    while let Some(dollar) = rest.find("${") {
        let (before, after) = rest.split_at(dollar);
        if let Some(before) = before.strip_suffix('$') {
            out.push_str(before);
            out.push_str("${");
            rest = after.get(2..).unwrap_or_default();
            continue;
        }
        out.push_str(before);
        let Some((inside, after)) = after.get(2..).and_then(|inside| inside.split_once('}')) else {
            return Err("${ has no closing }".to_owned());
        };
        let (name, default) =
            inside.split_once(":-").map_or((inside, None), |(name, default)| (name, Some(default)));
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            return Err(format!("{name:?} is not the name of a variable"));
        }
        match (surroundings.variable(name), default) {
            (Ok(Some(value)), default) if value.is_empty() => out.push_str(default.unwrap_or_default()),
            (Ok(Some(value)), _) => out.push_str(&value),
            (Ok(None), None) => known = false,
            (Ok(None) | Err(_), Some(default)) => out.push_str(default),
            (Err(_), None) => return Err(format!("the variable {name} is not set")),
        }
        if out.len() > MAX_VALUE {
            return Err(format!("the value of {name} is longer than {MAX_VALUE} bytes"));
        }
        rest = after;
    }
    out.push_str(rest);
    Ok(known.then_some(out))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::surroundings::{Blind, NotSet, Problem};

    struct Variables;

    impl Surroundings for Variables {
        fn variable(&self, name: &str) -> Result<Option<String>, NotSet> {
            match name {
                "PORT" => Ok(Some("8080".into())),
                "EMPTY" => Ok(Some(String::new())),
                _ => Err(NotSet),
            }
        }
        fn file(&self, _: &str) -> Result<Option<Vec<u8>>, Problem> {
            Ok(None)
        }
        fn certificate(&self, _: &str, _: &str) -> Result<Option<crate::model::CertificateFacts>, Problem> {
            Ok(None)
        }
        fn authorities(&self, _: &str) -> Result<Option<usize>, Problem> {
            Ok(None)
        }
        fn now(&self) -> Option<i64> {
            None
        }
    }

    #[test]
    fn variables_are_replaced() {
        let replace = |text: &str| replaced(text, &Variables);
        for (text, value) in [
            ("${PORT}", "8080"),
            ("a-${PORT}-${PORT}", "a-8080-8080"),
            ("${NONE:-x}", "x"),
            ("${NONE:-}", ""),
            ("${EMPTY:-x}", "x"),
            ("$${PORT}", "${PORT}"),
            ("$5 ${PORT}", "$5 8080"),
        ] {
            assert_eq!(replace(text), Ok(Some(value.to_owned())), "{text}");
        }
        assert_eq!(replace("${NONE}"), Err("the variable NONE is not set".to_owned()));
        assert_eq!(replace("${A B}"), Err("\"A B\" is not the name of a variable".to_owned()));
        assert_eq!(replace("${PORT"), Err("${ has no closing }".to_owned()));
    }

    #[test]
    fn where_nobody_looks_nothing_is_said() {
        assert_eq!(replaced("${PORT}", &Blind), Ok(None));
        assert_eq!(replaced("${PORT:-1}", &Blind), Ok(Some("1".to_owned())));
    }
}
