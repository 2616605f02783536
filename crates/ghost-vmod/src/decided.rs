//! A decision of `ghost_core`, held on to: the same words, owned by the task, with the state it was made from.

use std::cell::{Cell, OnceCell};
use std::hash::BuildHasher;
use std::sync::Arc;

use ghost_core::filter::{cors, redirect};
use ghost_core::model::{Filters, Match, Policy, Route, Rule};
use ghost_core::request::{Request, Scheme};
use ghost_core::{Outcome, Why, decide};
use serde_json::json;

use crate::counters::Counter;
use crate::ffi::{Context, Message};
use crate::line::Line;
use crate::publish::Guard;
use crate::request::{self, Surroundings};
use crate::state::RoutesState;

/// What was decided, and what is left to do for it.
pub(crate) struct Decided {
    /// Keeps what the decision points into, and every director it may use.
    pub(crate) routes: Guard<RoutesState>,
    pub(crate) winner: Option<Winner>,
    action: Action,
    /// Index in the document.
    listener: Option<usize>,
    pub(crate) scheme: Scheme,
    /// Path and query in canonical form, where the client wrote them otherwise.
    pub(crate) url: Option<Vec<u8>>,
    /// CORS headers for the response.
    pub(crate) cors: Vec<(&'static str, Vec<u8>)>,
    answered: Cell<bool>,
    /// The answer where the decision turned out not to be possible: no room for filters, no endpoint for a WebSocket.
    late: OnceCell<Answer>,
    /// The request as it was left when the filters had been applied.
    pub(crate) fingerprint: Cell<u64>,
}

enum Action {
    Forward,
    Answer(Answer),
}

/// The match that won.
pub(crate) struct Winner {
    pub(crate) route: Arc<Route>,
    pub(crate) rule_index: u16,
    /// Place among the matches that are in use.
    pub(crate) match_index: u16,
}

/// An answer that needs no backend.
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// A word for logs: one of [`Why`]'s, `redirect`, `control` or `noRoom`.
    pub(crate) why: &'static str,
    pub(crate) headers: Vec<(&'static str, Vec<u8>)>,
    pub(crate) body: Body,
}

/// What an answer says.
pub(crate) enum Body {
    Nothing,
    /// Status and reason in words.
    Reason,
    Json(String),
}

impl Answer {
    /// The filters do not fit into the workspace.
    fn no_room() -> Self {
        Self { status: 503, why: "noRoom", headers: Vec::new(), body: Body::Reason }
    }

    pub(crate) fn fixed(why: Why) -> Self {
        Self { status: why.status(), why: why.as_str(), headers: Vec::new(), body: Body::Reason }
    }

    pub(crate) fn json(status: u16, json: &serde_json::Value) -> Self {
        Self { status, why: "control", headers: Vec::new(), body: Body::Json(format!("{json}\n")) }
    }

    fn redirect(
        to: &ghost_core::model::Redirect,
        request: &Request<'_>,
        prefix: Option<usize>,
        port: u16,
    ) -> Self {
        let mut location = Vec::new();
        redirect::location(to, request, prefix, port, &mut location);
        Self {
            status: to.status,
            why: "redirect",
            headers: vec![("Location", location)],
            body: Body::Nothing,
        }
    }

    fn preflight(cors: &ghost_core::model::Cors, request: &Request<'_>) -> Self {
        let headers = cors::preflight_headers(cors, request.headers);
        Self { headers, body: Body::Nothing, ..Self::fixed(Why::Preflight) }
    }

    fn location(&self) -> Option<String> {
        let (_, value) = self.headers.iter().find(|(name, _)| *name == "Location")?;
        Some(String::from_utf8_lossy(value).into_owned())
    }
}

impl Winner {
    pub(crate) fn rule(&self) -> Option<&Rule> {
        self.route.rules.get(usize::from(self.rule_index))
    }

    pub(crate) fn one_match(&self) -> Option<&Match> {
        self.rule()?.matches.get(usize::from(self.match_index))
    }

    /// Index of the match as it was written, where refused ones count.
    fn written_match(&self) -> Option<u16> {
        self.one_match().map(|one| one.index)
    }

    /// The path condition in the words of the decision document.
    fn why(&self) -> Option<String> {
        self.one_match().map(|one| one.path.to_string())
    }

