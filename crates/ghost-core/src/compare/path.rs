//! Paths that either side can tell apart on one host.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use super::host::{Both, Reached};
use super::witness;
use crate::compile::Candidate;
use crate::decide;
use crate::model::{GrpcMethod, PathMatch};
use crate::request::canonical::{self, Profile};

/// Paths that stand for each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PathClass {
    /// One of them, canonical.
    pub(crate) value: String,
    /// In words: `/cart`, `/cart/*`, or the pattern it was made from.
    pub(crate) words: String,
    /// Made from a pattern.
    pub(crate) is_sampled: bool,
}

/// A segment that no configuration has.
const FRESH: &str = "ghost-any";

/// Prefixes that are joined with gRPC methods; more are sampled by the first ones.
const MAX_GRPC_SERVICES: usize = 64;

/// Every class: exact paths, prefixes themselves, what lies below each prefix and below none, samples of patterns.
pub(crate) fn classes(both: &Both<'_>) -> Vec<PathClass> {
    let mut found = Found::default();
    found.add(format!("/{FRESH}"), "/*".to_owned(), false);
    found.add("/".to_owned(), "/".to_owned(), false);
    let (mut services, mut methods) = (Vec::new(), Vec::new());
    for candidate in [&both.before, &both.after].into_iter().flat_map(all) {
        let Some(one) = candidate.one_match() else { continue };
        match &one.path {
            PathMatch::Exact(text) => found.add(text.to_string(), text.to_string(), false),
            PathMatch::Prefix(text) => {
                found.add_prefix(text);
                if text.matches('/').count() == 1 && services.len() < MAX_GRPC_SERVICES {
                    services.push(text.to_string());
                }
            }
            PathMatch::Regex(pattern) => found.add_samples(pattern.text()),
        }
        match &one.grpc_method {
            Some(GrpcMethod::Method(method)) => methods.push(method.to_string()),
            Some(GrpcMethod::Pattern { pattern, .. }) => found.add_samples(pattern.text()),
            None => {}
        }
    }
    methods.sort_unstable();
    methods.dedup();
    services.push(format!("/{FRESH}"));
    for method in &methods {
        for service in &services {
            let path = format!("{service}/{method}");
            found.add(path.clone(), path, false);
        }
    }
    found.classes()
}

fn all<'s>(reached: &Reached<'s>) -> impl Iterator<Item = &'s Candidate> {
    reached.routes.iter().copied().flat_map(|host| host.candidates())
}

#[derive(Default)]
struct Found(BTreeMap<String, (String, bool)>);

impl Found {
    /// What is known exactly stays so.
    fn add(&mut self, value: String, words: String, is_sampled: bool) {
        let is_canonical = canonical::path(value.as_bytes(), Profile::Lenient, &mut Vec::new())
            .is_ok_and(|path| path == value.as_bytes());
        let is_target = !value.contains(['?', '#']);
        if is_canonical && is_target {
            self.0.entry(value).or_insert((words, is_sampled));
        }
    }

    fn add_prefix(&mut self, prefix: &str) {
        self.add(format!("{prefix}/{FRESH}"), format!("{prefix}/*"), false);
        if !prefix.is_empty() {
            self.add(prefix.to_owned(), prefix.to_owned(), false);
        }
    }

    fn add_samples(&mut self, pattern: &str) {
        for sample in witness::samples(pattern) {
            if sample.starts_with('/') {
                self.add(sample, format!("~{pattern}"), true);
            }
        }
    }

    fn classes(self) -> Vec<PathClass> {
        let class = |(value, (words, is_sampled))| PathClass { value, words, is_sampled };
        self.0.into_iter().map(class).collect()
    }
}

/// The candidates whose path condition holds, best first, up to one that takes whatever comes.
pub(crate) fn candidates<'s>(reached: &Reached<'s>, path: &str) -> Vec<&'s Candidate> {
    let listeners = &reached.side.table.listeners;
    let mut found = Vec::new();
    for host in &reached.routes {
        let ended = decide::path::walk(host, path.as_bytes(), &mut |_, candidates: &'s [Candidate]| {
            for candidate in candidates {
                if !listeners.contains(candidate.listeners, reached.listener) {
                    continue;
                }
                found.push(candidate);
                if !candidate.conditional {
                    return ControlFlow::Break(());
                }
            }
            ControlFlow::Continue(())
        });
        if ended.is_break() {
            break;
        }
    }
    found
}
