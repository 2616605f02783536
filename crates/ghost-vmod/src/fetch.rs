//! A fetch: which service and endpoint, and what that service's filters do to the request.
//!
//! Runs when the director is resolved: once for each try, never on a cache hit. The service stays the same when the
//! fetch is retried, the endpoint does not.

use std::sync::Arc;

use ghost_core::filter::rewrite;
use ghost_core::model::{
    Address, Backend, Endpoint, Filters, HashOn, LoadBalancing, LoadBalancingKind, Policy, Rewrite, Rule,
};
use ghost_core::request::canonical::{self, Profile};
use ghost_core::request::{Entrance, Scheme, target};
use ghost_core::select::{PickInput, ServiceEndpoints, request_key, session_key};
use ghost_core::{Draw, Why};
use serde_json::json;

use crate::backend::InFlight;
use crate::counters::{Counter, Counters};
use crate::director::RuleInState;
use crate::ffi::{Context, Message, VclBackend, Which, now};
use crate::headers::{Edits, NoRoom};
use crate::line::Line;
use crate::publish::Guard;
use crate::request::{self, Surroundings};
use crate::router::Router;
use crate::state::EndpointsState;
use crate::task::FetchTask;
use crate::timing::{self, Try, UsedUp};

/// What a fetch has picked so far.
pub(crate) struct Fetch {
    route: Arc<ghost_core::model::Route>,
    rule_index: u16,
    /// Place of the service among the rule's.
    leg: usize,
    /// The random number of the decision, which chose the service.
    decided_by: Draw,
    /// What is left of it for the endpoint.
    draw: Draw,
    /// Picked before the fetch began.
    reserved: Option<Address>,
    tried: Vec<Address>,
    failed: Option<Failed>,
    /// The engine keeps the changed request for the next try.
    filtered: bool,
    endpoints: Guard<EndpointsState>,
    /// The backend that was handed to the engine.
    in_flight: Option<InFlight>,
    keys: Keys,
    /// The try that is under way, where the route limits it.
    pub(crate) under_way: Option<Try>,
}

/// Why there is no endpoint for a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failed {
    /// Ghost answers.
    Answer(Why),
    /// The request has taken as long as it may.
    UsedUp,
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
    match fetch.try_endpoint(ctx, rule, &router.counters) {
        Ok(backend) => {
            router.counters.count(Counter::Fetches);
            backend
        }
        Err(failed) => {
            fetch.failed = Some(failed);
            let service = fetch.service(rule);
            match failed {
                Failed::Answer(why) => {
                    ctx.log(format_args!("ghost answer {} service={service}", why.as_str()));
                    count_failure(&router.counters, why);
                    router.answers(why)
                }
                // The fetch fails, and backend_error() says why.
                Failed::UsedUp => {
                    ctx.log(format_args!("ghost timeout service={service}"));
                    std::ptr::null()
                }
            }
        }
    }
}

/// Picks an endpoint for a request that will be piped: in pipe mode nothing can be answered any more.
pub(crate) fn reserve(ctx: Context<'_>, router: &Router, rule: &RuleInState) -> Result<(), Why> {
    let task = ctx.task::<FetchTask, _>(router).or_else(|| ctx.keep(router, FetchTask::default()));
    let mut kept = task.ok_or(Why::NoEndpoints)?.fetch.borrow_mut();
    let fetch = kept.insert(Fetch::begin(ctx, rule, router).ok_or(Why::NoBackends)?);
    let backend = fetch.backend(rule).ok_or(Why::NoBackends)?;
    let address = fetch.reachable(backend).inspect_err(|why| count_failure(&router.counters, *why))?;
    fetch.reserved = Some(address);
    Ok(())
}

fn count_failure(counters: &Counters, why: Why) {
    counters.count(match why {
        Why::NoBackends => Counter::NoBackends,
        Why::InvalidBackend => Counter::InvalidBackend,
        _ => Counter::NoEndpoints,
    });
}

