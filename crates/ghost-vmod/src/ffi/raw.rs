//! `engine.h` once more. A change is made in both.

#![expect(unsafe_code, reason = "declarations of engine.c")]

use std::ffi::{c_char, c_int, c_uint, c_void};

/// `struct vrt_ctx`
#[repr(C)]
pub(crate) struct Ctx([u8; 0]);
/// `struct http`
#[repr(C)]
pub(crate) struct Http([u8; 0]);
/// `struct director`
#[repr(C)]
pub(crate) struct Director([u8; 0]);
/// `struct vsmw_cluster`
#[repr(C)]
pub(crate) struct Cluster([u8; 0]);

/// `struct vsc_seg`
#[repr(C)]
pub(crate) struct Segment([u8; 0]);

#[repr(C)]
#[derive(Clone, Copy)]
pub(crate) struct Text {
    pub(crate) begin: *const u8,
    pub(crate) end: *const u8,
}

#[repr(C)]
pub(crate) struct Address {
    pub(crate) ip: *const u8,
    pub(crate) ip_len: usize,
    pub(crate) port: u16,
    pub(crate) path: *const c_char,
}

#[repr(C)]
pub(crate) struct Transport {
    pub(crate) via: *const Director,
    pub(crate) authority: *const c_char,
    pub(crate) proxy_header: c_uint,
    pub(crate) max_connections: c_uint,
    pub(crate) connect_timeout: f64,
    pub(crate) first_byte_timeout: f64,
    pub(crate) between_bytes_timeout: f64,
}

pub(crate) const NO_TASK: c_uint = 0;
pub(crate) const CLIENT: c_uint = 1;

unsafe extern "C" {
    pub(crate) fn ghost_side(ctx: *const Ctx) -> c_uint;
    pub(crate) fn ghost_is_in(ctx: *const Ctx, sub: c_uint) -> c_int;
    pub(crate) fn ghost_fail(ctx: *const Ctx, text: *const c_char);
    pub(crate) fn ghost_log(ctx: *const Ctx, text: *const u8, len: usize);
    pub(crate) fn ghost_copy(ctx: *const Ctx, text: *const u8, len: usize) -> *const c_char;
    pub(crate) fn ghost_task(ctx: *const Ctx, key: *const c_void) -> *mut c_void;
    pub(crate) fn ghost_keep_task(
        ctx: *const Ctx,
        key: *const c_void,
        value: *mut c_void,
        kind: c_uint,
    ) -> c_int;
    pub(crate) fn ghost_socket(ctx: *const Ctx) -> *const c_char;
    pub(crate) fn ghost_port(ctx: *const Ctx) -> c_uint;
    pub(crate) fn ghost_client_address(ctx: *const Ctx, into: *mut u8, size: usize) -> usize;
    pub(crate) fn ghost_hash(ctx: *const Ctx, text: *const c_char);
    pub(crate) fn ghost_body(ctx: *const Ctx, text: *const c_char);
    pub(crate) fn ghost_limit_timeouts(ctx: *const Ctx, seconds: f64);
    pub(crate) fn ghost_has_client(ctx: *const Ctx) -> c_int;
    pub(crate) fn ghost_is_hit(ctx: *const Ctx) -> c_int;
    pub(crate) fn ghost_restarts(ctx: *const Ctx) -> c_uint;
    pub(crate) fn ghost_may_retry(ctx: *const Ctx) -> c_int;
    pub(crate) fn ghost_now() -> f64;
    pub(crate) fn ghost_task_start(ctx: *const Ctx) -> f64;
    pub(crate) fn ghost_wait(seconds: f64);

    pub(crate) fn ghost_message(ctx: *const Ctx, which: c_uint) -> *mut Http;
    pub(crate) fn ghost_field(http: *const Http, field: c_uint) -> Text;
    pub(crate) fn ghost_lines(http: *const Http, count: *mut usize) -> *const Text;
    pub(crate) fn ghost_status(http: *const Http) -> c_uint;
    pub(crate) fn ghost_put_status(http: *mut Http, status: c_uint);
    pub(crate) fn ghost_room(http: *const Http, bytes: *mut usize, slots: *mut usize);
    pub(crate) fn ghost_free_slots(http: *const Http) -> usize;
    pub(crate) fn ghost_set_url(http: *mut Http, text: *const u8, len: usize) -> c_int;
    pub(crate) fn ghost_add_line(
        http: *mut Http,
        name: *const u8,
        name_len: usize,
        value: *const u8,
        value_len: usize,
    ) -> c_int;
    pub(crate) fn ghost_add_constant(http: *mut Http, line: *const c_char);
    pub(crate) fn ghost_unset(http: *mut Http, name: *const u8, len: usize, prefix: c_int) -> c_uint;

    pub(crate) fn ghost_rule_director(
        ctx: *const Ctx,
        private: *mut c_void,
        name: *const c_char,
    ) -> *const Director;
    pub(crate) fn ghost_answer_director(
        ctx: *const Ctx,
        private: *mut c_void,
        name: *const c_char,
    ) -> *const Director;
    pub(crate) fn ghost_drop_director(director: *const Director);
    pub(crate) fn ghost_hold_director(director: *const Director);
    pub(crate) fn ghost_has_via() -> c_int;
    pub(crate) fn ghost_cluster(ctx: *const Ctx, backends: usize) -> *mut Cluster;
    pub(crate) fn ghost_drop_cluster(cluster: *mut Cluster);
    pub(crate) fn ghost_backend(
        ctx: *const Ctx,
        cluster: *mut Cluster,
        name: *const c_char,
        address: *const Address,
        transport: *const Transport,
    ) -> *const Director;
    pub(crate) fn ghost_drop_backend(backend: *const Director);
    pub(crate) fn ghost_drop_waits() -> c_int;
    pub(crate) fn ghost_idle_timeout() -> f64;
    pub(crate) fn ghost_counters(name: *const c_char, segment: *mut *mut Segment) -> *mut u64;
    pub(crate) fn ghost_drop_counters(segment: *mut Segment);
    pub(crate) fn ghost_random() -> u64;
}
