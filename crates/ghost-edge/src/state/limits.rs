//! Who may come in: connections in all, by listener and by client.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use ghost_edge_config::model::Limits;

/// Independent parts of the table of clients, so that workers do not wait for each other.
const SHARDS: usize = 16;

/// Counts connections.
#[derive(Default)]
pub(crate) struct Admission {
    open: Arc<AtomicU32>,
    clients: Arc<[Mutex<HashMap<IpAddr, u32>>; SHARDS]>,
}

/// Why a connection is closed at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// There are too many.
    Connections,
    /// This client has too many.
    PerAddress,
}

/// An open connection; gives its place back when dropped.
pub(crate) struct Admitted {
    open: Arc<AtomicU32>,
    clients: Arc<[Mutex<HashMap<IpAddr, u32>>; SHARDS]>,
    client: Option<IpAddr>,
}

impl Admission {
    /// Lets a connection in.
    ///
    /// # Errors
    /// [`Refusal`].
    pub(crate) fn enter(&self, client: Option<IpAddr>, limits: &Limits) -> Result<Admitted, Refusal> {
        if self.open.fetch_add(1, Ordering::Relaxed) >= limits.connections {
            self.open.fetch_sub(1, Ordering::Relaxed);
            return Err(Refusal::Connections);
        }
        let mut admitted =
            Admitted { open: Arc::clone(&self.open), clients: Arc::clone(&self.clients), client: None };
        let Some(client) = client.map(network) else { return Ok(admitted) };
        let mut clients = shard(&self.clients, client).lock().unwrap_or_else(PoisonError::into_inner);
        let count = clients.entry(client).or_insert(0);
        if *count >= limits.connections_per_address {
            return Err(Refusal::PerAddress);
        }
        *count += 1;
        admitted.client = Some(client);
        drop(clients);
        Ok(admitted)
    }

    /// Connections that are open.
    pub(crate) fn open(&self) -> u32 {
        self.open.load(Ordering::Relaxed)
    }
}

impl Drop for Admitted {
    fn drop(&mut self) {
        self.open.fetch_sub(1, Ordering::Relaxed);
        let Some(client) = self.client else { return };
        let mut clients = shard(&self.clients, client).lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = clients.get_mut(&client) {
            *count -= 1;
            if *count == 0 {
                clients.remove(&client);
            }
        }
    }
}

/// An IPv6 client has a /64 to choose from, so that is what counts.
fn network(client: IpAddr) -> IpAddr {
    match client.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6((address.to_bits() >> 64 << 64).into()),
        v4 @ IpAddr::V4(_) => v4,
    }
}

fn shard(clients: &[Mutex<HashMap<IpAddr, u32>>; SHARDS], client: IpAddr) -> &Mutex<HashMap<IpAddr, u32>> {
    let bytes = match client {
        IpAddr::V4(address) => u128::from(address.to_bits()),
        IpAddr::V6(address) => address.to_bits() >> 64,
    };
    &clients[(bytes % SHARDS as u128) as usize % SHARDS]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits() -> Limits {
        Limits {
            header_bytes: 0,
            headers: 0,
            target_bytes: 0,
            body_bytes: 0,
            streams: 0,
            resets_per_minute: 0,
            continuation_frames: 0,
            requests_per_connection: 0,
            connections_per_address: 2,
            connections: 3,
            memory_bytes: 0,
            buffer_bytes: 0,
            min_bytes_per_second: 0,
        }
    }

    #[test]
    fn places_come_back() {
        let admission = Admission::default();
        let one = || admission.enter(Some("2001:db8::1".parse().unwrap()), &limits());
        let near = || admission.enter(Some("2001:db8::2".parse().unwrap()), &limits());
        let first = one().ok().unwrap();
        let _second = near().ok().unwrap();
        assert_eq!(one().err(), Some(Refusal::PerAddress), "a /64 is one client");
        let _other = admission.enter(Some("192.0.2.1".parse().unwrap()), &limits()).ok().unwrap();
        assert_eq!(admission.enter(None, &limits()).err(), Some(Refusal::Connections));
        drop(first);
        assert!(near().is_ok());
        assert_eq!(admission.open(), 2);
    }
}
