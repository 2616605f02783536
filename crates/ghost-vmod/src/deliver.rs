//! What happens to responses: filters of service and rule, sessions, and the answers that Ghost gives itself.

use ghost_core::model::SessionPersistence;
use ghost_core::request::Entrance;
use ghost_core::select::{session_key, session_value};

use crate::counters::Counter;
use crate::decided::{Decided, Winner};
use crate::ffi::{Context, Message, Sub, Which};
use crate::headers::{Edits, NoRoom};
use crate::request::{self, Surroundings};
use crate::router::Router;
use crate::task::{DecisionTask, FetchTask};
use crate::{session, synth};

impl Router {
    /// Applies the response filters of the service that was picked.
    pub(crate) fn backend_response(&self, ctx: Context<'_>) {
        if !ctx.is_in(Sub::BackendResponse) {
            return ctx.fail("ghost: router.backend_response() belongs into vcl_backend_response");
        }
        let Some(task) = ctx.task::<FetchTask, _>(self) else { return };
        let fetch = task.fetch.borrow();
        let Some(fetch) = fetch.as_ref() else { return };
        let Some(mut response) = ctx.message(Which::Beresp) else { return };
        let mut edits = Edits::default();
        let session = fetch.policy().and_then(|policy| policy.session.as_ref());
        let value = session.and_then(|_| fetch.address()).map(session_value);
        if session.is_some() {
            edits.remove(session::CARRIER.as_bytes());
        }
        if let Some(value) = &value {
            edits.add(session::CARRIER.as_bytes(), value.as_bytes());
        }
        if let Some(filters) = fetch.filters() {
            edits.modifier(&filters.response_headers);
        }
        if edits.filter(&mut response, &self.counters) == Err(NoRoom) {
            ctx.fail("ghost: the response filters do not fit into workspace_backend");
        }
    }

    /// Applies the response filters of the rule.
    pub(crate) fn deliver(&self, ctx: Context<'_>) {
        if !ctx.is_in(Sub::Deliver) {
            return ctx.fail("ghost: router.deliver() belongs into vcl_deliver");
        }
        let Some(task) = ctx.task::<DecisionTask, _>(self) else { return };
        let decided = task.decided();
        let Some(mut response) = ctx.message(Which::Resp).filter(|_| decided.is_forward()) else { return };
        let given = decided.policy().and_then(|policy| policy.session.as_ref());
        let given = given.and_then(|session| self.session(ctx, &decided, session, &mut response));
        let mut edits = Edits::default();
        if let Some((name, value)) = &given {
            edits.add(name.as_bytes(), value.as_bytes());
        }
        synth::response_filters(decided.filters(), &decided, &mut edits);
        if edits.filter(&mut response, &self.counters) == Err(NoRoom) {
            decided.set_no_room();
            self.counters.count(Counter::NoRoom);
        }
    }

    /// The header that gives the client its session: where an endpoint was picked that the client does not name.
    fn session(
        &self,
        ctx: Context<'_>,
        decided: &Decided,
        session: &SessionPersistence,
        response: &mut Message<'_>,
    ) -> Option<(String, String)> {
        let value =
            response.header(session::CARRIER).map(|value| String::from_utf8_lossy(value).into_owned())?;
        response.unset(session::CARRIER.as_bytes());
        let surroundings = Surroundings { entrance: Entrance::Port(0), scheme: decided.scheme };
        let request = ctx.message(Which::Req)?;
        let named = request::with(&request, &surroundings, |request| session_key(session, request)).ok()?;
        if ctx.is_hit() || named.map(|key| format!("{key:016x}")).as_deref() == Some(&*value) {
            return None;
        }
        self.counters.count(Counter::Sessions);
        let path = decided.winner.as_ref().and_then(Winner::one_match).map(|one| &one.path);
        Some(session::header(session, &value, path, decided.scheme))
    }

    /// Writes the answer.
    pub(crate) fn synth(&self, ctx: Context<'_>) {
        if !ctx.is_in(Sub::Synth) {
            return ctx.fail("ghost: router.synth() belongs into vcl_synth");
        }
        let Some(mut response) = ctx.message(Which::Resp) else { return };
        let body = self.pending(ctx, |decided, answer| {
            synth::write(answer, Some(decided), &mut response);
            decided.set_answered();
            synth::body(answer, decided.routes.table.generation())
        });
        ctx.body(&body.unwrap_or_default());
    }
}
