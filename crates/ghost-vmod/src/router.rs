//! The VCL object: one routing document in one VCL. Each method here is one that VCL calls.

use std::path::Path;
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, TryLockError, Weak};

use ghost_core::Why;
use ghost_core::filter::header;
use ghost_core::request::canonical;

use crate::backend::Cooling;
use crate::control::{self, Control};
use crate::counters::{Counter, Counters};
use crate::decided::{Answer, Decided, Winner, fingerprint};
use crate::director::{AnswerDirector, RuleDirector, RuleInState};
use crate::documents::{self, Documents, Unreadable};
use crate::draws::Draws;
use crate::ffi::{Context, Director, Message, Side, Sub, Transport, VclBackend, Which, has_via};
use crate::forwarded::Forwarded;
use crate::headers::{Edits, NoRoom};
use crate::publish::Published;
use crate::shared::{self, Shared};
use crate::state::RoutesState;
use crate::task::{DecisionTask, FetchTask};
use crate::{explain, key, limits};

/// Most findings that a failed load shows.
const MAX_SHOWN: usize = 20;

/// What the object, its directors and its tasks share.
pub(crate) struct Router {
    myself: Weak<Router>,
    /// Name of the object in VCL.
    name: Box<str>,
    shared: Arc<Shared>,
    /// Version of the shared documents that serves here.
    version: AtomicU64,
    forwarded: Forwarded,
    pub(crate) counters: Arc<Counters>,
    pub(crate) draws: Draws,
    pub(crate) routes: Published<RoutesState>,
    /// What only control requests touch.
    pub(crate) control: Mutex<Control>,
    own: OnceLock<OwnDirectors>,
}

/// Directors that belong to no rule.
struct OwnDirectors {
    deciding: Director,
    answering: Director,
    invalid_backend: Director,
    no_endpoints: Director,
}

impl Router {
    /// Loads the documents. When they cannot be read, the VCL does not load.
    pub(crate) fn new(ctx: Context<'_>, name: &str, path: &Path, forwarded: Forwarded) -> Option<Arc<Self>> {
        let shared = Shared::of(path);
        let (version, latest) = shared.latest();
        let documents = match Documents::read(path, latest.as_ref(), crate::ffi::random()) {
            Ok(documents) => documents,
            Err(Unreadable(findings)) => {
                let shown: Vec<String> = findings.iter().take(MAX_SHOWN).map(documents::line).collect();
                ctx.fail(&format!("ghost cannot use {}:\n{}", path.display(), shown.join("\n")));
                return None;
            }
        };
        for finding in documents.findings().filter(|finding| finding.is_error()) {
            ctx.log(format_args!("ghost left out: {}", documents::line(finding)));
        }
        let Some(counters) = Counters::of(name) else {
            ctx.fail("ghost has no shared memory for its counters");
            return None;
        };
        shared.loaded(&documents);
        let Ok((control, state)) = Control::new(ctx, name, documents, &counters) else {
            ctx.fail("ghost cannot make backends in this VCL");
            return None;
        };
        let router = Arc::new_cyclic(|myself| Self {
            myself: Weak::clone(myself),
            name: name.into(),
            shared,
            version: AtomicU64::new(version),
            forwarded,
            counters,
            draws: Draws::new(),
            routes: Published::new(state),
            control: Mutex::new(control),
            own: OnceLock::new(),
        });
        router.own.set(OwnDirectors::new(ctx, &router)?).ok()?;
        shared::join(&router);
        Some(router)
    }

    /// The routing document.
    pub(crate) fn path(&self) -> &Path {
        &self.shared.path
    }

    /// Puts reloaded documents into use, here at once, in other VCLs with their next request.
    pub(crate) fn reloaded(
        &self,
        ctx: Context<'_>,
        control: &mut Control,
        documents: Documents,
    ) -> Result<(), Cooling> {
        let is_same = documents.changed_since(&control.documents).is_empty();
        control.publish(ctx, self, documents.clone())?;
        if !is_same {
            // What this replaces is freed here, on a control request.
            let (version, _) = self.shared.reloaded(&documents);
            self.version.store(version, Ordering::Relaxed);
        }
        Ok(())
    }

    /// Takes over what another VCL's router of this path has reloaded.
    fn catch_up(&self, ctx: Context<'_>) {
        if self.version.load(Ordering::Relaxed) == self.shared.version() {
            return;
        }
        // Whoever has the lock is about to publish something; then the next request looks again.
        let mut control = match self.control.try_lock() {
            Ok(control) => control,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return,
        };
        let (version, latest) = self.shared.latest();
        let Some(documents) = latest else { return };
        if self.version.load(Ordering::Relaxed) != version && control.publish(ctx, self, documents).is_ok() {
            self.version.store(version, Ordering::Relaxed);
            ctx.log(format_args!("ghost caught up with {}", self.path().display()));
        }
    }

