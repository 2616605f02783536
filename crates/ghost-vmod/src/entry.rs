//! What the engine calls: one function for each method of `vmod_ghost.vcc` and each callback of `engine.h`, each behind
//! [`guard`]. Pointers become references here, and nothing else happens.

#![expect(unsafe_code, reason = "extern functions get raw pointers")]

use std::ffi::{CStr, OsStr, c_char, c_int, c_uint, c_void};
use std::mem::ManuallyDrop;
use std::ops::Deref;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::ptr::null;
use std::sync::Arc;

use crate::director::{AnswerDirector, RuleDirector};
use crate::ffi::{Context, VclBackend, raw};
use crate::guard::{guard, install_hook};
use crate::router::Router;
use crate::task::{DecisionTask, FetchTask};

type Ctx = *const raw::Ctx;
type Object = *const Router;

/// The object behind a pointer that VCL holds, without taking part in its count.
///
/// # Safety
/// `object` comes from [`vmod_router__init`] and its fini did not run yet.
unsafe fn borrow<'o>(object: Object) -> Option<impl Deref<Target = Arc<Router>> + 'o> {
    // SAFETY: by contract; `ManuallyDrop` keeps the count as it is.
    (!object.is_null()).then(|| ManuallyDrop::new(unsafe { Arc::from_raw(object) }))
}

/// Runs a method of the object.
///
/// # Safety
/// As [`borrow`]; `ctx` is valid for the call.
unsafe fn method<T>(
    ctx: Ctx,
    object: Object,
    entry: &'static str,
    safe: T,
    body: impl FnOnce(&Router, Context<'_>) -> T,
) -> T
where
    T: Clone,
{
    // SAFETY: by contract.
    let (Some(ctx), Some(router)) = (unsafe { Context::new(ctx) }, unsafe { borrow(object) }) else {
        return safe;
    };
    guard(Some(ctx), entry, safe, || body(&router, ctx))
}

/// `$Event`
#[unsafe(no_mangle)]
extern "C" fn vmod_event(_ctx: Ctx, _private: *mut c_void, _event: c_uint) -> c_int {
    guard(None, "event", 0, || {
        install_hook();
        0
    })
}

/// `new NAME = ghost.router(PATH)`
///
/// # Safety
/// Called by generated code.
#[unsafe(no_mangle)]
unsafe extern "C" fn vmod_router__init(
    ctx: Ctx,
    object: *mut Object,
    name: *const c_char,
    path: *const c_char,
) {
    // SAFETY: by contract.
    let Some(ctx) = (unsafe { Context::new(ctx) }) else { return };
    if path.is_null() || name.is_null() {
        return ctx.fail("ghost.router() needs the path of a file");
    }
    // SAFETY: strings of VCL end with NUL.
    let (name, path) = unsafe { (CStr::from_ptr(name), CStr::from_ptr(path)) };
    let path = PathBuf::from(OsStr::from_bytes(path.to_bytes()));
    let made = guard(Some(ctx), "init", None, || Some(Router::new(ctx, &name.to_string_lossy(), path)));
    match made {
        // SAFETY: VCL gives the place for it.
        Some(Some(router)) => unsafe { *object = Arc::into_raw(router) },
        Some(None) => {}
        None => ctx.fail("ghost.router() panicked, see the log"),
    }
}

/// The end of the object. No task and no director of this VCL is left in use.
///
/// # Safety
/// Called by generated code, for objects whose init failed too.
#[unsafe(no_mangle)]
unsafe extern "C" fn vmod_router__fini(object: *mut Object) {
    // SAFETY: by contract.
    let router = unsafe { std::mem::replace(&mut *object, null()) };
    if !router.is_null() {
        // SAFETY: this is the reference that init gave away.
        guard(None, "fini", (), || drop(unsafe { Arc::from_raw(router) }));
    }
}

/// `.recv()`
#[unsafe(no_mangle)]
unsafe extern "C" fn vmod_router_recv(ctx: Ctx, object: Object) {
    // SAFETY: called by generated code, as every method below.
    unsafe { method(ctx, object, "recv", (), Router::recv) }
}

/// `.answers()`
#[unsafe(no_mangle)]
unsafe extern "C" fn vmod_router_answers(ctx: Ctx, object: Object) -> c_uint {
    // SAFETY: see above.
    unsafe { method(ctx, object, "answers", 0, |router, ctx| c_uint::from(router.has_answer(ctx))) }
}

/// `.status()`
#[unsafe(no_mangle)]
unsafe extern "C" fn vmod_router_status(ctx: Ctx, object: Object) -> i64 {
    // SAFETY: see above.
    unsafe { method(ctx, object, "status", 500, |router, ctx| i64::from(router.status(ctx))) }
}

/// `.backend()`
#[unsafe(no_mangle)]
unsafe extern "C" fn vmod_router_backend(ctx: Ctx, object: Object) -> VclBackend {
    // SAFETY: see above.
    unsafe { method(ctx, object, "backend", null(), Router::backend) }
}

/// `.hash()`
#[unsafe(no_mangle)]
unsafe extern "C" fn vmod_router_hash(ctx: Ctx, object: Object) {
    // SAFETY: see above.
    unsafe { method(ctx, object, "hash", (), Router::hash) }
}

/// `.backend_response()`
#[unsafe(no_mangle)]
unsafe extern "C" fn vmod_router_backend_response(ctx: Ctx, object: Object) {
    // SAFETY: see above.
    unsafe { method(ctx, object, "backend_response", (), Router::backend_response) }
}

/// `.deliver()`
#[unsafe(no_mangle)]
unsafe extern "C" fn vmod_router_deliver(ctx: Ctx, object: Object) {
    // SAFETY: see above.
    unsafe { method(ctx, object, "deliver", (), Router::deliver) }
}

/// `.synth()`
#[unsafe(no_mangle)]
unsafe extern "C" fn vmod_router_synth(ctx: Ctx, object: Object) {
    // SAFETY: see above.
    unsafe { method(ctx, object, "synth", (), Router::synth) }
}

/// `.decision()`
#[unsafe(no_mangle)]
unsafe extern "C" fn vmod_router_decision(ctx: Ctx, object: Object) -> *const c_char {
    let decision = |router: &Router, ctx: Context<'_>| {
        router.decision(ctx).map_or(null(), |text| ctx.copy(text.as_bytes()))
    };
    // SAFETY: see above.
    unsafe { method(ctx, object, "decision", null(), decision) }
}

