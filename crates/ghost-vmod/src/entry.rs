//! What the engine calls: one function for each method of `vmod_ghost.vcc` and each callback of `engine.h`, each behind
//! [`guard`]. Pointers become references here, and nothing else happens.

#![expect(unsafe_code, reason = "extern functions get raw pointers")]

use std::ffi::{CStr, CString, OsStr, c_char, c_int, c_uint, c_void};
use std::mem::ManuallyDrop;
use std::ops::Deref;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::ptr::null;
use std::sync::Arc;

use crate::director::{AnswerDirector, RuleDirector};
use crate::ffi::{Context, Director, Transport, VclBackend, raw};
use crate::forwarded::Forwarded;
use crate::guard::{guard, install_hook};
use crate::router::Router;
use crate::task::{DecisionTask, FetchTask};
use crate::{retry, shared};

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
    forwarded: *const c_char,
) {
    // SAFETY: by contract.
    let Some(ctx) = (unsafe { Context::new(ctx) }) else { return };
    if path.is_null() || name.is_null() {
        return ctx.fail("ghost.router() needs the path of a file");
    }
    // SAFETY: strings of VCL end with NUL.
    let (name, path) = unsafe { (CStr::from_ptr(name), CStr::from_ptr(path)) };
    let path = Path::new(OsStr::from_bytes(path.to_bytes()));
    // SAFETY: as above.
    let forwarded = Forwarded::new(unsafe { text(forwarded) });
    let made =
        guard(Some(ctx), "init", None, || Some(Router::new(ctx, &name.to_string_lossy(), path, forwarded)));
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
        // SAFETY: this is the reference that init gave away. Taken before the guard: whatever panics in there, it goes.
        let router = unsafe { Arc::from_raw(router) };
        guard(None, "fini", (), move || {
            shared::leave(&router);
            drop(router);
        });
    }
}

/// `.service()`
#[unsafe(no_mangle)]
unsafe extern "C" fn vmod_router_service(
    ctx: Ctx,
    object: Object,
    service: *const c_char,
    via: VclBackend,
    authority: *const c_char,
    proxy_header: i64,
    max_connections: i64,
    connect_timeout: f64,
    first_byte_timeout: f64,
    between_bytes_timeout: f64,
) {
    // SAFETY: strings and backends of VCL.
    let (service, authority, via) = unsafe { (text(service), text(authority), Director::hold(via)) };
    let set = |router: &Router, ctx: Context<'_>| {
        let (Ok(proxy_header @ 0..=2), Ok(max_connections)) =
            (u8::try_from(proxy_header), u32::try_from(max_connections))
        else {
            ctx.fail("ghost: proxy_header is 0, 1 or 2, and max_connections 0 or more");
            return true;
        };
        let transport = Transport {
            via,
            authority: CString::new(authority).ok().filter(|authority| !authority.is_empty()),
            proxy_header,
            max_connections,
            connect_timeout,
            first_byte_timeout,
            between_bytes_timeout,
        };
        router.service(ctx, &String::from_utf8_lossy(service), transport);
        true
    };
    // SAFETY: called by generated code, as every method below.
    let done = unsafe { method(ctx, object, "service", false, set) };
    // A service that is reached in another way than VCL says is worse than no load.
    // SAFETY: as above.
    unsafe { fail_unless(done, ctx, object, "service") }
}

/// Fails the task where going on without a method that panicked would be worse. No object is no panic: its init failed.
///
/// # Safety
/// `ctx` is valid for the call.
unsafe fn fail_unless(done: bool, ctx: Ctx, object: Object, entry: &str) {
    // SAFETY: by contract.
    if let Some(ctx) = unsafe { Context::new(ctx) }.filter(|_| !done && !object.is_null()) {
        ctx.fail(&format!("router.{entry}() panicked, see the log"));
    }
}

