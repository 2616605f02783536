//! Where requests come in: each port with the schemes spoken there.

use std::collections::BTreeSet;

use super::Sides;
use crate::RouteTable;
use crate::model::Protocol;
use crate::request::Scheme;

/// A port and a scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Entry {
    pub(crate) port: u16,
    pub(crate) scheme: Scheme,
}

impl Entry {
    /// `http://host:port`, the port where it is not the scheme's own.
    pub(crate) fn url(self, host: &str, target: &str) -> String {
        let scheme = self.scheme.as_str();
        if self.port == self.scheme.default_port() {
            format!("{scheme}://{host}{target}")
        } else {
            format!("{scheme}://{host}:{}{target}", self.port)
        }
    }
}

/// Every entrance of either side. A side without listeners takes requests from anywhere: port 80 stands for that.
pub(crate) fn entries(sides: Sides<'_>) -> BTreeSet<Entry> {
    let mut entries: BTreeSet<Entry> = of(sides.before.table).chain(of(sides.after.table)).collect();
    let is_open = |table: &RouteTable| table.listeners().is_empty();
    if is_open(sides.before.table) || is_open(sides.after.table) {
        entries.insert(Entry { port: 80, scheme: Scheme::Http });
    }
    entries
}

fn of(table: &RouteTable) -> impl Iterator<Item = Entry> {
    table.listeners().iter().filter_map(|listener| {
        let scheme = match listener.protocol {
            Protocol::Http => Scheme::Http,
            Protocol::Https => Scheme::Https,
            Protocol::Tls | Protocol::Tcp | Protocol::Udp => return None,
        };
        Some(Entry { port: listener.port, scheme })
    })
}
