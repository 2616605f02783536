//! A fetch: which service and endpoint, and what that service's filters do to the request.
//!
//! Runs when the director is resolved: once for each try, never on a cache hit. The service stays the same when the
//! fetch is retried, the endpoint does not.

use std::sync::Arc;

use ghost_core::filter::rewrite;
use ghost_core::model::{Address, Backend, Endpoint, Filters, Policy, Rewrite};
use ghost_core::request::canonical::{self, Profile};
use ghost_core::request::{Entrance, Scheme, target};
use ghost_core::select::{PickInput, ServiceEndpoints, request_key, session_key};
use ghost_core::{Draw, Why};
use serde_json::json;

use crate::backend::InFlight;
use crate::director::RuleInState;
use crate::ffi::{Context, Message, VclBackend, Which};
use crate::headers::{Edits, NoRoom};
use crate::publish::Guard;
use crate::request::{self, Surroundings};
use crate::router::Router;
use crate::state::EndpointsState;
use crate::task::FetchTask;

/// What a fetch has picked so far.
pub(crate) struct Fetch {
    route: Arc<ghost_core::model::Route>,
    rule_index: u16,
    /// Place of the service among the rule's.
    leg: usize,
    draw: Draw,
    tried: Vec<Address>,
    failed: Option<Why>,
    /// The engine keeps the changed request for the next try.
    filtered: bool,
    endpoints: Guard<EndpointsState>,
    /// The backend that was handed to the engine.
    in_flight: Option<InFlight>,
    keys: Keys,
}

/// What consistent hashing and sessions go by: taken from the request before a filter changes it.
#[derive(Clone, Copy, Default)]
struct Keys {
    hash: Option<u64>,
    session: Option<u64>,
}

/// The backend for the next try; null makes the fetch fail.
pub(crate) fn pick(ctx: Context<'_>, router: &Router, rule: &RuleInState) -> VclBackend {
    let Some(task) = ctx.task::<FetchTask, _>(router).or_else(|| ctx.keep(router, FetchTask::default()))
    else {
        return std::ptr::null();
    };
    let mut kept = task.fetch.borrow_mut();
    let fetch = match kept.take().filter(|fetch| fetch.is_of(rule)) {
        Some(fetch) => Some(fetch.again(rule, router)),
        None => Fetch::begin(ctx, rule, router),
    };
    let Some(fetch) = fetch else { return router.answers(Why::NoBackends) };
    let fetch = kept.insert(fetch);
    match fetch.try_endpoint(ctx, rule) {
        Ok(backend) => backend,
        Err(why) => {
            ctx.log(format_args!("ghost answer {} service={}", why.as_str(), fetch.service(rule)));
            fetch.failed = Some(why);
            router.answers(why)
        }
    }
}

impl Fetch {
    fn begin(ctx: Context<'_>, rule: &RuleInState, router: &Router) -> Option<Self> {
        let backends = rule.forward()?;
        let (backend, draw) = backends.pick(router.draws.next())?;
        let endpoints = rule.endpoints.load();
        Some(Self {
            route: Arc::clone(&rule.route),
            rule_index: rule.rule_index,
            leg: backends.backends.iter().position(|one| std::ptr::eq(one, backend))?,
            draw,
            tried: Vec::new(),
            failed: None,
            filtered: false,
            keys: endpoints
                .table
                .service(&backend.service)
                .map(|service| Keys::new(ctx, rule, service))
                .unwrap_or_default(),
            endpoints,
            in_flight: None,
        })
    }

    /// The same service, as its endpoints are now.
    fn again(self, rule: &RuleInState, router: &Router) -> Self {
        Self { endpoints: rule.endpoints.load(), draw: router.draws.next(), failed: None, ..self }
    }

    fn is_of(&self, rule: &RuleInState) -> bool {
        Arc::ptr_eq(&self.route, &rule.route) && self.rule_index == rule.rule_index
    }

