//! A class of requests, asked of both sides.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::condition::Wanted;
use super::{Place, Side, Sides};
use crate::decide::{Outcome, Winner, decide};
use crate::document::{DecideOptions, DecisionDocument, RequestDocument, simulate};
use crate::model::{Backend, WeightedBackends};
use crate::request::{Entrance, HeaderPairs, Request};

/// What two configurations answer differently.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(title = "Comparison")]
pub struct ComparisonDocument {
    /// Classes of requests that are answered differently; at most 10,000.
    pub classes: Vec<ClassDocument>,
    /// How many more there are.
    pub unlisted: usize,
    /// How many requests were asked about; hosts that are alike need none.
    pub asked: usize,
    /// False when the configurations differ in more places than could be asked about.
    pub complete: bool,
}

/// Requests that are decided alike by each side, and by the two sides differently.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ClassDocument {
    /// Hosts of the class: a name, `*.suffix` or `*`.
    pub host: String,
    /// Paths of the class: `/cart`, everything below as `/cart/*`, or `~pattern`.
    pub path: String,
    /// The method; null for every method that no route names.
    pub method: Option<String>,
    /// Whether the class stands for others of its kind that were not looked for, because of a pattern.
    pub sampled: bool,
    /// One request of the class.
    pub request: RequestDocument,
    /// A draw for which the decisions differ.
    pub draw: f64,
    /// Which share of the requests is decided differently, 0 to 1.
    pub share: f64,
    /// What differs: `action`, `location`, `service`, `request`, `responseHeaders`, `route`, `policy`, `mirrors`.
    pub changed: Vec<String>,
    /// The decision of the first side.
    pub before: DecisionDocument,
    /// The decision of the second side.
    pub after: DecisionDocument,
}

/// A request to ask both sides.
pub(crate) struct Asked<'p> {
    pub(crate) place: &'p Place<'p>,
    pub(crate) wanted: Wanted,
    /// A method that stands for those that no candidate names.
    pub(crate) other_method: String,
    pub(crate) is_sampled: bool,
}

/// More services than this are drawn by another method, so their shares are sampled.
const MAX_SUMMED: usize = 16;
/// Draws that sample such rules.
const SAMPLED_DRAWS: u32 = 64;

impl Place<'_> {
    /// Host and port as a Host header has them.
    pub(crate) fn authority(&self) -> String {
        self.entry
            .url(&self.host.host, "")
            .split_once("://")
            .map(|(_, rest)| rest.to_owned())
            .unwrap_or_default()
    }
}

/// The class of a request, where the sides differ.
pub(crate) fn ask(sides: Sides<'_>, asked: &Asked<'_>) -> Option<ClassDocument> {
    let request = document(asked);
    let (before, after) = (decided(sides.before, asked), decided(sides.after, asked));
    let mut share = 0.0;
    let mut differing: Option<(f64, f64, [DecisionDocument; 2])> = None;
    let mut changed: Vec<String> = Vec::new();
    for (draw, width) in draws(&before, &after) {
        let options = DecideOptions { draw: Some(draw), ..DecideOptions::default() };
        let [left, right] =
            [sides.before, sides.after].map(|side| simulate(side.table, side.endpoints, &request, &options));
        let mut found = differences(&left, &right);
        found.extend(settings(&before, &after, &left, &right));
        if found.is_empty() {
            continue;
        }
        share += width;
        changed.extend(found.into_iter().map(str::to_owned));
        if differing.as_ref().is_none_or(|(_, widest, _)| width > *widest) {
            differing = Some((draw, width, [left, right]));
        }
    }
    let (draw, _, [left, right]) = differing?;
    changed.sort_unstable();
    changed.dedup();
    Some(ClassDocument {
        host: asked.place.host.pattern.to_string(),
        path: asked.place.path.words.clone(),
        method: asked.wanted.method.clone(),
        sampled: asked.is_sampled || is_alias(&before) || is_alias(&after),
        request,
        draw,
        share,
        changed,
        before: left,
        after: right,
    })
}

fn document(asked: &Asked<'_>) -> RequestDocument {
    let Place { entry, host, path } = asked.place;
    let query = query(&asked.wanted.query);
    let target = match &query {
        Some(query) => format!("{}?{query}", path.value),
        None => path.value.clone(),
    };
    RequestDocument {
        method: asked.wanted.method.clone().unwrap_or_else(|| asked.other_method.clone()),
        url: entry.url(&host.host, &target),
        headers: asked.wanted.headers.clone(),
    }
}

