//! Requests and decisions as JSON, for the command line, JavaScript, logs and tests.
//!
//! The same words as everywhere else; the conversion holds no rule of its own.

mod decision;
mod explanation;
mod request;

pub use decision::{DecisionDocument, ForwardedRequest, simulate};
pub use explanation::{CandidateDocument, ExplanationDocument, explain};
pub use request::{DecideOptions, InvalidRequest, RequestDocument};
