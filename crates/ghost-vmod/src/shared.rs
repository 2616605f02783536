//! What the routers of several VCLs have in common: the documents of one path, compiled once.
//!
//! A reload goes through the router of one VCL, because backends belong to a VCL. It puts the documents here, and the
//! others take them over with their next request. Only weak references are kept, and all of them end with their objects:
//! the engine unloads VMODs.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use crate::documents::Documents;
use crate::router::Router;

/// The documents of one path.
pub(crate) struct Shared {
    pub(crate) path: PathBuf,
    /// Rises with each reload that changed something.
    version: AtomicU64,
    latest: Mutex<Option<Documents>>,
}

static PATHS: Mutex<Vec<Weak<Shared>>> = Mutex::new(Vec::new());
static ROUTERS: Mutex<Vec<Weak<Router>>> = Mutex::new(Vec::new());

impl Shared {
    /// What stands for a path.
    pub(crate) fn of(path: &Path) -> Arc<Self> {
        let mut paths = locked(&PATHS);
        paths.retain(|shared| shared.strong_count() > 0);
        if let Some(shared) = paths.iter().filter_map(Weak::upgrade).find(|shared| shared.path == path) {
            return shared;
        }
        let shared =
            Arc::new(Self { path: path.to_owned(), version: AtomicU64::new(0), latest: Mutex::new(None) });
        paths.push(Arc::downgrade(&shared));
        shared
    }

    /// Of the documents that [`Shared::latest`] gives, or newer ones.
    pub(crate) fn version(&self) -> u64 {
        self.version.load(Ordering::Relaxed)
    }

    /// What was loaded first or reloaded last, with its version.
    pub(crate) fn latest(&self) -> (u64, Option<Documents>) {
        let latest = locked(&self.latest);
        (self.version(), latest.clone())
    }

    /// Documents of a VCL that loads. Others keep theirs until a reload.
    pub(crate) fn loaded(&self, documents: &Documents) {
        locked(&self.latest).get_or_insert_with(|| documents.clone());
    }

    /// Documents for every router of this path. Gives their version, and what they replace.
    pub(crate) fn reloaded(&self, documents: &Documents) -> (u64, Option<Documents>) {
        let mut latest = locked(&self.latest);
        let replaced = latest.replace(documents.clone());
        (self.version.fetch_add(1, Ordering::Relaxed) + 1, replaced)
    }
}

/// Makes a router known to the control requests of the others.
pub(crate) fn join(router: &Arc<Router>) {
    locked(&ROUTERS).push(Arc::downgrade(router));
}

/// Before the end of a router: afterwards nobody but its owner holds it.
pub(crate) fn leave(router: &Arc<Router>) {
    locked(&ROUTERS).retain(|one| one.strong_count() > 0 && !std::ptr::eq(one.as_ptr(), Arc::as_ptr(router)));
}

/// Calls `work` with every router but this one. None of them ends meanwhile.
pub(crate) fn each_other(router: &Router, mut work: impl FnMut(&Router)) {
    let routers = locked(&ROUTERS);
    for other in routers.iter().filter_map(Weak::upgrade) {
        if !std::ptr::eq(Arc::as_ptr(&other), router) {
            work(&other);
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
