//! Query conditions: all hold, each for the first parameter of its name (Gateway API HTTPQueryParamMatch).

use crate::model::{QueryMatch, TextMatch};
use crate::request::query::first_value;

#[inline]
pub(crate) fn hold(conditions: &[QueryMatch], query: Option<&[u8]>) -> bool {
    conditions.iter().all(|condition| query.is_some_and(|query| holds(condition, query)))
}

fn holds(condition: &QueryMatch, query: &[u8]) -> bool {
    let name = condition.name.as_bytes();
    match &condition.value {
        TextMatch::Exact(wanted) => {
            let mut rest = Some(wanted.as_bytes());
            let found = first_value(query, name, &mut |part| {
                rest = rest.and_then(|rest| rest.strip_prefix(part));
            });
            found && rest.is_some_and(<[u8]>::is_empty)
        }
        TextMatch::Regex(pattern) => {
            let mut run = pattern.run();
            first_value(query, name, &mut |part| run.feed(part)) && run.finish()
        }
    }
}
