//! Requests that meet the conditions of two candidates and no others.

use super::class::Asked;
use super::{MAX_PAIRS, Place, witness};
use crate::compile::Candidate;
use crate::model::{Cors, Match, OriginPattern, TextMatch};

/// Values of a pattern that are tried.
const MAX_VALUES: usize = 4;
/// A condition that no request can meet twice.
struct Contradiction;

/// Everything of a request behind its path.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct Wanted {
    /// `None` where neither candidate asks for one.
    pub(crate) method: Option<String>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) is_sampled: bool,
}

/// One request for each pair of candidates that may win, one of each side.
pub(crate) fn witnesses<'p>(
    place: &'p Place<'p>,
    before: &[&Candidate],
    after: &[&Candidate],
) -> Vec<Asked<'p>> {
    let other = other_method(before.iter().chain(after));
    let mut found = Vec::new();
    let is_cut = (before.len() + 1) * (after.len() + 1) > MAX_PAIRS;
    for (one, another) in pairs(before, after, is_cut) {
        let matches = [one, another].map(|candidate| candidate.and_then(Candidate::one_match));
        let Ok(mut wanted) = both(place, matches) else { continue };
        for cors in [one, another].into_iter().flatten().filter_map(cors_of) {
            let asked: Vec<Wanted> =
                wanted.iter().take(1).flat_map(|plain| from_origins(cors, plain)).collect();
            wanted.extend(asked);
        }
        found.extend(wanted.into_iter().map(|wanted| Asked {
            place,
            is_sampled: wanted.is_sampled || place.path.is_sampled || is_cut,
            wanted,
            other_method: other.clone(),
        }));
    }
    found
}

type Choice<'c> = Option<&'c Candidate>;

/// All pairs, or where they are too many each candidate alone and beside its namesake.
fn pairs<'c>(
    before: &[&'c Candidate],
    after: &[&'c Candidate],
    is_cut: bool,
) -> Vec<(Choice<'c>, Choice<'c>)> {
    let choices = |list: &[&'c Candidate]| -> Vec<Choice<'c>> {
        list.iter().map(|one| Some(*one)).chain([None]).collect()
    };
    if !is_cut {
        let others = choices(after);
        return choices(before)
            .into_iter()
            .flat_map(|one| others.iter().map(move |other| (one, *other)))
            .collect();
    }
    let alone = choices(before).into_iter().map(|one| (one, None));
    let others = choices(after).into_iter().map(|other| (None, other));
    alone.chain(others).collect()
}

/// A method that no candidate names: it stands for all such.
fn other_method<'c>(candidates: impl Iterator<Item = &'c &'c Candidate>) -> String {
    let named: Vec<&str> = candidates.filter_map(|one| one.one_match()?.method.as_deref()).collect();
    let common = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "GHOST"].map(str::to_owned);
    let made = (1..).map(|number| format!("GHOST{number}"));
    common.into_iter().chain(made).find(|method| !named.contains(&&**method)).unwrap_or_default()
}

/// The least that meets both; a few times where patterns have a say.
fn both(place: &Place<'_>, matches: [Option<&Match>; 2]) -> Result<Vec<Wanted>, Contradiction> {
    let matches: Vec<&Match> = matches.into_iter().flatten().collect();
    let mut method: Option<&str> = None;
    for wanted in matches.iter().filter_map(|one| one.method.as_deref()) {
        if method.is_some_and(|method| method != wanted) {
            return Err(Contradiction);
        }
        method = Some(wanted);
    }
    let headers = matches.iter().flat_map(|one| &one.headers).map(|header| (&*header.name, &header.value));
    let (host, headers): (Vec<_>, Vec<_>) = headers.partition(|(name, _)| *name == "host");
    let authority = place.authority();
    if !host.iter().all(|(_, value)| takes(value, &authority)) {
        return Err(Contradiction);
    }
    let query = matches.iter().flat_map(|one| &one.query).map(|query| (&*query.name, &query.value));
    let (headers, query) = (values(headers)?, values(query.collect())?);
    let is_sampled = headers.iter().chain(&query).any(|(_, values)| values.is_sampled);
    let variants = headers.iter().chain(&query).map(|(_, values)| values.all.len()).max().unwrap_or(1);
    let choose = |list: &[(String, Values)], at: usize| -> Vec<(String, String)> {
        let one = |(name, values): &(String, Values)| Some((name.clone(), values.at(at)?.clone()));
        list.iter().filter_map(one).collect()
    };
    let wanted = |at| Wanted {
        method: method.map(str::to_owned),
        headers: choose(&headers, at),
        query: choose(&query, at),
        is_sampled,
    };
    Ok((0..variants).map(wanted).collect())
}

