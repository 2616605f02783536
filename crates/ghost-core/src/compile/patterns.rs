//! Path patterns of one host, all run at once.
//!
//! Patterns are compiled into automata that hold as many of them as a size limit allows; one pass over the path
//! then tells every pattern of the group that takes it, in order of precedence, so that the next one is at hand when
//! the first one's other conditions fail. A group that does not fit is made smaller; a pattern that fits no table at
//! all runs alone.

use std::ops::ControlFlow;

use regex_automata::dfa::{Automaton, dense};
use regex_automata::util::primitives::StateID;
use regex_syntax::hir::Hir;

use super::Candidate;
use crate::model::Pattern;
use crate::model::pattern as parts;

/// Most bytes of one group's table.
const GROUP_LIMIT: usize = 512 << 10;
/// Failed attempts after which groups stay small.
const MAX_FAILURES: u32 = 8;

/// Patterns in order of precedence, with their candidates.
#[derive(Debug)]
pub(crate) struct PathPatterns {
    groups: Box<[Group]>,
    candidates: Box<[Candidate]>,
}

/// Neighbouring patterns that are run together.
struct Group {
    runner: Runner,
    /// Candidates of each pattern: `starts[n]..starts[n + 1]`.
    starts: Box<[u32]>,
}

enum Runner {
    Table { dfa: Box<dense::DFA<Vec<u32>>>, start: StateID },
    Alone(Box<Pattern>),
}

impl std::fmt::Debug for Group {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let kind = match self.runner {
            Runner::Table { .. } => "table",
            Runner::Alone(_) => "alone",
        };
        write!(out, "Group({kind}, {} patterns)", self.starts.len().saturating_sub(1))
    }
}

impl PathPatterns {
    /// From candidates sorted by rank; equal patterns stand side by side.
    pub(crate) fn build(sorted: Vec<(&Pattern, Candidate)>) -> Self {
        let mut patterns: Vec<&Pattern> = Vec::new();
        let mut starts: Vec<u32> = Vec::new();
        let mut candidates = Vec::with_capacity(sorted.len());
        for (pattern, candidate) in sorted {
            if patterns.last() != Some(&pattern) {
                patterns.push(pattern);
                starts.push(u32::try_from(candidates.len()).unwrap_or(u32::MAX));
            }
            candidates.push(candidate);
        }
        starts.push(u32::try_from(candidates.len()).unwrap_or(u32::MAX));
        let trees: Vec<Hir> =
            patterns.iter().filter_map(|pattern| parts::parse(pattern.text()).ok()).collect();
        let mut groups = Vec::new();
        if trees.len() == patterns.len() {
            group(&patterns, &trees, &starts, &mut groups);
        }
        Self { groups: groups.into(), candidates: candidates.into() }
    }

    pub(crate) fn candidates(&self) -> &[Candidate] {
        &self.candidates
    }

    /// Calls `visit` with the candidates of every pattern that takes the path, best first, until it breaks.
    pub(crate) fn walk<'t, B>(
        &'t self,
        path: &[u8],
        visit: &mut impl FnMut(&'t [Candidate]) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        for group in &self.groups {
            group.walk(path, &mut |pattern| visit(self.of(group, pattern)))?;
        }
        ControlFlow::Continue(())
    }

    fn of(&self, group: &Group, pattern: usize) -> &[Candidate] {
        let bounds = group.starts.get(pattern).zip(group.starts.get(pattern + 1));
        bounds.and_then(|(from, to)| self.candidates.get(*from as usize..*to as usize)).unwrap_or_default()
    }
}

/// Large groups while they fit. A failed attempt costs as much as the limit allows, so their number is bounded: each one
/// quarters the size, and after a few the size does not grow again.
fn group(patterns: &[&Pattern], trees: &[Hir], starts: &[u32], groups: &mut Vec<Group>) {
    let (mut at, mut size, mut failures) = (0, patterns.len(), 0);
    while let Some(first) = patterns.get(at) {
        let joinable = patterns[at..].iter().take(size).take_while(|pattern| pattern.is_table()).count();
        let own_starts = |count: usize| starts.get(at..=at + count).unwrap_or_default().into();
        if joinable <= 1 {
            groups.push(Group { runner: Runner::Alone(Box::new((*first).clone())), starts: own_starts(1) });
            at += 1;
            continue;
        }
        let table = parts::compile(&trees[at..at + joinable])
            .ok()
            .and_then(|nfa| parts::automaton(&nfa, GROUP_LIMIT));
        match table {
            Some((dfa, start)) => {
                groups.push(Group {
                    runner: Runner::Table { dfa: Box::new(dfa), start },
                    starts: own_starts(joinable),
                });
                at += joinable;
                size = if failures < MAX_FAILURES { size * 2 } else { size };
            }
            None => {
                size = joinable.div_ceil(4);
                failures += 1;
            }
        }
    }
}

impl Group {
    fn walk<B>(&self, path: &[u8], visit: &mut impl FnMut(usize) -> ControlFlow<B>) -> ControlFlow<B> {
        match &self.runner {
            Runner::Alone(pattern) if pattern.takes(path) => visit(0),
            Runner::Alone(_) => ControlFlow::Continue(()),
            Runner::Table { dfa, start } => {
                let mut state = *start;
                for byte in path {
                    state = dfa.next_state(state, *byte);
                    if dfa.is_special_state(state) && (dfa.is_dead_state(state) || dfa.is_quit_state(state)) {
                        return ControlFlow::Continue(());
                    }
                }
                let end = dfa.next_eoi_state(state);
                if !dfa.is_match_state(end) {
                    return ControlFlow::Continue(());
                }
                ascending(dfa, end, visit)
            }
        }
    }
}

/// The patterns that end in a state, in order; the automaton keeps them in none.
fn ascending<B>(
    dfa: &dense::DFA<Vec<u32>>,
    end: StateID,
    visit: &mut impl FnMut(usize) -> ControlFlow<B>,
) -> ControlFlow<B> {
    let mut from = 0;
    let next = |from: usize| {
        let all = (0..dfa.match_len(end)).map(|index| dfa.match_pattern(end, index).as_usize());
        all.filter(|pattern| *pattern >= from).min()
    };
    while let Some(pattern) = next(from) {
        visit(pattern)?;
        from = pattern + 1;
    }
    ControlFlow::Continue(())
}
