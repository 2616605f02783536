//! What serves now, as JSON: what the answer to a reload says, and the counters.

use serde_json::{Value, json};

use crate::control::Control;
use crate::documents::Sum;
use crate::router::Router;

/// Most entries in a list of the status that VCL gets: it must fit into a workspace.
const MAX_IN_VCL: usize = 10;

impl Router {
    /// What serves, as JSON.
    pub(crate) fn status_json(&self) -> String {
        document(self, MAX_IN_VCL).to_string()
    }
}

/// The parts that the answer to a reload says as well, with at most `most` entries in each list.
pub(crate) fn serving(control: &Control, most: usize) -> (Value, Value) {
    let documents = &control.documents;
    let quarantined = &documents.checked.quarantined;
    let routes = json!({
        "generation": documents.table.generation(),
        "sha256": hex(&documents.routes_sum),
        "count": documents.table.route_count(),
        "quarantined": quarantined.iter().take(most).collect::<Vec<_>>(),
    });
    let endpoints = json!({
        "generation": documents.endpoints.generation(),
        "sha256": hex(&documents.endpoints_sum),
        "count": documents.endpoints.count(),
    });
    (routes, endpoints)
}

/// What documents say that is wrong or not done here.
pub(crate) fn diagnostics(control: &Control, router: &Router, most: usize) -> Vec<Value> {
    let limits = control.limits(router);
    control.documents.findings().chain(&limits).take(most).map(|finding| json!(finding)).collect()
}

/// The whole status.
pub(crate) fn document(router: &Router, most: usize) -> Value {
    let (routes, endpoints, diagnostics) = router.with_control(|control| {
        let (routes, endpoints) = serving(control, most);
        (routes, endpoints, diagnostics(control, router, most))
    });
    let counters: serde_json::Map<_, _> =
        router.counters.all().map(|(name, value)| (name.to_owned(), value.into())).collect();
    json!({
        "path": router.path(),
        "routes": routes,
        "endpoints": endpoints,
        "diagnostics": diagnostics,
        "counters": counters,
    })
}

fn hex(sum: &Sum) -> String {
    sum.iter().map(|byte| format!("{byte:02x}")).collect()
}
