//! JSON Schema of the documents people write and of the objects the core answers with.
//!
//! Draft 07, because that is what editors read.

use ghost_core::compare::ComparisonDocument;
use ghost_core::config::Code;
use ghost_core::config::raw::{EndpointsDocument, ServiceEndpoints, WholeDocument};
use ghost_core::document::{DecideOptions, DecisionDocument, ExplanationDocument, RequestDocument};
use schemars::generate::SchemaSettings;
use schemars::transform::{RecursiveTransform, Transform};
use schemars::{JsonSchema, Schema};
use serde::Serialize;

use crate::batch::TableListing;
use crate::edge::{EdgeReport, EdgeSurroundings};
use crate::live::LivePlan;
use crate::replay::{ReplayOptions, ReplayReport};
use crate::report::CheckReport;
use crate::table::TableSummary;

/// Everything that is generated from the Rust types.
#[derive(Serialize)]
pub struct Generated {
    /// The schemas.
    pub schemas: Vec<Described>,
    /// The diagnostic codes.
    pub codes: Vec<DescribedCode>,
}

/// One type with its schema.
#[derive(Serialize)]
pub struct Described {
    /// Name of the type in TypeScript.
    pub name: &'static str,
    /// Name of the schema's file, without its ending.
    pub file: &'static str,
    /// Draft 07.
    pub schema: Schema,
}

/// One diagnostic code.
#[derive(Serialize)]
pub struct DescribedCode {
    code: &'static str,
    severity: ghost_core::config::Severity,
    title: &'static str,
    help: &'static str,
}

/// All schemas, what is written before what is answered, and all codes.
pub fn generated() -> Generated {
    let codes = Code::ALL.iter().map(|code| DescribedCode {
        code: code.as_str(),
        severity: code.severity(),
        title: code.title(),
        help: code.help(),
    });
    Generated {
        schemas: vec![
            written::<WholeDocument<'_>>("RoutingDocument", "ghost"),
            written::<EndpointsDocument<'_, ServiceEndpoints<'_>>>("EndpointsDocument", "endpoints"),
            written::<RequestDocument>("RequestInput", "request"),
            written::<DecideOptions>("DecideOptions", "decide-options"),
            answered::<DecisionDocument>("Decision", "decision"),
            answered::<ExplanationDocument>("Explanation", "explanation"),
            answered::<DiagnosticShape>("Diagnostic", "diagnostic"),
            answered::<CheckReport>("CheckReport", "check-report"),
            answered::<TableSummary>("TableSummary", "table-summary"),
            answered::<TableListing>("TableListing", "table-listing"),
            answered::<ComparisonDocument>("Comparison", "comparison"),
            answered::<LivePlan>("LivePlan", "live-plan"),
            written::<ReplayOptions>("ReplayOptions", "replay-options"),
            answered::<ReplayReport>("ReplayReport", "replay-report"),
            closed(written::<ghost_edge_config::raw::Edge>("EdgeDocument", "edge")),
            written::<EdgeSurroundings>("EdgeSurroundings", "edge-surroundings"),
            answered::<EdgeReport>("EdgeReport", "edge-report"),
        ],
        codes: codes.collect(),
    }
}

/// A type that is read: what has a default may be absent.
fn written<T: JsonSchema>(name: &'static str, file: &'static str) -> Described {
    let schema = SchemaSettings::draft07().for_deserialize().into_generator().into_root_schema_for::<T>();
    Described { name, file, schema }
}

/// A schema whose objects refuse unknown keys, where serde cannot say so because types are flattened into others.
fn closed(mut described: Described) -> Described {
    let mut close = RecursiveTransform(|schema: &mut Schema| {
        if schema.get("properties").is_some() && schema.get("additionalProperties").is_none() {
            schema.insert("additionalProperties".to_owned(), false.into());
        }
    });
    close.transform(&mut described.schema);
    described
}

/// A type that is printed: every key is there.
fn answered<T: JsonSchema>(name: &'static str, file: &'static str) -> Described {
    let schema = SchemaSettings::draft07().for_serialize().into_generator().into_root_schema_for::<T>();
    Described { name, file, schema }
}

/// How bad a finding is.
#[derive(JsonSchema)]
#[schemars(rename = "Severity", rename_all = "lowercase")]
pub enum SeverityShape {
    /// Something is left out, or answers 500, or the document is refused.
    Error,
    /// Served as written, but probably not what was meant.
    Warning,
    /// Worth knowing.
    Info,
}

/// One finding, in the shape every Ghost program prints.
#[derive(JsonSchema)]
#[schemars(rename = "Diagnostic")]
pub struct DiagnosticShape {
    /// Stable code; `docs/errors/` has a page for each.
    pub code: String,
    /// How bad it is.
    pub severity: SeverityShape,
    /// The file as it was named by the caller.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Column in Unicode scalar values, from 1.
    pub column: u32,
    /// JSON path of the value, such as `routes[0].rules[1].name`; empty for the document itself.
    pub path: String,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
    /// Identity of the route, listener or service it belongs to, such as `HTTPRoute/default/shop`.
    pub object: Option<String>,
}

/// A route, rule or match that is left out or answers 500.
#[derive(JsonSchema)]
#[schemars(rename = "Quarantined")]
pub struct QuarantinedShape {
    /// Identity of the route, or its place in the document when it has none.
    pub route: String,
    /// Code of the diagnostic.
    pub code: String,
    /// Its message.
    pub message: String,
}

#[cfg(test)]
mod tests {
    use ghost_core::check;
    use serde_json::{Value, json};

    use super::*;

    fn keys(value: &Value) -> Vec<&String> {
        value.as_object().map(|object| object.keys().collect()).unwrap_or_default()
    }

    /// The shapes above repeat what the core serializes, so they are held against it.
    #[test]
    fn shapes_have_the_keys_that_are_serialized() {
        let broken = r#"{ "version": 1, "routes": [ { "name": "shop", "rules": 7 } ] }"#;
        let found = check(broken.as_bytes(), "ghost.json");
        let diagnostic = json!(found.diagnostics[0]);
        let quarantined = json!(found.routes.unwrap().quarantined[0]);
        let shapes = [answered::<DiagnosticShape>("", ""), answered::<QuarantinedShape>("", "")];
        for (shape, value) in shapes.iter().zip([diagnostic, quarantined]) {
            let mut properties = keys(&shape.schema.as_value()["properties"]);
            let mut serialized = keys(&value);
            properties.sort();
            serialized.sort();
            assert_eq!(properties, serialized);
        }
    }
}
