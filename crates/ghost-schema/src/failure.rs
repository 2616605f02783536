//! What a binding throws, and the guard that keeps a panic from ending its host.

use std::any::Any;
use std::cell::RefCell;
use std::fmt;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

/// Kind of a failure; the `code` of the error object in every host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailureCode {
    /// The request is no `RequestInput`.
    InvalidRequest,
    /// The options are no `DecideOptions`.
    InvalidOptions,
    /// A bug: the core panicked.
    Internal,
}

impl AsRef<str> for FailureCode {
    fn as_ref(&self) -> &str {
        match self {
            FailureCode::InvalidRequest => "invalidRequest",
            FailureCode::InvalidOptions => "invalidOptions",
            FailureCode::Internal => "internal",
        }
    }
}

/// Why a call gave no result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Kind.
    pub code: FailureCode,
    /// What is wrong and where, for people.
    pub message: String,
}

impl Failure {
    /// A failure of one kind.
    pub fn new(code: FailureCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}

thread_local! {
    /// The last panic of this thread, message and place.
    static LAST_PANIC: RefCell<Option<String>> = const { RefCell::new(None) };
}

static HOOK: Once = Once::new();

/// Calls `body`; a panic becomes a [`FailureCode::Internal`] that says where it happened, and prints nothing.
///
/// Where panics abort (WASM) the hook of the binding must throw instead.
pub fn guard<T>(body: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    HOOK.call_once(|| {
        panic::set_hook(Box::new(|info| LAST_PANIC.with_borrow_mut(|last| *last = Some(info.to_string()))));
    });
    // Unwind safe: tables never change, and nothing else outlives a call.
    panic::catch_unwind(AssertUnwindSafe(body)).unwrap_or_else(|payload| Err(internal(&*payload)))
}

fn internal(payload: &(dyn Any + Send)) -> Failure {
    let noted = LAST_PANIC.with_borrow_mut(Option::take);
    let text = noted.or_else(|| payload.downcast_ref::<&str>().map(|text| (*text).to_owned()));
    Failure::new(FailureCode::Internal, text.unwrap_or_else(|| "the core panicked".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_a_failure_that_says_where() {
        let failure = guard::<()>(|| panic!("no such {}", "thing")).unwrap_err();
        assert_eq!(failure.code, FailureCode::Internal);
        assert!(failure.message.contains("failure.rs:"), "{failure}");
        assert!(failure.message.ends_with("no such thing"), "{failure}");
    }

    #[test]
    fn results_pass() {
        assert_eq!(guard(|| Ok(1)), Ok(1));
        let failure = Failure::new(FailureCode::InvalidRequest, "no");
        assert_eq!(guard::<()>(|| Err(failure.clone())), Err(failure));
    }
}
