//! Listeners.

use std::collections::HashSet;

use serde_json::value::RawValue;

use super::{At, Code, Element, Refused, Report, hostname, read, value};
use crate::config::raw;
use crate::model::{HostPattern, Listener};

pub(super) fn listeners<'d>(parts: &[&'d RawValue], report: &mut Report<'d>) -> Vec<Listener> {
    let mut listeners: Vec<Listener> = Vec::with_capacity(parts.len());
    let (mut names, mut places) = (HashSet::new(), HashSet::new());
    for (index, part) in parts.iter().enumerate() {
        let mut element = report.element(part.get(), format!("listeners[{index}]"));
        let Some(raw) = read::part::<raw::Listener<'_>>(part.get(), &mut element) else {
            continue;
        };
        element.belongs_to(&format!("Listener/{}", &*raw.name));
        let Ok(listener) = listener(&raw, &mut element) else {
            continue;
        };
        if !names.insert(listener.name.clone()) {
            element.found(
                &At::ROOT.key("name"),
                Code::DuplicateListener,
                format!("listener {:?} is written twice", listener.name),
            );
        } else if !places.insert((listener.port, listener.hostname.clone())) {
            let message = format!(
                "port {} and host {} belong to an earlier listener",
                listener.port, listener.hostname
            );
            element.found(&At::ROOT, Code::ListenerConflict, message);
        } else {
            listeners.push(listener);
        }
    }
    listeners
}

fn listener(raw: &raw::Listener<'_>, element: &mut Element<'_, '_>) -> Result<Listener, Refused> {
    let name = value::name(&raw.name, &At::ROOT.key("name"), element);
    let port = value::port(raw.port, &At::ROOT.key("port"), element);
    let hostname = match &raw.hostname {
        Some(text) => hostname::pattern(text, &At::ROOT.key("hostname"), element),
        None => Ok(HostPattern::Any),
    };
    Ok(Listener { name: name?, port: port?, protocol: raw.protocol, hostname: hostname? })
}
