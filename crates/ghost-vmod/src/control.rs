//! Control requests: what comes in by the listener named `ghost`, and only there. Everything that makes or frees
//! something happens here, one request at a time.

use std::sync::Arc;
use std::time::Instant;

use serde_json::json;

use crate::backend::{Cooling, Counts, Pool};
use crate::counters::{Counter, Counters};
use crate::decided::Answer;
use crate::documents::Documents;
use crate::ffi::{Context, Message, Side, Transport};
use crate::guard::{self, guard};
use crate::publish::Published;
use crate::router::Router;
use crate::state::{EndpointsState, RoutesState};
use crate::{limits, reload, shared, status};

/// Name of the engine's socket that control requests come in by (`-a ghost=PATH,mode=0600`).
pub(crate) const LISTENER: &[u8] = b"ghost";

/// What requests do not touch. A request does only where other VCLs' documents were reloaded: it takes them over, and
/// leaves what they replace to the next sweep.
pub(crate) struct Control {
    pub(crate) documents: Documents,
    counters: Arc<Counters>,
    pool: Pool,
    /// Endpoints of replaced routes, which a late fetch may still hold.
    replaced: Vec<Arc<Published<EndpointsState>>>,
    /// Documents out of use.
    retired: Vec<Documents>,
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
        counters: &Arc<Counters>,
    ) -> Result<(Self, RoutesState), Cooling> {
        let mut pool = Pool::new(name, Arc::clone(counters));
        let endpoints = pool.join(ctx, &documents.endpoints)?;
        let state = RoutesState::new(&documents, endpoints);
        let counters = Arc::clone(counters);
        let control = Self { documents, counters, pool, replaced: Vec::new(), retired: Vec::new() };
        control.show();
        Ok((control, state))
    }

    /// Puts new documents into use, whole or not at all. Frees nothing.
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
        self.retired.push(std::mem::replace(&mut self.documents, documents));
        self.show();
        Ok(())
    }

    /// Reaches a service in another way from now on. False when that was said before.
    pub(crate) fn set_transport(
        &mut self,
        ctx: Context<'_>,
        router: &Router,
        service: &str,
        transport: Transport,
    ) -> Result<bool, Cooling> {
        if !self.pool.set_transport(service, transport) {
            return Ok(false);
        }
        let endpoints = self.pool.join(ctx, &self.documents.endpoints)?;
        router.routes.load().endpoints.publish(endpoints);
        Ok(true)
    }

    /// What the documents ask for and the engine does not do.
    pub(crate) fn limits(&self, router: &Router) -> Vec<ghost_core::Diagnostic> {
        let file = router.path().to_string_lossy();
        limits::findings(&self.documents.checked, &file, &|service| self.pool.has_via(service))
    }

    fn show(&self) {
        let Documents { table, endpoints, checked, .. } = &self.documents;
        let gauges = [
            (Counter::Generation, table.generation().unwrap_or_default()),
            (Counter::EndpointsGeneration, endpoints.generation().unwrap_or_default()),
            (Counter::Routes, table.route_count() as u64),
            (Counter::RoutesQuarantined, checked.quarantined.len() as u64),
            (Counter::Endpoints, endpoints.count() as u64),
        ];
        for (gauge, number) in gauges {
            self.counters.set(gauge, number);
        }
    }

    /// Frees what nobody uses any more.
    fn sweep(&mut self, router: &Router) -> Swept {
        self.retired.clear();
        let mut swept = Swept { routes: router.routes.retire(), ..Swept::default() };
        swept.endpoints += router.routes.load().endpoints.retire();
        self.replaced.retain(|endpoints| {
            swept.endpoints += endpoints.retire();
            Arc::strong_count(endpoints) > 1
        });
        swept.backends = self.pool.sweep(Instant::now());
        swept
    }

    /// Also what routers of other VCLs left: control requests reach the VCL in use only.
    pub(crate) fn sweep_all(&mut self, router: &Router) -> serde_json::Value {
        let Swept { mut routes, mut endpoints, mut backends } = self.sweep(router);
        let Counts { mut in_use, mut waiting } = self.pool.counts();
        shared::each_other(router, |other| {
            // Who is at work there sweeps as well.
            let Ok(mut control) = other.control.try_lock() else { return };
            let swept = control.sweep(other);
            routes += swept.routes;
            endpoints += swept.endpoints;
            backends += swept.backends;
            let counts = control.pool.counts();
            in_use += counts.in_use;
            waiting += counts.waiting;
        });
        json!({
            "ok": true,
            "freed": { "routes": routes, "endpoints": endpoints, "backends": backends },
            "backends": { "inUse": in_use, "waiting": waiting },
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
                control.sweep_all(router);
                answer
            })
        }),
        b"/.varnish-ghost/sweep" if is_client => {
            Answer::json(200, &router.with_control(|control| control.sweep_all(router)))
        }
        b"/.varnish-ghost/status" if is_client => {
            Answer::json(200, &status::document(router, reload::MAX_LISTED))
        }
        #[cfg(feature = "panic-injection")]
        b"/.varnish-ghost/panic" if is_client => {
            let query = message.url().splitn(2, |byte| *byte == b'=').nth(1).unwrap_or_default();
            guard::injection::arm(&String::from_utf8_lossy(query));
            Answer::json(200, &json!({ "ok": true }))
        }
        _ => Answer::json(
            404,
            &json!({
                "ok": false,
                "message": "Ask for /.varnish-ghost/reload, /.varnish-ghost/sweep or /.varnish-ghost/status.",
            }),
        ),
    })
}
