//! The documents: raw -> checked.
//!
//! [`read`] turns bytes into raw parts, [`check`] turns raw parts into the checked model, and every
//! finding goes through [`report`]. Both return what could be used *and* what is wrong: a broken route
//! is quarantined and all others serve. Nothing here knows about requests.

pub mod check;
pub mod code;
pub mod diagnostic;
mod place;
pub mod raw;
mod read;
mod report;
mod shape;
pub mod text;

pub use check::{Checked, CheckedEndpoints, check, check_endpoints};
pub use code::Code;
pub use diagnostic::{Diagnostic, Place, Severity};
pub use shape::suggestion;
