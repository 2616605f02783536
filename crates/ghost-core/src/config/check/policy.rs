//! Timeouts, retries, sessions and cache policies of a rule.

use super::{At, Code, Element, Refused, value};
use crate::config::raw;
use crate::config::text::Text;
use crate::model::{CachePolicy, CookieLifetime, Policy, Retry, SessionPersistence};

/// Most tries after the first.
const MAX_ATTEMPTS: u32 = 16;

pub(super) fn policy(
    raw: &raw::Rule<'_>,
    at: &At<'_>,
    element: &mut Element<'_, '_>,
) -> Result<Option<Box<Policy>>, Refused> {
    let mut policy = Policy::default();
    if let Some(timeouts) = &raw.timeouts {
        let at = at.key("timeouts");
        policy.request_timeout = duration(timeouts.request.as_ref(), &at.key("request"), element)?;
        policy.backend_request_timeout =
            duration(timeouts.backend_request.as_ref(), &at.key("backendRequest"), element)?;
        backend_within_request(&policy, &at, element)?;
    }
    if let Some(retry) = &raw.retry {
        policy.retry = Some(self::retry(retry, &at.key("retry"), element)?);
    }
    if let Some(session) = &raw.session_persistence {
        policy.session = Some(self::session(session, &at.key("sessionPersistence"), element)?);
    }
    if let Some(cache) = &raw.cache {
        let at = at.key("cache");
        policy.cache = Some(CachePolicy {
            default_ttl: duration(cache.default_ttl.as_ref(), &at.key("defaultTtl"), element)?,
            grace: duration(cache.grace.as_ref(), &at.key("grace"), element)?,
            keep: duration(cache.keep.as_ref(), &at.key("keep"), element)?,
        });
    }
    Ok((policy != Policy::default()).then(|| Box::new(policy)))
}

fn duration(
    text: Option<&Text<'_>>,
    at: &At<'_>,
    element: &mut Element<'_, '_>,
) -> Result<Option<u64>, Refused> {
    text.map(|text| value::duration(text, at, element)).transpose()
}

/// Gateway API HTTPRouteTimeouts: backendRequest must not exceed request, unless that is 0.
fn backend_within_request(
    policy: &Policy,
    at: &At<'_>,
    element: &mut Element<'_, '_>,
) -> Result<(), Refused> {
    match (policy.request_timeout, policy.backend_request_timeout) {
        (Some(request), Some(backend)) if request != 0 && backend > request => element.refuse(
            &at.key("backendRequest"),
            Code::InvalidTime,
            "backendRequest is longer than request",
        ),
        _ => Ok(()),
    }
}

fn retry(raw: &raw::Retry<'_>, at: &At<'_>, element: &mut Element<'_, '_>) -> Result<Retry, Refused> {
    let mut codes = Vec::with_capacity(raw.codes.len());
    for (index, code) in raw.codes.iter().enumerate() {
        match u16::try_from(*code) {
            Ok(code @ 400..=599) => codes.push(code),
            _ => {
                return element.refuse(
                    &at.key("codes").index(index),
                    Code::InvalidRetry,
                    format!("{code} is not a status from 400 to 599"),
                );
            }
        }
    }
    let attempts = raw.attempts.unwrap_or(1);
    if attempts > MAX_ATTEMPTS {
        return element.refuse(
            &at.key("attempts"),
            Code::InvalidRetry,
            format!("{attempts} attempts, at most {MAX_ATTEMPTS} are taken"),
        );
    }
    Ok(Retry {
        codes: codes.into(),
        attempts,
        backoff: duration(raw.backoff.as_ref(), &at.key("backoff"), element)?,
    })
}

fn session(
    raw: &raw::SessionPersistence<'_>,
    at: &At<'_>,
    element: &mut Element<'_, '_>,
) -> Result<SessionPersistence, Refused> {
    let name = raw.session_name.as_deref().unwrap_or("ghost-session");
    if !value::is_token(name) || name.len() > 126 {
        return element.refuse(
            &at.key("sessionName"),
            Code::InvalidSession,
            format!("{name:?} is not a cookie or header name"),
        );
    }
    let absolute_timeout = duration(raw.absolute_timeout.as_ref(), &at.key("absoluteTimeout"), element)?;
    let cookie_lifetime = raw.cookie_config.map_or(CookieLifetime::Session, |config| config.lifetime_type);
    if cookie_lifetime == CookieLifetime::Permanent && absolute_timeout.is_none() {
        return element.refuse(
            &at.key("cookieConfig"),
            Code::InvalidSession,
            "a permanent cookie needs an absoluteTimeout",
        );
    }
    let idle_timeout = duration(raw.idle_timeout.as_ref(), &at.key("idleTimeout"), element)?;
    Ok(SessionPersistence {
        name: name.into(),
        kind: raw.kind,
        absolute_timeout,
        idle_timeout,
        cookie_lifetime,
    })
}
