//! Bounded values of metric labels: names come from configurations and clients, memory does not.

use std::collections::HashSet;
use std::sync::Arc;

/// What stands for values beyond the bound.
pub const OTHER: &str = "other";

/// Most bytes of a value.
const MAX_VALUE: usize = 128;

/// The values of one label that were seen.
#[derive(Debug, Clone)]
pub struct Labels {
    seen: HashSet<Arc<str>>,
    other: Arc<str>,
    most: usize,
}

impl Labels {
    /// A label with at most so many values beside [`OTHER`].
    pub fn new(most: usize) -> Self {
        Self { seen: HashSet::new(), other: OTHER.into(), most }
    }

    /// The value to count under: itself, or [`OTHER`] where there are too many or it is too long.
    pub fn bounded(&mut self, value: &str) -> Arc<str> {
        if let Some(known) = self.seen.get(value) {
            return known.clone();
        }
        if self.seen.len() >= self.most || value.len() > MAX_VALUE {
            return self.other.clone();
        }
        let value: Arc<str> = value.into();
        self.seen.insert(value.clone());
        value
    }

    /// Forgets values that are gone, such as routes of an earlier configuration.
    pub fn retain(&mut self, keep: impl Fn(&str) -> bool) {
        self.seen.retain(|value| keep(value));
    }
}

/// A method as a label: the registered ones that are in use, else [`OTHER`].
pub fn method(method: &str) -> &str {
    const KNOWN: [&str; 9] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE"];
    if KNOWN.contains(&method) { method } else { OTHER }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_bounded() {
        let mut labels = Labels::new(2);
        let values = ["a", "b", "c", "a"].map(|value| labels.bounded(value).to_string());
        assert_eq!(values, ["a", "b", "other", "a"]);
        labels.retain(|value| value != "a");
        assert_eq!(&*labels.bounded("c"), "c");
        assert_eq!(&*Labels::new(9).bounded(&"x".repeat(129)), "other");
        assert_eq!((method("GET"), method("get"), method("BREW")), ("GET", "other", "other"));
    }
}
