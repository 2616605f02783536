//! Header conditions: all hold. Lines of one name are one value, joined by commas (RFC 9110 section 5.2), as Envoy
//! compares them; names in any case, values byte for byte.

use crate::model::{HeaderMatch, TextMatch};
use crate::request::HeaderLines;

#[inline]
pub(crate) fn hold(conditions: &[HeaderMatch], lines: &dyn HeaderLines) -> bool {
    conditions.iter().all(|condition| holds(condition, lines))
}

fn holds(condition: &HeaderMatch, lines: &dyn HeaderLines) -> bool {
    match &condition.value {
        TextMatch::Exact(wanted) => {
            let mut rest = Some(wanted.as_bytes());
            let found = each_part(&condition.name, lines, &mut |part| {
                rest = rest.and_then(|rest| rest.strip_prefix(part));
            });
            found && rest.is_some_and(<[u8]>::is_empty)
        }
        TextMatch::Regex(pattern) => {
            let mut run = pattern.run();
            each_part(&condition.name, lines, &mut |part| run.feed(part)) && run.finish()
        }
    }
}

/// Feeds the joined value of a header in pieces; whether there is such a header.
fn each_part(name: &str, lines: &dyn HeaderLines, feed: &mut dyn FnMut(&[u8])) -> bool {
    let mut found = false;
    lines.each(&mut |line_name, value| {
        if !line_name.eq_ignore_ascii_case(name.as_bytes()) {
            return;
        }
        if found {
            feed(b",");
        }
        found = true;
        feed(value.trim_ascii());
    });
    found
}