    /// Whether it is the same rule of the same route.
    pub(crate) fn is_rule_of(&self, other: &Winner) -> bool {
        Arc::ptr_eq(&self.route, &other.route) && self.rule_index == other.rule_index
    }
}

/// The parts of a decision that depend on the request.
struct Parts {
    winner: Option<Winner>,
    action: Action,
    listener: Option<usize>,
    url: Option<Vec<u8>>,
    cors: Vec<(&'static str, Vec<u8>)>,
}

impl Decided {
    /// Decides a message by a state.
    pub(crate) fn new(ctx: Context<'_>, message: &Message<'_>, routes: Guard<RoutesState>) -> Self {
        let surroundings = Surroundings::new(ctx, &routes.listeners);
        let parts = request::with(message, &surroundings, |request| Parts::new(&routes, message, request));
        let parts = parts.unwrap_or_else(|request::BadRequest| Parts::answer(Answer::fixed(Why::BadRequest)));
        Self::from_parts(parts, surroundings.scheme, routes)
    }

    /// An answer that no rule had a part in.
    pub(crate) fn answered_by(answer: Answer, routes: Guard<RoutesState>) -> Self {
        Self::from_parts(Parts::answer(answer), Scheme::Http, routes)
    }

    fn from_parts(parts: Parts, scheme: Scheme, routes: Guard<RoutesState>) -> Self {
        let Parts { winner, action, listener, url, cors } = parts;
        let (answered, late, fingerprint) = (Cell::new(false), OnceCell::new(), Cell::new(0));
        Self { routes, winner, action, listener, scheme, url, cors, answered, late, fingerprint }
    }

    /// The answer that is still to be given.
    pub(crate) fn pending(&self) -> Option<&Answer> {
        match (&self.action, self.late.get()) {
            _ if self.answered.get() => None,
            (_, Some(late)) => Some(late),
            (Action::Forward, None) => None,
            (Action::Answer(answer), None) => Some(answer),
        }
    }

    pub(crate) fn set_answered(&self) {
        self.answered.set(true);
    }

    /// The filters cannot be applied as a whole, so they are not applied at all.
    pub(crate) fn set_no_room(&self) {
        self.late.get_or_init(Answer::no_room);
    }

    /// There is no endpoint after all.
    pub(crate) fn set_failed(&self, why: Why) {
        self.late.get_or_init(|| Answer::fixed(why));
    }

    pub(crate) fn is_forward(&self) -> bool {
        matches!(self.action, Action::Forward)
    }

    /// The winning rule's filters.
    pub(crate) fn filters(&self) -> Option<&Filters> {
        self.winner.as_ref()?.rule()?.filters.as_deref()
    }

    fn word(&self) -> (&'static str, Option<&Answer>) {
        match (&self.action, self.late.get()) {
            (_, Some(late)) => ("answer", Some(late)),
            (Action::Forward, None) => ("forward", None),
            (Action::Answer(answer), None) if answer.why == "redirect" => ("redirect", Some(answer)),
            (Action::Answer(answer), None) => ("answer", Some(answer)),
        }
    }

    /// What is counted for it; nothing for control requests.
    pub(crate) fn counter(&self) -> Option<Counter> {
        let Some(answer) = self.word().1 else { return Some(Counter::Forwarded) };
        Some(match answer.why {
            "control" => return None,
            "redirect" => Counter::Redirected,
            "noRoom" => Counter::NoRoom,
            why if why == Why::NoRoute.as_str() => Counter::NoRoute,
            why if why == Why::NoBackends.as_str() => Counter::NoBackends,
            why if why == Why::Quarantined.as_str() => Counter::Quarantined,
            why if why == Why::BadRequest.as_str() => Counter::BadRequest,
            why if why == Why::InvalidBackend.as_str() => Counter::InvalidBackend,
            why if why == Why::NoEndpoints.as_str() => Counter::NoEndpoints,
            _ => Counter::Preflights,
        })
    }

    /// The winning rule's policy.
    pub(crate) fn policy(&self) -> Option<&Policy> {
        self.winner.as_ref()?.rule()?.policy.as_deref()
    }

