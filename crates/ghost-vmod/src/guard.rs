//! Catches panics at the entries: a mistake of ours costs one request, never the cache.

use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, Once, PoisonError};

use crate::counters;
use crate::ffi::Context;

/// Panics caught since the VMOD was loaded.
static CAUGHT: AtomicU64 = AtomicU64::new(0);
/// Where and why, until it is logged.
static LAST: Mutex<String> = Mutex::new(String::new());

/// Longest text that is kept of a panic.
const MAX_TEXT: usize = 160;

/// Runs the body of an entry; `safe` is what the engine gets when it panics.
pub(crate) fn guard<T>(
    ctx: Option<Context<'_>>,
    entry: &'static str,
    safe: T,
    body: impl FnOnce() -> T,
) -> T {
    let result = panic::catch_unwind(AssertUnwindSafe(|| {
        #[cfg(feature = "panic-injection")]
        injection::strike(entry, ctx);
        body()
    }));
    result.unwrap_or_else(|payload| {
        // A payload whose drop panics would undo all of this.
        std::mem::forget(payload);
        counters::show_panics(CAUGHT.fetch_add(1, Ordering::Relaxed) + 1);
        if let Some(ctx) = ctx {
            let text = std::mem::take(&mut *LAST.lock().unwrap_or_else(PoisonError::into_inner));
            ctx.log(format_args!("ghost panic in {entry}: {text}"));
        }
        safe
    })
}

/// How many panics were caught.
pub(crate) fn caught() -> u64 {
    CAUGHT.load(Ordering::Relaxed)
}

/// Keeps what a panic says for the log, instead of printing it with a backtrace: that would need more stack than a
/// worker has.
pub(crate) fn install_hook() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        panic::set_hook(Box::new(|info| {
            let message = info.payload_as_str().unwrap_or("no message");
            let place = info
                .location()
                .map_or_else(String::new, |place| format!("{}:{}: ", place.file(), place.line()));
            let text: String = place
                .chars()
                .chain(message.chars())
                .filter(|char| !char.is_control())
                .take(MAX_TEXT)
                .collect();
            *LAST.lock().unwrap_or_else(PoisonError::into_inner) = text;
        }));
    });
}

/// Makes the next call of an entry panic.
#[cfg(feature = "panic-injection")]
pub(crate) mod injection {
    use super::{Context, Mutex, PoisonError};
    use crate::control;

    static ARMED: Mutex<Option<String>> = Mutex::new(None);

    pub(crate) fn arm(entry: &str) {
        *ARMED.lock().unwrap_or_else(PoisonError::into_inner) = Some(entry.to_owned());
    }

    /// The request that arms an entry goes through entries itself: on the control listener only what belongs to it
    /// is struck.
    #[expect(clippy::panic, reason = "this is what it is for")]
    pub(crate) fn strike(entry: &str, ctx: Option<Context<'_>>) {
        let on_control = ctx.is_some_and(|ctx| ctx.socket() == Some(control::LISTENER));
        let mut armed = ARMED.lock().unwrap_or_else(PoisonError::into_inner);
        if armed.as_deref() == Some(entry) && (!on_control || entry == "control") {
            *armed = None;
            drop(armed);
            panic!("injected into {entry}");
        }
    }
}
