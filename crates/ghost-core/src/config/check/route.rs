//! Routes and rules.

use std::collections::HashSet;

use super::{
    At, Code, Element, Refused, backend, filter, hostname, matching, policy, quarantine, read, value,
};
use crate::config::raw;
use crate::model::{Action, HostPattern, Quarantined, Route, RouteKind, Rule, Timestamp};

/// Most rules of a route, matches of a rule and hosts of a route: far above the Gateway API's 16, 64 and 16.
const MAX_ENTRIES: usize = 4096;

/// What the rest of the document offers.
pub(super) struct Context<'c> {
    pub(super) services: HashSet<&'c str>,
    pub(super) listeners: HashSet<&'c str>,
}

/// Checks one route; `None` when all of it must be left out.
pub(super) fn route<'d>(
    raw: &'d str,
    element: &mut Element<'_, 'd>,
    context: &Context<'_>,
    quarantined: &mut Vec<Quarantined>,
) -> Option<Route> {
    let raw: raw::Route<'d> = read::part(raw, element)?;
    let kind = match raw.kind {
        RouteKind::Http => "HTTPRoute",
        RouteKind::Grpc => "GRPCRoute",
    };
    let id = format!("{kind}/{}", &*raw.name);
    element.belongs_to(&id);
    let name = value::name(&raw.name, &At::ROOT.key("name"), element);
    let created_at = created_at(&raw, element);
    let listeners = listeners(&raw, element, context);
    let hostnames = hostnames(&raw, element);
    let within = at_most(raw.rules.len(), "rules", &At::ROOT.key("rules"), element);
    let (created_at, listeners, hostnames) = (created_at.ok()?, listeners.ok()?, hostnames.ok()?);
    name.and(within).ok()?;
    let source = match &raw.source {
        Some(source) => Box::from(&**source),
        None => element.source_of(&At::ROOT).into(),
    };
    let rules = rules(&raw, element, context, quarantined);
    Some(Route { id: id.into(), kind: raw.kind, created_at, source, listeners, hostnames, rules })
}

fn at_most(count: usize, what: &str, at: &At<'_>, element: &mut Element<'_, '_>) -> Result<(), Refused> {
    if count <= MAX_ENTRIES {
        return Ok(());
    }
    element.refuse(at, Code::TooMany, format!("{count} {what}, at most {MAX_ENTRIES} are taken"))
}

fn created_at(raw: &raw::Route<'_>, element: &mut Element<'_, '_>) -> Result<Option<Timestamp>, Refused> {
    let Some(text) = &raw.created_at else {
        return Ok(None);
    };
    match Timestamp::parse(text) {
        Some(instant) => Ok(Some(instant)),
        None => element.refuse(
            &At::ROOT.key("createdAt"),
            Code::InvalidTime,
            format!("{:?} is not a time", &**text),
        ),
    }
}

type ListenerNames = Option<Box<[Box<str>]>>;

/// A name that no listener has is reported; the route still serves on the others.
fn listeners(
    raw: &raw::Route<'_>,
    element: &mut Element<'_, '_>,
    context: &Context<'_>,
) -> Result<ListenerNames, Refused> {
    let Some(names) = &raw.listeners else {
        return Ok(None);
    };
    let at = At::ROOT.key("listeners");
    let mut known: Vec<Box<str>> = Vec::with_capacity(names.len());
    for (index, name) in names.iter().enumerate() {
        if context.listeners.contains(&**name) {
            known.push(Box::from(&**name));
        } else {
            element.found(
                &at.index(index),
                Code::UnknownListener,
                format!("there is no listener {:?}", &**name),
            );
        }
    }
    known.sort_unstable();
    known.dedup();
    if known.is_empty() && !names.is_empty() { Err(Refused) } else { Ok(Some(known.into())) }
}

fn hostnames(raw: &raw::Route<'_>, element: &mut Element<'_, '_>) -> Result<Box<[HostPattern]>, Refused> {
    if raw.hostnames.is_empty() {
        return Ok([HostPattern::Any].into());
    }
    let at = At::ROOT.key("hostnames");
    at_most(raw.hostnames.len(), "hostnames", &at, element)?;
    let mut patterns: Vec<HostPattern> = Vec::with_capacity(raw.hostnames.len());
    for (index, text) in raw.hostnames.iter().enumerate() {
        if let Ok(pattern) = hostname::pattern(text, &at.index(index), element) {
            patterns.push(pattern);
        }
    }
    patterns.sort_unstable();
    patterns.dedup();
    if patterns.is_empty() { Err(Refused) } else { Ok(patterns.into()) }
}

fn rules<'d>(
    raw: &raw::Route<'d>,
    element: &mut Element<'_, 'd>,
    context: &Context<'_>,
    quarantined: &mut Vec<Quarantined>,
) -> Box<[Rule]> {
    let has_own_places = raw.source.is_some();
    let all = At::ROOT.key("rules");
    let mut rules: Vec<Rule> = Vec::with_capacity(raw.rules.len());
    for (index, raw_rule) in raw.rules.iter().enumerate() {
        let at = all.index(index);
        element.take_error();
        let rule = rule(raw, raw_rule, index, &at, element, context);
        quarantine(element, String::new(), quarantined);
        let source = match &raw_rule.source {
            Some(source) => Some(Box::from(&**source)),
            None if has_own_places => None,
            None => Some(element.source_of(&at).into()),
        };
        if rules.iter().any(|earlier| earlier.name == rule.name) {
            element.found(
                &at.key("name"),
                Code::DuplicateRule,
                format!("rule {:?} is written twice", rule.name),
            );
        }
        rules.push(Rule { source, ..rule });
    }
    rules.into()
}

fn rule(
    route: &raw::Route<'_>,
    raw: &raw::Rule<'_>,
    index: usize,
    at: &At<'_>,
    element: &mut Element<'_, '_>,
    context: &Context<'_>,
) -> Rule {
    let matches = match at_most(raw.matches.len(), "matches", &at.key("matches"), element) {
        Ok(()) => matching::matches(route.kind, &raw.matches, &at.key("matches"), element),
        Err(Refused) => Box::default(),
    };
    let action = action(raw, at, element, context);
    let filters = filter::filters(&raw.filters, &at.key("filters"), element, context);
    let policy = policy::policy(raw, at, element);
    let fits = filter::fits(raw, at, element);
    let (action, filters, policy) = match (action, filters, policy, fits) {
        (Ok(action), Ok(filters), Ok(policy), Ok(())) => (action, filters, policy),
        _ => (Action::Quarantined, None, None),
    };
    let name = raw.name.as_ref().map_or_else(|| index.to_string().into(), |name| Box::from(&**name));
    Rule { name, source: None, matches, action, filters, policy }
}

/// A redirect, or the services.
fn action(
    raw: &raw::Rule<'_>,
    at: &At<'_>,
    element: &mut Element<'_, '_>,
    context: &Context<'_>,
) -> Result<Action, Refused> {
    let redirect = filter::redirect(&raw.filters, &at.key("filters"), element);
    let backends = backend::backends(raw, &at.key("backends"), element, context)?;
    let Some(redirect) = redirect? else {
        return Ok(Action::Forward(backends));
    };
    if !backends.backends.is_empty() {
        return element.refuse(
            &at.key("backends"),
            Code::RedirectWithBackends,
            "a rule that redirects reaches no backend",
        );
    }
    Ok(Action::Redirect(Box::new(redirect)))
}
