//! Control requests: what comes in by the listener named `ghost`, and only there. Everything that makes or frees
//! something happens here, one request at a time.

use std::sync::Arc;
use std::time::Instant;

use serde_json::json;

use crate::backend::{Cooling, Pool};
use crate::decided::Answer;
use crate::documents::Documents;
use crate::ffi::{Context, Message, Side};
use crate::guard::{self, guard};
use crate::publish::Published;
use crate::reload;
use crate::router::Router;
use crate::state::{EndpointsState, RoutesState};

/// Name of the engine's socket that control requests come in by (`-a ghost=PATH,mode=0600`).
pub(crate) const LISTENER: &[u8] = b"ghost";

/// What only control requests touch.
pub(crate) struct Control {
    pub(crate) documents: Documents,
    pool: Pool,
    /// Endpoints of replaced routes, which a late fetch may still hold.
    replaced: Vec<Arc<Published<EndpointsState>>>,
}

/// What a sweep did.
#[derive(Debug, Clone, Copy, Default)]
struct Swept {
    routes: usize,
    endpoints: usize,
    backends: usize,
}

impl Control {
    pub(crate) fn new(
        ctx: Context<'_>,
        name: &str,
        documents: Documents,
    ) -> Result<(Self, RoutesState), Cooling> {
        let mut pool = Pool::new(name);
        let endpoints = pool.join(ctx, &documents.endpoints)?;
        let state = RoutesState::new(&documents, endpoints);
        Ok((Self { documents, pool, replaced: Vec::new() }, state))
    }

    /// Puts new documents into use, whole or not at all.
    pub(crate) fn publish(
        &mut self,
        ctx: Context<'_>,
        router: &Router,
        documents: Documents,
    ) -> Result<(), Cooling> {
        let current = router.routes.load();
        let same_routes = Arc::ptr_eq(&documents.table, &current.table);
        if !same_routes || !Arc::ptr_eq(&documents.endpoints, &self.documents.endpoints) {
            let endpoints = self.pool.join(ctx, &documents.endpoints)?;
            if same_routes {
                current.endpoints.publish(endpoints);
            } else {
                self.replaced.push(Arc::clone(&current.endpoints));
                router.routes.publish(RoutesState::new(&documents, endpoints));
            }
        }
        self.documents = documents;
        Ok(())
    }

    /// Frees what nobody uses any more.
    fn sweep(&mut self, router: &Router) -> Swept {
        let mut swept = Swept { routes: router.routes.retire(), ..Swept::default() };
        swept.endpoints += router.routes.load().endpoints.retire();
        self.replaced.retain(|endpoints| {
            swept.endpoints += endpoints.retire();
            Arc::strong_count(endpoints) > 1
        });
        swept.backends = self.pool.sweep(Instant::now());
        swept
    }

    fn sweep_report(&mut self, router: &Router) -> serde_json::Value {
        let Swept { routes, endpoints, backends } = self.sweep(router);
        let counts = self.pool.counts();
        json!({
            "ok": true,
            "freed": { "routes": routes, "endpoints": endpoints, "backends": backends },
            "backends": { "inUse": counts.in_use, "waiting": counts.waiting },
            "panics": guard::caught(),
        })
    }
}

/// The answer to a control request; `None` for any other request.
pub(crate) fn answer(router: &Router, ctx: Context<'_>, message: &Message<'_>) -> Option<Answer> {
    if ctx.socket() != Some(LISTENER) {
        return None;
    }
    let path = message.url().split(|byte| *byte == b'?').next().unwrap_or_default();
    let is_client = ctx.side() == Side::Client && matches!(message.method(), b"GET" | b"POST");
    let panicked = Answer::json(
        500,
        &json!({ "ok": false, "message": "A panic was caught, see the log; the last good state serves." }),
    );
    Some(match path {
        b"/.varnish-ghost/reload" if is_client => guard(Some(ctx), "control", panicked, || {
            router.with_control(|control| {
                let answer = reload::answer(router, ctx, control);
                control.sweep(router);
                answer
            })
        }),
        b"/.varnish-ghost/sweep" if is_client => {
            Answer::json(200, &router.with_control(|control| control.sweep_report(router)))
        }
        #[cfg(feature = "panic-injection")]
        b"/.varnish-ghost/panic" if is_client => {
            let query = message.url().splitn(2, |byte| *byte == b'=').nth(1).unwrap_or_default();
            guard::injection::arm(&String::from_utf8_lossy(query));
            Answer::json(200, &json!({ "ok": true }))
        }
        _ => Answer::json(
            404,
            &json!({ "ok": false, "message": "Ask for /.varnish-ghost/reload or /.varnish-ghost/sweep." }),
        ),
    })
}
