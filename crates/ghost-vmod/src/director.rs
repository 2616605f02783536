//! The directors: what VCL gets as a backend. They carry a decision from the client's task to the fetch, which does
//! not share its private data.

use std::sync::{Arc, Weak};

use ghost_core::decide::{Winner, decision_id_without_draw, drawn_part};
use ghost_core::model::{Action, Backend, PathMatch, Route, Rule, WeightedBackends};
use ghost_core::{Draw, Why};

use crate::decided::Answer;
use crate::ffi::{Context, VclBackend, Which};
use crate::line::Line;
use crate::publish::Published;
use crate::router::Router;
use crate::state::EndpointsState;
use crate::{fetch, synth};

/// A director that is resolved when a fetch begins.
pub(crate) struct RuleDirector {
    pub(crate) router: Weak<Router>,
    /// The rule it stands for; `None` decides the fetch by itself.
    pub(crate) rule: Option<RuleInState>,
}

/// A rule, with the endpoints of the state it belongs to.
pub(crate) struct RuleInState {
    /// The decision's id but for the draw, which ends it.
    id_without_draw: Box<str>,
    pub(crate) route: Arc<Route>,
    pub(crate) rule_index: u16,
    pub(crate) match_index: u16,
    pub(crate) endpoints: Arc<Published<EndpointsState>>,
}

/// A backend that is connected to nothing.
pub(crate) struct AnswerDirector {
    pub(crate) router: Weak<Router>,
    /// Always this answer; `None` decides the fetch by itself.
    pub(crate) why: Option<Why>,
}

impl RuleDirector {
    /// The backend for a fetch; null makes it fail.
    pub(crate) fn resolve(&self, ctx: Context<'_>) -> VclBackend {
        let Some(router) = self.router.upgrade() else { return std::ptr::null() };
        match &self.rule {
            Some(rule) => fetch::pick(ctx, &router, rule),
            None => router.backend(ctx),
        }
    }

    /// How many endpoints could be picked now, and how many there are.
    pub(crate) fn count(&self) -> (usize, usize) {
        let Some(rule) = &self.rule else { return (1, 1) };
        let endpoints = rule.endpoints.load();
        let services = rule.backends().filter_map(|backend| endpoints.service(&backend.service));
        services.fold((0, 0), |(usable, all), service| {
            (usable + service.candidates().count(), all + service.all.len())
        })
    }
}

impl RuleInState {
    pub(crate) fn new(
        generation: Option<u64>,
        route: &Arc<Route>,
        (rule_index, match_index): (u16, u16),
        endpoints: &Arc<Published<EndpointsState>>,
    ) -> Self {
        let winner = route.rules.get(usize::from(rule_index)).map(|rule| Winner {
            route,
            rule,
            rule_index,
            match_index,
            prefix: None,
        });
        Self {
            id_without_draw: decision_id_without_draw(generation, winner.as_ref()).into(),
            route: Arc::clone(route),
            rule_index,
            match_index,
            endpoints: Arc::clone(endpoints),
        }
    }

    /// Appends what stands for the decision and the draw in logs.
    pub(crate) fn write_id(&self, draw: Draw, line: Line) -> Line {
        line.text(&self.id_without_draw).hex(drawn_part(draw))
    }

    pub(crate) fn rule(&self) -> Option<&Rule> {
        self.route.rules.get(usize::from(self.rule_index))
    }

    pub(crate) fn forward(&self) -> Option<&WeightedBackends> {
        match &self.rule()?.action {
            Action::Forward(backends) => Some(backends),
            _ => None,
        }
    }

    fn backends(&self) -> impl Iterator<Item = &Backend> {
        self.forward().into_iter().flat_map(|backends| backends.backends.iter())
    }

    /// Bytes of a path that the match took; `None` where the match is no prefix, or VCL wrote another path since.
    pub(crate) fn prefix(&self, path: &[u8]) -> Option<usize> {
        match &self.rule()?.matches.get(usize::from(self.match_index))?.path {
            PathMatch::Prefix(prefix) => path.starts_with(prefix.as_bytes()).then_some(prefix.len()),
            _ => None,
        }
    }
}

impl AnswerDirector {
    /// Writes the answer as the response to a fetch. False makes the fetch fail.
    pub(crate) fn answer(&self, ctx: Context<'_>) -> bool {
        let Some(mut response) = ctx.message(Which::Beresp) else { return false };
        let decided = match self.why {
            Some(_) => None,
            None => self.router.upgrade().and_then(|router| router.decide(ctx)),
        };
        // A reload may have given the request a backend after it was sent here: then it had better come again.
        let fixed = Answer::fixed(self.why.unwrap_or(Why::NoEndpoints));
        let answer = decided.as_ref().and_then(|decided| decided.pending()).unwrap_or(&fixed);
        synth::write(answer, decided.as_deref(), &mut response);
        true
    }
}
