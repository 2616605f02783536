//! Many decisions in one call: one block of bytes in, words out. The strings that words stand for cross once.
//!
//! **In.** `block` holds the parts of all requests, one behind the other without gaps: method and URL of a `RequestInput`, then
//! name and value of each of its header lines. `layout` has, for each request, the number of its header lines and then the
//! place in `block` where each of its parts ends: `2 + 2 * lines` rising numbers.
//!
//! **Out.** [`WORDS`] words per request: index into `outcomes` of the [`TableListing`], index into its `rules`, index of
//! the match in the rule, index of the backend in the rule's `services`; [`NONE`] where there is none. A decision ends here at the
//! service: whether it has an endpoint is a question for `decide`.

use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::FixedState;
use ghost_core::model::{Action, Route, Routes, Rule};
use ghost_core::request::Request;
use ghost_core::{Draw, Outcome, Why, decide};
use schemars::JsonSchema;
use serde::Serialize;

use crate::failure::{Failure, FailureCode};
use crate::received::{Line, Received, Room};
use crate::table::{Table, options_from};

/// Words of a result.
pub const WORDS: usize = 4;

/// The word for nothing.
pub const NONE: u32 = u32::MAX;

/// What the words of a batch stand for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TableListing {
    /// What becomes of a request.
    pub outcomes: Vec<ListedOutcome>,
    /// Every rule of every route.
    pub rules: Vec<ListedRule>,
}

/// What becomes of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListedOutcome {
    /// As in a decision.
    pub action: &'static str,
    /// Status of an answer.
    pub status: Option<u16>,
    /// Why there is no backend; absent when there is one.
    pub why: Option<&'static str>,
}

/// A rule by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListedRule {
    /// Identity of the route.
    pub route: Box<str>,
    /// Name of the rule.
    pub rule: Box<str>,
    /// Where the rule is written.
    pub source: Box<str>,
    /// Services of its backends in the order written.
    pub services: Vec<Box<str>>,
}

const FORWARD: u32 = 0;
const REDIRECT: u32 = 1;
/// Answers come behind, in this order.
const ANSWERS: [Why; 6] =
    [Why::BadRequest, Why::NoRoute, Why::NoBackends, Why::InvalidBackend, Why::Preflight, Why::Quarantined];

/// Where the rules of a route begin in the listing, by the address of the route that tables share.
#[derive(Debug)]
pub(crate) struct RuleIndex(HashMap<usize, u32, FixedState>);

impl RuleIndex {
    pub(crate) fn new(routes: &Routes) -> Self {
        let mut next = 0;
        let begins = routes.routes.iter().map(|route| {
            let begin = next;
            next += u32::try_from(route.rules.len()).unwrap_or(NONE);
            (address(route), begin)
        });
        Self(begins.collect())
    }

    /// Identity of the route, and the rule, that an index of the listing stands for. Not quick: it is asked once for each kind
    /// of decision.
    pub(crate) fn rule<'t>(&self, table: &'t Table, index: u32) -> Option<(&'t str, &'t Rule)> {
        let mut before = 0;
        for route in &table.checked.routes {
            let count = u32::try_from(route.rules.len()).unwrap_or(NONE);
            if let Some(rule) = index.checked_sub(before).filter(|rule| *rule < count) {
                return Some((&route.id, route.rules.get(usize::try_from(rule).ok()?)?));
            }
            before += count;
        }
        None
    }

    fn of(&self, route: &Arc<Route>, rule: u16) -> u32 {
        self.0.get(&address(route)).map_or(NONE, |begin| begin + u32::from(rule))
    }
}

fn address(route: &Arc<Route>) -> usize {
    Arc::as_ptr(route).addr()
}

impl Table {
    /// What the words of [`Table::decide_batch`] stand for.
    pub fn listing(&self) -> TableListing {
        let fixed = |action, why: Option<Why>| ListedOutcome {
            action,
            status: why.map(Why::status),
            why: why.map(Why::as_str),
        };
        let answers = ANSWERS.into_iter().map(|why| fixed("answer", Some(why)));
        let outcomes = [fixed("forward", None), fixed("redirect", None)].into_iter().chain(answers).collect();
        let rules = self.checked.routes.iter().flat_map(|route| listed_rules(route)).collect();
        TableListing { outcomes, rules }
    }

    pub(crate) fn rules(&self) -> &RuleIndex {
        self.rule_index.get_or_init(|| RuleIndex::new(&self.checked))
    }

