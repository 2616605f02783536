//! `struct director`: owned references to directors and native backends. The engine counts them; the last one
//! destroys.

#![expect(unsafe_code, reason = "wraps calls into engine.c")]

use std::ffi::{CString, c_char, c_void};
use std::net::IpAddr;
use std::ptr::{NonNull, null, null_mut};

use ghost_core::model::Address;

use super::context::Context;
use super::raw;
use crate::director::{AnswerDirector, RuleDirector};

/// What VCL calls BACKEND; null is none.
pub(crate) type VclBackend = *const raw::Director;

/// A reference to a director of ours.
pub(crate) struct Director(NonNull<raw::Director>);

// SAFETY: the engine guards its reference counts with locks.
unsafe impl Send for Director {}
// SAFETY: as above.
unsafe impl Sync for Director {}

impl Director {
    /// A director that resolves to a backend. `None` while the VCL is cooling down.
    pub(crate) fn rule(ctx: Context<'_>, director: RuleDirector, name: &str) -> Option<Self> {
        Self::add(director, name, |private, name| {
            // SAFETY: the engine gives `private` back to `ghost_on_rule_destroy`.
            unsafe { raw::ghost_rule_director(ctx.as_ptr(), private, name) }
        })
    }

    /// A backend that answers by itself. `None` while the VCL is cooling down.
    pub(crate) fn answer(ctx: Context<'_>, director: AnswerDirector, name: &str) -> Option<Self> {
        Self::add(director, name, |private, name| {
            // SAFETY: the engine gives `private` back to `ghost_on_answer_destroy`.
            unsafe { raw::ghost_answer_director(ctx.as_ptr(), private, name) }
        })
    }

    fn add<T>(
        director: T,
        name: &str,
        add: impl FnOnce(*mut c_void, *const c_char) -> VclBackend,
    ) -> Option<Self> {
        let name = CString::new(name).ok()?;
        let private = Box::into_raw(Box::new(director));
        let added = NonNull::new(add(private.cast(), name.as_ptr()).cast_mut());
        if added.is_none() {
            // SAFETY: the engine did not take it.
            drop(unsafe { Box::from_raw(private) });
        }
        added.map(Self)
    }

    /// Takes part in a director that VCL gave; `None` for none.
    ///
    /// # Safety
    /// `director` is a director of the engine, or null.
    pub(crate) unsafe fn hold(director: VclBackend) -> Option<Self> {
        let director = NonNull::new(director.cast_mut())?;
        // SAFETY: by contract.
        unsafe { raw::ghost_hold_director(director.as_ptr()) };
        Some(Self(director))
    }

    pub(crate) fn as_vcl(&self) -> VclBackend {
        self.0.as_ptr()
    }
}

impl Drop for Director {
    fn drop(&mut self) {
        // SAFETY: the reference is ours.
        unsafe { raw::ghost_drop_director(self.0.as_ptr()) }
    }
}

/// A piece of shared memory for the counters of several backends. It lives as long as one of them does.
pub(crate) struct Cluster(NonNull<raw::Cluster>);

// SAFETY: the engine guards clusters with a lock.
unsafe impl Send for Cluster {}

impl Cluster {
    pub(crate) fn new(ctx: Context<'_>, backends: usize) -> Option<Self> {
        // SAFETY: the context is valid.
        NonNull::new(unsafe { raw::ghost_cluster(ctx.as_ptr(), backends) }).map(Self)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // SAFETY: the reference is ours.
        unsafe { raw::ghost_drop_cluster(self.0.as_ptr()) }
    }
}

/// A reference to a backend of the engine.
pub(crate) struct NativeBackend(NonNull<raw::Director>);

// SAFETY: the engine guards its reference counts with locks.
unsafe impl Send for NativeBackend {}
// SAFETY: as above.
unsafe impl Sync for NativeBackend {}

/// How a service is reached besides the addresses of its endpoints. Times in seconds, 0 where the engine's own counts.
#[derive(Default)]
pub(crate) struct Transport {
    pub(crate) via: Option<Director>,
    pub(crate) authority: Option<CString>,
    /// Version of the PROXY protocol, 0 for none.
    pub(crate) proxy_header: u8,
    /// Most connections to one endpoint, 0 for no limit.
    pub(crate) max_connections: u32,
    pub(crate) connect_timeout: f64,
    pub(crate) first_byte_timeout: f64,
    pub(crate) between_bytes_timeout: f64,
}

impl Transport {
    fn raw(&self) -> raw::Transport {
        raw::Transport {
            via: self.via.as_ref().map_or(null(), Director::as_vcl),
            authority: self.authority.as_ref().map_or(null(), |authority| authority.as_ptr()),
            proxy_header: self.proxy_header.into(),
            max_connections: self.max_connections,
            connect_timeout: self.connect_timeout,
            first_byte_timeout: self.first_byte_timeout,
            between_bytes_timeout: self.between_bytes_timeout,
        }
    }
}

/// Whether the engine reaches backends through other ones.
pub(crate) fn has_via() -> bool {
    // SAFETY: reads a constant.
    unsafe { raw::ghost_has_via() != 0 }
}

impl NativeBackend {
    /// `None` while the VCL is cooling down. The cluster must have room: the engine asserts it.
    pub(crate) fn new(
        ctx: Context<'_>,
        cluster: Option<&Cluster>,
        name: &str,
        address: &Address,
        transport: &Transport,
    ) -> Option<Self> {
        let name = CString::new(name).ok()?;
        let transport = transport.raw();
        let cluster = cluster.map_or(null_mut(), |cluster| cluster.0.as_ptr());
        let create = |address: raw::Address| {
            let (address, transport) = (&raw const address, &raw const transport);
            // SAFETY: the engine copies name, address and transport, and takes a reference of its own to `via`.
            unsafe { raw::ghost_backend(ctx.as_ptr(), cluster, name.as_ptr(), address, transport) }
        };
        let tcp =
            |ip: &[u8], port| create(raw::Address { ip: ip.as_ptr(), ip_len: ip.len(), port, path: null() });
        let backend = match address {
            Address::Ip(IpAddr::V4(ip), port) => tcp(&ip.octets(), *port),
            Address::Ip(IpAddr::V6(ip), port) => tcp(&ip.octets(), *port),
            Address::Unix(path) => {
                let path = CString::new(path.as_bytes()).ok()?;
                create(raw::Address { ip: null(), ip_len: 0, port: 0, path: path.as_ptr() })
            }
        };
        NonNull::new(backend.cast_mut()).map(Self)
    }

    pub(crate) fn as_vcl(&self) -> VclBackend {
        self.0.as_ptr()
    }

    /// How long a backend must have been out of use before its last reference may be dropped, in seconds: on engines
    /// before Varnish 7.7 the drop waits for the peers of idle connections, of which there are none after that time.
    pub(crate) fn quiet_time() -> f64 {
        // SAFETY: reads a constant and a parameter.
        unsafe { if raw::ghost_drop_waits() == 0 { 0.0 } else { raw::ghost_idle_timeout() + 2.0 } }
    }
}

impl Drop for NativeBackend {
    fn drop(&mut self) {
        // SAFETY: the reference is ours.
        unsafe { raw::ghost_drop_backend(self.0.as_ptr()) }
    }
}

/// A seed from the engine.
pub(crate) fn random() -> u64 {
    // SAFETY: takes nothing.
    unsafe { raw::ghost_random() }
}
