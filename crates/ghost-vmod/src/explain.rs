//! Why a request goes where it goes, written into the log.

use ghost_core::document::{CandidateDocument, DecideOptions, RequestDocument, explain};

use crate::ffi::{Context, Message};
use crate::request::Surroundings;
use crate::state::RoutesState;
use ghost_core::request::Entrance;

/// Most matches that get a line.
const MAX_LINES: usize = 100;

/// Stack for it: a worker has 80 KiB, of which a part is used.
const STACK: usize = 1 << 20;

/// Writes the walk; tells whether a match takes the request.
pub(crate) fn log(ctx: Context<'_>, message: &Message<'_>, routes: &RoutesState) -> bool {
    let surroundings = Surroundings::new(ctx, &routes.listeners);
    let (request, options) = documents(message, &surroundings);
    let endpoints = routes.endpoints.load();
    let told = stacker::grow(STACK, || explain(&routes.table, &endpoints.table, &request, &options));
    for candidate in told.candidates.iter().take(MAX_LINES) {
        let CandidateDocument { stage, reason, rule, r#match, host, route, .. } = candidate;
        ctx.log(format_args!(
            "ghost explain {stage}: {reason} rule={rule} match={match} host={host} route={route}"
        ));
    }
    let unlisted = told.unlisted + told.candidates.len().saturating_sub(MAX_LINES);
    let action = &told.decision.action;
    let (space, why) = if action == "answer" { (" ", &*told.decision.why) } else { ("", "") };
    ctx.log(format_args!(
        "ghost explain {action}{space}{why} unlisted={unlisted} otherHosts={}",
        told.other_hosts
    ));
    told.decision.route.is_some()
}

/// The request in the words of `ghostctl explain`. Bytes that are no UTF-8 are shown as U+FFFD.
fn documents(message: &Message<'_>, surroundings: &Surroundings<'_>) -> (RequestDocument, DecideOptions) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let headers: Vec<_> = message.lines().map(|(name, value)| (text(name), text(value))).collect();
    let (listener, url) = match surroundings.entrance {
        Entrance::Listener(name) => (Some(name.to_owned()), text(message.url())),
        // The port stands in the URL; Host wins over its host.
        Entrance::Port(port) if message.header("host").is_some() && message.url().starts_with(b"/") => {
            (None, format!("http://host:{port}{}", text(message.url())))
        }
        Entrance::Port(_) => (None, text(message.url())),
    };
    let request = RequestDocument { method: text(message.method()), url, headers };
    (request, DecideOptions { listener, ..DecideOptions::default() })
}
