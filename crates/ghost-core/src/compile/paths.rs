//! Exact paths and prefixes of one host.
//!
//! A prefix is whole segments, so no trie is needed: the path is cut at its slashes, longest cut first, and each
//! cut is looked up. A few keys are compared one by one, more are hashed; a mask of the depths in use skips
//! cuts that no prefix can have, so the cost grows with depths, not with routes.

use std::hash::{BuildHasher, Hasher};
use std::ops::ControlFlow;

use foldhash::fast::FixedState;
use hashbrown::HashTable;

use super::Candidate;
use super::patterns::PathPatterns;

/// Up to this many keys are compared one by one.
const COMPARED: usize = 8;

/// How a candidate's path condition was met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    Exact,
    Pattern,
    /// The prefix has so many bytes.
    Prefix(usize),
}

/// Path keys and their candidates.
#[derive(Debug, Default)]
pub(crate) struct Paths {
    /// Longest first.
    keys: Box<[Key]>,
    candidates: Box<[Candidate]>,
    hashed: Option<Box<Hashed>>,
}

/// Candidates `start..prefix_start` want the path to be the text, `prefix_start..end` to begin with it.
#[derive(Debug)]
struct Key {
    text: Box<str>,
    start: u32,
    prefix_start: u32,
    end: u32,
}

#[derive(Debug)]
struct Hashed {
    table: HashTable<u32>,
    hasher: FixedState,
    /// Bit n: some prefix has n slashes; the last bit stands for all deeper ones.
    depths: u64,
}

impl Paths {
    /// From candidates sorted by path (longest first, exact before prefix) and rank.
    pub(crate) fn build<'t>(sorted: impl Iterator<Item = (&'t str, bool, Candidate)>, seed: u64) -> Self {
        let mut keys: Vec<Key> = Vec::new();
        let mut candidates: Vec<Candidate> = Vec::new();
        for (text, is_exact, candidate) in sorted {
            let at = u32::try_from(candidates.len()).unwrap_or(u32::MAX);
            if keys.last().is_none_or(|key| &*key.text != text) {
                keys.push(Key { text: text.into(), start: at, prefix_start: at, end: at });
            }
            if let Some(key) = keys.last_mut() {
                key.end = at + 1;
                key.prefix_start = if is_exact { at + 1 } else { key.prefix_start };
            }
            candidates.push(candidate);
        }
        let hashed = (keys.len() > COMPARED).then(|| Box::new(Hashed::build(&keys, seed)));
        Self { keys: keys.into(), candidates: candidates.into(), hashed }
    }

    pub(crate) fn candidates(&self) -> &[Candidate] {
        &self.candidates
    }

    /// Calls `visit` with the candidates whose path condition holds, best first, until it breaks: exact paths, the host's
    /// patterns, prefixes from the longest on.
    #[inline]
    pub(crate) fn walk<'t, B>(
        &'t self,
        path: &[u8],
        patterns: Option<&'t PathPatterns>,
        visit: &mut impl FnMut(Stage, &'t [Candidate]) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        let whole = self.find(path);
        if let Some(key) = whole
            && key.start < key.prefix_start
        {
            visit(Stage::Exact, self.exact(key))?;
        }
        if let Some(patterns) = patterns {
            patterns.walk(path, &mut |candidates| visit(Stage::Pattern, candidates))?;
        }
        match &self.hashed {
            None => self.compare_prefixes(path, visit),
            Some(hashed) => {
                if let Some(key) = whole {
                    visit(Stage::Prefix(path.len()), self.prefix(key))?;
                }
                self.look_up_prefixes(hashed, path, visit)
            }
        }
    }

    #[inline]
    fn find(&self, path: &[u8]) -> Option<&Key> {
        match &self.hashed {
            None => self.keys.iter().find(|key| key.text.as_bytes() == path),
            Some(hashed) => hashed.find(&self.keys, path),
        }
    }

    #[inline]
    fn compare_prefixes<'t, B>(
        &'t self,
        path: &[u8],
        visit: &mut impl FnMut(Stage, &'t [Candidate]) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        for key in &self.keys {
            if key.prefix_start < key.end && is_prefix(key.text.as_bytes(), path) {
                visit(Stage::Prefix(key.text.len()), self.prefix(key))?;
            }
        }
        ControlFlow::Continue(())
    }

    /// Prefixes shorter than the path itself.
    fn look_up_prefixes<'t, B>(
        &'t self,
        hashed: &Hashed,
        path: &[u8],
        visit: &mut impl FnMut(Stage, &'t [Candidate]) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        if hashed.depths == 0 {
            return ControlFlow::Continue(());
        }
        let mut depth = path.iter().filter(|byte| **byte == b'/').count();
        let mut cut = path.len();
        while let Some(slash) = path[..cut].iter().rposition(|byte| *byte == b'/') {
            (cut, depth) = (slash, depth - 1);
            let bit = 1_u64 << depth.min(63);
            if hashed.depths & bit != 0
                && let Some(key) = hashed.find(&self.keys, &path[..cut])
            {
                visit(Stage::Prefix(cut), self.prefix(key))?;
            }
        }
        ControlFlow::Continue(())
    }

    fn exact(&self, key: &Key) -> &[Candidate] {
        self.candidates.get(key.start as usize..key.prefix_start as usize).unwrap_or_default()
    }

    fn prefix(&self, key: &Key) -> &[Candidate] {
        self.candidates.get(key.prefix_start as usize..key.end as usize).unwrap_or_default()
    }
}

impl Hashed {
    fn build(keys: &[Key], seed: u64) -> Self {
        let hasher = FixedState::with_seed(seed);
        let mut table = HashTable::with_capacity(keys.len());
        let mut depths = 0;
        for (index, key) in (0_u32..).zip(keys) {
            let rehash =
                |index: &u32| keys.get(*index as usize).map_or(0, |key| hash(&hasher, key.text.as_bytes()));
            table.insert_unique(hash(&hasher, key.text.as_bytes()), index, rehash);
            if key.prefix_start < key.end {
                depths |= 1 << key.text.matches('/').count().min(63);
            }
        }
        Self { table, hasher, depths }
    }

    #[inline]
    fn find<'k>(&self, keys: &'k [Key], text: &[u8]) -> Option<&'k Key> {
        let same = |index: &u32| keys.get(*index as usize).is_some_and(|key| key.text.as_bytes() == text);
        keys.get(*self.table.find(hash(&self.hasher, text), same)? as usize)
    }
}

fn hash(hasher: &FixedState, text: &[u8]) -> u64 {
    let mut state = hasher.build_hasher();
    state.write(text);
    state.finish()
}

/// Whole segments: the prefix ends where the path does or before a slash.
#[inline]
pub(crate) fn is_prefix(prefix: &[u8], path: &[u8]) -> bool {
    matches!(path.get(prefix.len()), None | Some(b'/')) && path.starts_with(prefix)
}
