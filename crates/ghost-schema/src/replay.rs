//! Logs decided again: pieces of a log in, counts out, so that neither lines nor decisions cross into the host one by one.
//!
//! A piece ends where a request does; the host cuts it. Counts are by the words of [`crate::batch`]; with two tables, by
//! the pair of both decisions. Draws come from where a request stands in the log, so that the same log gives the same
//! counts however it is cut and whoever counts.

use std::collections::HashMap;

use foldhash::fast::FixedState;
use ghost_access_log::{Entry, LogFormat, LoggedRequest, Reader, Spot};
use ghost_core::document::RequestDocument;
use ghost_core::model::{Action, Backend, Rule};
use ghost_core::select::{Draw, key_of};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::batch::{Asked, NONE, WORDS, bad_request};
use crate::failure::{Failure, FailureCode};
use crate::received::{Received, Room};
use crate::table::{Table, json};

/// How a log is to be read and decided.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReplayOptions {
    /// Name of a format or a format string; absent: by the look of the first piece.
    pub format: Option<String>,
    /// Host of requests whose log line has none.
    pub host: Option<String>,
    /// Name of the listener all requests come in by. Absent: the one on the URL's port.
    pub listener: Option<String>,
    /// The draw of every request, 0 up to 1. Absent: by the place in the log.
    pub draw: Option<f64>,
}

/// What came of the pieces so far.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReplayReport {
    /// Lines, blank ones and parts of a request included.
    pub lines: u64,
    /// Requests that were decided.
    pub requests: u64,
    /// Entries that no request can be read from.
    pub unreadable: u64,
    /// The first of them.
    pub unreadable_examples: Vec<UnreadableLine>,
    /// How often each decision was made.
    pub tallies: Vec<Tally>,
    /// Requests whose decision is in no tally, because there are too many kinds.
    pub untallied: u64,
}

/// An entry that no request can be read from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UnreadableLine {
    /// Number of the piece, as the host counts.
    pub piece: u32,
    /// Line of the piece, from 0.
    pub line: u32,
    /// Its beginning.
    pub text: String,
    /// Why.
    pub reason: String,
}

/// A decision, and how often it was made.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Tally {
    /// Words of the decision of the first table.
    pub before: [u32; WORDS],
    /// Words of the decision of the second table, where there is one.
    pub after: Option<[u32; WORDS]>,
    /// Requests.
    pub count: u64,
    /// Whether the two differ: in outcome, route, rule, service, redirect or filters.
    pub changed: bool,
    /// The first requests, of changed decisions only.
    pub examples: Vec<Example>,
}

/// A request from a log.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Example {
    /// Number of the piece, as the host counts.
    pub piece: u32,
    /// Line of the piece, from 0.
    pub line: u32,
    /// The draw it was decided with.
    pub draw: f64,
    /// The request.
    pub request: RequestDocument,
}

/// Examples of each kind.
const EXAMPLES: usize = 3;
/// Kinds of decisions that are counted apart.
const MAX_TALLIES: usize = 1 << 18;
/// Bytes of an unreadable line that are shown.
const SHOWN: usize = 200;

/// A replay under way.
#[derive(Debug)]
pub struct Replay {
    options: ReplayOptions,
    reader: Option<Reader>,
    counts: HashMap<Pair, Count, FixedState>,
    report: ReplayReport,
}

type Words = [u32; WORDS];
type Pair = (Words, Option<Words>);

#[derive(Debug, Default)]
struct Count {
    count: u64,
    changed: bool,
    examples: Vec<Example>,
}

/// A piece of a log and where it stands.
#[derive(Debug, Clone, Copy)]
pub struct Piece<'p> {
    /// Its bytes; it ends where a request does.
    pub bytes: &'p [u8],
    /// Its number.
    pub number: u32,
    /// Bytes before it.
    pub offset: u64,
}

impl Replay {
    /// Begins, by `ReplayOptions` in JSON.
    pub fn new(options: &str) -> Result<Self, Failure> {
        let invalid = |text: String| Failure::new(FailureCode::InvalidOptions, text);
        let options: ReplayOptions = serde_json::from_str(options)
            .map_err(|error| invalid(format!("the options cannot be used: {error}")))?;
        let format = options.format.as_deref().map(LogFormat::parse).transpose();
        let format = format.map_err(|error| invalid(error.to_string()))?;
        let reader = format.map(|format| reader(format, &options));
        Ok(Self { options, reader, counts: HashMap::default(), report: ReplayReport::default() })
    }

    /// Decides every request of a piece, by one table or by both. Returns how many lines it has.
    pub fn feed(&mut self, table: &Table, against: Option<&Table>, piece: Piece<'_>) -> u32 {
        let options = &self.options;
        let reader = self.reader.get_or_insert_with(|| reader(LogFormat::detect(piece.bytes), options));
        let asked = |table| asked(table, options);
        let mut counting = Counting {
            before: asked(table),
            after: against.map(asked),
            fixed: options.draw.map(Draw::from_unit),
            piece,
            counts: &mut self.counts,
            report: &mut self.report,
            room: Room::default(),
        };
        let lines = reader.read(piece.bytes, &mut |spot, entry| match entry {
            Entry::Request(request) => counting.request(spot, &request),
            Entry::Unreadable(line, reason) => counting.unreadable(spot, line, reason),
        });
        self.report.lines += u64::from(lines);
        lines
    }