    fn backend<'r>(&self, rule: &'r RuleInState) -> Option<&'r Backend> {
        rule.forward()?.backends.get(self.leg)
    }

    fn service<'r>(&self, rule: &'r RuleInState) -> &'r str {
        self.backend(rule).map_or("", |backend| &backend.service)
    }

    fn try_endpoint(&mut self, ctx: Context<'_>, rule: &RuleInState) -> Result<VclBackend, Why> {
        let backend = self.backend(rule).ok_or(Why::NoBackends)?;
        if backend.invalid.is_some() {
            return Err(Why::InvalidBackend);
        }
        let address = self.endpoint(&backend.service).ok_or(Why::NoEndpoints)?.address.clone();
        let native = self.endpoints.backends.get(&address).ok_or(Why::NoEndpoints)?;
        if !self.filtered {
            change_request(ctx, rule, backend).map_err(|NoRoom| Why::NoEndpoints)?;
            self.filtered = true;
        }
        ctx.log(format_args!(
            "ghost service={} endpoint={address} try={}",
            backend.service,
            self.tried.len() + 1
        ));
        self.in_flight = Some(InFlight::new(native));
        self.tried.push(address);
        Ok(native.as_vcl())
    }

    /// One that was not tried before; one that was when there is no other.
    fn endpoint(&self, service: &str) -> Option<&Endpoint> {
        let service = self.endpoints.table.service(service)?;
        let load = |endpoint: &Endpoint| {
            self.endpoints.backends.get(&endpoint.address).map_or(0, |backend| backend.load())
        };
        let untried = |endpoint: &Endpoint| !self.tried.contains(&endpoint.address);
        let input = PickInput {
            key: self.keys.hash,
            session: self.keys.session,
            load: &load,
            ..PickInput::new(self.draw)
        };
        service.pick(&PickInput { usable: &untried, ..input }).or_else(|| service.pick(&input))
    }

    /// The words of the decision document that are known on the backend side.
    pub(crate) fn document(&self) -> serde_json::Value {
        let backends = self.route.rules.get(usize::from(self.rule_index)).map(|rule| &rule.action);
        let service = match backends {
            Some(ghost_core::model::Action::Forward(backends)) => {
                backends.backends.get(self.leg).map(|one| &*one.service)
            }
            _ => None,
        };
        json!({
            "service": service,
            "endpoint": self.tried.last().filter(|_| self.failed.is_none()).map(ToString::to_string),
            "status": self.failed.map(Why::status),
            "why": self.failed.map(Why::as_str),
            "tries": self.tried.len(),
        })
    }

    /// The filters of the service that was picked.
    pub(crate) fn filters(&self) -> Option<&Filters> {
        let rule = self.route.rules.get(usize::from(self.rule_index))?;
        match &rule.action {
            ghost_core::model::Action::Forward(backends) => {
                backends.backends.get(self.leg)?.filters.as_deref()
            }
            _ => None,
        }
    }
}

impl Keys {
    fn new(ctx: Context<'_>, rule: &RuleInState, service: &ServiceEndpoints) -> Self {
        let Some(message) = ctx.message(Which::Bereq) else { return Self::default() };
        let surroundings = Surroundings { entrance: Entrance::Port(0), scheme: Scheme::Http };
        let session = rule.rule().and_then(|rule| rule.policy.as_deref()?.session.as_ref());
        let on = &service.settings.load_balancing.hash_on;
        let keys = request::with(&message, &surroundings, |request| Self {
            hash: request_key(on, request, ctx.client_address().as_deref()),
            session: session.and_then(|session| session_key(session, request)),
        });
        keys.unwrap_or_default()
    }
}

/// Rewrites the URL and Host as rule and service say, applies the service's header filters and the rule's timeouts.
///
/// The rule's own header filters are applied on the client side: the engine compares Vary with the client's headers.
fn change_request(ctx: Context<'_>, rule: &RuleInState, backend: &Backend) -> Result<(), NoRoom> {
    let Some(checked) = rule.rule() else { return Ok(()) };
    if let Some(seconds) = checked.policy.as_deref().and_then(time_limit) {
        ctx.limit_timeouts(seconds);
    }
    let (of_rule, of_service) = (checked.filters.as_deref(), backend.filters.as_deref());
    if of_rule.is_none() && of_service.is_none() {
        return Ok(());
    }
    let Some(mut message) = ctx.message(Which::Bereq) else { return Ok(()) };
    let rewrites = || of_rule.into_iter().chain(of_service).filter_map(|filters| filters.rewrite.as_ref());
    let url = rewrites().filter_map(|rewrite| rewritten(rewrite, rule, &message)).next_back();
    let mut edits = Edits::default();
    if let Some(url) = &url {
        edits.url(url);
    }
    if let Some(hostname) = rewrites().filter_map(|rewrite| rewrite.hostname.as_deref()).next_back() {
        edits.set(b"Host", hostname.as_bytes());
    }
    if let Some(filters) = of_service {
        edits.modifier(&filters.request_headers);
    }
    edits.apply(&mut message)
}

/// The URL after a rewrite, with the query as it came. `None` where the path stays.
fn rewritten(rewrite: &Rewrite, rule: &RuleInState, message: &Message<'_>) -> Option<Vec<u8>> {
    let target = target::split(message.url());
    let (mut buffer, mut into) = (Vec::new(), Vec::new());
    let path = canonical::path(target.path, Profile::Lenient, &mut buffer).ok()?;
    let replacement = rewrite.path.as_ref()?;
    if matches!(replacement, ghost_core::model::PathRewrite::Prefix(_)) && rule.prefix(path).is_none() {
        return None;
    }
    rewrite::path(replacement, path, rule.prefix(path), &mut into);
    Some(request::join(&into, target.query))
}

/// Seconds for one try. 0 in the document switches a timeout off, which leaves the engine's own.
fn time_limit(policy: &Policy) -> Option<f64> {
    let given = [policy.backend_request_timeout, policy.request_timeout];
    let shortest = given.into_iter().flatten().filter(|milliseconds| *milliseconds > 0).min()?;
    Some(std::time::Duration::from_millis(shortest).as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shorter_timeout_counts_and_0_is_none() {
        for (request, backend, seconds) in [
            (None, None, None),
            (Some(10_000), None, Some(10.0)),
            (Some(10_000), Some(500), Some(0.5)),
            (Some(300), Some(500), Some(0.3)),
            (Some(0), Some(500), Some(0.5)),
            (Some(0), Some(0), None),
        ] {
            let policy =
                Policy { request_timeout: request, backend_request_timeout: backend, ..Policy::default() };
            assert_eq!(time_limit(&policy), seconds, "{request:?} {backend:?}");
        }
    }
}
