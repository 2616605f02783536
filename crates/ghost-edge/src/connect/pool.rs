//! Connections that wait for the next request.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use foldhash::fast::FixedState;
use ghost_edge_config::model::ConnectionPool;

use super::{Http1, Http2, Wire};
use crate::clock;
use crate::state::Endpoint;

/// A worker's connections to all endpoints.
#[derive(Default)]
pub(crate) struct Pool {
    lines: RefCell<HashMap<usize, Line, FixedState>>,
}

/// Connections to one endpoint.
struct Line {
    endpoint: Arc<Endpoint>,
    wire: Wire,
    idle_timeout: Duration,
    http1: Vec<Idle>,
    http2: Vec<(Option<Box<str>>, Http2)>,
}

struct Idle {
    connection: Http1,
    since: u64,
    /// Server name of its handshake.
    name: Option<Box<str>>,
}

/// What was there.
pub(crate) enum Taken {
    /// A connection of one's own.
    Http1(Http1),
    /// A share in a connection.
    Http2(Http2),
    /// Nothing: dial.
    Nothing,
}

impl Pool {
    /// A connection that can be used at once; the one used last comes first, as it is the least likely to be stale.
    pub(crate) fn take(
        &self,
        endpoint: &Arc<Endpoint>,
        wire: &Wire,
        name: Option<&str>,
        policy: &ConnectionPool,
    ) -> Taken {
        let mut lines = self.lines.borrow_mut();
        let Some(line) = lines.get_mut(&address_of(endpoint)) else { return Taken::Nothing };
        line.refresh(wire);
        if wire.is_http2() {
            line.http2.retain(|(_, connection)| !connection.is_closed());
            let free = line
                .http2
                .iter()
                .find(|(own, connection)| own.as_deref() == name && connection.streams() < policy.streams);
            return free.map_or(Taken::Nothing, |(_, connection)| Taken::Http2(connection.clone()));
        }
        let now = clock::now();
        let oldest = now.saturating_sub(clock::milliseconds(policy.idle_timeout));
        while let Some(place) = line.http1.iter().rposition(|idle| idle.name.as_deref() == name) {
            let idle = line.http1.remove(place);
            if idle.since >= oldest && !idle.connection.is_closed() {
                return Taken::Http1(idle.connection);
            }
        }
        Taken::Nothing
    }

    /// Keeps a connection for the next request.
    pub(crate) fn keep_http1(
        &self,
        endpoint: &Arc<Endpoint>,
        wire: &Wire,
        name: Option<Box<str>>,
        connection: Http1,
        policy: &ConnectionPool,
    ) {
        if connection.is_closed() || policy.max_idle == 0 {
            return;
        }
        self.with_line(endpoint, wire, policy, |line| {
            if line.http1.len() >= policy.max_idle as usize {
                line.http1.remove(0);
            }
            line.http1.push(Idle { connection, since: clock::now(), name });
        });
    }

    /// Lets others share a connection.
    pub(crate) fn keep_http2(
        &self,
        endpoint: &Arc<Endpoint>,
        wire: &Wire,
        name: Option<Box<str>>,
        connection: Http2,
        policy: &ConnectionPool,
    ) {
        self.with_line(endpoint, wire, policy, |line| line.http2.push((name, connection)));
    }

    fn with_line(
        &self,
        endpoint: &Arc<Endpoint>,
        wire: &Wire,
        policy: &ConnectionPool,
        work: impl FnOnce(&mut Line),
    ) {
        let mut lines = self.lines.borrow_mut();
        let line = lines.entry(address_of(endpoint)).or_insert_with(|| Line {
            endpoint: Arc::clone(endpoint),
            wire: wire.clone(),
            idle_timeout: policy.idle_timeout,
            http1: Vec::new(),
            http2: Vec::new(),
        });
        line.idle_timeout = policy.idle_timeout;
        line.refresh(wire);
        work(line);
    }

    /// Closes what was idle for too long and what belongs to endpoints that are gone.
    pub(crate) fn sweep(&self, is_used: impl Fn(&Arc<Endpoint>) -> bool) {
        let now = clock::now();
        self.lines.borrow_mut().retain(|_, line| {
            let oldest = now.saturating_sub(clock::milliseconds(line.idle_timeout));
            line.http1.retain(|idle| idle.since >= oldest && !idle.connection.is_closed());
            line.http2.retain(|(_, connection)| !connection.is_closed());
            is_used(&line.endpoint)
        });
    }
}

impl Line {
    /// Connections made under another TLS policy are not used under this one.
    fn refresh(&mut self, wire: &Wire) {
        if !self.wire.is_same(wire) {
            self.wire = wire.clone();
            self.http1.clear();
            self.http2.clear();
        }
    }
}

fn address_of(endpoint: &Arc<Endpoint>) -> usize {
    Arc::as_ptr(endpoint) as usize
}
