//! What a document means that its author probably did not: matches nothing can reach, duplicates, ties.
//!
//! Works on the compiled table, where the candidates of a host already stand in order of precedence; every finding
//! names the match that wins instead.

use std::collections::{HashMap, HashSet};

use crate::RouteTable;
use crate::compile::{Candidate, HostRoutes, Rank};
use crate::config::{Code, Diagnostic, Place};
use crate::model::{Match, PathMatch, Route, Routes};

/// How far back ties are looked for: on a path with thousands of matches all pairs would take too long.
const NEIGHBOURS: usize = 64;

/// Findings about a table and the routes it was built from, sorted by place.
pub fn lint(table: &RouteTable, routes: &Routes) -> Vec<Diagnostic> {
    let mut findings: Vec<Diagnostic> = table.hosts.iter().flat_map(|host| of_host(host)).collect();
    findings.extend(routes.routes.iter().filter_map(|route| outside_listeners(table, route)));
    let mut seen = HashSet::new();
    findings.retain(|finding| {
        seen.insert((finding.code, finding.place, finding.path.clone(), finding.message.clone()))
    });
    findings.sort_by(|left, right| {
        (&left.file, left.place, left.code).cmp(&(&right.file, right.place, right.code))
    });
    findings
}

/// A candidate with its match and rank at hand.
struct Standing<'t> {
    candidate: &'t Candidate,
    one: &'t Match,
    rank: Rank<'t>,
}

fn of_host(host: &HostRoutes) -> Vec<Diagnostic> {
    let standing = |candidate| -> Option<Standing<'_>> {
        let candidate: &Candidate = candidate;
        let one = candidate.one_match()?;
        let rank = Rank::new(&host.key.pattern, &candidate.route, candidate.rule, candidate.match_index, one);
        Some(Standing { candidate, one, rank })
    };
    let mut all: Vec<Standing<'_>> = host.candidates().filter_map(standing).collect();
    all.sort_by(|left, right| left.rank.cmp(&right.rank));
    let universal: Vec<&Standing<'_>> = all.iter().filter(|one| takes_every_path(one.one)).collect();
    let mut findings = Vec::new();
    let mut first_of: HashMap<String, usize> = HashMap::with_capacity(all.len());
    for (place, loser) in all.iter().enumerate() {
        let twin = *first_of.entry(conditions(loser)).or_insert(place);
        let neighbours = &all[place.saturating_sub(NEIGHBOURS)..place];
        let same_path = neighbours.iter().rev().take_while(|winner| winner.one.path == loser.one.path);
        if let Some(winner) = all.get(twin).filter(|_| twin < place) {
            findings.push(finding(
                Code::DuplicateMatch,
                loser,
                format!("{} takes the same requests and comes first", name(winner)),
            ));
        } else if let Some(winner) =
            universal.iter().find(|winner| winner.rank < loser.rank && always_wins(winner, loser))
        {
            findings.push(finding(
                Code::Shadowed,
                loser,
                format!("{} takes every path and comes first", name(winner)),
            ));
        } else if let Some(winner) = same_path.into_iter().find(|winner| only_age_decides(winner, loser)) {
            let message = format!(
                "{} takes some of the same requests and comes first by age or name only",
                name(winner)
            );
            findings.push(finding(Code::Overlapping, loser, message));
        }
    }
    findings
}

/// Everything a match asks for, in one text: two with the same text take the same requests.
fn conditions(standing: &Standing<'_>) -> String {
    let one = standing.one;
    let mut headers: Vec<String> = one.headers.iter().map(|header| format!("{header:?}")).collect();
    let mut query: Vec<String> = one.query.iter().map(|query| format!("{query:?}")).collect();
    headers.sort_unstable();
    query.sort_unstable();
    let listeners = standing.candidate.listeners;
    format!("{:?} {:?} {:?} {listeners:?} {headers:?} {query:?}", one.path, one.method, one.grpc_method)
}