    /// Decides many requests under the same `DecideOptions`; the module describes the words.
    pub fn decide_batch(&self, block: &[u8], layout: &[u32], options: &str) -> Result<Vec<u32>, Failure> {
        let options = options_from(options)?;
        let asked = Asked {
            table: self,
            rules: self.rules(),
            listener: options.listener.as_deref(),
            draw: Draw::from_unit(options.draw.unwrap_or(0.0)),
        };
        let mut reader = Reader { block, layout, begin: 0 };
        let (mut lines, mut room, mut words) = (Vec::new(), Room::default(), Vec::new());
        while let Some((method, url)) = reader.read(&mut lines)? {
            let result = match Received::new(method, url, &lines, &mut room) {
                Some(received) => received.with(asked.listener, |request| asked.words(request)),
                None => bad_request(),
            };
            words.extend_from_slice(&result);
        }
        Ok(words)
    }
}

fn listed_rules(route: &Route) -> impl Iterator<Item = ListedRule> {
    route.rules.iter().map(|rule| ListedRule {
        route: route.id.clone(),
        rule: rule.name.clone(),
        source: rule.source.as_ref().unwrap_or(&route.source).clone(),
        services: match &rule.action {
            Action::Forward(backends) => backends.backends.iter().map(|one| one.service.clone()).collect(),
            Action::Redirect(_) | Action::Quarantined => Vec::new(),
        },
    })
}

/// Method and URL.
type RequestLine<'b> = (&'b [u8], &'b [u8]);

/// Cuts the block into requests.
struct Reader<'b> {
    block: &'b [u8],
    layout: &'b [u32],
    begin: usize,
}

impl<'b> Reader<'b> {
    /// Method and URL of the next request, its header lines in `lines`; `None` at the end.
    fn read(&mut self, lines: &mut Vec<Line<'b>>) -> Result<Option<RequestLine<'b>>, Failure> {
        lines.clear();
        if self.layout.is_empty() {
            return Ok(None);
        }
        let count = self.word()?;
        let request = (self.part()?, self.part()?);
        for _ in 0..count {
            lines.push((self.part()?, self.part()?));
        }
        Ok(Some(request))
    }

    fn word(&mut self) -> Result<usize, Failure> {
        let (word, rest) = self.layout.split_first().ok_or_else(misfit)?;
        self.layout = rest;
        usize::try_from(*word).map_err(|_| misfit())
    }

    fn part(&mut self) -> Result<&'b [u8], Failure> {
        let end = self.word()?;
        let part = self.block.get(self.begin..end).ok_or_else(misfit)?;
        self.begin = end;
        Ok(part)
    }
}

fn misfit() -> Failure {
    Failure::new(FailureCode::InvalidRequest, "the layout of the batch does not fit its block")
}

/// What requests are asked of.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'t> {
    pub(crate) table: &'t Table,
    pub(crate) rules: &'t RuleIndex,
    pub(crate) listener: Option<&'t str>,
    pub(crate) draw: Draw,
}

/// The words of what is no request.
pub(crate) fn bad_request() -> [u32; WORDS] {
    [outcome(Why::BadRequest), NONE, NONE, NONE]
}

impl Asked<'_> {
    pub(crate) fn words(&self, request: &Request<'_>) -> [u32; WORDS] {
        let decision = decide(&self.table.routes, request);
        let (rule, one) = decision.winner.as_ref().map_or((NONE, NONE), |winner| {
            let one = winner.rule.matches.get(usize::from(winner.match_index));
            (self.rules.of(winner.route, winner.rule_index), one.map_or(NONE, |one| u32::from(one.index)))
        });
        let (outcome, backend) = match decision.outcome {
            Outcome::Redirect(_) => (REDIRECT, NONE),
            Outcome::Preflight(_) => (outcome(Why::Preflight), NONE),
            Outcome::Answer(why) => (outcome(why), NONE),
            Outcome::Forward(backends) => match backends.pick(self.draw) {
                None => (outcome(Why::NoBackends), NONE),
                Some((picked, _)) => {
                    let index = (0..).zip(&backends.backends).find(|(_, one)| std::ptr::eq(*one, picked));
                    let invalid = picked.invalid.map(|_| outcome(Why::InvalidBackend));
                    (invalid.unwrap_or(FORWARD), index.map_or(NONE, |(index, _)| index))
                }
            },
        };
        [outcome, rule, one, backend]
    }
}

fn outcome(why: Why) -> u32 {
    (REDIRECT + 1..).zip(ANSWERS).find(|(_, answer)| *answer == why).map_or(NONE, |(word, _)| word)
}
