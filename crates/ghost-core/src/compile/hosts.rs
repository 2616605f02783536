//! All hosts of a table: a hash in shards, each behind an `Arc`, so that a changed host copies one shard.

use std::hash::{BuildHasher, Hasher};
use std::sync::Arc;

use foldhash::fast::FixedState;
use hashbrown::HashTable;

use super::{HostRoutes, Scope};
use crate::model::HostPattern;

/// What a host's routes are found by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct HostKey {
    pub(crate) pattern: HostPattern,
    pub(crate) scope: Scope,
}

/// Kind of a pattern as part of its hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Exact = 1,
    Wildcard = 2,
    Any = 3,
}

type Shard = HashTable<Arc<HostRoutes>>;

/// Every host of a table.
#[derive(Debug, Clone)]
pub(crate) struct Hosts {
    shards: Box<[Arc<Shard>]>,
    seed: u64,
    hasher: FixedState,
    /// How many hosts are exact names.
    exact: usize,
    /// The routes for every host, which most tables have and every fall-through ends at.
    any: Option<Arc<HostRoutes>>,
    /// How many wildcard suffixes have so many dots; the last entry counts all deeper ones.
    wildcard_dots: [u32; 16],
}

/// Hosts a shard is made for.
const SHARD_SIZE: usize = 32;
const MAX_SHARDS: usize = 4096;

impl Hosts {
    pub(crate) fn build(hosts: Vec<HostRoutes>, seed: u64) -> Self {
        let count = (hosts.len() / SHARD_SIZE).clamp(1, MAX_SHARDS).next_power_of_two();
        let mut wildcard_dots = [0; 16];
        let mut any = None;
        let exact = hosts.iter().filter(|host| matches!(host.key.pattern, HostPattern::Exact(_))).count();
        let hasher = FixedState::with_seed(seed);
        let mut shards: Vec<Shard> = Vec::new();
        shards.resize_with(count, Shard::new);
        for host in hosts {
            count_wildcard(&host.key.pattern, &mut wildcard_dots, 1);
            let hash = hash_of(&hasher, &host.key);
            if let Some(shard) = shards.get_mut(shard_of(hash, count)) {
                let host = Arc::new(host);
                if is_any(&host.key) {
                    any = Some(Arc::clone(&host));
                }
                shard.insert_unique(hash, host, |host| hash_of(&hasher, &host.key));
            }
        }
        for shard in &mut shards {
            shard.shrink_to_fit(|host| hash_of(&hasher, &host.key));
        }
        Self { shards: shards.into_iter().map(Arc::new).collect(), seed, hasher, exact, any, wildcard_dots }
    }

    pub(crate) fn get(&self, key: &HostKey) -> Option<&Arc<HostRoutes>> {
        let (kind, name) = parts(&key.pattern);
        self.find(kind, name.as_bytes(), key.scope)
    }

    /// The routes of one host pattern, by its parts, without making a key.
    #[inline]
    pub(crate) fn find(&self, kind: Kind, name: &[u8], scope: Scope) -> Option<&Arc<HostRoutes>> {
        let hash = hash(&self.hasher, kind, name, scope);
        let shard = self.shards.get(shard_of(hash, self.shards.len()))?;
        shard.find(hash, |host| {
            let (own_kind, own_name) = parts(&host.key.pattern);
            own_name.as_bytes() == name && own_kind == kind && host.key.scope == scope
        })
    }

    /// Puts a host in the place of the one with its key, or takes it out.
    pub(crate) fn replace(&mut self, key: &HostKey, host: Option<HostRoutes>) {
        let hash = hash_of(&self.hasher, key);
        let count = self.shards.len();
        let Some(slot) = self.shards.get_mut(shard_of(hash, count)) else {
            return;
        };
        let shard = Arc::make_mut(slot);
        let removed = shard.find_entry(hash, |host| host.key == *key).map(|entry| _ = entry.remove()).is_ok();
        let hasher = &self.hasher;
        let inserted = host.is_some();
        let host = host.map(Arc::new);
        if is_any(key) {
            self.any = host.clone();
        }
        if let Some(host) = host {
            shard.insert_unique(hash, host, |host| hash_of(hasher, &host.key));
        }
        if matches!(key.pattern, HostPattern::Exact(_)) {
            self.exact = (self.exact + usize::from(inserted)).saturating_sub(usize::from(removed));
        }
        count_wildcard(&key.pattern, &mut self.wildcard_dots, i32::from(inserted) - i32::from(removed));
    }

    /// Whether any wildcard suffix has so many dots.
    pub(crate) fn has_wildcard(&self, dots: usize) -> bool {
        self.wildcard_dots.get(dots.min(self.wildcard_dots.len() - 1)).is_some_and(|count| *count > 0)
    }

    /// The seed of the table's hashes.
    pub(crate) fn seed(&self) -> u64 {
        self.seed
    }

    /// Whether there are exact names at all.
    #[inline]
    pub(crate) fn has_exact(&self) -> bool {
        self.exact > 0
    }

    /// Whether there are wildcards at all.
    pub(crate) fn has_wildcards(&self) -> bool {
        self.wildcard_dots.iter().any(|count| *count > 0)
    }

    /// The routes for every host under no listener's scope.
    #[inline]
    pub(crate) fn any(&self) -> Option<&Arc<HostRoutes>> {
        self.any.as_ref()
    }

    /// Every host, in no order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Arc<HostRoutes>> {
        self.shards.iter().flat_map(|shard| shard.iter())
    }
}

fn is_any(key: &HostKey) -> bool {
    *key == HostKey { pattern: HostPattern::Any, scope: Scope(0) }
}

#[inline]
fn parts(pattern: &HostPattern) -> (Kind, &str) {
    match pattern {
        HostPattern::Exact(name) => (Kind::Exact, name),
        HostPattern::Wildcard(suffix) => (Kind::Wildcard, suffix),
        HostPattern::Any => (Kind::Any, ""),
    }
}

fn hash_of(hasher: &FixedState, key: &HostKey) -> u64 {
    let (kind, name) = parts(&key.pattern);
    hash(hasher, kind, name.as_bytes(), key.scope)
}

fn hash(hasher: &FixedState, kind: Kind, name: &[u8], scope: Scope) -> u64 {
    let mut state = hasher.build_hasher();
    state.write_u64(u64::from(scope.0) << 8 | kind as u64);
    state.write(name);
    state.finish()
}

/// The middle bits: hashbrown uses the lowest and the highest ones.
fn shard_of(hash: u64, count: usize) -> usize {
    (hash >> 32) as usize & (count - 1)
}

fn count_wildcard(pattern: &HostPattern, dots: &mut [u32; 16], by: i32) {
    if let HostPattern::Wildcard(suffix) = pattern {
        let place = suffix.matches('.').count().min(dots.len() - 1);
        if let Some(count) = dots.get_mut(place) {
            *count = count.saturating_add_signed(by);
        }
    }
}