    /// Reaches a service as VCL says.
    pub(crate) fn service(&self, ctx: Context<'_>, service: &str, transport: Transport) {
        if !ctx.is_in(Sub::Init) {
            return ctx.fail("ghost: router.service() belongs into vcl_init");
        }
        if service.is_empty() {
            return ctx.fail("ghost: router.service() needs the name of a service");
        }
        if transport.via.is_some() && !has_via() {
            return ctx.fail("ghost: this engine has no via for backends; Varnish has it from 7.3 on");
        }
        match self.with_control(|control| control.set_transport(ctx, self, service, transport)) {
            Ok(true) => {}
            Ok(false) => ctx.fail(&format!("ghost: router.service({service:?}) is called twice")),
            Err(Cooling) => ctx.fail(&format!("ghost cannot make backends for {service:?}")),
        }
    }

    /// Decides the request, applies the filters of its rule to it, or serves a control request.
    pub(crate) fn recv(&self, ctx: Context<'_>) {
        let kept = ctx.task::<DecisionTask, _>(self);
        let Some(mut message) = request_of(ctx) else { return fail_without_request(ctx, "recv") };
        self.catch_up(ctx);
        if let Some(task) = kept {
            let before = task.decided();
            if before.fingerprint.get() != fingerprint(&message) {
                task.replace(self.prepare(ctx, &mut message, Some(&before)));
            }
        } else {
            let decided = self.prepare(ctx, &mut message, None);
            if ctx.keep(self, DecisionTask::new(decided)).is_none() {
                ctx.fail("ghost has no room in the workspace to keep its decision");
            }
        }
    }

    /// `before` is an earlier decision of this task, whose filters the request went through already.
    fn prepare(&self, ctx: Context<'_>, message: &mut Message<'_>, before: Option<&Decided>) -> Rc<Decided> {
        let decided = Rc::new(match control::answer(self, ctx, message) {
            Some(answer) => Decided::answered_by(answer, self.routes.load()),
            None => Decided::new(ctx, message, self.routes.load()),
        });
        if decided.is_forward() {
            message.unset_prefix(header::INTERNAL_PREFIX.as_bytes());
            let filtered = before.and_then(|before| before.winner.as_ref());
            let again =
                decided.winner.as_ref().zip(filtered).is_some_and(|(now, before)| now.is_rule_of(before));
            let is_first = before.is_none() && ctx.side() == Side::Client;
            let forwarded =
                if is_first { self.forwarded.apply(ctx, message, decided.scheme) } else { Ok(()) };
            if forwarded == Err(NoRoom) {
                self.counters.count(Counter::FiltersFailed);
            }
            if forwarded.and_then(|()| self.filter_request(&decided, message, again)) == Err(NoRoom) {
                decided.set_no_room();
            }
        }
        decided.fingerprint.set(fingerprint(message));
        self.count(&decided);
        decided.log(ctx);
        decided
    }

    fn count(&self, decided: &Decided) {
        let Some(counter) = decided.counter() else { return };
        self.counters.count(Counter::Requests);
        self.counters.count(counter);
        if decided.winner.as_ref().and_then(Winner::rule).is_some_and(limits::has_mirrors) {
            self.counters.count(Counter::Unmirrored);
        }
    }

    /// Header modifiers and the canonical URL; rewrites wait for the fetch.
    fn filter_request(
        &self,
        decided: &Decided,
        message: &mut Message<'_>,
        again: bool,
    ) -> Result<(), NoRoom> {
        let mut edits = Edits::default();
        if let Some(url) = &decided.url {
            edits.url(url);
        }
        if let Some(filters) = decided.filters().filter(|_| !again) {
            edits.modifier(&filters.request_headers);
        }
        edits.filter(message, &self.counters)
    }

    /// The decision of this task; made now where `recv()` was not called.
    pub(crate) fn decide(&self, ctx: Context<'_>) -> Option<Rc<Decided>> {
        let kept = || ctx.task::<DecisionTask, _>(self).map(DecisionTask::decided);
        kept().or_else(|| {
            self.recv(ctx);
            kept()
        })
    }

    /// The answer that is still to be given by `synth()`.
    pub(crate) fn pending<T>(
        &self,
        ctx: Context<'_>,
        read: impl FnOnce(&Decided, &Answer) -> T,
    ) -> Option<T> {
        let decided = ctx.task::<DecisionTask, _>(self)?.decided();
        decided.pending().map(|answer| read(&decided, answer))
    }

    /// Whether an answer is to be given. In `vcl_synth` only when it is the one at hand, not an error of the engine.
    pub(crate) fn has_answer(&self, ctx: Context<'_>) -> bool {
        let Some(status) = self.pending(ctx, |_, answer| answer.status) else { return false };
        !ctx.is_in(Sub::Synth) || ctx.message(Which::Resp).is_some_and(|response| response.status() == status)
    }

    pub(crate) fn status(&self, ctx: Context<'_>) -> u16 {
        self.pending(ctx, |_, answer| answer.status).unwrap_or(500)
    }

    /// The backend for the request; null makes the fetch fail.
    pub(crate) fn backend(&self, ctx: Context<'_>) -> VclBackend {
        let Some(own) = self.own.get() else { return std::ptr::null() };
        if ctx.side() == Side::NoTask {
            return own.deciding.as_vcl();
        }
        let Some(decided) = self.decide(ctx) else { return std::ptr::null() };
        match &decided.winner {
            Some(winner) if decided.is_forward() && decided.pending().is_none() => {
                self.rule_director(ctx, &decided, winner)
            }
            _ => own.answering.as_vcl(),
        }
    }

