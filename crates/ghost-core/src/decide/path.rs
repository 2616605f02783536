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
    let visit = std::cell::RefCell::new(visit);
    let mut patterns = || match &host.patterns {
        Some(patterns) => {
            patterns.walk(path, &mut |candidates| visit.borrow_mut()(Stage::Pattern, candidates))
        }
        None => ControlFlow::Continue(()),
    };
    host.paths.walk(path, &mut patterns, &mut |stage, candidates| visit.borrow_mut()(stage, candidates))
}
