//! Routes and requests, made by rule: the same on every machine.

use ghost_core::request::{Entrance, HeaderPairs, Request, Scheme};
use ghost_core::{RouteTable, check};

/// A document with these routes, each a list of hostnames and matches, as the operator writes them.
pub(crate) fn document(routes: impl Iterator<Item = (String, Vec<String>)>) -> String {
    let mut text = String::from(r#"{"version":1,"generation":1,"services":{"default/s:80":{}},"routes":["#);
    for (index, (host, matches)) in routes.enumerate() {
        if index > 0 {
            text.push(',');
        }
        let hosts = if host.is_empty() { String::new() } else { format!("\"{host}\"") };
        text.push_str(&format!(
            r#"{{"name":"default/r{index}","createdAt":"2026-01-01T00:00:00Z","source":"routes.yaml:{index}:3","hostnames":[{hosts}],"rules":[{{"matches":[{}],"backends":[{{"service":"default/s:80"}}]}}]}}"#,
            matches.join(",")
        ));
    }
    text.push_str("]}");
    text
}

/// A path match.
pub(crate) fn path(kind: &str, value: &str) -> String {
    format!(r#"{{"path":{{"type":"{kind}","value":"{value}"}}}}"#)
}

/// The compiled table of a document that has nothing wrong.
pub(crate) fn table(document: &str) -> RouteTable {
    let checked = check(document.as_bytes(), "ghost.json");
    assert!(checked.diagnostics.is_empty(), "{:?}", checked.diagnostics.first());
    RouteTable::build(&checked.routes.unwrap())
}

/// A GET without headers.
pub(crate) fn get<'a>(host: &'a str, path: &'a str) -> Request<'a> {
    Request {
        entrance: Entrance::Port(80),
        scheme: Scheme::Http,
        method: b"GET",
        host: host.as_bytes(),
        path: path.as_bytes(),
        query: None,
        headers: &HeaderPairs(&[]),
    }
}

/// splitmix64: small, good enough, the same everywhere.
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit as u64).unwrap()
    }
}