/// `.fix_draw()`
#[unsafe(no_mangle)]
unsafe extern "C" fn vmod_router_fix_draw(ctx: Ctx, object: Object, number: *const c_char) {
    // SAFETY: see above.
    let number = (!number.is_null())
        .then(|| unsafe { CStr::from_ptr(number) })
        .and_then(|text| text.to_str().ok()?.parse().ok());
    // SAFETY: see above.
    unsafe { method(ctx, object, "fix_draw", (), |router, _| router.draws.fix(number)) }
}

/// The backend for a fetch.
#[unsafe(no_mangle)]
unsafe extern "C" fn ghost_on_resolve(ctx: Ctx, private: *const RuleDirector) -> VclBackend {
    // SAFETY: the engine holds the director, and with it `private`, while it asks; the same for the two below.
    let (Some(ctx), Some(director)) = (unsafe { Context::new(ctx) }, unsafe { private.as_ref() }) else {
        return null();
    };
    guard(Some(ctx), "resolve", null(), || director.resolve(ctx))
}

/// The response of a backend that is connected to nothing; 0 makes the fetch fail.
#[unsafe(no_mangle)]
unsafe extern "C" fn ghost_on_answer(ctx: Ctx, private: *const AnswerDirector) -> c_int {
    // SAFETY: see above.
    let (Some(ctx), Some(director)) = (unsafe { Context::new(ctx) }, unsafe { private.as_ref() }) else {
        return 0;
    };
    guard(Some(ctx), "answer", 0, || c_int::from(director.answer(ctx)))
}

/// How many endpoints can be picked, of how many.
#[unsafe(no_mangle)]
unsafe extern "C" fn ghost_on_count(private: *const RuleDirector, usable: *mut usize, all: *mut usize) {
    // SAFETY: see above.
    let Some(director) = (unsafe { private.as_ref() }) else { return };
    let counted = guard(None, "count", (0, 0), || director.count());
    // SAFETY: both point to variables of the caller.
    unsafe { (*usable, *all) = counted }
}

/// The last reference to a director is gone.
#[unsafe(no_mangle)]
unsafe extern "C" fn ghost_on_rule_destroy(private: *mut RuleDirector) {
    // SAFETY: the box that was given to the engine comes back once; the same for the three below.
    guard(None, "destroy", (), || drop(unsafe { Box::from_raw(private) }));
}

/// The last reference to a director is gone.
#[unsafe(no_mangle)]
unsafe extern "C" fn ghost_on_answer_destroy(private: *mut AnswerDirector) {
    // SAFETY: see above.
    guard(None, "destroy", (), || drop(unsafe { Box::from_raw(private) }));
}

/// The end of a task that was decided.
#[unsafe(no_mangle)]
unsafe extern "C" fn ghost_on_client_end(task: *mut DecisionTask) {
    // SAFETY: see above.
    guard(None, "end", (), || drop(unsafe { Box::from_raw(task) }));
}

/// The end of a task that fetched.
#[unsafe(no_mangle)]
unsafe extern "C" fn ghost_on_fetch_end(task: *mut FetchTask) {
    // SAFETY: see above.
    guard(None, "end", (), || drop(unsafe { Box::from_raw(task) }));
}
