//! Backends of a rule.

use super::route::Context;
use super::{At, Code, Element, Refused, filter, value};
use crate::config::raw;
use crate::model::{Backend, InvalidBackend, WeightedBackends};
use crate::select::Weighted;

/// A backend that cannot be followed keeps its weight and answers 500 for its share (Gateway API HTTPBackendRef).
pub(super) fn backends(
    rule: &raw::Rule<'_>,
    at: &At<'_>,
    element: &mut Element<'_, '_>,
    context: &Context<'_>,
) -> Result<WeightedBackends, Refused> {
    let mut backends = Vec::with_capacity(rule.backends.len());
    for (index, raw) in rule.backends.iter().enumerate() {
        backends.push(backend(raw, &rule.matches, &at.index(index), element, context)?);
    }
    let weights: Vec<u32> = backends.iter().map(|backend: &Backend| backend.weight).collect();
    Ok(WeightedBackends { backends: backends.into(), weights: Weighted::new(&weights) })
}

fn backend(
    raw: &raw::Backend<'_>,
    matches: &[raw::Match<'_>],
    at: &At<'_>,
    element: &mut Element<'_, '_>,
    context: &Context<'_>,
) -> Result<Backend, Refused> {
    let weight = value::weight(raw.weight, &at.key("weight"), element)?;
    let filters_at = at.key("filters");
    let filters = filter::filters(&raw.filters, &filters_at, element, context).and_then(|filters| {
        match filter::redirect(&raw.filters, &filters_at, element)? {
            None => filter::prefixes_are_there(&raw.filters, matches, &filters_at, element).map(|()| filters),
            Some(_) => element.refuse(&filters_at, Code::FilterConflict, "a backend cannot redirect"),
        }
    });
    let invalid = match (raw.invalid, &filters) {
        (Some(reason), _) => Some(InvalidBackend::Reference(reason)),
        (None, Err(Refused)) => Some(InvalidBackend::Filters),
        (None, Ok(_)) if !context.services.contains(&*raw.service) => {
            element.found(
                &at.key("service"),
                Code::UnknownService,
                format!("there is no service {:?}", &*raw.service),
            );
            Some(InvalidBackend::UnknownService)
        }
        (None, Ok(_)) => None,
    };
    Ok(Backend { service: Box::from(&*raw.service), weight, filters: filters.unwrap_or(None), invalid })
}