fn query(pairs: &[(String, String)]) -> Option<String> {
    let pairs: Vec<String> =
        pairs.iter().map(|(name, value)| format!("{}={}", escaped(name), escaped(value))).collect();
    (!pairs.is_empty()).then(|| pairs.join("&"))
}

/// RFC 3986 section 2.1.
fn escaped(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}

/// What one side makes of the request, before the draw.
struct Decided<'s> {
    backends: Option<&'s WeightedBackends>,
    winner: Option<Winner<'s>>,
}

fn decided<'s>(side: Side<'s>, asked: &Asked<'_>) -> Decided<'s> {
    let mut headers = vec![(b"host".to_vec(), asked.place.authority().into_bytes())];
    let lines = asked.wanted.headers.iter();
    headers.extend(lines.map(|(name, value)| (name.clone().into_bytes(), value.clone().into_bytes())));
    let query = query(&asked.wanted.query);
    let method = asked.wanted.method.as_deref().unwrap_or(&asked.other_method);
    let decision = decide(
        side.table,
        &Request {
            entrance: Entrance::Port(asked.place.entry.port),
            scheme: asked.place.entry.scheme,
            method: method.as_bytes(),
            host: asked.place.host.host.as_bytes(),
            path: asked.place.path.value.as_bytes(),
            query: query.as_deref().map(str::as_bytes),
            headers: &HeaderPairs(&headers),
        },
    );
    let backends = match decision.outcome {
        Outcome::Forward(backends) => Some(backends),
        Outcome::Redirect(_) | Outcome::Preflight(_) | Outcome::Answer(_) => None,
    };
    Decided { backends, winner: decision.winner }
}

fn is_alias(side: &Decided<'_>) -> bool {
    side.backends.is_some_and(|backends| backends.backends.len() > MAX_SUMMED)
}

/// A draw within each stretch in which neither side changes its mind, and how wide it is.
fn draws(before: &Decided<'_>, after: &Decided<'_>) -> Vec<(f64, f64)> {
    if is_alias(before) || is_alias(after) {
        let step = 1.0 / f64::from(SAMPLED_DRAWS);
        return (0..SAMPLED_DRAWS).map(|number| ((f64::from(number) + 0.5) * step, step)).collect();
    }
    let mut cuts = vec![0.0, 1.0];
    for backends in [before.backends, after.backends].into_iter().flatten() {
        cuts.extend(shares(&backends.backends));
    }
    cuts.sort_by(f64::total_cmp);
    cuts.dedup();
    let stretches = cuts.windows(2).filter_map(|pair| match pair {
        [from, to] if to > from => Some((f64::midpoint(*from, *to), to - from)),
        _ => None,
    });
    stretches.collect()
}

fn shares(backends: &[Backend]) -> Vec<f64> {
    let total: f64 = backends.iter().map(|backend| f64::from(backend.weight)).sum();
    let sums = backends.iter().scan(0.0, |sum, backend| {
        *sum += f64::from(backend.weight);
        Some(*sum)
    });
    if total > 0.0 { sums.map(|sum| sum / total).collect() } else { Vec::new() }
}

/// What a client or a service would notice, and which rule it was. Indices, places in files and addresses are left out.
fn differences(before: &DecisionDocument, after: &DecisionDocument) -> Vec<&'static str> {
    let why = |decision: &DecisionDocument| (decision.action == "answer").then(|| decision.why.clone());
    [
        ("action", (&before.action, before.status, why(before)) != (&after.action, after.status, why(after))),
        ("location", before.location != after.location),
        ("service", before.service != after.service),
        ("request", before.request != after.request),
        ("responseHeaders", before.response_headers != after.response_headers),
        ("route", (&before.route, &before.rule) != (&after.route, &after.rule)),
    ]
    .into_iter()
    .filter_map(|(word, differs)| differs.then_some(word))
    .collect()
}

/// What a decision does not show: timeouts, retries, caching, copies. Told where both sides forward.
fn settings(
    before: &Decided<'_>,
    after: &Decided<'_>,
    left: &DecisionDocument,
    right: &DecisionDocument,
) -> Vec<&'static str> {
    let (Some(one), Some(other)) = (&before.winner, &after.winner) else {
        return Vec::new();
    };
    if left.action != "forward" || right.action != "forward" {
        return Vec::new();
    }
    let mirrors = |winner: &Winner<'_>| winner.rule.filters.as_ref().map(|filters| filters.mirrors.clone());
    let mirrors = |winner: &Winner<'_>| mirrors(winner).unwrap_or_default();
    [("policy", one.rule.policy != other.rule.policy), ("mirrors", mirrors(one) != mirrors(other))]
        .into_iter()
        .filter_map(|(word, differs)| differs.then_some(word))
        .collect()
}
