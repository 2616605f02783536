//! Candidates of a host whose path condition holds: exact, then patterns, then prefixes from the longest on.

use std::ops::ControlFlow;

use crate::compile::{Candidate, HostRoutes, Stage};

/// Calls `visit` with candidates in order of precedence, until it breaks.
#[inline]
pub(crate) fn walk<'t, B>(
    host: &'t HostRoutes,
    path: &[u8],
    visit: &mut impl FnMut(Stage, &'t [Candidate]) -> ControlFlow<B>,
) -> ControlFlow<B> {
    host.paths.walk(path, host.patterns.as_deref(), visit)
}