    /// One line for the log.
    pub(crate) fn log(&self, ctx: Context<'_>) {
        let (action, answer) = self.word();
        let generation = self.routes.table.generation().unwrap_or_default();
        let (space, why) = answer.filter(|_| action == "answer").map_or(("", ""), |answer| (" ", answer.why));
        let line = Line::new().text("ghost ").text(action).text(space).text(why);
        let line = line.text(" generation=").number(generation);
        let line = match self.winner.as_ref().and_then(|winner| Some((winner, winner.rule()?))) {
            Some((winner, rule)) => line
                .text(" rule=")
                .text(&rule.name)
                .text(" match=")
                .number(winner.written_match().unwrap_or_default().into())
                .text(" route=")
                .text(&winner.route.id),
            None => line,
        };
        ctx.log_line(&line);
    }

    /// The words of the decision document that are known on the client side.
    pub(crate) fn document(&self) -> serde_json::Value {
        let (action, answer) = self.word();
        let table = &self.routes.table;
        let winner = self.winner.as_ref().and_then(|winner| Some((winner, winner.rule()?)));
        json!({
            "action": action,
            "status": answer.map(|answer| answer.status),
            "location": answer.and_then(Answer::location),
            "listener": self.listener.and_then(|index| table.listeners().get(index)).map(|listener| &*listener.name),
            "route": winner.map(|(winner, _)| &*winner.route.id),
            "rule": winner.map(|(_, rule)| &*rule.name),
            "match": winner.and_then(|(winner, _)| winner.written_match()),
            "source": winner.map(|(winner, rule)| rule.source.as_ref().unwrap_or(&winner.route.source)),
            "why": answer.map_or_else(|| winner.and_then(|(winner, _)| winner.why()).unwrap_or_default(), |answer| answer.why.to_owned()),
            "generation": table.generation(),
        })
    }
}

impl Parts {
    fn answer(answer: Answer) -> Self {
        Self { winner: None, action: Action::Answer(answer), listener: None, url: None, cors: Vec::new() }
    }

    fn new(routes: &RoutesState, message: &Message<'_>, request: &Request<'_>) -> Self {
        let decision = decide(&routes.table, request);
        let prefix = decision.winner.and_then(|winner| winner.prefix);
        let listener_port = decision.listener.map(|listener| listener.port);
        let port = || listener_port.unwrap_or_else(|| request::port(message, request.scheme));
        let action = match decision.outcome {
            Outcome::Forward(_) => Action::Forward,
            Outcome::Redirect(to) => Action::Answer(Answer::redirect(to, request, prefix, port())),
            Outcome::Preflight(cors) => Action::Answer(Answer::preflight(cors, request)),
            Outcome::Answer(why) => Action::Answer(Answer::fixed(why)),
        };
        let winner = decision.winner.map(|winner| Winner {
            route: Arc::clone(winner.route),
            rule_index: winner.rule_index,
            match_index: winner.match_index,
        });
        let filters = decision.winner.and_then(|winner| winner.rule.filters.as_deref());
        let cors = filters.and_then(|filters| filters.cors.as_deref());
        Self {
            winner,
            action,
            listener: decision.listener.and_then(|listener| index_in(routes.table.listeners(), listener)),
            url: (!is_url(message.url(), request)).then(|| request::join(request.path, request.query)),
            cors: cors.map(|cors| cors::response_headers(cors, request.headers)).unwrap_or_default(),
        }
    }
}

/// Whether the client wrote the request's target in canonical form.
fn is_url(url: &[u8], request: &Request<'_>) -> bool {
    match (url.strip_prefix(request.path), request.query) {
        (Some([]), None) => true,
        (Some([b'?', query @ ..]), Some(same)) => query == same,
        _ => false,
    }
}

/// Index of an element that is known to be in the slice.
fn index_in<T>(slice: &[T], element: &T) -> Option<usize> {
    let offset = (std::ptr::from_ref(element) as usize).checked_sub(slice.as_ptr() as usize)?;
    offset.checked_div(size_of::<T>())
}

/// Tells whether method, URL or Host were changed behind Ghost's back.
pub(crate) fn fingerprint(message: &Message<'_>) -> u64 {
    foldhash::fast::FixedState::default().hash_one((message.method(), message.url(), message.header("host")))
}