/// Every request that the loser takes is taken by the winner, path aside.
fn always_wins(winner: &Standing<'_>, loser: &Standing<'_>) -> bool {
    let same_listeners =
        winner.candidate.listeners == loser.candidate.listeners || winner.candidate.route.listeners.is_none();
    let same_method = winner.one.method.is_none() || winner.one.method == loser.one.method;
    let same_grpc = winner.one.grpc_method.is_none() || winner.one.grpc_method == loser.one.grpc_method;
    let headers = winner.one.headers.iter().all(|header| loser.one.headers.contains(header));
    let query = winner.one.query.iter().all(|query| loser.one.query.contains(query));
    same_listeners && same_method && same_grpc && headers && query
}

/// Some request can be taken by both, neither is more specific, and they belong to different routes.
fn only_age_decides(winner: &Standing<'_>, loser: &Standing<'_>) -> bool {
    let other_route = winner.candidate.route.id != loser.candidate.route.id;
    let (left, right) = (winner.one, loser.one);
    let as_specific = left.method.is_some() == right.method.is_some()
        && left.headers.len() == right.headers.len()
        && left.query.len() == right.query.len();
    let contradict =
        left.method != right.method
            || left.grpc_method != right.grpc_method
            || left.headers.iter().any(|one| {
                right.headers.iter().any(|other| one.name == other.name && one.value != other.value)
            })
            || left.query.iter().any(|one| {
                right.query.iter().any(|other| one.name == other.name && one.value != other.value)
            });
    other_route && as_specific && !contradict && winner.candidate.listeners == loser.candidate.listeners
}

/// Patterns that take whatever begins with a slash; they stand before every prefix.
fn takes_every_path(one: &Match) -> bool {
    matches!(&one.path, PathMatch::Regex(pattern) if matches!(pattern.text(), ".*" | "/.*" | "^.*" | "^/.*" | ".*$" | "/.*$" | "^.*$" | "^/.*$" | ".+" | "(.*)" | "/(.*)"))
}

/// A host of the route that none of its listeners answers for.
fn outside_listeners(table: &RouteTable, route: &Route) -> Option<Diagnostic> {
    let outside = |pattern: &&crate::model::HostPattern| {
        table.listeners.scopes(route.listeners.as_deref(), pattern).is_empty()
    };
    let lost: Vec<String> = route.hostnames.iter().filter(outside).map(ToString::to_string).collect();
    let message = format!("no listener of the route answers for {}", lost.join(", "));
    (!lost.is_empty())
        .then(|| diagnostic(Code::NoListenerHost, &route.source, route, "hostnames".to_owned(), message))
}

fn finding(code: Code, loser: &Standing<'_>, message: String) -> Diagnostic {
    let route = &loser.candidate.route;
    let source = loser.candidate.rule().and_then(|rule| rule.source.as_ref()).unwrap_or(&route.source);
    let path = format!("rules[{}].matches[{}]", loser.candidate.rule, loser.one.index);
    diagnostic(code, source, route, path, message)
}

fn diagnostic(code: Code, source: &str, route: &Route, path: String, message: String) -> Diagnostic {
    let (file, place) = split_source(source);
    let (code, severity, help) = (code.as_str(), code.severity(), code.help().to_owned());
    Diagnostic { code, severity, file, place, path, message, help, object: Some(route.id.to_string()) }
}

/// `file:line:column` apart; a source of another form is a file alone.
fn split_source(source: &str) -> (String, Place) {
    let mut parts = source.rsplitn(3, ':');
    let (column, line, file) = (parts.next(), parts.next(), parts.next());
    let number = |text: Option<&str>| text.and_then(|text| text.parse::<u32>().ok());
    match (file, number(line), number(column)) {
        (Some(file), Some(line), Some(column)) => (file.to_owned(), Place { line, column }),
        _ => (source.to_owned(), Place { line: 1, column: 1 }),
    }
}

fn name(standing: &Standing<'_>) -> String {
    let rule = standing.candidate.rule().map(|rule| &*rule.name).unwrap_or_default();
    format!("rule {rule} of {}", standing.candidate.route.id)
}