/// Values that meet every condition of one name.
struct Values {
    all: Vec<String>,
    is_sampled: bool,
}

impl Values {
    fn at(&self, index: usize) -> Option<&String> {
        self.all.get(index.min(self.all.len().saturating_sub(1)))
    }
}

fn values(mut conditions: Vec<(&str, &TextMatch)>) -> Result<Vec<(String, Values)>, Contradiction> {
    conditions.sort_by_key(|(name, _)| *name);
    conditions
        .chunk_by(|left, right| left.0 == right.0)
        .map(|same| {
            let name = same.first().map(|(name, _)| (*name).to_owned()).unwrap_or_default();
            Ok((name, of_one_name(same)?))
        })
        .collect()
}

fn of_one_name(conditions: &[(&str, &TextMatch)]) -> Result<Values, Contradiction> {
    let exact = conditions.iter().find_map(|(_, value)| match value {
        TextMatch::Exact(text) => Some(text.to_string()),
        TextMatch::Regex(_) => None,
    });
    let is_sampled = exact.is_none();
    let tried = match exact {
        Some(text) => vec![text],
        None => conditions
            .iter()
            .flat_map(|(_, value)| match value {
                TextMatch::Exact(_) => Vec::new(),
                TextMatch::Regex(pattern) => witness::samples(pattern.text()),
            })
            .collect(),
    };
    let meets = |value: &String| conditions.iter().all(|(_, condition)| takes(condition, value));
    let all: Vec<String> = tried.into_iter().filter(meets).take(MAX_VALUES).collect();
    if all.is_empty() { Err(Contradiction) } else { Ok(Values { all, is_sampled }) }
}

fn takes(condition: &TextMatch, value: &str) -> bool {
    match condition {
        TextMatch::Exact(text) => **text == *value,
        TextMatch::Regex(pattern) => pattern.takes(value.as_bytes()),
    }
}

fn cors_of(candidate: &Candidate) -> Option<&Cors> {
    candidate.rule()?.filters.as_ref()?.cors.as_deref()
}

/// The same request from an allowed and from a foreign origin, and its preflight where the method allows one.
fn from_origins(cors: &Cors, plain: &Wanted) -> Vec<Wanted> {
    let allowed = cors.allow_origins.iter().find_map(|origin| match origin {
        OriginPattern::Any => None,
        OriginPattern::Exact(origin) => Some(origin.to_string()),
        OriginPattern::Wildcard(pattern) => witness::samples(pattern.text()).into_iter().next(),
    });
    let origins = allowed.into_iter().chain(["https://foreign.invalid".to_owned()]);
    let mut found = Vec::new();
    for origin in origins {
        let mut from = Wanted { is_sampled: true, ..plain.clone() };
        from.headers.push(("origin".to_owned(), origin));
        found.push(from.clone());
        if from.method.as_deref().is_none_or(|method| method == "OPTIONS") {
            from.method = Some("OPTIONS".to_owned());
            from.headers.push(("access-control-request-method".to_owned(), "GET".to_owned()));
            found.push(from);
        }
    }
    found
}