    fn rule_director(&self, ctx: Context<'_>, decided: &Decided, winner: &Winner) -> VclBackend {
        let Winner { route, rule_index, match_index } = winner;
        let Some(place) = decided.routes.directors.place(route, *rule_index, *match_index) else {
            return std::ptr::null();
        };
        if place.get().is_none() {
            let rule = rule_in_state(decided, winner);
            let name = director_name(&self.name, winner);
            let director = RuleDirector { router: Weak::clone(&self.myself), rule: Some(rule) };
            // Another task may have been faster; then this one goes.
            _ = Director::rule(ctx, director, &name).map(|director| place.set(director));
        }
        place.get().map_or(std::ptr::null(), Director::as_vcl)
    }

    /// The backend that gives this answer.
    pub(crate) fn answers(&self, why: Why) -> VclBackend {
        self.own.get().map_or(std::ptr::null(), |own| match why {
            Why::NoEndpoints => own.no_endpoints.as_vcl(),
            _ => own.invalid_backend.as_vcl(),
        })
    }

    /// Adds to the cache key.
    pub(crate) fn hash(&self, ctx: Context<'_>) {
        if !ctx.is_in(Sub::Hash) {
            return ctx.fail("ghost: router.hash() belongs into vcl_hash");
        }
        let Some((decided, message)) = self.decide(ctx).zip(ctx.message(Which::Req)) else { return };
        let mut buffer = Vec::new();
        let raw = message.header("host").unwrap_or_default();
        let host = canonical::host(raw, &mut buffer).unwrap_or(raw);
        let (route, rule) = match &decided.winner {
            Some(winner) => (&*winner.route.id, winner.rule().map_or("", |rule| &rule.name)),
            None => ("", ""),
        };
        let scheme = decided.scheme.as_str();
        // No part can hold the line feed that ends it.
        key::with(&[route.as_bytes(), rule.as_bytes(), scheme.as_bytes(), host, message.url()], |key| {
            ctx.hash(key);
        });
    }

    /// The decision as JSON; `None` where nothing is decided.
    pub(crate) fn decision(&self, ctx: Context<'_>) -> Option<String> {
        if ctx.side() == Side::NoTask {
            return None;
        }
        let fetch =
            ctx.task::<FetchTask, _>(self).and_then(|task| Some(task.fetch.borrow().as_ref()?.document()));
        let decision = || ctx.task::<DecisionTask, _>(self).map(|task| task.decided().document());
        fetch.or_else(decision).map(|document| document.to_string())
    }

    /// Writes into the log why the request goes where it goes.
    pub(crate) fn explain(&self, ctx: Context<'_>) -> bool {
        match request_of(ctx) {
            Some(message) => explain::log(ctx, &message, &self.routes.load()),
            None => {
                fail_without_request(ctx, "explain");
                false
            }
        }
    }

    /// What only one control request at a time may touch.
    pub(crate) fn with_control<T>(&self, work: impl FnOnce(&mut Control) -> T) -> T {
        work(&mut self.control.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl OwnDirectors {
    fn new(ctx: Context<'_>, router: &Arc<Router>) -> Option<Self> {
        let myself = || Arc::downgrade(router);
        let answer = |why: Option<Why>, word| {
            Director::answer(
                ctx,
                AnswerDirector { router: myself(), why },
                &format!("{}({word})", router.name),
            )
        };
        let deciding = RuleDirector { router: myself(), rule: None };
        Some(Self {
            deciding: Director::rule(ctx, deciding, &router.name)?,
            answering: answer(None, "answer")?,
            invalid_backend: answer(Some(Why::InvalidBackend), "500")?,
            no_endpoints: answer(Some(Why::NoEndpoints), "503")?,
        })
    }
}

/// The request that a task is about: a fetch has a copy of its own.
fn request_of(ctx: Context<'_>) -> Option<Message<'_>> {
    match ctx.side() {
        Side::Client => ctx.message(Which::Req),
        Side::Backend => ctx.message(Which::Bereq),
        Side::NoTask => None,
    }
}

fn fail_without_request(ctx: Context<'_>, method: &str) {
    ctx.fail(&format!("ghost: router.{method}() needs a request"));
}

pub(crate) fn rule_in_state(decided: &Decided, winner: &Winner) -> RuleInState {
    let place = (winner.rule_index, winner.match_index);
    RuleInState::new(decided.routes.table.generation(), &winner.route, place, &decided.routes.endpoints)
}

/// Object, route and rule; the match where the rule has several.
fn director_name(object: &str, winner: &Winner) -> String {
    let rule = winner.rule();
    let name = rule.map_or("", |rule| &rule.name);
    let several = rule.is_some_and(|rule| rule.matches.len() > 1);
    let one = if several { format!("#{}", winner.match_index) } else { String::new() };
    format!("{object}({}/{name}{one})", winner.route.id)
}
