//! Host patterns that take the host, most specific first (Gateway API HTTPRouteSpec.hostnames).

use std::ops::ControlFlow;

use crate::compile::{HostRoutes, Kind, ListenerId, RouteTable, Scope};
use crate::model::HostPattern;

/// Calls `visit` with the routes of each pattern that takes `host`, until it breaks: the exact name, wildcards from
/// the longest suffix on, any. A pattern wider than the listener's own is asked for under the listener's scope.
#[inline]
pub(crate) fn walk<'t, B>(
    table: &'t RouteTable,
    host: &[u8],
    listener: Option<ListenerId>,
    visit: &mut impl FnMut(&'t HostRoutes) -> ControlFlow<B>,
) -> ControlFlow<B> {
    if table.hosts.has_exact()
        && let Some(routes) = table.hosts.find(Kind::Exact, host, Scope(0))
    {
        visit(routes)?;
    }
    let narrow = table.listeners.scope_of(listener);
    let listener_host = listener
        .and_then(|id| table.listeners.get(id))
        .map_or(&HostPattern::Any, |listener| &listener.hostname);
    if table.hosts.has_wildcards() {
        wildcards(table, host, narrow, listener_host, visit)?;
    }
    let any = if narrow == Scope(0) { table.hosts.any() } else { table.hosts.find(Kind::Any, b"", narrow) };
    match any {
        Some(routes) => visit(routes),
        None => ControlFlow::Continue(()),
    }
}

fn wildcards<'t, B>(
    table: &'t RouteTable,
    host: &[u8],
    narrow: Scope,
    listener_host: &HostPattern,
    visit: &mut impl FnMut(&'t HostRoutes) -> ControlFlow<B>,
) -> ControlFlow<B> {
    let mut dots = memchr::memchr_iter(b'.', host).count();
    for dot in memchr::memchr_iter(b'.', host) {
        dots -= 1;
        if dot == 0 || !table.hosts.has_wildcard(dots) {
            continue;
        }
        let suffix = &host[dot + 1..];
        let scope = if is_wider(suffix, listener_host) { narrow } else { Scope(0) };
        if let Some(routes) = table.hosts.find(Kind::Wildcard, suffix, scope) {
            visit(routes)?;
        }
    }
    ControlFlow::Continue(())
}

/// Both take the host, so the shorter suffix is the wider pattern.
fn is_wider(suffix: &[u8], listener_host: &HostPattern) -> bool {
    match listener_host {
        HostPattern::Exact(_) => true,
        HostPattern::Wildcard(own) => suffix.len() < own.len(),
        HostPattern::Any => false,
    }
}
