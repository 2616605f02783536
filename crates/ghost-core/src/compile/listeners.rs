//! Listeners by name, by port and by host, and the sets of them that routes are attached to.

use std::collections::HashMap;
use std::sync::Arc;

use crate::model::{HostPattern, Listener, Protocol};
use crate::request::{Entrance, Scheme};

/// Index of a listener in the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ListenerId(pub(crate) u32);

/// A listener host name that is narrower than a route's own; 0 is none. Routes that are wider than their listener are
/// kept apart by it, so that a thousand tenants' catch-all routes do not stand in one list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Scope(pub(crate) u32);

/// The listeners a route is attached to; 0 is all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ListenerSet(u16);

/// All listeners of a document.
#[derive(Debug, Clone, Default)]
pub(crate) struct Listeners {
    all: Arc<[Listener]>,
    scopes: HashMap<HostPattern, Scope>,
    /// Scope of each listener's own host name.
    own_scopes: Vec<Scope>,
    by_name: HashMap<Box<str>, ListenerId>,
    entrances: HashMap<u16, Entrances>,
    sets: Vec<Box<[ListenerId]>>,
    set_ids: HashMap<Box<[Box<str>]>, ListenerSet>,
}

/// The listeners behind one port, by host.
#[derive(Debug, Clone, Default)]
struct Entrances {
    exact: HashMap<Box<str>, ListenerId>,
    wildcard: HashMap<Box<str>, ListenerId>,
    any: Option<ListenerId>,
}

impl Listeners {
    pub(crate) fn new<'r>(all: &[Listener], sets: impl Iterator<Item = &'r [Box<str>]>) -> Self {
        let mut listeners = Self { all: all.into(), sets: vec![Box::default()], ..Self::default() };
        for (id, listener) in (0..).map(ListenerId).zip(all) {
            let next = Scope(u32::try_from(listeners.scopes.len() + 1).unwrap_or(u32::MAX));
            if listener.hostname != HostPattern::Any {
                listeners.scopes.entry(listener.hostname.clone()).or_insert(next);
            }
            listeners.own_scopes.push(listeners.scopes.get(&listener.hostname).copied().unwrap_or(Scope(0)));
            listeners.by_name.insert(listener.name.clone(), id);
            let entrance = listeners.entrances.entry(listener.port).or_default();
            match &listener.hostname {
                HostPattern::Exact(name) => _ = entrance.exact.insert(name.clone(), id),
                HostPattern::Wildcard(suffix) => _ = entrance.wildcard.insert(suffix.clone(), id),
                HostPattern::Any => entrance.any = Some(id),
            }
        }
        sets.for_each(|names| listeners.intern(names));
        listeners
    }

    /// The same listeners, with these sets known as well.
    pub(crate) fn with_sets<'r>(self: &Arc<Self>, sets: impl Iterator<Item = &'r [Box<str>]>) -> Arc<Self> {
        let unknown: Vec<&[Box<str>]> = sets.filter(|names| !self.set_ids.contains_key(*names)).collect();
        if unknown.is_empty() {
            return Arc::clone(self);
        }
        let mut listeners = Self::clone(self);
        unknown.into_iter().for_each(|names| listeners.intern(names));
        Arc::new(listeners)
    }

    fn intern(&mut self, names: &[Box<str>]) {
        if self.set_ids.contains_key(names) {
            return;
        }
        let mut ids: Vec<ListenerId> =
            names.iter().filter_map(|name| self.by_name.get(name).copied()).collect();
        ids.sort_unstable();
        let set = ListenerSet(u16::try_from(self.sets.len()).unwrap_or(u16::MAX));
        self.sets.push(ids.into());
        self.set_ids.insert(names.into(), set);
    }

    pub(crate) fn all(&self) -> &[Listener] {
        &self.all
    }

    pub(crate) fn get(&self, id: ListenerId) -> Option<&Listener> {
        self.all.get(id.0 as usize)
    }

    /// The set of these names; all listeners where a route names none.
    pub(crate) fn set(&self, names: Option<&[Box<str>]>) -> ListenerSet {
        names.and_then(|names| self.set_ids.get(names).copied()).unwrap_or(ListenerSet(0))
    }

    #[inline]
    pub(crate) fn contains(&self, set: ListenerSet, listener: Option<ListenerId>) -> bool {
        if set.0 == 0 {
            return true;
        }
        let members = self.sets.get(set.0 as usize);
        listener.zip(members).is_some_and(|(id, members)| members.binary_search(&id).is_ok())
    }

    /// The scopes under which a host of a route must be found, given the listeners it is attached to.
    pub(crate) fn scopes(&self, names: Option<&[Box<str>]>, pattern: &HostPattern) -> Vec<Scope> {
        if self.all.is_empty() {
            return vec![Scope(0)];
        }
        let attached: Vec<&Listener> = match names {
            None => self.all.iter().collect(),
            Some(names) => names.iter().filter_map(|name| self.get(*self.by_name.get(name)?)).collect(),
        };
        let mut scopes: Vec<Scope> =
            attached.into_iter().filter_map(|listener| self.scope(pattern, &listener.hostname)).collect();
        scopes.sort_unstable();
        scopes.dedup();
        scopes
    }

    /// Open where the route's host lies inside the listener's, the listener's where it is the narrower one.
    fn scope(&self, pattern: &HostPattern, listener: &HostPattern) -> Option<Scope> {
        if listener.covers(pattern) {
            Some(Scope(0))
        } else if pattern.covers(listener) {
            self.scopes.get(listener).copied()
        } else {
            None
        }
    }

    /// The scope to ask under for routes wider than this listener.
    pub(crate) fn scope_of(&self, listener: Option<ListenerId>) -> Scope {
        listener.and_then(|id| self.own_scopes.get(id.0 as usize)).copied().unwrap_or(Scope(0))
    }

    /// The listener a request belongs to: exact host, then the longest wildcard, then any (Gateway API
    /// Listener.hostname). `None` where no listener takes it.
    pub(crate) fn choose(&self, entrance: Entrance<'_>, scheme: Scheme, host: &[u8]) -> Option<ListenerId> {
        let port = match entrance {
            Entrance::Port(port) => port,
            Entrance::Listener(name) => self.get(*self.by_name.get(name)?)?.port,
        };
        let entrances = self.entrances.get(&port)?;
        let host = std::str::from_utf8(host).ok()?;
        let id = entrances.exact.get(host).copied().or_else(|| entrances.by_suffix(host)).or(entrances.any)?;
        let scheme_fits = matches!(entrance, Entrance::Listener(_));
        match self.get(id)?.protocol {
            Protocol::Http => (scheme_fits || scheme == Scheme::Http).then_some(id),
            Protocol::Https => (scheme_fits || scheme == Scheme::Https).then_some(id),
            Protocol::Tls | Protocol::Tcp | Protocol::Udp => None,
        }
    }
}

impl Entrances {
    fn by_suffix(&self, host: &str) -> Option<ListenerId> {
        if self.wildcard.is_empty() {
            return None;
        }
        host.match_indices('.')
            .filter(|(dot, _)| *dot > 0)
            .find_map(|(dot, _)| self.wildcard.get(host.get(dot + 1..)?).copied())
    }
}
