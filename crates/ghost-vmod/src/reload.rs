//! Reload: read, check, compile, publish, and say what serves now. Whatever fails leaves the last good state in place.

use std::time::Instant;

use ghost_core::Diagnostic;
use serde_json::{Value, json};

use crate::control::Control;
use crate::decided::Answer;
use crate::documents::{Documents, Sum, Unreadable};
use crate::ffi::Context;
use crate::router::Router;

/// Most findings and quarantined routes that an answer lists.
const MAX_LISTED: usize = 1000;

/// Reloads; 200, or 409 when the last good state stays.
pub(crate) fn answer(router: &Router, ctx: Context<'_>, control: &mut Control) -> Answer {
    let began = Instant::now();
    let result = reload(router, ctx, control);
    let took = began.elapsed().as_secs_f64() * 1000.0;
    let (ok, changed, findings) = match result {
        Ok((changed, findings)) => (true, changed, findings),
        Err(findings) => (false, Vec::new(), findings),
    };
    let word = if ok { "reloaded" } else { "refused" };
    ctx.log(format_args!(
        "ghost {word} {} findings={} changed={}",
        router.path.display(),
        findings.len(),
        changed.join(",")
    ));
    Answer::json(if ok { 200 } else { 409 }, &report(control, ok, &changed, &findings, took))
}

type Reloaded = (Vec<&'static str>, Vec<Value>);

fn reload(router: &Router, ctx: Context<'_>, control: &mut Control) -> Result<Reloaded, Vec<Value>> {
    let list = |findings: &mut dyn Iterator<Item = &Diagnostic>| {
        findings.take(MAX_LISTED).map(|one| json!(one)).collect()
    };
    let documents = match Documents::read(&router.path, Some(&control.documents), crate::ffi::random()) {
        Ok(documents) => documents,
        Err(Unreadable(findings)) => return Err(list(&mut findings.iter())),
    };
    let changed = documents.changed_since(&control.documents);
    let findings = list(&mut documents.findings());
    match control.publish(ctx, router, documents) {
        Ok(()) => Ok((changed, findings)),
        Err(_) => Err(vec![json!({
            "severity": "error",
            "message": "This VCL is being taken out of use and makes no backends.",
            "help": "Reload through the VCL that is in use.",
        })]),
    }
}

/// What serves now, in the contract's words.
fn report(control: &Control, ok: bool, changed: &[&str], findings: &[Value], took: f64) -> Value {
    let documents = &control.documents;
    let quarantined = &documents.checked.quarantined;
    json!({
        "ok": ok,
        "routes": {
            "generation": documents.table.generation(),
            "sha256": hex(&documents.routes_sum),
            "count": documents.table.route_count(),
            "quarantined": quarantined.iter().take(MAX_LISTED).collect::<Vec<_>>(),
        },
        "endpoints": {
            "generation": documents.endpoints.generation(),
            "sha256": hex(&documents.endpoints_sum),
            "count": documents.endpoints.count(),
        },
        "changed": changed,
        "diagnostics": findings,
        "tookMs": (took * 1000.0).round() / 1000.0,
    })
}

fn hex(sum: &Sum) -> String {
    sum.iter().map(|byte| format!("{byte:02x}")).collect()
}
