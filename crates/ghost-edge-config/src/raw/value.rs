//! Durations and sizes: text with a unit, or a number.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;

/// A duration as the Gateway API writes it (`5s`, `1m30s`, `500ms`), or a number of milliseconds. Keys may end in `_ms` or
/// `_secs` instead, with a number.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Time {
    /// Milliseconds.
    Milliseconds(u64),
    /// With units.
    Text(String),
}

/// A size: a number of bytes, or text with a unit such as `64KiB`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Bytes {
    /// Bytes.
    Number(u64),
    /// With a unit.
    Text(String),
}

impl JsonSchema for Time {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "Time".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["string", "integer"], "format": "duration" })
    }
}

impl JsonSchema for Bytes {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "Bytes".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["string", "integer"], "format": "bytes" })
    }
}
