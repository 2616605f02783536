//! The routes of one host: path keys, and behind each the candidates in order of precedence.

use std::cmp::Reverse;
use std::collections::HashSet;
use std::sync::Arc;

use super::listeners::{ListenerSet, Listeners};
use super::paths::Paths;
use super::patterns::PathPatterns;
use super::{HostKey, Rank};
use crate::model::{Match, PathMatch, Route, Rule};

/// One match of one rule: what may win a request.
#[derive(Debug, Clone)]
pub(crate) struct Candidate {
    pub(crate) route: Arc<Route>,
    pub(crate) rule: u16,
    pub(crate) match_index: u16,
    pub(crate) listeners: ListenerSet,
    /// Whether there is any condition besides host, path and listener.
    pub(crate) conditional: bool,
}

impl Candidate {
    #[inline]
    pub(crate) fn rule(&self) -> Option<&Rule> {
        self.route.rules.get(usize::from(self.rule))
    }

    #[inline]
    pub(crate) fn one_match(&self) -> Option<&Match> {
        self.rule()?.matches.get(usize::from(self.match_index))
    }
}

/// All routes of one host pattern.
#[derive(Debug)]
pub(crate) struct HostRoutes {
    pub(crate) key: HostKey,
    /// Exact paths and prefixes.
    pub(crate) paths: Paths,
    /// Regular expressions, where there are any.
    pub(crate) patterns: Option<Box<PathPatterns>>,
}

/// A candidate with what it is sorted by.
struct Ranked<'r> {
    path: &'r PathMatch,
    rank: Rank<'r>,
    candidate: Candidate,
}

impl HostRoutes {
    pub(crate) fn build(key: HostKey, routes: &[Arc<Route>], listeners: &Listeners, seed: u64) -> Self {
        let mut ranked: Vec<Ranked<'_>> =
            routes.iter().flat_map(|route| ranked(&key, route, listeners)).collect();
        ranked.sort_by(|left, right| place(left).cmp(&place(right)).then_with(|| left.rank.cmp(&right.rank)));
        let first_pattern = ranked.partition_point(|one| !matches!(one.path, PathMatch::Regex(_)));
        let patterns = ranked.split_off(first_pattern);
        let patterns = (!patterns.is_empty()).then(|| {
            let pairs = patterns.into_iter().filter_map(|one| match one.path {
                PathMatch::Regex(pattern) => Some((pattern, one.candidate)),
                _ => None,
            });
            Box::new(PathPatterns::build(pairs.collect()))
        });
        let paths = Paths::build(
            ranked.into_iter().filter_map(|one| match one.path {
                PathMatch::Exact(text) => Some((&**text, true, one.candidate)),
                PathMatch::Prefix(text) => Some((&**text, false, one.candidate)),
                PathMatch::Regex(_) => None,
            }),
            seed,
        );
        Self { key, paths, patterns }
    }

    /// The routes it was built from, each once.
    pub(crate) fn routes(&self) -> Vec<Arc<Route>> {
        let mut seen = HashSet::new();
        let first = self.candidates().filter(|candidate| seen.insert(Arc::as_ptr(&candidate.route)));
        first.map(|candidate| Arc::clone(&candidate.route)).collect()
    }

    /// All candidates, in no order that means anything across paths.
    pub(crate) fn candidates(&self) -> impl Iterator<Item = &Candidate> {
        let patterns = self.patterns.iter().flat_map(|patterns| patterns.candidates());
        self.paths.candidates().iter().chain(patterns)
    }
}

fn ranked<'r>(key: &HostKey, route: &'r Arc<Route>, listeners: &Listeners) -> Vec<Ranked<'r>> {
    let listeners = listeners.set(route.listeners.as_deref());
    let mut all = Vec::new();
    for (rule, rule_index) in route.rules.iter().zip(0_u16..) {
        for (one, match_index) in rule.matches.iter().zip(0_u16..) {
            let conditional = one.method.is_some()
                || one.grpc_method.is_some()
                || !one.headers.is_empty()
                || !one.query.is_empty();
            let candidate =
                Candidate { route: Arc::clone(route), rule: rule_index, match_index, listeners, conditional };
            all.push(Ranked {
                path: &one.path,
                rank: Rank::new(&key.pattern, route, rule_index, match_index, one),
                candidate,
            });
        }
    }
    all
}

/// Patterns behind, paths by key (longest first), exact before prefix; the rank decides the rest.
fn place<'r>(one: &Ranked<'r>) -> (bool, Reverse<usize>, &'r str, bool) {
    match one.path {
        PathMatch::Exact(text) => (false, Reverse(text.len()), text, false),
        PathMatch::Prefix(text) => (false, Reverse(text.len()), text, true),
        PathMatch::Regex(_) => (true, Reverse(0), "", false),
    }
}