/// The bytes of a string of VCL; none for null.
///
/// # Safety
/// `string` is null or ends with NUL, and stays for the call.
unsafe fn text<'s>(string: *const c_char) -> &'s [u8] {
    // SAFETY: by contract.
    if string.is_null() { &[] } else { unsafe { CStr::from_ptr(string) }.to_bytes() }
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

/// `.upgrades()`
#[unsafe(no_mangle)]
unsafe extern "C" fn vmod_router_upgrades(ctx: Ctx, object: Object) -> c_uint {
    // SAFETY: see above.
    unsafe { method(ctx, object, "upgrades", 0, |router, ctx| c_uint::from(router.upgrades(ctx))) }
}

/// `.pipe()`
#[unsafe(no_mangle)]
unsafe extern "C" fn vmod_router_pipe(ctx: Ctx, object: Object) {
    // SAFETY: see above.
    let done = unsafe { method(ctx, object, "pipe", false, |router, ctx| (router.pipe(ctx), true).1) };
    // A pipe without the headers that pipe() sets would stay open for requests that pass by every rule.
    // SAFETY: see above.
    unsafe { fail_unless(done, ctx, object, "pipe") }
}

/// `.retries()`
#[unsafe(no_mangle)]
unsafe extern "C" fn vmod_router_retries(ctx: Ctx, object: Object) -> c_uint {
    // SAFETY: see above.
    unsafe { method(ctx, object, "retries", 0, |router, ctx| c_uint::from(retry::retries(router, ctx))) }
}

/// `.backend_error()`
#[unsafe(no_mangle)]
unsafe extern "C" fn vmod_router_backend_error(ctx: Ctx, object: Object) {
    // SAFETY: see above.
    unsafe { method(ctx, object, "backend_error", (), retry::error) }
}

/// `.status_json()`
#[unsafe(no_mangle)]
unsafe extern "C" fn vmod_router_status_json(ctx: Ctx, object: Object) -> *const c_char {
    let status = |router: &Router, ctx: Context<'_>| ctx.copy(router.status_json().as_bytes());
    // SAFETY: see above.
    unsafe { method(ctx, object, "status_json", null(), status) }
}

/// `.explain()`
#[unsafe(no_mangle)]
unsafe extern "C" fn vmod_router_explain(ctx: Ctx, object: Object) -> c_uint {
    // SAFETY: see above.
    unsafe { method(ctx, object, "explain", 0, |router, ctx| c_uint::from(router.explain(ctx))) }
}

/// `.hash()`
#[unsafe(no_mangle)]
unsafe extern "C" fn vmod_router_hash(ctx: Ctx, object: Object) {
    // SAFETY: see above.
    let done = unsafe { method(ctx, object, "hash", false, |router, ctx| (router.hash(ctx), true).1) };
    // A key without route and host would mix up objects.
    // SAFETY: see above.
    unsafe { fail_unless(done, ctx, object, "hash") }
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
    let private = unsafe { Box::from_raw(private) };
    guard(None, "destroy", (), move || drop(private));
}

/// The last reference to a director is gone.
#[unsafe(no_mangle)]
unsafe extern "C" fn ghost_on_answer_destroy(private: *mut AnswerDirector) {
    // SAFETY: see above.
    let private = unsafe { Box::from_raw(private) };
    guard(None, "destroy", (), move || drop(private));
}

/// The end of a task that was decided.
#[unsafe(no_mangle)]
unsafe extern "C" fn ghost_on_client_end(task: *mut DecisionTask) {
    // SAFETY: see above.
    let task = unsafe { Box::from_raw(task) };
    guard(None, "end", (), move || drop(task));
}

/// The end of a task that fetched.
#[unsafe(no_mangle)]
unsafe extern "C" fn ghost_on_fetch_end(task: *mut FetchTask) {
    // SAFETY: see above.
    let task = unsafe { Box::from_raw(task) };
    guard(None, "end", (), move || drop(task));
}
