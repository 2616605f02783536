//! Reload: read, check, compile, publish, and say what serves now. Whatever fails leaves the last good state in place.

use std::time::Instant;

use serde_json::{Value, json};

use crate::control::Control;
use crate::counters::Counter;
use crate::decided::Answer;
use crate::documents::{Documents, Unreadable};
use crate::ffi::Context;
use crate::router::Router;
use crate::status;

/// Most findings and quarantined routes that an answer lists.
pub(crate) const MAX_LISTED: usize = 1000;

/// Reloads; 200, or 409 when the last good state stays.
pub(crate) fn answer(router: &Router, ctx: Context<'_>, control: &mut Control) -> Answer {
    let began = Instant::now();
    let result = reload(router, ctx, control);
    let took = began.elapsed().as_secs_f64() * 1000.0;
    let (ok, changed, findings) = match result {
        Ok(changed) => (true, changed, status::diagnostics(control, router, MAX_LISTED)),
        Err(findings) => (false, Vec::new(), findings),
    };
    router.counters.count(if ok { Counter::Reloads } else { Counter::ReloadFailures });
    let word = if ok { "reloaded" } else { "refused" };
    ctx.log(format_args!(
        "ghost {word} {} findings={} changed={}",
        router.path().display(),
        findings.len(),
        changed.join(",")
    ));
    let (routes, endpoints) = status::serving(control, MAX_LISTED);
    let document = json!({
        "ok": ok,
        "routes": routes,
        "endpoints": endpoints,
        "changed": changed,
        "diagnostics": findings,
        "tookMs": (took * 1000.0).round() / 1000.0,
    });
    Answer::json(if ok { 200 } else { 409 }, &document)
}

/// Names of the documents that changed, or why the old ones stay.
fn reload(router: &Router, ctx: Context<'_>, control: &mut Control) -> Result<Vec<&'static str>, Vec<Value>> {
    let documents = match Documents::read(router.path(), Some(&control.documents), crate::ffi::random()) {
        Ok(documents) => documents,
        Err(Unreadable(findings)) => {
            return Err(findings.iter().take(MAX_LISTED).map(|finding| json!(finding)).collect());
        }
    };
    let changed = documents.changed_since(&control.documents);
    match router.reloaded(ctx, control, documents) {
        Ok(()) => Ok(changed),
        Err(_) => Err(vec![json!({
            "severity": "error",
            "message": "This VCL is being taken out of use and makes no backends.",
            "help": "Reload through the VCL that is in use.",
        })]),
    }
}
