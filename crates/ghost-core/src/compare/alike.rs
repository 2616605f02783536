//! Whether two lists of candidates mean the same, wherever they are written.

use std::collections::{HashMap, HashSet};

use super::Sides;
use super::host::Both;
use crate::compile::{Candidate, HostRoutes, ListenerId};
use crate::model::{Action, Rule};
use crate::select::{Draw, EndpointTable, PickInput};

/// Two hosts' routes by address, with the listeners they were reached by.
type Pair = (usize, usize, Option<ListenerId>, Option<ListenerId>);

/// What was found out once: a catch-all host is behind every other one.
pub(crate) struct Memory<'s> {
    hosts: HashMap<Pair, bool>,
    /// Services that have an endpoint on one side only.
    unsettled: HashSet<&'s str>,
}

impl<'s> Memory<'s> {
    pub(crate) fn new(sides: Sides<'s>) -> Self {
        let keys = [sides.before, sides.after].into_iter().flat_map(|side| &side.routes.services);
        let has = |endpoints: &EndpointTable, key: &str| {
            let service = endpoints.service(key);
            service.is_some_and(|service| service.pick(&PickInput::new(Draw::default())).is_some())
        };
        let unsettled = keys
            .map(|(key, _)| &**key)
            .filter(|key| has(sides.before.endpoints, key) != has(sides.after.endpoints, key));
        Self { hosts: HashMap::new(), unsettled: unsettled.collect() }
    }

    /// Whether a host has the same candidates in the same order on both sides.
    pub(crate) fn are_alike(&mut self, both: &Both<'s>) -> bool {
        let (before, after) = (&both.before, &both.after);
        before.listener.is_some() == after.listener.is_some()
            && before.routes.len() == after.routes.len()
            && before.routes.iter().zip(&after.routes).all(|(left, right)| {
                let pair = (address(left), address(right), before.listener, after.listener);
                if let Some(known) = self.hosts.get(&pair) {
                    return *known;
                }
                let are_alike = self.hosts_are_alike(left, right, both);
                self.hosts.insert(pair, are_alike);
                are_alike
            })
    }

    fn hosts_are_alike(&self, left: &HostRoutes, right: &HostRoutes, both: &Both<'s>) -> bool {
        let (before, after): (Vec<_>, Vec<_>) = (left.candidates().collect(), right.candidates().collect());
        self.all_alike(&before, &after, both)
    }

    /// Whether two lists of candidates are the same, one by one.
    pub(crate) fn candidates_are_alike(
        &self,
        before: &[&Candidate],
        after: &[&Candidate],
        both: &Both<'s>,
    ) -> bool {
        both.before.listener.is_some() == both.after.listener.is_some() && self.all_alike(before, after, both)
    }

    fn all_alike(&self, before: &[&Candidate], after: &[&Candidate], both: &Both<'s>) -> bool {
        before.len() == after.len()
            && before.iter().zip(after).all(|(one, other)| self.is_alike(one, other, both))
    }

    /// The same rule of the same route, with the same conditions and effects. Where it is written does not matter.
    fn is_alike(&self, one: &Candidate, other: &Candidate, both: &Both<'s>) -> bool {
        let reached = |side: &super::host::Reached<'_>, candidate: &Candidate| {
            side.side.table.listeners.contains(candidate.listeners, side.listener)
        };
        if reached(&both.before, one) != reached(&both.after, other) || one.route.id != other.route.id {
            return false;
        }
        let (Some(left), Some(right)) = (one.rule(), other.rule()) else {
            return false;
        };
        left.name == right.name
            && one.one_match() == other.one_match()
            && left.action == right.action
            && left.filters == right.filters
            && left.policy == right.policy
            && self.is_settled(left)
    }

    fn is_settled(&self, rule: &Rule) -> bool {
        match &rule.action {
            Action::Forward(backends) => {
                self.unsettled.is_empty()
                    || backends.backends.iter().all(|backend| !self.unsettled.contains(&*backend.service))
            }
            Action::Redirect(_) | Action::Quarantined => true,
        }
    }
}

fn address(host: &HostRoutes) -> usize {
    std::ptr::from_ref(host).addr()
}