    /// What came of it so far; the most frequent decisions first.
    pub fn report(&self) -> ReplayReport {
        let mut tallies: Vec<Tally> = self
            .counts
            .iter()
            .map(|((before, after), one)| Tally {
                before: *before,
                after: *after,
                count: one.count,
                changed: one.changed,
                examples: one.examples.clone(),
            })
            .collect();
        tallies.sort_by_key(|tally| (std::cmp::Reverse(tally.count), tally.before, tally.after));
        ReplayReport { tallies, ..self.report.clone() }
    }
}

/// The requests of a piece of a log, as `RequestInput`s in JSON; what is no request is left out.
pub fn logged_requests(bytes: &[u8], options: &str) -> Result<String, Failure> {
    let mut replay = Replay::new(options)?;
    let options = replay.options.clone();
    let reader = replay.reader.get_or_insert_with(|| reader(LogFormat::detect(bytes), &options));
    let mut requests = Vec::new();
    reader.read(bytes, &mut |_, entry| {
        if let Entry::Request(request) = entry {
            requests.push(document(&request));
        }
    });
    json(&requests)
}

fn reader(format: LogFormat, options: &ReplayOptions) -> Reader {
    Reader::new(format, options.host.as_deref().unwrap_or_default().as_bytes())
}

fn asked<'t>(table: &'t Table, options: &'t ReplayOptions) -> Asked<'t> {
    Asked { table, rules: table.rules(), listener: options.listener.as_deref(), draw: Draw::default() }
}

/// One piece being counted.
struct Counting<'c> {
    before: Asked<'c>,
    after: Option<Asked<'c>>,
    fixed: Option<Draw>,
    piece: Piece<'c>,
    counts: &'c mut HashMap<Pair, Count, FixedState>,
    report: &'c mut ReplayReport,
    room: Room,
}

impl Counting<'_> {
    fn request(&mut self, spot: Spot, request: &LoggedRequest<'_>) {
        let place = self.piece.offset.wrapping_add(spot.offset as u64);
        let draw = self.fixed.unwrap_or_else(|| Draw::from_bits(key_of(&place.to_le_bytes())));
        let before = Asked { draw, ..self.before };
        let after = self.after.map(|after| Asked { draw, ..after });
        let received = Received::new(request.method, request.url, request.headers, &mut self.room);
        let words = |asked: Asked<'_>| match &received {
            Some(received) => received.with(asked.listener, |request| asked.words(request)),
            None => bad_request(),
        };
        let pair = (words(before), after.map(words));
        self.report.requests += 1;
        let is_full = self.counts.len() >= MAX_TALLIES;
        if is_full && !self.counts.contains_key(&pair) {
            self.report.untallied += 1;
            return;
        }
        let count = self.counts.entry(pair).or_insert_with(|| Count {
            changed: after.is_some_and(|after| differ(&before, &after, pair)),
            ..Count::default()
        });
        count.count += 1;
        if count.changed && count.examples.len() < EXAMPLES {
            count.examples.push(Example {
                piece: self.piece.number,
                line: spot.line,
                draw: draw.to_unit(),
                request: document(request),
            });
        }
    }

    fn unreadable(&mut self, spot: Spot, line: &[u8], reason: &str) {
        self.report.unreadable += 1;
        if self.report.unreadable_examples.len() < EXAMPLES {
            self.report.unreadable_examples.push(UnreadableLine {
                piece: self.piece.number,
                line: spot.line,
                text: text(line.get(..SHOWN).unwrap_or(line)),
                reason: reason.to_owned(),
            });
        }
    }
}

fn document(request: &LoggedRequest<'_>) -> RequestDocument {
    RequestDocument {
        method: text(request.method),
        url: text(request.url),
        headers: request.headers.iter().map(|(name, value)| (text(name), text(value))).collect(),
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Whether two decisions mean something else to the client or to a service.
fn differ(before: &Asked<'_>, after: &Asked<'_>, (left, right): Pair) -> bool {
    let Some(right) = right else { return false };
    let rules = (before.rules.rule(before.table, left[1]), after.rules.rule(after.table, right[1]));
    left[0] != right[0]
        || match rules {
            (None, None) => false,
            (Some((route, rule)), Some((other_route, other))) => {
                route != other_route
                    || rule.name != other.name
                    || effects_differ(rule, left[3], other, right[3])
            }
            _ => true,
        }
}

fn effects_differ(rule: &Rule, backend: u32, other: &Rule, other_backend: u32) -> bool {
    let backends = (chosen(rule, backend), chosen(other, other_backend));
    let (one, another) = backends;
    let parts = |backend: Option<&Backend>| backend.map(|one| (one.service.clone(), one.filters.clone()));
    let redirects = match (&rule.action, &other.action) {
        (Action::Redirect(one), Action::Redirect(other)) => one != other,
        _ => false,
    };
    redirects || rule.filters != other.filters || parts(one) != parts(another)
}

fn chosen(rule: &Rule, backend: u32) -> Option<&Backend> {
    match &rule.action {
        Action::Forward(backends) if backend != NONE => backends.backends.get(usize::try_from(backend).ok()?),
        _ => None,
    }
}
