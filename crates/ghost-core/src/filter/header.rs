//! Header edits in the spec's order (Gateway API HTTPHeaderFilter): set, add, remove.

use crate::model::HeaderModifier;

/// Headers with this prefix are Ghost's own: never believed from a client, never sent to a backend.
pub const INTERNAL_PREFIX: &str = "x-ghost-";

/// One edit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edit<'t> {
    /// Replace every line of the name by one.
    Set {
        /// Field name as written.
        name: &'t str,
        /// Field value.
        value: &'t str,
    },
    /// Append a line.
    Add {
        /// Field name as written.
        name: &'t str,
        /// Field value.
        value: &'t str,
    },
    /// Drop every line of the name.
    Remove {
        /// Field name as written.
        name: &'t str,
    },
}

/// The edits of a modifier, in the order they are done.
pub fn edits(modifier: &HeaderModifier) -> impl Iterator<Item = Edit<'_>> {
    let set = modifier.set.iter().map(|header| Edit::Set { name: &header.name, value: &header.value });
    let add = modifier.add.iter().map(|header| Edit::Add { name: &header.name, value: &header.value });
    set.chain(add).chain(modifier.remove.iter().map(|name| Edit::Remove { name }))
}

/// Whether a header name is one of Ghost's own.
pub fn is_internal(name: &[u8]) -> bool {
    name.get(..INTERNAL_PREFIX.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(INTERNAL_PREFIX.as_bytes()))
}

/// Does the edits on a list of lines.
pub fn apply<'t>(edits: impl Iterator<Item = Edit<'t>>, lines: &mut Vec<(Vec<u8>, Vec<u8>)>) {
    for edit in edits {
        match edit {
            Edit::Set { name, value } => {
                let first = lines.iter().position(|(own, _)| own.eq_ignore_ascii_case(name.as_bytes()));
                remove(lines, name);
                lines.insert(first.unwrap_or(lines.len()).min(lines.len()), (name.into(), value.into()));
            }
            Edit::Add { name, value } => lines.push((name.into(), value.into())),
            Edit::Remove { name } => remove(lines, name),
        }
    }
}

fn remove(lines: &mut Vec<(Vec<u8>, Vec<u8>)>, name: &str) {
    lines.retain(|(own, _)| !own.eq_ignore_ascii_case(name.as_bytes()));
}
