//! Which backend of a rule gets a request.

use super::Draw;
use crate::model::{Backend, WeightedBackends};

impl WeightedBackends {
    /// Whether no backend has a weight: every request is answered 500 (Gateway API HTTPRouteRule.backendRefs).
    pub fn is_empty(&self) -> bool {
        self.weights.total() == 0
    }

    /// A backend by weight, and the rest of the draw for its endpoint.
    pub fn pick(&self, draw: Draw) -> Option<(&Backend, Draw)> {
        let (index, rest) = self.weights.pick(draw)?;
        Some((self.backends.get(index)?, rest))
    }
}