impl Fetch {
    fn begin(ctx: Context<'_>, rule: &RuleInState, router: &Router) -> Option<Self> {
        let backends = rule.forward()?;
        let decided_by = router.draws.next();
        let (backend, draw) = backends.pick(decided_by)?;
        let endpoints = rule.endpoints.load();
        Some(Self {
            route: Arc::clone(&rule.route),
            rule_index: rule.rule_index,
            leg: backends.backends.iter().position(|one| std::ptr::eq(one, backend))?,
            decided_by,
            draw,
            reserved: None,
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
            under_way: None,
        })
    }

    /// The same service, as its endpoints are now.
    fn again(self, rule: &RuleInState, router: &Router) -> Self {
        let draw = if self.tried.is_empty() { self.draw } else { router.draws.next() };
        Self { endpoints: rule.endpoints.load(), draw, failed: None, under_way: None, ..self }
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

    fn try_endpoint(
        &mut self,
        ctx: Context<'_>,
        rule: &RuleInState,
        counters: &Counters,
    ) -> Result<VclBackend, Failed> {
        let backend = self.backend(rule).ok_or(Failed::Answer(Why::NoBackends))?;
        let address = match self.reserved.take().filter(|address| self.native(backend, address).is_some()) {
            Some(reserved) => reserved,
            None => self.reachable(backend).map_err(Failed::Answer)?,
        };
        self.limit_time(ctx, rule)?;
        if !self.filtered {
            change_request(ctx, rule, backend, counters)
                .map_err(|NoRoom| Failed::Answer(Why::NoEndpoints))?;
            self.filtered = true;
        }
        let native = self.native(backend, &address).ok_or(Failed::Answer(Why::NoEndpoints))?;
        let line = Line::new().text("ghost service=").text(&backend.service);
        let line = line.text(" endpoint=").text(native.address());
        let line = line.text(" try=").number(self.tried.len() as u64 + 1).text(" id=");
        ctx.log_line(&rule.write_id(self.decided_by, line));
        let in_flight = InFlight::new(native);
        let as_vcl = native.as_vcl();
        self.in_flight = Some(in_flight);
        self.tried.push(address);
        Ok(as_vcl)
    }

    /// An endpoint that the engine can be sent to.
    fn reachable(&self, backend: &Backend) -> Result<Address, Why> {
        if backend.invalid.is_some() {
            return Err(Why::InvalidBackend);
        }
        let key = &*backend.service;
        let Some(service) = self.endpoints.service(key) else {
            let is_known = self.endpoints.table.service(key).is_some();
            return Err(if is_known { Why::InvalidBackend } else { Why::NoEndpoints });
        };
        let address = &self.endpoint(key, service).ok_or(Why::NoEndpoints)?.address;
        self.native(backend, address).ok_or(Why::NoEndpoints)?;
        Ok(address.clone())
    }

    fn native(&self, backend: &Backend, address: &Address) -> Option<&Arc<crate::backend::Backend>> {
        self.endpoints.backend(&backend.service, address)
    }

    /// One that was not tried before; one that was when there is no other.
    fn endpoint<'s>(&self, key: &str, service: &'s ServiceEndpoints) -> Option<&'s Endpoint> {
        let load = |endpoint: &Endpoint| {
            self.endpoints.backend(key, &endpoint.address).map_or(0, |backend| backend.load())
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

    /// Sets the route's timeouts for the next try.
    fn limit_time(&mut self, ctx: Context<'_>, rule: &RuleInState) -> Result<(), Failed> {
        let Some(policy) = rule.rule().and_then(|rule| rule.policy.as_deref()) else { return Ok(()) };
        let began = now();
        let limit = timing::limit(policy, began - ctx.task_start()).map_err(|UsedUp| Failed::UsedUp)?;
        if let Some(seconds) = limit {
            ctx.limit_timeouts(seconds);
        }
        self.under_way = Some(Try { began, limit });
        Ok(())
    }

    /// The rule it follows.
    pub(crate) fn rule(&self) -> Option<&Rule> {
        self.route.rules.get(usize::from(self.rule_index))
    }

    pub(crate) fn policy(&self) -> Option<&Policy> {
        self.rule()?.policy.as_deref()
    }

    /// How often endpoints were asked so far.
    pub(crate) fn tries(&self) -> usize {
        self.tried.len()
    }

    /// Why there was no endpoint this time.
    pub(crate) fn failed(&self) -> Option<Failed> {
        self.failed
    }

    /// The endpoint of the last try.
    pub(crate) fn address(&self) -> Option<&Address> {
        self.tried.last().filter(|_| self.failed.is_none())
    }

    /// Lets go of the endpoint before the next try.
    pub(crate) fn release(&mut self) {
        self.in_flight = None;
    }

    /// The words of the decision document that are known on the backend side.
    pub(crate) fn document(&self) -> serde_json::Value {
        let why = match self.failed {
            Some(Failed::Answer(why)) => Some(why),
            _ => None,
        };
        let service = match self.rule().map(|rule| &rule.action) {
            Some(ghost_core::model::Action::Forward(backends)) => {
                backends.backends.get(self.leg).map(|one| &*one.service)
            }
            _ => None,
        };
        json!({
            "service": service,
            "endpoint": self.address().map(ToString::to_string),
            "status": why.map(Why::status),
            "why": why.map(Why::as_str),
            "draw": self.decided_by.to_unit(),
            "tries": self.tried.len(),
        })
    }

    /// The filters of the service that was picked.
    pub(crate) fn filters(&self) -> Option<&Filters> {
        match &self.rule()?.action {
            ghost_core::model::Action::Forward(backends) => {
                backends.backends.get(self.leg)?.filters.as_deref()
            }
            _ => None,
        }
    }
}

impl Keys {
    fn new(ctx: Context<'_>, rule: &RuleInState, service: &ServiceEndpoints) -> Self {
        let session = rule.rule().and_then(|rule| rule.policy.as_deref()?.session.as_ref());
        let LoadBalancing { kind, hash_on: on, .. } = &service.settings.load_balancing;
        let is_hashed = matches!(kind, LoadBalancingKind::RingHash | LoadBalancingKind::Maglev);
        if session.is_none() && !is_hashed {
            return Self::default();
        }
        let message = ctx.message(Which::Bereq).or_else(|| ctx.message(Which::Req));
        let Some(message) = message else { return Self::default() };
        let surroundings = Surroundings { entrance: Entrance::Port(0), scheme: Scheme::Http };
        let address = || ctx.client_address().filter(|_| *on == HashOn::ClientAddress);
        let keys = request::with(&message, &surroundings, |request| Self {
            hash: if is_hashed { request_key(on, request, address().as_deref()) } else { None },
            session: session.and_then(|session| session_key(session, request)),
        });
        keys.unwrap_or_default()
    }
}

/// Rewrites the URL and Host as rule and service say, and applies the service's header filters.
///
/// The rule's own header filters are applied on the client side: the engine compares Vary with the client's headers.
fn change_request(
    ctx: Context<'_>,
    rule: &RuleInState,
    backend: &Backend,
    counters: &Counters,
) -> Result<(), NoRoom> {
    let Some(checked) = rule.rule() else { return Ok(()) };
    let (of_rule, of_service) = (checked.filters.as_deref(), backend.filters.as_deref());
    if of_rule.is_none() && of_service.is_none() {
        return Ok(());
    }
    let Some(mut message) = ctx.message(Which::Bereq) else { return Ok(()) };
    let rewrites = || of_rule.into_iter().chain(of_service).filter_map(|filters| filters.rewrite.as_ref());
    let url = rewrites().filter_map(|rewrite| rewritten(rewrite, rule, &message)).next_back();
    let mut edits = Edits::default();
    if let Some(url) = &url {
        edits.rewrite(url);
    }
    if let Some(hostname) = rewrites().filter_map(|rewrite| rewrite.hostname.as_deref()).next_back() {
        edits.set(b"Host", hostname.as_bytes());
    }
    if let Some(filters) = of_service {
        edits.modifier(&filters.request_headers);
    }
    edits.filter(&mut message, counters)
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
